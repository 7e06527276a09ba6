// What a model states of itself in its model.json: what it does, how the frames that come out follow from those that go in, which
// settings it takes and in which arithmetic it may be computed. The engine reads the same (native/src/contract.h). Pure.
import { z } from 'zod'

const frames = (least: number): z.ZodNumber => z.number().int().min(least).max(1000)

/** enhance: frames for frames. interpolate: more frames than went in. generate: frames of none. encode: data of frames. decode: frames of data. */
export const Does = z.enum(['enhance', 'interpolate', 'generate', 'encode', 'decode'])
export type Does = z.infer<typeof Does>

/** In frames of what goes in. */
export const ModelTime = z
  .strictObject({
    /** So many frames of the past settle its state: what comes out for them is thrown away. */
    warmup: frames(0),
    /** So many frames of the future it looks at. */
    lookahead: frames(0),
    /** It works on so many at a time. */
    chunk: frames(1),
    /** It is begun at a frame whose number in its source is a multiple of this. */
    alignment: frames(1),
    /** [out, in]: frame j that comes out lies `j * in / out` frames after the first that went in, so that N frames give ceil(N * out / in). */
    out: z.tuple([frames(0), frames(0)]),
  })
  .refine(({ out: [, taken], alignment }) => taken === 0 || alignment % taken === 0, {
    error: 'must be a multiple of the second number of out',
    path: ['alignment'],
  })
export type ModelTime = z.infer<typeof ModelTime>

const means = z.string().min(1).max(200)
const range = { from: z.number(), to: z.number(), default: z.number(), means }
const whole = z.number().int()

const Kinds = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('number'), ...range }),
  z.strictObject({ kind: z.literal('whole'), ...range, from: whole, to: whole, default: whole }),
  z.strictObject({
    kind: z.literal('choice'),
    of: z.array(z.number()).min(1).max(64),
    default: z.number(),
    means,
  }),
])
export type ModelSetting = z.infer<typeof Kinds>

/** The setting may have this value. */
export function takes(setting: ModelSetting, value: number): boolean {
  if (setting.kind === 'choice') return setting.of.includes(value)
  const isInside = value >= setting.from && value <= setting.to
  return isInside && (setting.kind === 'number' || Number.isInteger(value))
}

export const ModelSetting = Kinds.refine((setting) => takes(setting, setting.default), {
  error: 'must be one of the values that the setting takes',
  path: ['default'],
})

/** The scale is no setting here: model.json lists the scales by themselves. */
const SettingName = z.enum(['strength', 'detail', 'seed', 'quantiser'])
export type SettingName = z.infer<typeof SettingName>
/** What settings are where a model takes none of that name; it takes any seed, and no quantiser. */
const without: Record<SettingName, number | undefined> = {
  strength: 1,
  detail: 0,
  seed: undefined,
  quantiser: NaN,
}

const Arithmetic = z.enum(['fp32', 'bf16', 'fp16', 'fp8'])

/** Frames out for frames in, as each kind of work has them. */
const isMade: Record<Does, (out: number, taken: number) => boolean> = {
  enhance: (out, taken) => out === 1 && taken === 1,
  interpolate: (out, taken) => out > taken && taken > 0,
  generate: (out, taken) => out === 1 && taken === 0,
  decode: (out, taken) => out === 1 && taken === 0,
  encode: (out, taken) => out === 0 && taken === 1,
}

export const ModelContract = z
  .strictObject({
    does: Does,
    time: ModelTime,
    settings: z.partialRecord(SettingName, ModelSetting),
    /** Its frames are what they should be in each of these. Every device has fp32. */
    arithmetic: z
      .array(Arithmetic)
      .refine((list) => list.includes('fp32'), 'must hold fp32')
      .refine((list) => new Set(list).size === list.length, 'must hold each once'),
  })
  .refine(({ does, time }) => isMade[does](...time.out), {
    error: 'is not what such a model makes',
    path: ['time', 'out'],
  })
export type ModelContract = z.infer<typeof ModelContract>

/** Frames that come out for so many that went in. */
export const framesOut = ({ out: [out, taken] }: Pick<ModelTime, 'out'>, frames: number): number =>
  Math.ceil((frames * out) / taken)

/** Whether a model works with this value of a setting, its own or one that every film has. */
export function takesSetting(
  { settings }: Pick<ModelContract, 'settings'>,
  name: SettingName,
  value: number,
): boolean {
  const setting = settings[name]
  return setting ? takes(setting, value) : [undefined, value].includes(without[name])
}

/** It was trained for strengths between none and full. */
export const isGraded = ({ settings }: Pick<ModelContract, 'settings'>): boolean =>
  settings.strength?.kind === 'number'
