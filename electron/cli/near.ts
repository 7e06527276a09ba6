// A word that was probably meant: one that differs from what was typed by a slip or two of the finger.

/** Letters left out, put in, changed, or swapped with their neighbour. */
function slips(a: string, b: string): number {
  let [before, row] = [[] as number[], Array.from({ length: b.length + 1 }, (_, j) => j)]
  for (let i = 1; i <= a.length; i++) {
    const next = [i]
    for (let j = 1; j <= b.length; j++) {
      const isSame = a[i - 1] === b[j - 1]
      const isSwapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]
      next[j] = Math.min(
        (row[j] ?? 0) + 1,
        (next[j - 1] ?? 0) + 1,
        (row[j - 1] ?? 0) + (isSame ? 0 : 1),
        isSwapped ? (before[j - 2] ?? 0) + 1 : Infinity,
      )
    }
    ;[before, row] = [row, next]
  }
  return row[b.length] ?? 0
}

/** The nearest one; undefined where none is near. Short words are meant as they are typed. */
export function nearestWord(typed: string, words: readonly string[]): string | undefined {
  const word = typed.toLowerCase().slice(0, 40)
  const most = word.length < 3 ? 0 : word.length < 6 ? 1 : 2
  const found = words
    .map((one) => ({ one, off: slips(word, one) }))
    .filter(({ off }) => off <= most)
    .toSorted((a, b) => a.off - b.off)
  return found[0]?.one
}
