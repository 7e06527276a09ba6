// Loaded by `node --import` before main: the module `electron` becomes the stand-in beside this file.
import { register } from 'node:module'

const standin = new URL('./electron.mjs', import.meta.url).href
const hook = `export const resolve = (name, context, next) =>
  name === 'electron' ? { url: ${JSON.stringify(standin)}, shortCircuit: true } : next(name, context)`
// eslint-disable-next-line @typescript-eslint/no-deprecated -- what comes after it is not in Node 20
register(`data:text/javascript,${encodeURIComponent(hook)}`)
