// The size of a film whose clips have several: as the first one, or as another.
import { useTranslation } from 'react-i18next'
import { CutList } from '../../../electron/shared/document/project.js'
import { sizeWords } from '../../../electron/shared/media/source.js'
import { setFilmSize } from '../../commands/setFilmSize.js'
import { settingsOf, sizesIn } from '../../stores/filmSize.js'
import { run } from '../../stores/project.js'
import { useSources } from '../../stores/sources.js'
import { Select } from '../../ui/Select.js'

const asFirst = 'first'

/** Nothing where all clips have the size of the film. */
export function SizeChoice({ project }: { project: CutList }) {
  const { t } = useTranslation()
  const sources = useSources((s) => s.sources)
  const [first, ...others] = sizesIn(project, sources)
  if (!first || (others.length === 0 && !project.size)) return null
  const own = project.size
  const sizes = new Map([...others, ...(own ? [own] : [])].map((size) => [sizeWords(size), size]))
  const choose = (value: string): void => {
    const size = sizes.get(value)
    run(setFilmSize(size && settingsOf(project, sources, size)))
  }
  return (
    <Select
      label={t('export.size')}
      isInline
      value={own ? sizeWords(own) : asFirst}
      onChange={choose}
      options={[
        { value: asFirst, label: t('export.sizeOfFirst', { size: sizeWords(first) }) },
        ...[...sizes.keys()].map((value) => ({ value, label: value })),
      ]}
    />
  )
}
