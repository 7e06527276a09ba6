// Keepsake films: what their box says, and what is wrong with it.
export const keepsake = {
  usageKeepsakeOutput:
    '"keepsake" wants a name for what it makes: -o OUT.mp4 for a film, -o OUT.hlm for a photo (or a picture file, to restore one).',
  usageFilmOnly: '--{{option}} is for films: "{{command}}" of a photo does not have it.',
  usageSizeOrQuality: 'Either --size or --quality, not both.',
  usageSize: '--{{option}} is a size such as 8MB, 700kB or 1.5GB, not "{{value}}".',
  usageRestoreFolder:
    'Several films are restored into a folder: "{{name}}" is the name of one film. Give a folder with -o.',
  restoreNothing:
    '"{{name}}": nothing that its Keepsake part says can be drawn here, so the film would only be encoded once more. Nothing was written; add --base to have it all the same.',
  restoreSome: '{{count}} of {{total}} films could not be restored: {{names}}.',
  restoreNoFolder: 'The folder {{folder}} cannot be made: {{reason}}. Nothing was written.',
  keepsakeNone: '"{{name}}" is an ordinary film: it has no Keepsake part.',
  keepsakeNewer:
    'The Keepsake part of "{{name}}" was written by a newer Heirloom (format {{version}}), and only that can read it. The film itself plays as it does everywhere.',
  keepsakeOther:
    'The Keepsake part of "{{name}}" was made for another film, or this one was changed since. It is not used; the film itself plays as it does everywhere. Take the file from a copy, or make it once more from the original.',
  keepsakeDamaged:
    'The Keepsake part of "{{name}}" is damaged: {{places}}. It is not used; the film itself plays as it does everywhere. Take the file from a copy, or make it once more from the original.',
  keepsakeChanged: '"{{place}}" is not as it was written (bytes {{from}} to {{to}} of the file)',
  keepsakeCutOff: 'the file ends within "{{place}}" (bytes {{from}} to {{to}})',
  keepsakeNonsense: '"{{place}}" says nothing that fits',
  keepsakeMissing: '"{{place}}" is missing',
  keepsakePhotoNone: '"{{name}}" is no Keepsake photo.',
  keepsakePhotoNewer:
    '"{{name}}" is a Keepsake photo of a newer Heirloom (format {{version}}), and only that can show it. The file is as it was.',
  keepsakePhotoDamaged:
    'The Keepsake photo "{{name}}" is damaged: {{places}}. Take the file from a copy, or make it once more from the original photo.',
  keepsakePhotoModel:
    '"{{name}}" is a Keepsake photo that is shown by the model "{{model}}" with weights of SHA-256 {{hash}}, which are not among the models here. Add that model, or open the photo that it was made of.',
  keepsakePhotoNoModel:
    'There is no model of Keepsake photos here, so none can be made. Nothing was written. Add such a model to the models folder, or choose PNG, JPEG or TIFF.',
  keepsakePhotoTooLarge:
    '"{{name}}" cannot be made so small: at its coarsest it has {{bytes}} bytes, and {{most}} were asked for. Nothing was written. Ask for more.',
  keepsakePhotoLarge:
    '"{{name}}" would have {{bytes}} bytes, more than a Keepsake photo can hold. Nothing was written. Choose a lower quality.',
  keepsakePhotoFilm:
    '"{{name}}" is a film, and a Keepsake photo is made of a photo. Nothing was written. Save a moment with "heirloom photo", or name the output .mp4.',
  keepsakePhotoTiles:
    '"{{name}}" could not be read at {{count place|places}} of {{tiles}}, which are shown without what was there, and beside which it is a little wrong: {{places}}.',
  noteKeepsakePhoto:
    'A Keepsake photo (experimental): "{{name}}" is shown as the model "{{model}}" wrote it, without detail that was not photographed. It is not the photo that it was made of; keep that.',
  noteKeepsakeMade:
    'A Keepsake photo is experimental: only Heirloom shows it, and only with the model "{{model}}". Keep the photo itself.',
  keepsakeForm: 'A Keepsake is an MP4 or MOV file of AV1, H.265 or H.264. Choose one of them.',
  keepsakeCrf: 'A Keepsake of this codec is made with a CRF of {{finest}} to {{coarsest}}, not {{crf}}.',
  keepsakeTooLarge:
    '"{{name}}" cannot be made so small: at its coarsest it has {{bytes}} MB, and {{most}} MB were asked for. Nothing was written. Ask for more, choose a shorter part of the film, or AV1.',
  noteKeepsake:
    'The Keepsake part has {{bytes}} bytes, {{percent}} % of the file: {{scenes scene|scenes}} with their grain, and how coarsely each frame was written. The grain can be drawn on it again.',
  noteLikeness:
    'Beside what was encoded, the film as others see it has a PSNR of {{psnr}} dB and an SSIM of {{ssim}}, over {{frames}} of {{total}} frames.',
  noteSame: 'The film is what was encoded, to the bit, over {{frames}} of {{total}} frames (SSIM {{ssim}}).',
  noteNotCompared:
    'No frame of the film was compared with what was encoded: of frames that a motion made, that have another shape than they were filmed in, or that a model made and that are not kept, nothing is there to compare with.',
  noteDetailNone: '"{{name}}": its Keepsake part names no model that draws detail, so no detail is drawn.',
  noteDetailModel:
    '"{{name}}": detail is drawn by the model "{{model}}" with weights of SHA-256 {{hash}}, which are not among the models here. Without them no detail is drawn.',
  noteDrawnGrain: 'On "{{name}}" grain is drawn as its Keepsake part describes it; it was not filmed.',
  noteDrawnDetail:
    'On "{{name}}" detail is drawn by the model "{{model}}", {{percent}} % of it; it was not filmed.',
  noteDrawnBoth:
    'On "{{name}}" detail is drawn by the model "{{model}}", {{percent}} % of it, and grain as its Keepsake part describes it; neither was filmed.',
  noteDrawnPhoto:
    'On the Keepsake photo "{{name}}" (experimental) detail is drawn by the model "{{model}}", {{percent}} % of it; it was not photographed. This is not the photo that the Keepsake photo was made of; keep that.',
  noteGrainNone: '"{{name}}": its Keepsake part knows of no grain, so none is drawn.',
  keepsake: {
    willBe: 'It will have about {{kilobytes}} kB (CRF {{crf}}).',
    film: 'film',
    part: 'Keepsake',
    writer: 'written by',
    encoder: 'encoder',
    quantiser: 'quantiser',
    scenes: 'scenes',
    grain: 'grain',
    model: 'model',
    seed: 'seed',
    inFilm: 'in the film',
    onTop: 'on top',
    draws: { grain: 'grain', detail: 'detail' },
    unread: 'unread',
    note: 'note',
    restoring: 'drawn here',
    drawsNothing: 'nothing',
    frames: '{{count frame|frames}}, {{size}}',
    partOf: 'format {{version}}, {{bytes}} bytes, {{percent}} % of the file',
    coarseness: '{{least}} to {{most}} of 0..1, {{mean}} on average',
    photo: 'photo',
    photoOf: '{{size}}, {{bytes}} bytes, {{bits}} bits per pixel',
    photoFormat: 'photo, format {{version}}, experimental',
    quality: 'quality',
    qualityOf: '{{quality}} of 0..63',
    taken: 'taken',
    inPhoto: 'in it',
    shown: 'shown',
    shownHere: 'yes, its model is here',
    shownNot: 'no, its model is not among those here',
    exifOf: '{{bytes}} bytes, as the photo had it',
    photoWhole: '"{{name}}": every byte of the Keepsake photo is as it was written.',
    strength: '{{percent}} % of white on average, up to {{most}} %',
    noModel: 'none',
    whole:
      '"{{name}}": the Keepsake part is whole, and the bytes of picture and sound are those that it was written for. Titles, dates and the index of the file are not compared.',
  },
} as const
