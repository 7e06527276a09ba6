// A finished film lies on the host's computer; in a browser it can be saved onto this one.
import { Download } from 'lucide-react'
import { JobState } from '../../../electron/shared/contract/job.js'
import { mediaUrl, useHost } from '../../stores/host.js'
import { useWords } from '../../stores/words.js'
import { LinkButton } from '../../ui/Button.js'

export function SaveLink({ job }: { job: JobState }) {
  const { t } = useWords()
  const isBrowser = useHost((s) => s.connection?.host === 'browser')
  if (!isBrowser || job.state !== 'done' || job.outputPath === undefined) return null
  return (
    <LinkButton
      size="small"
      icon={<Download />}
      href={mediaUrl({ kind: 'output', jobId: job.id })}
      download={job.outputPath.split(/[\\/]/).at(-1)}
    >
      {t('jobs.save')}
    </LinkButton>
  )
}
