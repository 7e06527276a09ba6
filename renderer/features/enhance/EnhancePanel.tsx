// How the clip in hand is enhanced, in plain words, and the button that shows a few seconds of it.
import { ReactNode, useEffect } from 'react'
import { Sparkles, X } from 'lucide-react'
import {
  isLarge,
  processorMsPerMegapixel,
  timesOfSmall,
  worksOnProcessor,
} from '../../../electron/shared/planning/cost.js'
import { sentenceOf } from '../../../electron/shared/contract/errors.js'
import type { MemoryAnswer } from '../../../electron/shared/contract/memory.js'
import { ModelInfo, modelName, purposeOf } from '../../../electron/shared/contract/models.js'
import {
  Clip,
  EnhanceSettings,
  defaultEnhance,
  keepsakeModel,
} from '../../../electron/shared/document/project.js'
import { displaySize } from '../../../electron/shared/media/source.js'
import { wholeRestore } from '../../../electron/shared/document/restoring.js'
import { setEnhance } from '../../commands/setEnhance.js'
import { actions } from '../../stores/actions.js'
import { isWorking, useRendered } from '../../stores/coverage.js'
import { lookAt } from '../../stores/damage.js'
import { useHost } from '../../stores/host.js'
import { useKeys } from '../../stores/keys.js'
import { stopPreview, usePreview } from '../../stores/preview.js'
import { clipOf, run, useProject } from '../../stores/project.js'
import { setSession, useSession } from '../../stores/session.js'
import { useSources } from '../../stores/sources.js'
import { useWords } from '../../stores/words.js'
import { Button } from '../../ui/Button.js'
import { Choice } from '../../ui/Choice.js'
import { Fold } from '../../ui/Fold.js'
import { formatBytes, formatDuration, formatNumber, formatSeconds } from '../../ui/format.js'
import { keyWords } from '../../ui/keyWords.js'
import { Progress } from '../../ui/Progress.js'
import { Select } from '../../ui/Select.js'
import { Switch } from '../../ui/Switch.js'
import { FieldsNote } from './FieldsNote.js'
import { FitChoice } from './FitChoice.js'
import { LookChoice } from './LookChoice.js'
import { MemoryNote, MotionMemory, useMemoryAnswer } from './MemoryNote.js'
import { Note } from '../../ui/Note.js'
import { RestoreChoice, useCanRestore } from './RestoreChoice.js'
import styles from './Enhance.module.css'

/** `motion`: how the clip is timed, between what is done to its pictures and the preview of both. */
export function EnhancePanel({ motion }: { motion: ReactNode }) {
  const { t, language } = useWords()
  const selected = useSession((s) => s.selectedClipId)
  const clip = useProject((s) => clipOf(s.project, selected))
  const failure = useHost((s) => s.info?.engineFailure)
  const models = useHost((s) => s.info?.models)
  return (
    // Another clip: its panel begins at the top, where what was found out about it stands.
    <section key={clip?.id} className={styles.panel} aria-label={t('enhance.label')}>
      {clip && (
        <>
          <Switch
            isOn={clip.enhance.isEnabled}
            onChange={(isEnabled) => run(setEnhance(clip.id, { isEnabled }))}
          >
            <h2 className={styles.title}>{t('enhance.title')}</h2>
          </Switch>
          {failure ? (
            <Note kind="failure">{sentenceOf(failure, language)}</Note>
          ) : models?.length === 0 ? (
            <>
              <Note kind="failure">{t('enhance.noModel')}</Note>
              <Button onClick={actions.models}>{t('models.addMore')}</Button>
            </>
          ) : clip.enhance.isEnabled ? (
            <Settings clip={clip} motion={motion} />
          ) : (
            <p className={styles.soft}>{t('enhance.off')}</p>
          )}
          {(failure !== undefined || models?.length === 0 || !clip.enhance.isEnabled) && (
            <>
              <FitChoice clip={clip} />
              {motion}
              {clip.motion && <MotionMemory clip={clip} />}
              {clip.motion && <Preview clip={clip} />}
            </>
          )}
        </>
      )}
    </section>
  )
}

function Settings({ clip, motion }: { clip: Clip; motion: ReactNode }) {
  const models = useHost((s) => s.info?.models) ?? []
  const source = useSources((s) => s.sources[clip.sourceId])
  const model = models.find((m) => m.id === clip.enhance.model)
  const change = (settings: Partial<EnhanceSettings>): void => run(setEnhance(clip.id, settings))
  const memory = useMemoryAnswer(clip)
  const sourceId = source?.id
  useEffect(() => {
    if (sourceId !== undefined) void lookAt(sourceId)
  }, [sourceId])
  return (
    <>
      {source && <FieldsNote key={source.path} source={source} />}
      <ModelChoice clip={clip} model={model} models={models} />
      {clip.enhance.model === keepsakeModel ? (
        <RestoreChoice clip={clip} onChange={change} />
      ) : (
        <SizeChoice clip={clip} model={model} memory={memory} onChange={change} />
      )}
      <FitChoice clip={clip} />
      {model && <LookChoice clip={clip} model={model} onChange={change} />}
      <DeviceChoice clip={clip} onChange={change} />
      {motion}
      <Preview clip={clip} />
      <Details model={model} memory={memory} />
    </>
  )
}

