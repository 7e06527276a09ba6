// How far set-up is, in one line on stderr: in place on a terminal, every tenth elsewhere.

/** The share that is done of parts with weights, in percent, rounded down; 100 only when all of them are. */
export function percent(parts) {
  const whole = parts.reduce((sum, { weight }) => sum + weight, 0)
  const done = parts.reduce((sum, { weight, fraction }) => sum + weight * Math.min(1, fraction), 0)
  return whole === 0 ? 100 : Math.floor((100 * done) / whole + 1e-9)
}

/** `steps`: name, title and weight (seconds it takes about, on two cores) of everything that is to be done. */
export function progress(steps, { write, isTerminal }) {
  const parts = new Map(steps.map(({ name, title, weight }) => [name, { title, weight, fraction: 0 }]))
  const doing = new Set()
  let shown = -1
  function show() {
    const now = percent([...parts.values()])
    const titles = [...doing].map((name) => parts.get(name).title).join(', ')
    if (isTerminal) write(`\r\x1b[2Kheirloom: getting ready, ${now} %${titles && ` (${titles})`}`)
    else if (Math.floor(now / 10) > Math.floor(shown / 10))
      write(`heirloom: getting ready, ${now} %${titles && ` (${titles})`}\n`)
    shown = Math.max(shown, now)
  }
  return {
    begin(name) {
      doing.add(name)
      show()
    },
    /** `fraction` of the step, 0 to 1; never goes back. */
    update(name, fraction) {
      const part = parts.get(name)
      part.fraction = Math.max(part.fraction, Math.min(1, fraction))
      show()
    },
    end(name, isGood) {
      doing.delete(name)
      if (isGood) parts.get(name).fraction = 1
      show()
    },
    /** What comes next begins on a line of its own. */
    close() {
      if (isTerminal && shown >= 0) write('\n')
    },
  }
}

/** How far a build is, from a line of ninja or make; undefined from any other line. */
export function builtFraction(line) {
  const ninja = /^\[(\d+)\/(\d+)\]/.exec(line)
  if (ninja) return Number(ninja[1]) / Number(ninja[2])
  const make = /^\[\s*(\d+)%\]/.exec(line)
  return make ? Number(make[1]) / 100 : undefined
}
