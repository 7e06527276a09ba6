/** For tests in TypeScript: `times.mjs` itself is plain Node. */
export function readTimes(file: string): Record<string, number>
export function writeTimes(file: string, seconds: Record<string, number>): void
export function inSeconds(seconds: number, before?: number): string
export function processorSeconds(): number | undefined
