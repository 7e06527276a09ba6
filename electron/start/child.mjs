// Children of set-up and of the gate: run to their end, ended with us, their last lines kept for what is said when they fail.
import { spawn } from 'node:child_process'
import { createWriteStream } from 'node:fs'
import { createInterface } from 'node:readline'
import { PassThrough } from 'node:stream'

const children = new Set()
const signals = ['SIGINT', 'SIGTERM', 'SIGHUP']
function endAll(signal) {
  for (const child of children) child.kill(signal)
  process.exit(130)
}

function watch(child) {
  if (children.size === 0) for (const signal of signals) process.on(signal, endAll)
  children.add(child)
  child.on('close', () => {
    children.delete(child)
    if (children.size === 0) for (const signal of signals) process.off(signal, endAll)
  })
}

/**
 * Runs a program to its end. `log`: a file that what it writes is added to. `onLine` hears every line; those for which it answers true are
 * not kept. Answers `{ isGood, tail }`: whether it ended with 0, and its last 40 lines, or why it could not be started.
 */
export function child(program, args, { cwd, env = {}, log, onLine = () => false }) {
  const tail = []
  const written = log === undefined ? new PassThrough().resume() : createWriteStream(log, { flags: 'a' })
  const hear = (stream) =>
    createInterface({ input: stream }).on('line', (line) => {
      written.write(`${line}\n`)
      if (!onLine(line) && tail.push(line) > 40) tail.shift()
    })
  return new Promise((resolve) => {
    const started = spawn(program, args, {
      cwd,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, ...env },
    })
    watch(started)
    for (const stream of [started.stdout, started.stderr]) hear(stream)
    let failure
    started.on('error', (error) => {
      failure = error.message
      written.write(`${failure}\n`)
    })
    started.on('close', (code) =>
      written.end(() => resolve({ isGood: code === 0, tail: failure ?? tail.join('\n').trim() })),
    )
  })
}
