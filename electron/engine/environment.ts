// What an engine host's environment says to its C library, and to nobody else.

/**
 * glibc keeps memory that a stream gave back: every segment works on a thread of its own, each thread may get an arena of its own,
 * and the size from which a block comes from the system grows with the blocks that were given back (docs/SPEED.md). So the host grew
 * with every segment. A fixed size and two arenas: what a stream held goes back when it ends. Other libraries know none of these names.
 */
const words: Readonly<Record<string, string>> = {
  MALLOC_MMAP_THRESHOLD_: '131072',
  MALLOC_ARENA_MAX: '2',
}

/** For the start of a host. */
export const hostEnvironment = (): NodeJS.ProcessEnv => ({ ...process.env, ...words })

/** In the host: its C library has read them; ffmpeg is to work with memory as it always does. */
export function forgetWords(): void {
  for (const name of Object.keys(words)) delete process.env[name]
}
