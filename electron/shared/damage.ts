// What a clip suffers from, as the engine's estimator sees it.
import { z } from 'zod'

const level = z.number().min(0).max(1)

/** Levels from 0 (none) to 1 (as bad as tapes get). */
export const Damage = z.object({
  noise: level,
  blockiness: level,
  blur: level,
  /** Asks for deinterlacing, which is not an enhancer's work. */
  combing: level,
  /** Where on the ladder of damage that is. */
  position: level,
  /** The default it suggests; 0 for a clip that needs nothing. */
  strength: level,
})
export type Damage = z.infer<typeof Damage>
