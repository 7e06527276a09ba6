// Loaded by `node --import` before main: the module `electron` becomes the stand-in beside this file.
import { register } from 'node:module'

const standin = new URL('./electron.mjs', import.meta.url).href
const hook = `export const resolve = (name, context, next) =>
  name === 'electron' ? { url: ${JSON.stringify(standin)}, shortCircuit: true } : next(name, context)`
register(`data:text/javascript,${encodeURIComponent(hook)}`)
