// Four suites: `unit` is fast and pure, `integration` uses real ffmpeg and the real engine, `fuzz` breaks files, `e2e` drives the app.
import { readFileSync } from 'node:fs'
import { defineConfig } from 'vitest/config'
import { BaseSequencer, type TestSpecification } from 'vitest/node'

/** Programs that tests start speak English, wherever they run. */
const env = { LC_ALL: 'C.UTF-8' }

/** A busy machine answers late; what never comes is found out all the same. */
const expect = { poll: { timeout: 30_000 } }

const suite = (name: string, include: string[], testTimeout: number, fileParallelism = true) => ({
  test: { name, include, testTimeout, hookTimeout: testTimeout, fileParallelism, maxWorkers: 2, env, expect },
})

const hasWindow = ({ moduleId }: TestSpecification): boolean =>
  readFileSync(moduleId, 'utf8').includes('@vitest-environment jsdom')

/** What draws the window comes first, and in one row: a worker is kept for the next file where both have a DOM or neither. */
class WindowFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files)
    return [...sorted.filter(hasWindow), ...sorted.filter((file) => !hasWindow(file))]
  }
}

export default defineConfig({
  test: {
    sequence: { sequencer: WindowFirst },
    projects: [
      {
        test: {
          ...suite('unit', ['test/{shared,renderer,layers,start,gate}/**/*.test.{ts,tsx}'], 20_000).test,
          isolate: false,
          setupFiles: ['test/gate/freshFile.ts'],
        },
      },
      suite('integration', ['test/{formats,ffmpeg,engine,app,cli,server,main,native}/**/*.test.ts'], 180_000),
      suite('fuzz', ['test/fuzz/**/*.test.ts'], 900_000),
      suite('e2e', ['test/e2e/**/*.test.ts'], 600_000, false),
    ],
  },
})
