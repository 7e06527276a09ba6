// Whether a new file may stand where a person wants it: asked of the host, a moment after each change.
import { useEffect, useState } from 'react'
import { OutputCheck } from '../../electron/shared/contract/files.js'
import { api } from './host.js'

/** What is known of the file at a path; undefined until the host has said it of this very path. `onFailure` stays the same. */
export function useCheck(
  path: string | undefined,
  onFailure: (error: unknown) => void,
): OutputCheck | undefined {
  const [known, setKnown] = useState<{ of: string; check: OutputCheck }>()
  useEffect(() => {
    if (path === undefined) return
    let isCurrent = true
    const timer = setTimeout(() => {
      api()
        .files.checkOutput(path)
        .then(
          (check) => isCurrent && setKnown({ of: path, check }),
          (error: unknown) => isCurrent && onFailure(error),
        )
    }, 200)
    return () => {
      isCurrent = false
      clearTimeout(timer)
    }
  }, [path, onFailure])
  return known?.of === path ? known?.check : undefined
}
