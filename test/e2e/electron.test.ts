// The main job through Electron's main and preload: on the stand-in always, on the real thing where it is installed.
import { test } from 'vitest'
import { electronBinary, electronDoor, standinDoor } from './doors.js'
import { scenario } from './scenario.js'

scenario('Electron main and preload on the stand-in', standinDoor)

const binary = electronBinary()
if ('path' in binary) scenario('Electron', () => electronDoor(binary.path))
else test.skip(`Electron itself: ${binary.why}`, () => undefined)
