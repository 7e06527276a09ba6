// Keys that a person chooses: what may be one, and what is made of a press.
import { expect, test } from 'vitest'
import { Preferences } from '../../../electron/shared/contract/app.js'
import { commandKeys, commandNames } from '../../../electron/shared/words/commandNames.js'
import { Chord, ChosenKeys, chordOf, keysWith } from '../../../electron/shared/words/keys.js'

const press = (
  key: string,
  held: Partial<Record<'ctrlKey' | 'metaKey' | 'altKey' | 'shiftKey', true>> = {},
) => ({
  ...{ key, ctrlKey: false, metaKey: false, altKey: false, shiftKey: false },
  ...held,
})

test('every key that a command comes with could be chosen', () => {
  for (const keys of Object.values(commandKeys)) for (const key of keys) expect(Chord.parse(key)).toBe(key)
})

test.each(['', 'a b', '(.*)', 'ab', '$mod+', 'Hyper+a', 'Shift+(a|b)', '\n', 'a'.repeat(50)])(
  '“%s” is no key',
  (text) => {
    expect(Chord.safeParse(text).success).toBe(false)
    expect(Preferences.safeParse({ language: 'en', theme: 'dark', keys: { split: [text] } }).success).toBe(
      false,
    )
  },
)

test('a command that is not known here is kept for who knows it, and has no keys here', () => {
  const keys = ChosenKeys.parse({ paintItBlue: ['q'], split: ['F2'], undo: [] })
  expect(Object.keys(keysWith(keys))).toEqual([...commandNames])
  expect(keysWith(keys)).toMatchObject({ split: ['F2'], undo: [], redo: commandKeys.redo, openSample: [] })
  expect(
    ChosenKeys.safeParse(Object.fromEntries(Array.from({ length: 501 }, (_, i) => [`c${i}`, []]))).success,
  ).toBe(false)
})

test.each([
  [press('q'), { chord: 'q' }],
  [press('Q', { shiftKey: true }), { chord: 'Shift+q' }],
  [press(' '), { chord: 'Space' }],
  [press('F5', { ctrlKey: true, altKey: true }), { chord: '$mod+Alt+F5' }],
  [press('+', { shiftKey: true }), { chord: 'Shift++' }],
  [press('é'), { chord: 'é' }],
  [press('Shift', { shiftKey: true }), undefined],
  ...['Escape', 'Tab', 'Enter', '\\', 'Dead', 'Process', 'MediaPlayPause'].map(
    (key) => [press(key), 'refused'] as const,
  ),
  [press('w', { ctrlKey: true }), 'refused'],
] as const)('%j', (event, chord) => {
  expect(chordOf(event, false)).toEqual(chord)
})

test('on a Mac the Command key is the one that others have as Ctrl', () => {
  expect(chordOf(press('k', { metaKey: true }), true)).toEqual({ chord: '$mod+k' })
  expect(chordOf(press('k', { ctrlKey: true }), true)).toEqual({ chord: 'Control+k' })
})
