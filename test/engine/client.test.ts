// The client against a host made of functions: what it does when a host dies, hangs or talks nonsense.
import { expect, test, vi } from 'vitest'
import {
  type EngineProcess,
  type LaunchEngine,
  type SegmentTask,
  createEngine,
} from '../../electron/engine/client.js'
import type { AppError } from '../../electron/shared/contract/errors.js'

interface Fake extends EngineProcess {
  sent: { type: string; id: number }[]
  say(message: unknown): void
  die(reason?: string): void
  wasKilled: boolean
}

function launcher(onSend: (host: Fake, message: { type: string; id: number }, nth: number) => void): {
  launch: LaunchEngine
  hosts: Fake[]
} {
  const hosts: Fake[] = []
  const launch: LaunchEngine = () => {
    const nth = hosts.length
    let hear: (message: unknown) => void = () => undefined
    let exit: (reason: string) => void = () => undefined
    const host: Fake = {
      sent: [],
      wasKilled: false,
      send: (message) => {
        const known = message as { type: string; id: number }
        host.sent.push(known)
        queueMicrotask(() => onSend(host, known, nth))
      },
      onMessage: (listener) => void (hear = listener),
      onExit: (listener) => void (exit = listener),
      kill: () => {
        host.wasKilled = true
        queueMicrotask(() => exit('SIGKILL'))
      },
      say: (message) => hear(message),
      die: (reason = 'SIGSEGV') => exit(reason),
    }
    hosts.push(host)
    return host
  }
  return { launch, hosts }
}
const device = { id: 'cpu', name: 'CPU', simd: 'avx2', threads: 2, memoryBytes: 1, precisions: ['fp32'] }

test('one host serves many tasks', async () => {
  const { launch, hosts } = launcher((host, { id }) => host.say({ type: 'done', id, result: [device] }))
  const engine = createEngine('entry', launch)
  expect(await engine.run({ kind: 'devices' })).toEqual([device])
  await engine.run({ kind: 'devices' })
  expect(hosts).toHaveLength(1)
})

test('an engine of another version is told in a sentence', async () => {
  const { launch } = launcher((host, { id }) => host.say({ type: 'done', id, result: [{ id: 'cpu' }] }))
  const asked = createEngine('entry', launch).run({ kind: 'devices' })
  await expect(asked).rejects.toMatchObject({ code: 'engine-failed', sentence: { key: 'engineForeign' } })
})

test('a host that dies is started again and the task tried once more', async () => {
  const { launch, hosts } = launcher((host, { id }, nth) =>
    nth === 0 ? host.die() : host.say({ type: 'done', id, result: [device] }),
  )
  expect(await createEngine('entry', launch).run({ kind: 'devices' })).toEqual([device])
  expect(hosts).toHaveLength(2)
})

test('a host that dies twice is a failure with a sentence, and the next task gets a new host', async () => {
  const { launch, hosts } = launcher((host, { id }, nth) =>
    nth < 2 ? host.die() : host.say({ type: 'done', id, result: [device] }),
  )
  const deaths: string[] = []
  const engine = createEngine('entry', launch, (reason) => deaths.push(reason))
  await expect(engine.run({ kind: 'devices' })).rejects.toMatchObject({
    code: 'engine-crashed',
    message: expect.stringContaining('Your files are safe') as string,
  })
  expect(await engine.run({ kind: 'devices' })).toEqual([device])
  expect(hosts).toHaveLength(3)
  engine.close()
  expect(deaths).toHaveLength(2) // an end that was asked for is none
})

test('a failure of the task keeps its code and is not tried again', async () => {
  const failure = { code: 'out-of-memory', message: 'Needs 9 GB, there are 2.' }
  const { launch, hosts } = launcher((host, { id }) => host.say({ type: 'failed', id, failure }))
  await expect(createEngine('entry', launch).run({ kind: 'devices' })).rejects.toMatchObject(failure)
  expect(hosts[0]?.sent).toHaveLength(1)
})

test('cancelling asks the host, and ends as cancelled whatever it answers', async () => {
  const controller = new AbortController()
  const { launch, hosts } = launcher((host, message) => {
    if (message.type === 'run') controller.abort()
    else host.say({ type: 'failed', id: message.id, failure: { code: 'engine-failed', message: 'odd' } })
  })
  const running = createEngine('entry', launch).run({ kind: 'devices' }, { signal: controller.signal })
  await expect(running).rejects.toMatchObject({ code: 'cancelled' })
  expect(hosts[0]?.sent.map((m) => m.type)).toEqual(['run', 'cancel'])
})

