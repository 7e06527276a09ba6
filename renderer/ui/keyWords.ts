// Keys as people read them on their keyboard: "$mod+Shift+z" is "Ctrl+Shift+Z", on a Mac "⇧⌘Z".
const names: Record<string, string> = {
  $mod: 'Ctrl',
  Control: 'Ctrl',
  ArrowLeft: '←',
  ArrowRight: '→',
  ArrowUp: '↑',
  ArrowDown: '↓',
  Delete: 'Del',
}
const macNames: Record<string, string> = { $mod: '⌘', Control: '⌃', Shift: '⇧', Alt: '⌥' }

export const isMac = typeof navigator !== 'undefined' && navigator.userAgent.includes('Mac')

export function keyWords(keys: string | undefined): string | undefined {
  if (keys === undefined) return undefined
  // "Shift+?" needs Shift anyway; people look for the question mark.
  if (keys === 'Shift+?') return '?'
  const words = keys
    .split('+')
    .map(
      (key) =>
        (isMac ? macNames[key] : undefined) ?? names[key] ?? (key.length === 1 ? key.toUpperCase() : key),
    )
  return words.join(isMac ? '' : '+')
}