interface ChoiceProps {
  clip: Clip
  onChange: (settings: Partial<EnhanceSettings>) => void
}

interface SizeProps extends ChoiceProps {
  model: ModelInfo | undefined
  memory: MemoryAnswer | undefined
}

function SizeChoice({ clip, model, memory, onChange }: SizeProps) {
  const { t } = useWords()
  const source = useSources((s) => s.sources[clip.sourceId])
  const { enhance } = clip
  const size = source && displaySize(source.video)
  const scales = ([1, 2, 4] as const).filter(
    (scale) => model?.scales.includes(scale) ?? scale === enhance.scale,
  )
  return (
    <div className={styles.group}>
      <h3>{t('enhance.size')}</h3>
      <Choice
        label={t('enhance.size')}
        value={enhance.scale}
        onChange={(scale) => onChange({ scale })}
        options={scales.map((value) => ({ value, label: `×${value}` }))}
      />
      {size && (
        <p className={styles.soft}>
          {t(enhance.scale === 1 ? 'enhance.sameSize' : 'enhance.newSize', {
            from: `${size.width} × ${size.height}`,
            to: `${size.width * enhance.scale} × ${size.height * enhance.scale}`,
          })}
        </p>
      )}
      <MemoryNote answer={memory} />
    </div>
  )
}

/** Where there is a choice. */
function DeviceChoice({ clip, onChange }: ChoiceProps) {
  const { t } = useWords()
  const devices = useHost((s) => s.info?.devices) ?? []
  if (devices.length < 2) return null
  return (
    <Select
      label={t('enhance.device')}
      value={clip.enhance.device}
      onChange={(device) => onChange({ device })}
      options={[
        { value: 'auto', label: t('enhance.deviceAuto') },
        ...devices.map((d) => ({ value: d.id, label: d.name })),
      ]}
    />
  )
}

function Preview({ clip }: { clip: Clip }) {
  return (
    <>
      <PreviewLength />
      <PreviewButton clip={clip} />
    </>
  )
}

function PreviewLength() {
  const { t, language } = useWords()
  const seconds = useSession((s) => s.previewSeconds)
  return (
    <div className={styles.preview}>
      <h3>{t('preview.title')}</h3>
      <Choice
        label={t('preview.length')}
        value={seconds}
        onChange={(previewSeconds) => setSession({ previewSeconds })}
        options={([1, 2, 4] as const).map((value) => ({
          value,
          label: formatSeconds(language, value),
        }))}
      />
    </div>
  )
}

function Details({ model, memory }: Pick<SizeProps, 'model' | 'memory'>) {
  const { t, language } = useWords()
  const devices = useHost((s) => s.info?.devices) ?? []
  return (
    <Fold title={t('enhance.details')}>
      <Button size="small" onClick={actions.models}>
        {t('models.addMore')}
      </Button>
      {model && <ModelFacts model={model} />}
      {memory?.state === 'busy' && <p className={styles.soft}>{t('enhance.memory.busy')}</p>}
      {devices.map((device) => (
        <p key={device.id} className={`${styles.soft} selectable`}>
          {t(device.threads > 0 ? 'enhance.deviceFacts' : 'enhance.cardFacts', {
            name: device.name,
            kind: device.simd,
            threads: formatNumber(language, device.threads),
            memory: formatBytes(language, device.memoryBytes),
          })}
        </p>
      ))}
    </Fold>
  )
}

/** What the model can do with these settings, or the nearest it can. How much was drawn on a Keepsake says nothing of how much is enhanced. */
function settingsFor(model: ModelInfo, before: EnhanceSettings): Partial<EnhanceSettings> {
  const { scale, strength } = before.model === keepsakeModel ? defaultEnhance : before
  const scales = ([1, 2, 4] as const).filter((s) => model.scales.includes(s))
  return {
    model: model.id,
    scale: scales.filter((s) => s <= scale).at(-1) ?? scales[0] ?? scale,
    strength: model.hasStrength ? strength : undefined,
    grain: undefined,
  }
}

interface ModelChoiceProps {
  clip: Clip
  model: ModelInfo | undefined
  models: readonly ModelInfo[]
}

