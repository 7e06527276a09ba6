// A path as it comes through a door.
import { z } from 'zod'

export const Path = z
  .string()
  .min(1)
  .max(4096)
  .refine((path) => !path.includes('\0'), 'a path has no NUL')
