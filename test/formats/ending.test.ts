// The end of a film: its last picture is shown as long as in the source, whatever the container counts in.
import { expect, test } from 'vitest'
import { folder } from '../app/folder.js'
import { exported, facts, make, numbered, openHost, pictures } from './kit.js'

const at = folder()

/** Its last picture lasts five seconds. */
function long(): string {
  make(at, ...numbered(2), '-c:v', 'mpeg4', '-bf', '0', 'short.mp4')
  const last = "setts=pts=PTS:dts=DTS:duration='if(eq(N,49),5*12800,DURATION)'"
  return make(at, '-i', 'short.mp4', '-c', 'copy', '-bsf:v', last, 'long.mp4')
}

test.each([
  [
    'MPEG-2 in TS, whose ticks are 1/90000 s',
    () => make(at, ...numbered(2), '-c:v', 'mpeg2video', '-bf', '2', 'a.ts'),
    2,
  ],
  ['MPEG-4 in MP4, the last picture five seconds long', long, 6.96],
  ['a film of one picture', () => make(at, ...numbered(1), '-frames:v', '1', '-c:v', 'mjpeg', 'c.avi'), 0.04],
])('%s', async (_, film, seconds) => {
  const host = await openHost(at)
  const input = film()
  for (const ending of ['mp4', 'mov', 'mkv'] as const) {
    const { job, path } = await exported(host, at, input, { ending, over: { hasAudio: false } })
    expect(job.state).toBe('done')
    expect(Number(facts(path).format.duration), ending).toBeCloseTo(seconds, 2)
  }
})

test('a thousand pictures a second: MP4 keeps the rate, of MKV it is said beforehand that it cannot', async () => {
  const host = await openHost(at)
  const fast = make(at, ...numbered(0.2, 1000), '-c:v', 'libx264', '-preset', 'ultrafast', 'fast.mp4')
  const said: boolean[] = []
  for (const ending of ['mp4', 'mkv'] as const) {
    const { job, path, before } = await exported(host, at, fast, { ending, over: { hasAudio: false } })
    expect([job.state, pictures(path).length]).toEqual(['done', 200])
    said.push(before.join().includes('cannot say that there are 1000 frames per second'))
  }
  expect(said).toEqual([false, true])
})
