// A Keepsake photo as tests write it.
import type { KeepsakePhoto } from '../../../../electron/shared/media/keepsake/photo.js'

/** Its picture is so many bytes that mean nothing. */
export const photoFor = (sideBytes = 400): KeepsakePhoto & { exif: Uint8Array } => ({
  info: {
    ...{ writer: 'Heirloom 0.1.0', width: 301, height: 200, quality: 24, seed: 7 },
    model: { name: 'heirloom-photo', sha256: 'ab'.repeat(32) },
    source: { fingerprint: 'cd'.repeat(32) },
    invented: { inPhoto: [], onTop: ['detail'] },
    takenAt: '1998-07-04T15:20:31',
    tags: { make: 'Nikon', location: '+35.6586+139.7454/' },
  },
  side: Uint8Array.from({ length: sideBytes }, (_, i) => (i * 7919) % 251),
  exif: Uint8Array.from('II*\0 and so on', (letter) => letter.charCodeAt(0)),
})
