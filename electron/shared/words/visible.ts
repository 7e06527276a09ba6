// Names come from strangers. What would move a cursor, colour a terminal or turn the order of what is read is shown as what it is.

/** Control characters (C0, DEL, C1), breaks of lines, and what overrides the direction of writing; marks that names in Arabic or Hebrew need stay. */
const hidden = /[\u0000-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]/g

/** One line, to be looked at: "a\u001b[2Jb" becomes "a\x1b[2Jb" in six plain letters. */
export const visible = (text: string): string =>
  text.replace(hidden, (letter) => {
    const code = letter.charCodeAt(0).toString(16)
    return code.length > 2 ? `\\u${code}` : `\\x${code.padStart(2, '0')}`
  })
