import { expect, test } from 'vitest'
import { failing } from '../../../electron/shared/contract/errors.js'
import { visible } from '../../../electron/shared/words/visible.js'

test('what a terminal would obey is shown; letters of any language stay', () => {
  expect(visible('a\u001b[2J\u0007\r\n\u007f\u009b31m')).toBe('a\\x1b[2J\\x07\\x0d\\x0a\\x7f\\x9b31m')
  expect(visible('film\u202e4pm.exe\u2066\u2028')).toBe('film\\u202e4pm.exe\\u2066\\u2028')
  for (const name of ['夏休み', 'עברית\u200f', 'émoji 👨‍👩‍👧', '🏴󠁧󠁢󠁳󠁣󠁴󠁿']) expect(visible(name)).toBe(name)
})

test('a name inside a sentence is one line of plain letters', () => {
  const { message } = failing('not-a-video', 'sourceEmpty', { name: 'a\nheirloom: done\u001b[1A' })
  expect(message).toMatch(/^"a\\x0aheirloom: done\\x1b\[1A" /)
})
