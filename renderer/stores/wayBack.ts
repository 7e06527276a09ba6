// A key that takes the focus somewhere leads back as well: Escape puts it where it was before.

interface Way {
  /** Where the focus was; where nothing had it, nothing gets it back. */
  from: HTMLElement | undefined
  /** Everything that counts as the place it was led to. */
  section: Element
}

let way: Way | undefined

export const focused = (): HTMLElement | undefined =>
  document.activeElement instanceof HTMLElement && document.activeElement !== document.body
    ? document.activeElement
    : undefined

/** Gives the focus to something in a section. Whoever is in there already came from elsewhere, and goes back to that. */
export function lead(section: Element, to: HTMLElement): void {
  const from = focused()
  if (!from || !section.contains(from)) way = { from, section }
  to.focus()
}

/** Answers whether there was a way back from here. */
export function leadBack(): boolean {
  const now = focused()
  if (!way || !now || !way.section.contains(now)) return false
  const { from } = way
  way = undefined
  if (from?.isConnected) from.focus()
  else now.blur()
  return true
}
