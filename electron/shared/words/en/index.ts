// All English words, one file a room.
import { cli } from './cli.js'
import { commands } from './commands.js'
import { cuts } from './cuts.js'
import { engine } from './engine.js'
import { enhance } from './enhance.js'
import { failures } from './failures.js'
import { files } from './files.js'
import { host } from './host.js'
import { jobs } from './jobs.js'
import { keepsake } from './keepsake.js'
import { models } from './models.js'
import { motion } from './motion.js'
import { notes } from './notes.js'
import { project } from './project.js'
import { reasons } from './reasons.js'
import { render } from './render.js'
import { report } from './report.js'
import { shell } from './shell.js'
import { sound } from './sound.js'
import { sources } from './sources.js'
import { timeline } from './timeline.js'
import { tools } from './tools.js'
import { viewer } from './viewer.js'
import { window } from './window.js'

export const en = {
  ...cli,
  ...commands,
  ...cuts,
  ...engine,
  ...enhance,
  ...failures,
  ...files,
  ...host,
  ...jobs,
  ...keepsake,
  ...models,
  ...motion,
  ...notes,
  ...project,
  ...reasons,
  ...render,
  ...report,
  ...shell,
  ...sound,
  ...sources,
  ...timeline,
  ...tools,
  ...viewer,
  ...window,
}
