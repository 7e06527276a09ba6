// The levels of a Keepsake, of films and of photos, and what each is for, as its words are called.
import { KeepsakeLevel } from '../../electron/shared/contract/output.js'

export const levelUses = { 1: 'send', 2: 'show', 3: 'watch', 4: 'close', 5: 'keep' } as const

export const keepsakeLevels: readonly KeepsakeLevel[] = [1, 2, 3, 4, 5]
