// Four suites: `unit` is fast and pure, `integration` uses real ffmpeg and the real engine, `fuzz` breaks files, `e2e` drives the app.
import { defineConfig } from 'vitest/config'

const suite = (name: string, include: string[], testTimeout: number, fileParallelism = true) => ({
  test: { name, include, testTimeout, hookTimeout: testTimeout, fileParallelism, maxWorkers: 2 },
})

export default defineConfig({
  test: {
    projects: [
      suite('unit', ['test/{shared,renderer,layers,start,gate}/**/*.test.{ts,tsx}'], 20_000),
      suite('integration', ['test/{formats,ffmpeg,engine,app,cli,server,main,native}/**/*.test.ts'], 180_000),
      suite('fuzz', ['test/fuzz/**/*.test.ts'], 900_000),
      suite('e2e', ['test/e2e/**/*.test.ts'], 600_000, false),
    ],
  },
})
