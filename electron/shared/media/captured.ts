// When and where a film was recorded, as its tags say it. Pure.

/** A capture date moved on by seconds; its clock keeps its zone, and a date without a clock stays as it is. */
export function momentOf(iso: string | undefined, seconds: number): string | undefined {
  const match = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.\d+)?(Z|[+-]\d\d:\d\d)?$/.exec(iso ?? '')
  if (!match) return iso
  const [, clock = '', zone = ''] = match
  const moved = new Date(Date.parse(`${clock}Z`) + Math.floor(seconds) * 1000)
  return moved.toISOString().replace('.000Z', zone)
}

/** ISO 6709 as cameras write it: "+35.6586+139.7454/". */
export function placeOf(
  tags: Readonly<Record<string, string>>,
): { latitude: number; longitude: number } | undefined {
  const found = Object.entries(tags).find(([key]) => /location(-eng)?$|location\.iso6709$/i.test(key))?.[1]
  const match = /^([+-]\d{1,2}(?:\.\d+)?)([+-]\d{1,3}(?:\.\d+)?)/.exec(found ?? '')
  return match ? { latitude: Number(match[1]), longitude: Number(match[2]) } : undefined
}
