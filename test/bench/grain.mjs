// What grain costs: processor time and wall time of drawing it on frames of two sizes, in one thread and in two.
import { createRequire } from 'node:module'

const { openGrain } = createRequire(import.meta.url)('../../native/build/heirloom.node')
const grain = { levels: Array(8).fill(1300), size: 2458, chroma: 2048 }

async function measure(width, height, bits, threads, frames) {
  const look = { chroma: '420', siting: 'left', matrix: 'bt709', range: 'limited' }
  const layer = openGrain({ width, height, bits, ...look }, threads)
  const frame = new Uint8Array(width * height * 1.5 * (bits > 8 ? 2 : 1)).fill(100)
  await layer.draw(frame, grain, { seed: 1, frame: 0, way: 0 })
  const walls = []
  const before = process.cpuUsage()
  for (let i = 1; i <= frames; i++) {
    const begun = performance.now()
    await layer.draw(frame, grain, { seed: 1, frame: i, way: 0 })
    walls.push(performance.now() - begun)
  }
  const { user, system } = process.cpuUsage(before)
  const cpu = (user + system) / 1000 / frames
  const middle = walls.toSorted((a, b) => a - b)[frames >> 1]
  const each = cpu / ((width * height) / 1e6)
  console.log(
    `${width}x${height} ${bits} bits, ${threads} threads: ${cpu.toFixed(1)} ms of processor a frame` +
      ` (${each.toFixed(1)} a megapixel), ${middle.toFixed(1)} ms by the clock`,
  )
}

for (const [width, height, frames] of [
  [720, 576, 24],
  [1920, 1080, 8],
])
  for (const bits of [8, 10])
    for (const threads of [1, 2]) await measure(width, height, bits, threads, frames)
