// The step of a Keepsake: what is asked for becomes what the film's part and the models here allow, and what they do not is said.
import { expect, test } from 'vitest'
import {
  type EnhanceSettings,
  defaultEnhance,
  isModelled,
  isUntouched,
  keepsakeModel,
} from '../../../electron/shared/document/project.js'
import { enhanceOf, recipeOf as storedOf } from '../../../electron/shared/document/cutList.js'
import { recipeOf } from '../../../electron/shared/document/recipeKey.js'
import { drawnNote, drawnWords, restored } from '../../../electron/shared/document/restoring.js'
import type { FoundKeepsake } from '../../../electron/shared/media/keepsake/keepsake.js'
import { inEnglish } from '../../../electron/shared/words/sentences.js'
import { keepsakeFor, scene } from '../media/keepsake/kit.js'

const sha256 = 'ef'.repeat(32)
const drawer = { id: 'residual', hash: 'abc', weightsHash: sha256 }
const wanted: EnhanceSettings = {
  ...{ ...defaultEnhance, model: keepsakeModel, scale: 1, strength: 0.5, grain: true },
}

function found(model: { name: string; sha256: string } | null, level = 0.01): FoundKeepsake {
  const { info } = keepsakeFor(10)
  const place = { from: 1000, to: 2000, media: 'sameLength' as const, unread: [], damages: [] }
  return { state: 'there', ...place, info: { ...info, model }, scenes: [scene(0, 10, level)] }
}
const named = { name: 'Residual', sha256 }
const keysOf = ({ notes }: ReturnType<typeof restored>): string[] => notes.map(({ key }) => key)

test('with the model that the part names, detail by it and grain, from the seed of the part', () => {
  const made = restored(wanted, found(named), [drawer], 'film')
  expect(made.notes).toEqual([])
  expect(made.enhance).toMatchObject({ model: 'residual', strength: 0.5, scale: 1, seed: 7, grain: true })
  expect(drawnWords(made.enhance)).toBe('detail 0.5 and grain drawn, not filmed')
  expect(recipeOf(wanted, [drawer], found(named))).toBe('abc_x1_0.5_0_7_grain')
})

test('a part that names none, and one that names another than is here: grain alone, and that is said', () => {
  for (const [part, key] of [
    [found(null), 'noteDetailNone'],
    [found({ ...named, sha256: '00'.repeat(32) }), 'noteDetailModel'],
  ] as const) {
    const made = restored(wanted, part, [drawer], 'film')
    expect(keysOf(made)).toEqual([key])
    expect(isModelled(made.enhance)).toBe(false)
    expect(isUntouched(made.enhance)).toBe(false)
    expect(recipeOf(wanted, [drawer], part)).toBe('grain')
    expect(keysOf(restored({ ...wanted, strength: 0 }, part, [], 'film'))).toEqual([])
  }
})

test('nothing asked for, nothing there, nothing usable: frames pass through', () => {
  const passes = (settings: EnhanceSettings, part: FoundKeepsake): string[] => {
    const made = restored(settings, part, [drawer], 'film')
    expect(isUntouched(made.enhance)).toBe(true)
    expect(drawnWords(made.enhance)).toBeUndefined()
    expect(recipeOf(settings, [drawer], part)).toBe('untouched')
    return keysOf(made)
  }
  expect(passes({ ...wanted, strength: 0, grain: false }, found(named))).toEqual([])
  expect(passes({ ...wanted, isEnabled: false }, found(named))).toEqual([])
  expect(passes(wanted, { state: 'none' })).toEqual(['keepsakeNone'])
  expect(passes(wanted, { state: 'newer', version: { major: 9, minor: 0 }, from: 1, to: 2 })).toEqual([
    'keepsakeNewer',
  ])
  expect(passes(wanted, { ...found(named), media: 'other' } as FoundKeepsake)).toEqual(['keepsakeOther'])
  const hurt = { place: 'scen', what: 'changed', from: 1, to: 2 } as const
  expect(passes(wanted, { ...found(named), damages: [hurt] } as FoundKeepsake)).toEqual(['keepsakeDamaged'])
  expect(passes({ ...wanted, strength: 0 }, found(null, 0))).toEqual(['noteGrainNone'])
})

test('until it is known what the film has there is no key; settings of other models draw no grain', () => {
  expect(recipeOf(wanted, [drawer])).toBeUndefined()
  const other = { ...wanted, model: 'residual' }
  expect(restored(other, found(named), [drawer], 'film').enhance.grain).toBeUndefined()
  expect(recipeOf(other, [drawer])).toBe('abc_x1_0.5_0_0')
})

test('what is drawn is said as it is: detail, grain, both, or nothing at all', () => {
  const keyOf = (settings: Partial<EnhanceSettings>, part: FoundKeepsake, models = [drawer]): unknown => {
    const { enhance } = restored({ ...wanted, ...settings }, part, models, 'film')
    const note = drawnNote(enhance, 'film')
    return note && [note.key, note.values['percent']]
  }
  expect(keyOf({}, found(named))).toEqual(['noteDrawnBoth', 50])
  expect(keyOf({ grain: false }, found(named))).toEqual(['noteDrawnDetail', 50])
  expect(keyOf({}, found(named), [])).toEqual(['noteDrawnGrain', undefined])
  expect(keyOf({}, found(null))).toEqual(['noteDrawnGrain', undefined])
  expect(keyOf({}, found(null, 0))).toBeUndefined()
})

test('no sentence promises grain that the part does not know of, or denies detail that is drawn', () => {
  const said = (part: FoundKeepsake, models = [drawer]): string =>
    restored(wanted, part, models, 'film').notes.map(inEnglish).join(' ')
  expect(said(found(null, 0))).toMatch(/names no model .* no detail is drawn.*knows of no grain/)
  expect(said(found(null, 0))).not.toMatch(/grain can be drawn/)
  expect(said(found(named))).toBe('')
})

test('the step is saved as it was asked for', () => {
  const { steps, device } = storedOf(wanted)
  expect(enhanceOf({ id: 'r', steps: [...steps], device })).toEqual(wanted)
})
