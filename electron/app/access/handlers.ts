// What windows ask about files: dialogs, folders, names for what is to be written, results shown by the system.
import { basename, dirname, extname, join } from 'node:path'
import type { Api } from '../../shared/contract/api.js'
import { failing } from '../../shared/contract/errors.js'
import type { OutputCheck } from '../../shared/contract/files.js'
import { photoEndings } from '../../shared/contract/photo.js'
import { message, say } from '../../shared/words/sentences.js'
import { secondsOf } from '../../shared/media/frameTable.js'
import { type FrameTable, type Source, type SourceId, isStill } from '../../shared/media/source.js'
import { type Grants, isInside, realPath } from './grants.js'
import { listFolder } from './listing.js'
import { checkOutput, suggestOutput, suggestPhoto, suggestProject } from './outputs.js'
import { filmsFolder, samplePath } from './resources.js'

/** Native dialogs. */
export interface Dialogs {
  chooseSources(): Promise<string[]>
  chooseOutput(suggestedName: string): Promise<string | null>
  chooseFolder(): Promise<string | null>
  chooseProject(): Promise<string | null>
  /** Asks whether a file that is there may be replaced. `suggested`: name or path. */
  chooseProjectOutput(suggested: string): Promise<string | null>
}

/** The system's file manager and default player. */
export interface Shell {
  reveal(path: string): Promise<void>
  open(path: string): Promise<void>
}

export interface FilesParts {
  grants: Grants
  /** Finished exports: may be revealed and opened. */
  outputs: Grants
  sources: { source(id: SourceId): Promise<Source>; table(id: SourceId): Promise<FrameTable> }
  /** Every file that is a source here, open or saved: never written to. */
  sourcePaths(): Promise<string[]>
  /** What waiting and running jobs will leave behind. */
  writing: () => string[]
  inboxFolder: string | undefined
  dialogs: Dialogs | undefined
  shell: Shell | undefined
}

/** For what only a desktop has. */
export const there = <T>(part: T | undefined): T => {
  if (part === undefined) throw failing('not-allowed', 'needsDesktop')
  return part
}

/** Files that were suggested or chosen for something new, and what may be called otherwise beside them. */
function createNames({ grants }: FilesParts) {
  const folders = new Set<string>()
  const folderOf = async (path: string): Promise<string> => dirname(await realPath(path))
  return {
    async add(path: string): Promise<void> {
      await grants.addFile(path)
      folders.add(await folderOf(path))
    },
    /** A person typed another name. */
    isBeside: async (path: string): Promise<boolean> => folders.has(await folderOf(path)),
  }
}

type Names = ReturnType<typeof createNames>

function dialogHandlers({ grants, dialogs }: FilesParts, names: Names) {
  return {
    chooseSources: async () => {
      const paths = await there(dialogs).chooseSources()
      for (const path of paths) await grants.addFile(path)
      return paths
    },
    chooseOutput: async (suggestedName) => {
      const path = await there(dialogs).chooseOutput(suggestedName)
      if (path !== null) await names.add(path)
      return path
    },
    chooseProject: async () => {
      const path = await there(dialogs).chooseProject()
      if (path !== null) await grants.addFile(path)
      return path
    },
    chooseProjectOutput: async (suggested) => {
      const path = await there(dialogs).chooseProjectOutput(suggested)
      if (path !== null) await grants.addFile(path)
      return path
    },
    chooseFolder: async () => {
      const path = await there(dialogs).chooseFolder()
      if (path !== null) await grants.addFolder(path)
      return path
    },
  } satisfies Partial<Api['files']>
}

const pointAtIt = (path: string): OutputCheck['refusal'] => message('typedTaken', { name: basename(path) })

/** A path beside it whose name is this one, whatever a dot in it would be taken for. */
const called = (path: string, name: string): string =>
  join(dirname(path), `${basename(name)}${extname(path) || '.film'}`)

export function filesHandlers(parts: FilesParts): Api['files'] {
  const { grants, outputs, sources, writing, inboxFolder } = parts
  const names = createNames(parts)

  /** A name of ours beside a source that was chosen; the sample and copies of dropped files lie where nobody looks for films. */
  async function suggestBeside(
    { path }: Pick<Source, 'path'>,
    name: (path: string) => Promise<string>,
  ): Promise<string> {
    const isKept = inboxFolder !== undefined && isInside(await realPath(inboxFolder), await realPath(path))
    const isOurs = path === samplePath() || isKept
    const found = await name(isOurs ? join(filmsFolder(), basename(path)) : path)
    await names.add(found)
    return found
  }

  return {
    ...dialogHandlers(parts, names),
    list: (path) => listFolder(grants, path),
    checkOutput: async (path) => {
      const isTyped = !(await grants.isAllowed(path))
      if (isTyped && !(await names.isBeside(path))) await grants.check(path)
      const check = await checkOutput(path, await parts.sourcePaths(), writing())
      if (check.freePath !== undefined) await names.add(check.freePath) // a name of ours beside one that was chosen
      if (!isTyped) return check
      // What is there already is only replaced where the person has pointed at it.
      if (check.exists) return { ...check, refusal: check.refusal ?? pointAtIt(path) }
      await names.add(path)
      return check
    },
    suggestOutput: async (id, extension, done, language, copy, name) => {
      const source = await sources.source(id)
      const isOpen = copy !== undefined && (await parts.sourcePaths()).includes(copy)
      return suggestBeside(isOpen ? { path: copy } : source, (path) =>
        suggestOutput(name === undefined ? path : called(path, name), extension, done, writing(), language),
      )
    },
    suggestPhoto: async (id, frame, format, kind, language) => {
      const [ending = format] = photoEndings[format]
      const source = await sources.source(id)
      if (isStill(source) && kind === 'photo')
        return suggestBeside(source, (path) => suggestOutput(path, ending, 'enhanced', writing(), language))
      const seconds = secondsOf(await sources.table(id), frame)
      return suggestBeside(source, (path) => suggestPhoto(path, seconds, ending, kind, writing(), language))
    },
    suggestProject: async (id, language) => {
      const untitled = { path: join(filmsFolder(), say(message('nameProject'), language ?? 'en')) }
      const source = id === null ? untitled : await sources.source(id).catch(() => untitled) // it is not there now
      return suggestBeside(source, (path) => suggestProject(path, writing()))
    },
    reveal: async (path) => {
      await there(parts.shell).reveal(await outputs.check(path))
      return null
    },
    openOutput: async (path) => {
      await there(parts.shell).open(await outputs.check(path))
      return null
    },
  }
}
