/** For tests in TypeScript: `child.mjs` itself is plain Node. */
export function child(
  program: string,
  args: string[],
  options: { cwd?: string; env?: Record<string, string>; log?: string; onLine?: (line: string) => boolean },
): Promise<{ isGood: boolean; tail: string }>
