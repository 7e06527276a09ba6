// The main job in a browser at `heirloom serve`.
import { browserDoor } from './doors.js'
import { scenario } from './scenario.js'

scenario('browser host', browserDoor)
