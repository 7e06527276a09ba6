// Documents as Heirloom wrote them in older formats.

const enhance = { isEnabled: true, model: 'heirloom-s', scale: 2, seed: 0, device: 'auto' }
const sources = [
  { id: '00000000000000aa', path: '/films/tape.avi', name: 'tape.avi', frames: 250, fields: 'tff' },
  { id: '00000000000000bb', path: '/films/phone.mov', name: 'phone.mov', frames: 90, track: 2 },
]
const clip = (id: string, source: 0 | 1, from: number, to: number) => ({
  ...{ id, sourceId: sources[source]!.id, name: sources[source]!.name, from, to },
})

export const saved1 = {
  format: 1,
  sources,
  clips: [
    { ...clip('a', 0, 10, 250), enhance: { ...enhance, strength: 1 } },
    { ...clip('b', 1, 0, 90), enhance: { ...enhance, strength: 0.4 } },
    { ...clip('c', 0, 0, 10), enhance: { ...enhance, strength: 1 } },
  ],
}

export const saved2 = {
  format: 2,
  sources,
  clips: [
    { ...clip('a', 0, 10, 250), enhance: { ...enhance, look: 'strong' } },
    {
      ...clip('b', 1, 0, 90),
      name: 'The garden',
      enhance: { ...enhance, isEnabled: false, look: 'natural', strength: 0 },
    },
    { ...clip('c', 0, 0, 10), enhance: { ...enhance, look: 'strong' } },
  ],
}