test('a host that does not listen is killed after a while', async () => {
  vi.useFakeTimers()
  const controller = new AbortController()
  const { launch, hosts } = launcher(() => undefined)
  const running = createEngine('entry', launch).run({ kind: 'devices' }, { signal: controller.signal })
  controller.abort()
  const ended = expect(running).rejects.toMatchObject({ code: 'cancelled' })
  await vi.advanceTimersByTimeAsync(4000)
  expect(hosts[0]?.wasKilled).toBe(false)
  await vi.advanceTimersByTimeAsync(2000)
  expect(hosts[0]?.wasKilled).toBe(true)
  await ended
  vi.useRealTimers()
})

test('a host that falls silent at its work is ended and the task tried once more; then that is the failure', async () => {
  vi.useFakeTimers()
  const { launch, hosts } = launcher((host, { id }) => {
    host.say({ type: 'beat' })
    if (id === 2) host.say({ type: 'done', id, result: [device] })
  })
  const engine = createEngine('entry', launch)
  const first = engine.run({ kind: 'devices' })
  await vi.advanceTimersByTimeAsync(11_000)
  expect(hosts[0]?.wasKilled).toBe(false)
  await vi.advanceTimersByTimeAsync(4000)
  expect(await first).toEqual([device])
  await vi.advanceTimersByTimeAsync(60_000) // without work, silence is as it should be
  expect(hosts[1]?.wasKilled).toBe(false)
  const second = expect(engine.run({ kind: 'devices' })).rejects.toMatchObject({
    ...{ code: 'engine-crashed', sentence: { key: 'engineStalled' } },
  })
  await vi.advanceTimersByTimeAsync(30_000)
  await second
  expect(hosts.map((host) => host.wasKilled)).toEqual([true, true, true])
  vi.useRealTimers()
})

test('a host that beats may work for as long as it needs', async () => {
  vi.useFakeTimers()
  const { launch, hosts } = launcher((host, { id }) => {
    const beats = setInterval(() => host.say({ type: 'beat' }), 2000)
    setTimeout(() => {
      clearInterval(beats)
      host.say({ type: 'done', id, result: [device] })
    }, 3_600_000)
  })
  const long = createEngine('entry', launch).run({ kind: 'devices' })
  await vi.advanceTimersByTimeAsync(3_600_000)
  expect(await long).toEqual([device])
  expect(hosts).toHaveLength(1)
  vi.useRealTimers()
})

test('progress is heard; nonsense and answers to nobody are not', async () => {
  const heard: number[] = []
  const { launch } = launcher((host, { id }) => {
    host.say({ type: 'progress', id, frames: 3, asideMs: 0 })
    host.say({ type: 'progress', id: id + 7, frames: 4, asideMs: 0 })
    host.say('hello')
    host.say({ type: 'done', id, result: [device] })
  })
  await createEngine('entry', launch).run({ kind: 'devices' }, { onProgress: (frames) => heard.push(frames) })
  expect(heard).toEqual([3])
})

test('an answer of the wrong form is a failure, not a value', async () => {
  const { launch } = launcher((host, { id }) => host.say({ type: 'done', id, result: [{ id: 7 }] }))
  await expect(createEngine('entry', launch).run({ kind: 'devices' })).rejects.toThrow()
})

test('closing ends what runs', async () => {
  const { launch } = launcher(() => engine.close())
  const engine = createEngine('entry', launch)
  await expect(engine.run({ kind: 'devices' })).rejects.toMatchObject({ code: 'cancelled' })
})

test('a task that stood aside for urgent work is not blamed for the deaths that this brings about', async () => {
  const { launch, hosts } = launcher((host, { id }, nth) => {
    if (nth < 2 && id % 2 === 0)
      host.die() // with the second task, which is the urgent one
    else if (nth >= 2) host.say({ type: 'done', id, result: { frames: 1 } })
  })
  const engine = createEngine('entry', launch)
  const task = (isUrgent: boolean): SegmentTask => ({ kind: 'segment', isUrgent }) as unknown as SegmentTask
  const unit = engine.run(task(false)).catch((error: AppError) => error.code)
  const preview = engine.run(task(true)).catch((error: AppError) => error.code)
  expect(await preview).toBe('engine-crashed')
  expect(await unit).toBe('engine-failed') // it was asked a third time, and answered
  expect(hosts).toHaveLength(3)
})
