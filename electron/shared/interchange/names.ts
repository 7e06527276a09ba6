// Names and paths as the formats take them.

/** Halves of letters, which a file's name may have and no text can, become a mark of their own. */
export const wellFormed = (text: string): string => text.replace(/\p{Cs}/gu, '\ufffd')

/** A path of whatever system as a file URL. */
export function fileUrl(path: string): string {
  const isWindows = /^[A-Za-z]:[\\/]|^\\\\/.test(path)
  const whole = wellFormed(isWindows ? path.replaceAll('\\', '/') : path)
  const parts = whole.split('/').map((part) => encodeURIComponent(part))
  if (/^[A-Za-z]:/.test(whole) && isWindows)
    return `file:///${[whole.slice(0, 2), ...parts.slice(1)].join('/')}`
  return whole.startsWith('//') && isWindows ? `file:${parts.join('/')}` : `file://${parts.join('/')}`
}

/** The last part of a path of whatever system. */
export const fileName = (path: string): string => path.split(/[\\/]/).at(-1) ?? path

/** In one line, without what an editor would obey instead of showing. */
export const oneLine = (text: string): string =>
  wellFormed(text)
    .replace(/[\p{Cc}\u2028\u2029]+/gu, ' ')
    .trim()
