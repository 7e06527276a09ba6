/** For tests in TypeScript: `progress.mjs` itself is plain Node. */
export function percent(parts: { weight: number; fraction: number }[]): number
export function progress(
  steps: { name: string; title: string; weight: number }[],
  output: { write: (text: string) => unknown; isTerminal: boolean },
): {
  begin(name: string): void
  update(name: string, fraction: number): void
  end(name: string, isGood: boolean): void
  close(): void
}
export function builtFraction(line: string): number | undefined
