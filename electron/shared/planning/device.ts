// Which device computes, and how. Settings and the command line write both in one line, which is taken apart here alone.
import { z } from 'zod'

export const DeviceChoice = z.object({
  /** `auto`: the first graphics card, else the processor; or an id of `DeviceInfo`. */
  id: z.string(),
  /** Of a graphics card: `auto`, or one of its precisions. The processor computes in fp32 whatever is asked. */
  precision: z.string(),
})
export type DeviceChoice = z.infer<typeof DeviceChoice>

/** "auto", "cpu", "cuda:0", "cuda:0 fp8". What no device or card knows is refused by the engine, in words. */
export function deviceChoice(text: string): DeviceChoice {
  const [id = '', ...precision] = text.trim().split(/\s+/)
  return { id: id || 'auto', precision: precision.join(' ') || 'auto' }
}
