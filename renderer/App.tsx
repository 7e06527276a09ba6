// The whole window: three zones, the timeline below them, the work line at the bottom; or the start screen while there is no film.
import { Failure, sentenceOf } from '../electron/shared/contract/errors.js'
import { useWords } from './stores/words.js'
import { ClipList } from './features/clips/ClipList.js'
import { EnhancePanel } from './features/enhance/EnhancePanel.js'
import { ExportDialog } from './features/export/ExportDialog.js'
import { SizeChoice } from './features/export/SizeChoice.js'
import { CommandsDialog } from './features/help/CommandsDialog.js'
import { LogDialog } from './features/help/LogDialog.js'
import { SettingsDialog } from './features/help/SettingsDialog.js'
import { ShortcutsDialog } from './features/help/ShortcutsDialog.js'
import { JobsBar } from './features/jobs/JobsBar.js'
import { JobsDialog } from './features/jobs/JobsDialog.js'
import { Unfinished } from './features/jobs/Unfinished.js'
import { ModelsPanel } from './features/models/ModelsPanel.js'
import { MotionPart } from './features/motion/MotionPart.js'
import { ScenesDialog } from './features/motion/ScenesDialog.js'
import { DropZone } from './features/open/DropZone.js'
import { OpenDialog } from './features/open/OpenDialog.js'
import { StartScreen } from './features/open/StartScreen.js'
import { Uploads } from './features/open/Uploads.js'
import { PhotoDialog } from './features/photo/PhotoDialog.js'
import { CutsDialog } from './features/projects/CutsDialog.js'
import { OpenProjectDialog } from './features/projects/OpenProjectDialog.js'
import { SaveProjectDialog } from './features/projects/SaveProjectDialog.js'
import { ContactLost } from './features/shell/ContactLost.js'
import { MissingFilms } from './features/shell/MissingFilms.js'
import { Failures, News } from './features/shell/Notices.js'
import { TopBar } from './features/shell/TopBar.js'
import { useKeyboard } from './features/shell/keyboard.js'
import { Timeline } from './features/timeline/Timeline.js'
import { Viewer } from './features/viewer/Viewer.js'
import { useJobs } from './stores/jobs.js'
import { isFolded, usePreferences } from './stores/preferences.js'
import { useProject } from './stores/project.js'
import { DialogName, useSession } from './stores/session.js'
import { Button } from './ui/Button.js'
import { Progress } from './ui/Progress.js'
import styles from './App.module.css'

export function App({ startFailure }: { startFailure?: Failure }) {
  if (startFailure) return <NotConnected failure={startFailure} />
  return <Editor />
}

/** While the host says who it is: a moment, longer on a busy computer. */
export function Starting() {
  const { t } = useWords()
  return (
    <main className={styles.lost} role="status">
      <h1 className={styles.brand}>Heirloom</h1>
      <div className={styles.wait}>
        <Progress label={t('lost.starting')} />
      </div>
      <p>{t('lost.starting')}</p>
    </main>
  )
}

const dialogs: Record<DialogName, () => React.ReactNode> = {
  open: () => <OpenDialog />,
  export: () => <ExportDialog />,
  photo: () => <PhotoDialog />,
  scenes: () => <ScenesDialog />,
  jobs: () => <JobsDialog />,
  openProject: () => <OpenProjectDialog />,
  saveProject: () => <SaveProjectDialog />,
  cuts: () => <CutsDialog />,
  settings: () => <SettingsDialog models={<ModelsPanel />} />,
  commands: () => <CommandsDialog />,
  shortcuts: () => <ShortcutsDialog />,
  log: () => <LogDialog />,
}

function Editor() {
  const hasFilm = useProject((s) => s.project.clips.length > 0)
  const dialog = useSession((s) => s.dialog)
  // An export may go on without the film that it is made of being open.
  const isExporting = useJobs((s) => s.jobs.some(({ kind }) => kind === 'export'))
  useKeyboard()
  return (
    <DropZone>
      <div className={`${styles.app} ${hasFilm ? '' : styles.empty}`}>
        <div>
          <ContactLost />
          <TopBar />
          <Unfinished />
          <MissingFilms />
          <Failures />
        </div>
        {hasFilm ? (
          <>
            <Zones />
            <Timeline />
          </>
        ) : (
          <StartScreen />
        )}
        {(hasFilm || isExporting) && <JobsBar />}
      </div>
      <Uploads />
      <News />
      {dialog && dialogs[dialog]()}
    </DropZone>
  )
}

/** The picture between its panels, as far as they are not folded away. */
function Zones() {
  const hasClips = usePreferences((s) => !isFolded(s, 'clips'))
  const hasSettings = usePreferences((s) => !isFolded(s, 'enhance'))
  const folded = `${hasClips ? '' : styles.withoutClips} ${hasSettings ? '' : styles.withoutSettings}`
  return (
    <main className={`${styles.zones} ${folded}`}>
      <h1 className="visually-hidden">Heirloom</h1>
      {hasClips && <ClipList sizeChoice={<SizeChoice isTold />} />}
      <Viewer />
      {hasSettings && <EnhancePanel motion={<MotionPart />} />}
    </main>
  )
}

function NotConnected({ failure }: { failure: Failure }) {
  const { t, language } = useWords()
  const isShut = failure.code === 'not-allowed' // the host is there, but does not know this window
  return (
    <main className={styles.lost} role="alert">
      <h1>{t(isShut ? 'lost.noKey' : 'lost.title')}</h1>
      <p>{sentenceOf(failure, language)}</p>
      <p>{t(isShut ? 'lost.noKeyAdvice' : 'lost.advice')}</p>
      <Button kind="primary" size="large" onClick={() => location.reload()}>
        {t('lost.again')}
      </Button>
    </main>
  )
}
