/** For tests in TypeScript: `engineOptions.mjs` itself is plain Node. */
export function architectureOf(capability: string): string
export function wantedArchitectures(
  purpose: string,
  machine: { hasCompiler: boolean; capabilities: string[] },
): string[]
export function builtArchitectures(cacheText: string): string[]
export function cudaOptions(wanted: string[], built: string[]): string[]
