// Numbers, sizes and lengths of time in the reader's own way of writing them.
export const formatNumber = (locale: string, value: number, digits = 0): string =>
  new Intl.NumberFormat(locale, { maximumFractionDigits: digits }).format(value)

/** 0.65 -> "65%". */
export const formatPercent = (locale: string, share: number): string =>
  new Intl.NumberFormat(locale, { style: 'percent' }).format(share)

/** Japanese writes its own units right behind the number: "6秒", but "4 GB". */
const unitWords = (locale: string, options: Intl.NumberFormatOptions, value: number): string =>
  new Intl.NumberFormat(locale, { style: 'unit', ...options })
    .format(value)
    .replace(/ (?=[\u3041-\u30ff\u4e00-\u9fff])/g, '')

/** The same in every language: some write "KB" for the thousand bytes that others call "kB". */
const byteUnits = ['kB', 'MB', 'GB', 'TB']

export function formatBytes(locale: string, bytes: number): string {
  const power = bytes < 1000 ? 0 : Math.min(4, Math.floor(Math.log10(bytes) / 3))
  if (power === 0)
    return unitWords(locale, { unit: 'byte', unitDisplay: 'long', maximumFractionDigits: 0 }, bytes)
  const value = bytes / 1000 ** power
  return `${formatNumber(locale, value, value < 10 ? 1 : 0)} ${byteUnits[power - 1]}`
}

const unit = (locale: string, value: number, name: 'hour' | 'minute' | 'second', digits = 0): string =>
  unitWords(locale, { unit: name, unitDisplay: 'long', maximumFractionDigits: digits }, value)

/** "12 seconds", "3 minutes 20 seconds", "1 hour 5 minutes": two parts at most. */
export function formatDuration(locale: string, seconds: number): string {
  if (seconds < 10) return unit(locale, Math.max(0, seconds), 'second', 1)
  const whole = Math.round(seconds)
  const parts: string[] = []
  const [h, m, s] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60]
  if (h > 0) parts.push(unit(locale, h, 'hour'))
  if (m > 0) parts.push(unit(locale, m, 'minute'))
  if (s > 0 && h === 0) parts.push(unit(locale, s, 'second'))
  return parts.join(locale.startsWith('ja') ? '' : ' ')
}

export const formatDate = (locale: string, date: Date): string =>
  new Intl.DateTimeFormat(locale, { dateStyle: 'long' }).format(date)

/** A few seconds where there is little room: "2 sec". */
export const formatSeconds = (locale: string, seconds: number): string =>
  unitWords(locale, { unit: 'second', unitDisplay: 'short' }, seconds)
