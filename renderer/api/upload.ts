// One dropped file on its way to the browser host, with how far it is. The host keeps it whole or not at all.
import { AppError, failing, fromFailure } from '../../electron/shared/contract/errors.js'
import { type SessionKeys, secretHeader } from '../../electron/shared/contract/session.js'
import { AnswerMessage } from '../../electron/shared/contract/wire.js'

export interface UploadOptions {
  /** Bytes that have left so far. */
  onProgress?: (bytes: number) => void
  signal?: AbortSignal
}

function answerOf(text: string): AnswerMessage | undefined {
  try {
    const answer = AnswerMessage.safeParse(JSON.parse(text))
    return answer.success ? answer.data : undefined
  } catch {
    return undefined // cut off in the middle, or not from Heirloom
  }
}

/** By XMLHttpRequest: `fetch` does not tell how far an upload is. */
export function upload(
  { secret }: SessionKeys,
  file: File,
  { onProgress, signal }: UploadOptions = {},
): Promise<string> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest()
    const interrupted = (): void => reject(failing('internal', 'droppedInterrupted', { name: file.name }))
    const cancelled = (): void => reject(new AppError('cancelled', 'Cancelled.'))
    if (signal?.aborted) return cancelled()
    signal?.addEventListener('abort', () => request.abort(), { once: true })
    request.upload.onprogress = ({ loaded }) => onProgress?.(loaded)
    request.onload = () => {
      const answer = answerOf(request.responseText)
      if (!answer) interrupted()
      else if ('failure' in answer) reject(fromFailure(answer.failure))
      else resolve(String(answer.result))
    }
    request.onerror = interrupted
    request.onabort = cancelled
    request.open('POST', `/upload?name=${encodeURIComponent(file.name)}`)
    request.setRequestHeader(secretHeader, secret)
    request.send(file)
  })
}
