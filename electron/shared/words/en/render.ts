// Previews, exports and photos.
export const render = {
  photoForm:
    'ffmpeg made something that is not a {{kind}} picture. Nothing was written and the original is untouched. Choose another kind of picture, or install another ffmpeg.',
  engineCrashed:
    'The picture engine stopped twice at the same place. Your files are safe; try a smaller scale or another model.',
  engineStalled:
    'The picture engine stood still, twice, and was ended. Your files are safe and what was finished is kept; see whether another program stops it, then go on.',
  photoEnding: 'A photo of this kind is called {{endings}}; "{{name}}" is not. Nothing was written.',
  previewGone: 'This preview is not there any more. Start it again.',
  pictureGone: 'This picture is not there (yet).',
  resultGone:
    'What was finished of this is not in the cache any more ({{key}}). Start it again; the rest is kept.',
  jobGone: 'This job is not known any more.',
  unfinishedGone: 'This export is not waiting to go on any more: it was forgotten, or it goes on already.',
  unfinishedOther:
    'The export cannot go on: "{{name}}" is not the file that it began with. Put that file back, or forget the export and begin anew.',
  previewEmpty: 'There is nothing to preview in an empty range.',
  engineCount:
    'The picture engine gave {{found frame|frames}} for {{wanted}}. Nothing was written; please report this.',
  engineForeign:
    'The picture engine and this program are not of one version. Run "npm start" in the project folder, or install Heirloom again.',
  engineNotBuilt:
    'The picture engine is not built yet. Run "npm start" in the project folder once, it builds what is missing.',
  engineNotLoaded:
    'The picture engine could not be loaded on this computer. Your files are untouched. Install Heirloom again, or run "npm start" in the project folder. What the system said: "{{reason}}"',
  engineOther:
    'The picture engine is of another version than the rest of Heirloom. Your files are untouched. Install Heirloom again, or run "npm start" in the project folder, which builds it.',
  engineSaid: '{{words}}',
  engineStopped:
    'The picture engine had to stop. Your videos are untouched, and what was finished is kept. Start it once more; if it stops again, choose a smaller scale or another model. What it said: "{{reason}}"',
  segmentFrames:
    'The finished parts of the film hold {{found frame|frames}} instead of {{wanted}}. Nothing was written and the original is untouched. Choose another quality, for which all parts are made anew, and please report this.',
  previewDiskFull:
    'The disk of {{folder}} is full: the preview had to stop. Your videos are untouched. Free some space there, then start it once more.',
  previewNotKept:
    'The frames of the preview cannot be written in {{folder}}: {{reason}}. Your videos are untouched. Name another folder in HEIRLOOM_CACHE and start Heirloom again.',
  segmentsUnsteady:
    'Finished parts of the film in {{folder}} do not keep what was written there: that disk is failing. The original is untouched. Name a folder on another disk in HEIRLOOM_CACHE and start Heirloom again, and check this disk.',
  export: {
    button: 'Export',
    title: 'Export the film',
    preparing: 'Working out size and time…',
    what: 'What',
    film: 'The whole film',
    marked: 'The marked part',
    clip: 'This clip only',
    source: 'The whole recording',
    where: 'Name and place',
    name: 'Name of the new file',
    inFolder: 'In {{folder}}',
    change: 'Change…',
    thisFolder: 'Use this folder',
    noName: 'Give the new file a name.',
    isSource: 'This is the original itself. It is never overwritten: choose another name.',
    nameTooLong: 'This name is too long for a file. Shorten it.',
    isInWork: 'Another export that is under way or waiting will have this name. Choose another.',
    useFree: 'Use “{{name}}”',
    exists: '“{{name}}” is there already. Replace it',
    how: 'What is it for?',
    quality: { best: 'Best to keep', good: 'To watch', small: 'To send', keepsake: 'Keepsake' },
    qualityNote: {
      best: 'Large file, nothing lost that eyes can see',
      good: 'Looks the same on a television, half the size',
      small: 'Small enough for a message',
      keepsake: 'Small, plays everywhere, and keeps how it was made',
    },
    keepsake: {
      what: 'An ordinary film for every player. Behind it stands a small part that says how it was encoded and with what grain it was filmed.',
      by: 'What decides',
      ways: { quality: 'By quality', size: 'By size' },
      level: 'Quality',
      levels: {
        send: 'To send',
        show: 'To show',
        watch: 'To watch',
        close: 'To watch closely',
        keep: 'To keep',
      },
      levelNote: {
        send: 'For a chat: who and where is seen, fine things are gone.',
        show: 'For a telephone or a tablet; softer than the film.',
        watch: 'For a television across the room.',
        close: 'For a large screen: little is missing.',
        keep: 'Nearest to the film, and the largest.',
      },
      size: 'The file at most',
      sizeNote: 'With its sound, and with all that stands behind it.',
      noSize: 'Write a size in megabytes, such as 8 or 0.5.',
      find: 'See how good it will be',
      finding: 'Pieces of the film are encoded to see how good it can be at this size…',
      stop: 'Stop',
      first: 'See first how good it will be at this size.',
      found: 'It will have about {{size}}, and look about as with “{{level}}” (CRF {{crf}}).',
      coarse: 'It will have about {{size}}, and look coarser than with “To send” (CRF {{crf}}).',
      unknown:
        'No piece of the film could be encoded. It begins with CRF {{crf}}, and is encoded again, coarser, where it turns out too large.',
      codecs: {
        av1: 'AV1 (smallest, plays on what is new)',
        h265: 'H.265 (for televisions)',
        h264: 'H.264 (plays on anything, largest)',
      },
      look: {
        what: 'The frame under the playhead can be seen before anything begins: a short piece around it is made as the film will be.',
        begin: 'See a frame as it will be',
        busy: 'A short piece around the frame is made…',
        filmed: 'As filmed, at 100 %',
        enhanced: 'As given to the encoder, at 100 %',
        made: 'As the Keepsake will show it, at 100 %',
      },
      notOthers: 'MKV, ProRes and FFV1 are not offered: a Keepsake is an MP4 or MOV file that players know.',
    },
    sound: 'Keep the sound',
    size: 'Size of the film',
    sizeOfFirst: 'As its first clip ({{size}})',
    sizeCommon: '{{lines}}p ({{size}})',
    details: 'Details',
    codec: 'Coding',
    codecs: {
      h264: 'H.264 (plays everywhere)',
      h265: 'H.265 (smaller, newer devices)',
      av1: 'AV1 (smallest, slow)',
      prores: 'ProRes (for editing programs)',
      ffv1: 'FFV1 (lossless archive)',
    },
    container: 'File type',
    frames: '{{frames frame|frames}}',
    about: 'about {{size}}',
    aboutRange: 'about {{from}} to {{to}}',
    work: 'About {{time}} of work on this computer.',
    workGuess:
      'Perhaps {{time}} of work on this computer: it has not done this before, so it may take much longer or less.',
    workUnknown: 'How long it takes is known once the first frames are done.',
    free: '{{size}} are free there.',
    full: 'There may not be enough room. Choose another place or “To send”.',
    begin: 'Export',
    notes: 'What to know before',
    notesCount: '{{count thing|things}} to know before',
    photo:
      '“{{name}}” is a photo: it is not part of the film. To keep it, choose it and press “Export”: it is saved as a photo.',
    combed:
      '“{{name}}” seems to be interlaced, though its file says that it is not: lines along what moves would stay in the film. “Take the fields apart” under Enhance removes them.',
  },
  photo: {
    title: 'Save this moment as a photo',
    titleStill: 'Save this photo',
    moment: '{{name}}, {{time}}',
    expect:
      'The eight frames before and after this one are laid over it. What they agree on gets clearer and loses its noise; what moves on its own stays as it is here.',
    expectStill:
      'A single photo gains less than a moment of a film: there are no other frames of it to learn from.',
    expectOff: 'Enhancement is off for this clip, so the frames are only merged.',
    size: 'Size',
    times: '{{width}} × {{height}}',
    same: 'As in the film',
    double: 'Twice',
    fourfold: 'Four times',
    detail: 'Detail',
    detailNone: 'The picture as it was kept. Detail that its model draws on it was not photographed.',
    detailDrawn:
      'Detail that was not photographed is drawn on it when it is saved, and the file says so. It keeps its own size, and no other model enhances it.',
    format: 'File type',
    formats: { png: 'PNG', jpeg: 'JPEG', tiff: 'TIFF', hlm: 'Keepsake photo (experimental)' },
    formatNote: {
      png: 'Nothing is lost',
      jpeg: 'Smaller, for albums and messages',
      tiff: 'For print shops, nothing is lost',
      hlm: 'Very small; only Heirloom shows it. Keep the photo itself',
    },
    where: 'Name and place',
    name: 'Name of the photo',
    save: 'Save photo',
    thisPicture: 'This picture',
  },
} as const
