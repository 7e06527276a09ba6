// Notes on sound: done, but differently.
export const sound = {
  noteTracks: '"{{name}}" has {{count sound track|sound tracks}}.',
  noteFirstTrack: 'A film of several clips has one sound track: of "{{name}}" only track {{track}} is kept.',
  noteSoundEmpty:
    '"{{name}}" announces sound track {{track}}, but no sound was ever written to it. It is left out.',
  noteSoundUnreadable:
    'Sound track {{track}} of "{{name}}" ({{codec}}) cannot be read by this ffmpeg and is left out. The original keeps it.',
  noteSoundDamaged:
    'Sound track {{track}} of "{{name}}" is damaged and cannot be read at {{places}}: there is silence there. If there is another copy of this film, open that one.',
  noteSoundForm:
    'The sound of "{{name}}" changes its form on the way (as from two channels to six). It is kept all through in the form that it begins with.',
  noteSoundBefore: '"{{name}}" has {{seconds}} s of sound before its first frame. It is left out.',
  noteSoundAfter: '"{{name}}" has {{seconds}} s of sound after its last frame. It is left out.',
  noteSoundLossy:
    'Sound track {{track}} of "{{name}}" ({{codec}}) is stored without loss; in {{container}} it becomes AAC, with a loss that is hardly heard. Choose MKV to keep it without loss.',
  noteSoundMixed:
    'The {{channels}} sound channels of "{{name}}" are mixed to stereo, because the film has several clips.',
  noteSoundEncrypted: 'Sound track {{track}} of "{{name}}" is encrypted and is left out.',
} as const
