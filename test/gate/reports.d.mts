export interface Told {
  passed: number
  failed: number
  skipped: number
  failures: string[]
}
export function vitestReport(text: string): Told
export function junitReport(text: string): Told
