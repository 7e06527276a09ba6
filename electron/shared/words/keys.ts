// Keys that a person has chosen for commands instead of those that they come with.
import { z } from 'zod'
import { CommandName, commandKeys, commandNames, isCommandName } from './commandNames.js'

const named = [
  ...['Space', 'ArrowLeft', 'ArrowRight', 'ArrowUp', 'ArrowDown', 'Home', 'End', 'PageUp', 'PageDown'],
  ...['Insert', 'Delete', 'Backspace', ...Array.from({ length: 12 }, (_, i) => `F${i + 1}`)],
]

/** Keys pressed together, in tinykeys' notation: one letter or sign, or a key with a name, behind those that are held. */
export const Chord = z
  .string()
  .max(40)
  .regex(new RegExp(`^(?:(?:\\$mod|Control|Meta|Alt|Shift)\\+)*(?:\\S|${named.join('|')})$`, 'u'))

/** Of commands by their names, which another Heirloom may not have. An empty list: it has no key. */
export const ChosenKeys = z
  .record(z.string().max(40), z.array(Chord).max(8))
  .refine((keys) => Object.keys(keys).length <= 500)
export type ChosenKeys = z.infer<typeof ChosenKeys>

export type Keys = Readonly<Record<CommandName, readonly string[]>>

/** The keys of every command, the first of which is shown. */
export function keysWith(chosen: ChosenKeys = {}): Keys {
  const own = Object.entries(chosen).filter(([name]) => isCommandName(name))
  const before = commandNames.map((name) => [name, commandKeys[name] ?? []])
  return Object.fromEntries([...before, ...own]) as Keys
}

/** Never a command's: they close, choose and go on everywhere, show the original while held, or belong to the system. */
const kept = ['Escape', 'Tab', 'Enter', '\\', 'Dead', 'Process', 'Unidentified', 'ContextMenu']
const modifiers = ['Shift', 'Control', 'Alt', 'Meta', 'AltGraph', 'CapsLock', 'NumLock', 'Fn']
/** With Ctrl they close windows, or are for text. */
const ofSystem = ['w', 'q', 't', 'r', 'a', 'x', 'v']

type Pressed = Pick<KeyboardEvent, 'key' | 'ctrlKey' | 'metaKey' | 'altKey' | 'shiftKey'>

/** What was pressed; `refused`: it can be no command's; undefined: only what is held so far. */
export function chordOf(event: Pressed, isMac: boolean): { chord: string } | 'refused' | undefined {
  const { key } = event
  if (modifiers.includes(key)) return undefined
  const mod = isMac ? event.metaKey : event.ctrlKey
  const last = key === ' ' ? 'Space' : key.length === 1 ? key.toLowerCase() : key
  const held = [
    ...(mod ? ['$mod'] : []),
    ...(isMac && event.ctrlKey ? ['Control'] : []),
    ...(!isMac && event.metaKey ? ['Meta'] : []),
    ...(event.altKey ? ['Alt'] : []),
    ...(event.shiftKey ? ['Shift'] : []),
  ]
  const chord = [...held, last].join('+')
  const isKept = kept.includes(key) || (mod && ofSystem.includes(last)) || !Chord.safeParse(chord).success
  return isKept ? 'refused' : { chord }
}
