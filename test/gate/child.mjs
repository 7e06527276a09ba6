// A child of a stage: what it writes goes to a file of its own, so that stages side by side do not mix their lines.
import { spawn } from 'node:child_process'
import { closeSync, openSync, writeSync } from 'node:fs'

const children = new Set()
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'])
  process.on(signal, () => {
    for (const child of children) child.kill(signal)
    process.exit(130)
  })

/** Runs a program to its end. Answers whether it ended with 0; the reason why it could not start goes to the file too. */
export function child(program, args, { cwd, log, env = {} }) {
  const output = openSync(log, 'a')
  return new Promise((resolve) => {
    const started = spawn(program, args, {
      cwd,
      stdio: ['ignore', output, output],
      env: { ...process.env, ...env },
    })
    children.add(started)
    started.on('error', (error) => {
      writeSync(output, `${error.message}\n`)
      resolve(false)
    })
    started.on('close', (code) => {
      children.delete(started)
      resolve(code === 0)
    })
  }).finally(() => closeSync(output))
}
