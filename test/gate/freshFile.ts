// Workers of the unit tests are kept from file to file, with packages and the DOM, because loading those took longer than the tests. What a
// file could leave behind for the next one goes: Heirloom's own modules are loaded anew, globals and timers are the real ones, nothing is stored.
import { vi } from 'vitest'

vi.resetModules()
vi.unstubAllGlobals()
vi.useRealTimers()
if (typeof window !== 'undefined') for (const storage of [localStorage, sessionStorage]) storage.clear()
