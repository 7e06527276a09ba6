// The size of a film: as its first clip, as another of them, or one of those that screens have in common.
import { sizeWords } from '../../../electron/shared/media/source.js'
import { setFilmSize } from '../../commands/setFilmSize.js'
import { settingsOf, sizeOfClip, sizesOffered } from '../../stores/filmSize.js'
import { run, useProject } from '../../stores/project.js'
import { useSources } from '../../stores/sources.js'
import { useWords } from '../../stores/words.js'
import { Select } from '../../ui/Select.js'

const asFirst = 'first'

/** Nothing where there is no other size that makes sense. `isTold`: what it is about stands above it. */
export function SizeChoice({ isTold = false }: { isTold?: boolean }) {
  const { t } = useWords()
  const project = useProject((s) => s.project)
  const sources = useSources((s) => s.sources)
  const [firstClip] = project.clips
  const first = firstClip && sizeOfClip(firstClip, sources)
  const sizes = new Map(sizesOffered(project, sources).map((size) => [sizeWords(size), size]))
  if (!first || sizes.size === 0) return null
  const choose = (value: string): void => {
    const size = sizes.get(value)
    const { width, height } = size ?? first
    run(setFilmSize(size && settingsOf(project, sources, { width, height })))
  }
  return (
    <Select
      label={t('export.size')}
      isInline={!isTold}
      isLabelHidden={isTold}
      value={project.size ? sizeWords(project.size) : asFirst}
      onChange={choose}
      options={[
        { value: asFirst, label: t('export.sizeOfFirst', { size: sizeWords(first) }) },
        ...[...sizes].map(([value, size]) => ({
          value,
          label: 'lines' in size ? t('export.sizeCommon', { lines: size.lines, size: value }) : value,
        })),
      ]}
    />
  )
}
