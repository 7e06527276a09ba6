// Sound at another tempo is heard when its picture is shown: clicks half a second into every second, through the filters that films get.
import { execFileSync } from 'node:child_process'
import { expect, test } from 'vitest'
import { findTools } from '../../electron/ffmpeg/resolve.js'
import { tempoFilters } from '../../electron/ffmpeg/filmSound.js'

const clicks = 6

/** How much later than it should be each click is heard, in seconds: the middle of its energy. */
async function lateness(tempo: number, rate: number): Promise<number[]> {
  const { ffmpeg } = await findTools()
  const click = `aevalsrc=if(lt(mod(t+0.5\\,1)\\,0.005)\\,0.6*sin(2*PI*1000*t)\\,0):s=${rate}:d=${clicks}`
  const args = [
    '-v',
    'error',
    '-f',
    'lavfi',
    '-i',
    click,
    '-af',
    tempoFilters(tempo, rate),
    '-f',
    's16le',
    '-',
  ]
  const out = execFileSync(ffmpeg, args, { maxBuffer: 1e9 })
  const samples = new Int16Array(out.buffer, out.byteOffset, out.length >> 1)
  return Array.from({ length: clicks - 1 }, (_, k) => {
    const [due, around] = [(k + 0.5) / tempo, 0.45 / tempo]
    let [energy, moment] = [0, 0]
    for (let i = Math.round((due - around) * rate); i < (due + around) * rate; i++) {
      const own = (samples[i] ?? 0) ** 2
      energy += own
      moment += own * (i / rate - due)
    }
    return moment / energy
  })
}

test.each([
  [1 / 2, 48_000],
  [1 / 4, 48_000],
  [1 / 8, 48_000],
  [1 / 8, 44_100],
  [1 / 4, 16_000],
  [3 / 4, 48_000],
  [9 / 8, 48_000],
  [3 / 2, 44_100],
])('at %d times the tempo, %d samples a second', async (tempo, rate) => {
  const late = await lateness(tempo, rate)
  const mean = late.reduce((sum, one) => sum + one, 0) / late.length
  // In time of the recording: the filter lays windows of up to 0.06 s over each other where they go together best.
  expect(Math.abs(mean * tempo)).toBeLessThan(0.008)
  for (const one of late) expect(Math.abs(one * tempo)).toBeLessThan(0.012)
})