/** Which model, where there is a choice; what a large one costs on this computer; and what to do when it is gone. */
function ModelChoice({ clip, model, models }: ModelChoiceProps) {
  const { t } = useWords()
  const { enhance } = clip
  const canRestore = useCanRestore(clip)
  const isRestored = enhance.model === keepsakeModel
  const choose = (id: string): void => {
    const chosen = models.find((m) => m.id === id)
    if (chosen) run(setEnhance(clip.id, settingsFor(chosen, enhance)))
    else if (id === keepsakeModel) run(setEnhance(clip.id, wholeRestore))
  }
  if (model && models.length < 2 && !canRestore) return null
  return (
    <div className={styles.group}>
      {!model && !isRestored && <Note kind="failure">{t('enhance.modelGone', { id: enhance.model })}</Note>}
      <Select
        label={t('enhance.model')}
        isInline
        value={enhance.model}
        onChange={choose}
        options={[
          ...(model || isRestored ? [] : [{ value: enhance.model, label: enhance.model }]),
          ...models.map((m) => ({ value: m.id, label: modelName(m) })),
          ...(canRestore || isRestored ? [{ value: keepsakeModel, label: t('enhance.keepsake.name') }] : []),
        ]}
      />
      {model && <p className={styles.soft}>{t(`models.purpose.${purposeOf(model)}`)}</p>}
      {isRestored && <p className={styles.soft}>{t('enhance.keepsake.note')}</p>}
      {model && <SlowNote clip={clip} model={model} />}
    </div>
  )
}

/** Hours are said before they are spent. */
function SlowNote({ clip, model }: { clip: Clip; model: ModelInfo }) {
  const { t, language } = useWords()
  const devices = useHost((s) => s.info?.devices) ?? []
  const source = useSources((s) => s.sources[clip.sourceId])
  const { enhance, from, to } = clip
  if (!worksOnProcessor(enhance.device, devices)) return null
  const times = Math.round(timesOfSmall(model.flopPerPixel ?? 0))
  if (times > 1) return <Note>{t('enhance.timesSlower', { name: modelName(model), times })}</Note>
  if (!source || !isLarge(model)) return null
  const { width, height } = displaySize(source.video)
  const megapixels = ((to - from) * width * height * enhance.scale ** 2) / 1e6
  const ms = processorMsPerMegapixel(model.parameters, devices[0]?.threads ?? 1) * megapixels
  const minutes = Math.max(1, Math.round(ms / 60_000))
  return (
    <Note>{t('enhance.slow', { name: modelName(model), time: formatDuration(language, minutes * 60) })}</Note>
  )
}

function ModelFacts({ model }: { model: ModelInfo }) {
  const { t, language } = useWords()
  const facts: [string, string][] = [
    [t('enhance.modelName'), modelName(model)],
    [t('enhance.parameters'), formatNumber(language, model.parameters)],
    ...(model.hasStrength ? [] : ([[t('look.strength'), t('look.always')]] satisfies [string, string][])),
    [t('enhance.hash'), model.weightsHash.slice(0, 16)],
    ...(model.licence ? ([[t('enhance.licence'), model.licence]] satisfies [string, string][]) : []),
  ]
  return (
    <dl className={`${styles.facts} selectable`}>
      {facts.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  )
}

/** Always in sight, however many settings there are above it. */
function PreviewButton({ clip }: { clip: Clip }) {
  const { t, language } = useWords()
  const keys = useKeys()
  const { rendered } = useRendered(clip)
  const running = rendered.find(isWorking)?.job
  const isRead = useSources((s) => s.tables[clip.sourceId] !== undefined)
  const isMissing = useSources((s) => s.missing[clip.sourceId] !== undefined)
  const isWished = usePreview(
    ({ wish, asked }) => wish?.clipId === clip.id || (asked?.clipId === clip.id && asked.jobId === undefined),
  )
  const failed = rendered[0]?.job?.state === 'failed' ? rendered[0].job.failure : undefined
  const hasPreview = rendered.some(({ from, readyTo }) => readyTo > from)
  const leftWords = (ms: number): string => {
    const time = formatDuration(language, Math.max(1, Math.round(ms / 1000)))
    return ` · ${t('jobs.left', { time })}`
  }
  if (running || isWished)
    return (
      <div className={styles.pinned}>
        <Progress
          label={t('preview.progress')}
          value={running && running.framesTotal > 0 ? running.framesDone / running.framesTotal : undefined}
        />
        <div className={styles.runningRow}>
          <span className={styles.soft}>
            {!running || running.framesDone === 0
              ? t(isRead ? 'preview.starting' : 'preview.afterReading')
              : t('preview.done', { done: running.framesDone, total: running.framesTotal })}
            {running?.leftMs !== undefined && <span>{leftWords(running.leftMs)}</span>}
          </span>
          <Button size="small" icon={<X />} onClick={() => stopPreview(running?.id)}>
            {t('preview.cancel')}
          </Button>
        </div>
      </div>
    )
  return (
    <>
      <div className={styles.pinned}>
        <Button
          kind={hasPreview ? 'plain' : 'primary'}
          size="large"
          icon={<Sparkles />}
          disabled={isMissing}
          onClick={actions.preview}
          title={keyWords(keys.preview[0])}
        >
          {t('preview.button')}
        </Button>
      </div>
      {failed ? (
        <Note kind="failure">{sentenceOf(failed, language)}</Note>
      ) : (
        <p className={styles.soft}>
          {t(isMissing ? 'missing.why' : hasPreview ? 'preview.playIt' : 'preview.explain')}
        </p>
      )}
    </>
  )
}
