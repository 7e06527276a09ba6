/** For the tests of the stages: `schedule.mjs` itself is plain Node and runs before TypeScript is there. */
export interface Stage<Result> {
  name: string
  needs?: string[]
  lanes?: number
  run: () => Promise<Result>
}
export function schedule<Result extends { isGood: boolean }>(
  stages: Stage<Result>[],
  options?: {
    lanes?: number
    onStart?: (stage: Stage<Result>) => void
    onEnd?: (stage: Stage<Result>, result: Result) => void
  },
): Promise<Map<string, Result>>
export function withTheirNeeds(names: string[], needs: Record<string, string[]>): string[]
