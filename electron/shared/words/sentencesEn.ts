// English sentences of sentences.ts.

// The engine's own sentences (native/src), known again by their words: what differs from one time to the next is a value.
// Of two that fit, the first is taken.
export const engineEn = {
  engineMemoryLeastSmaller:
    'Not enough memory for a stream of {{size}} at x{{scale}}: it needs at the very least {{total}} (model {{model}}, memory of earlier frames {{state}}, work space {{work}}), {{limit}} may be used. Nothing was started; the model {{smaller}} would fit.',
  engineMemoryLeast:
    'Not enough memory for a stream of {{size}} at x{{scale}}: it needs at the very least {{total}} (model {{model}}, memory of earlier frames {{state}}, work space {{work}}), {{limit}} may be used. Nothing was started; choose a smaller scale or close other programs.',
  engineMemorySmaller:
    'Not enough memory for a stream of {{size}} at x{{scale}}: it needs {{total}} (model {{model}}, memory of earlier frames {{state}}, work space {{work}}), {{limit}} may be used. Nothing was started; the model {{smaller}} would fit.',
  engineMemory:
    'Not enough memory for a stream of {{size}} at x{{scale}}: it needs {{total}} (model {{model}}, memory of earlier frames {{state}}, work space {{work}}), {{limit}} may be used. Nothing was started; choose a smaller scale or close other programs.',
  engineMemoryStream:
    'The system refused memory for a stream of {{size}} at x{{scale}}. Nothing was started.',
  engineMemoryFrames:
    'The system refused memory for {{size}} frames. Finished frames are safe; choose a smaller scale or close other programs.',
  engineMemoryModel:
    'The model in {{folder}} takes {{need}} MB of memory on the processor, {{free}} MB are free. Nothing was loaded; close other programs or choose a smaller model.',
  engineMemoryFile: 'No memory for the {{size}} MiB of {{path}}. Close other programs.',
  engineMemoryClip: 'There is not enough memory to look at the clip. Close other programs.',
  engineMemoryLoad:
    'There is not enough memory to load the model in {{folder}}. Close other programs or choose a smaller model.',
  engineMemoryHeld:
    'The computer refused {{size}} MiB of memory, with {{held}} MiB held already. Close other programs or choose a smaller picture.',
  engineMemoryRefused:
    'The computer refused {{size}} MiB of memory. Close other programs or choose a smaller picture.',
  engineMemoryCardLimit:
    'The graphics card refused {{size}} MiB of memory, with {{held}} MiB held already of {{limit}} MiB allowed. Close other programs, choose a smaller picture, or use the processor.',
  engineMemoryCard:
    'The graphics card refused {{size}} MiB of memory, with {{held}} MiB held already. Close other programs, choose a smaller picture, or use the processor.',
  engineMemoryPiece: 'Could not get {{size}} MiB of memory.',
  engineNoDevice: 'There is no device "{{device}}" here. Use {{names}}.',
  engineNoPrecision:
    'The graphics card {{card}} does not compute with {{name}}. Use "auto", "fp16" or "fp32".',
  engineNoModelFolder: 'There is no model folder {{folder}}. Choose another one in Settings, Models.',
  engineWhichVersionName:
    "Nothing in {{folder}} says whether these FlashVSR files are v1 or v1.1, and the wrong choice gives ghosts. Say which it is, or keep the folder's published name (FlashVSR, FlashVSR-v1.1).",
  engineWhichVersion:
    'Nothing in {{folder}} says whether these FlashVSR files are v1 or v1.1, and the wrong choice gives ghosts. Say which it is.',
  engineOtherVersion: 'The files in {{folder}} are {{found}} by their checksums, not {{wanted}}.',
  engineFull:
    'The disk is full: {{path}} could not be written. Nothing else was touched; make room and try again.',
  engineNotWrittenWhy: 'Could not write {{path}}: {{reason}}. Nothing else was touched.',
  engineNotOpened: 'Could not open {{path}}: {{reason}}. Check that the model folder is complete.',
  engineTextUnread: "Could not read {{path}}. Check the disk and the file's permissions.",
  engineTextDamaged: '{{path}} is damaged: {{what}} at byte {{byte}} of its JSON text. Get the file again.',
  engineTextOdd: '{{path}} is not as expected: {{what}}. Get the file again.',
  engineTextLarge: '{{path}} is far too large for a JSON file of a model. Get the file again.',
  engineNumberKind: '{{file}}: the tensor {{tensor}} has the number type {{found}}, which is not known here.',
  engineTensorTwice:
    'The tensor {{tensor}} is there twice, the second time in {{file}}. Get the weight files again.',
  engineFormatUnknown: '{{path}} has a format that this version does not know. Update the program.',
  engineMixture:
    'The files are a mixture: {{first}} is from {{firstVersion}} and {{second}} from {{secondVersion}}. Together they give ghosts and wrong colours. Take all files from one release.',
  engineNoFiles: "{{folder}} holds none of FlashVSR's files. Choose the folder that {{file}} lies in.",
  engineFileMissingPrompt:
    'The FlashVSR file {{file}} is missing in {{folder}}. Copy them there ({{prompt}} comes with the FlashVSR program, not with its weights).',
  engineFileMissing: 'The FlashVSR file {{file}} is missing in {{folder}}. Copy them there.',
  engineFileMissingOne: 'The FlashVSR file {{file}} is missing in {{folder}}. Copy it there.',
  enginePromptMissing:
    'The FlashVSR file {{file}} is missing in {{folder}}. Copy it there (it comes with the FlashVSR program, not with its weights).',
  engineFilesMissingPrompt:
    'The FlashVSR files {{files}} are missing in {{folder}}. Copy them there ({{prompt}} comes with the FlashVSR program, not with its weights).',
  engineFilesMissing: 'The FlashVSR files {{files}} are missing in {{folder}}. Copy them there.',
  engineHoldsModel: '{{folder}} holds a model already, "{{name}}", and none of FlashVSR\'s published files.',
  engineChanged:
    '{{file}} is not what was written when the model was brought in: its checksum differs. Remove the model and bring it in again.',
  engineMadeReady: '{{folder}} was made ready before. There is nothing to bring in.',
  engineNoFolder: 'There is no folder {{folder}}. Choose another one.',
  engineThere:
    'There is already something at {{path}}. It was not touched; remove it or choose another name.',
  engineNoRoom:
    'There is not enough room in {{folder}}: the model takes {{need}}, {{free}} are free. Nothing was written; make room or choose another place.',
  engineNotWritten: 'Could not write {{path}}. Nothing else was touched.',
  engineNoNewFolder:
    'Could not make the folder {{folder}}: {{reason}}. Choose a place that can be written to.',
  engineNotRenamed: 'Could not rename {{from}} to {{to}}: {{reason}}.',
  engineNoNumbers:
    'The tensor {{tensor}} in {{file}} holds values that are no numbers. The file is damaged; get it again.',
  engineDamaged: '{{file}} is damaged: {{what}}. Nothing was loaded; get the file again.',
  engineNotPlain:
    '{{file}} was not loaded: {{what}}. A weight file may hold only tensors by name; save it again as safetensors.',
  engineOldTorch:
    '{{file}} is in the old torch format from before 2020. Open it once with a current torch and save it again, or get the safetensors version.',
  engineNotRead: 'Could not read {{file}}: {{reason}}. Check that the model folder is complete and readable.',
  engineEmpty: '{{file}} is empty. Get the file again.',
  engineTensorShape:
    'In {{file}} the tensor {{tensor}} is {{found}}, {{wanted}} is wanted. The file belongs to another model or does not go with the others.',
  engineTensorKind: 'In {{file}} the tensor {{tensor}} holds {{found}} numbers, which are no weights.',
  engineTensorMissing:
    '{{file}} has no tensor {{tensor}}. The file is incomplete or belongs to another model.',
  engineTensorForeign:
    '{{file}} holds the tensor {{tensor}}, which FlashVSR does not have. The file belongs to another model.',
  engineTensorsMissing:
    'The weights have no tensor {{tensor}} (looked in {{where}}). The files are incomplete or belong to another model.',
  engineTensorOther:
    'The tensor {{tensor}} in {{file}} is {{found}}, this model wants {{wanted}}. The weights belong to another model.',
  engineUnknownKind:
    '{{folder}} holds a model of the kind "{{kind}}", which this version does not know. Update the program or choose another model.',
  engineNewerFormat:
    '{{folder}}/model.json has the format {{format}}, this version knows format 1. Update the program.',
}

export const en = {
  cancelled: 'Cancelled.',
  modelGone: 'The model "{{id}}" is not there. There are: {{names}}.',
  modelShipped:
    'The model "{{name}}" is part of Heirloom and stays. Only models that were added can be removed.',
  modelInUse: 'A film is being worked on. Wait until it is done or stop it, then remove "{{name}}".',
  modelCannotRemove:
    '"{{name}}" could not be removed from {{folder}}: {{reason}}. Close what uses it, then remove it once more.',
  modelThere: 'These weights are there already, as "{{name}}". Nothing was changed.',
  modelWorkBusy: 'Another model is being worked on. Wait until that is done, or stop it first.',
  modelWorkElsewhere:
    'Another Heirloom that runs on this computer is bringing in a model. Wait until that is done, or stop it there first.',
  modelVersionUnknown:
    'Nothing in {{folder}} says whether these are the files of FlashVSR v1 or v1.1. Say which folder was downloaded: the wrong choice gives ghosts in the picture.',
  modelVersionWrong:
    '{{folder}} holds FlashVSR {{found}}, not {{wanted}}: its files are known. Nothing was changed; add it as {{found}}.',
  modelNoRoom:
    'There is not enough room in {{folder}}: {{need}} are needed, {{free}} are free. Nothing was changed. Free some space, then add the model.',
  downloadAddress:
    '"{{address}}" is not an address to download from. It must begin with https:// (http:// only for this computer itself).',
  downloadRedirect:
    'The server of {{host}} sends on to "{{to}}", where Heirloom does not go. Nothing from there was loaded. Use another address.',
  downloadLoop:
    'The server of {{host}} sends on from one address to the next without an end. Use another address.',
  downloadStatus:
    'The server of {{host}} does not give {{file}} (answer {{status}}). What has come so far is kept. Go on later, or use another address.',
  downloadSize:
    '{{file}} has {{found}} bytes at {{host}}, it should have {{wanted}}. It is another file, so it was not loaded. Use another address.',
  downloadSizeBetween:
    '{{file}} has {{found}} bytes at {{host}}, it should have between {{least}} and {{most}}. It is another file, so it was not loaded. Use another address.',
  downloadUnsized:
    'The server of {{host}} does not say how large {{file}} is, so it was not loaded. Use another address.',
  downloadInterrupted:
    'The connection to {{host}} was lost at {{file}}: {{reason}}. What has come so far is kept; go on when the connection is back.',
  downloadUnreachable:
    '{{host}} cannot be reached: {{reason}}. Look whether this computer is online, or use another address.',
  downloadChecksum:
    '{{file}} from {{host}} is not the published file: its checksum is {{found}} and should be {{wanted}}. It was thrown away. Use another address.',
  downloadNone: 'There is no download to go on with. Start it again.',
  downloadUnknown: 'Heirloom knows no download called "{{id}}".',
  outputGone: 'This film is not there any more. Export it again.',
  diskFull: 'The disk with {{folder}} is full. What is there so far is kept; free some space, then go on.',
  // Why the system refused something: parts of other sentences.
  reasonFull: 'the disk is full',
  reasonQuota: 'the room that this account may use is full',
  reasonNotAllowed: 'this account is not allowed to',
  reasonReadOnly: 'the disk is read-only',
  reasonNotThere: 'the file or folder is not there',
  reasonNoFolder: 'a part of the path is not a folder',
  reasonFolder: 'it is a folder',
  reasonNotFile: 'it is not a file but a pipe, a socket or a device',
  reasonNameTooLong: 'the name is too long',
  reasonNameOdd: 'the disk does not take a name like this',
  reasonTooManyOpen: 'too many files are open on this computer; close some programs',
  reasonBusy: 'another program is using it',
  reasonDevice: 'the disk reports an error; check its cable, and copy what is on it soon',
  reasonDeviceGone: 'the disk is not connected',
  reasonTooLarge: 'files of this size do not fit on this kind of disk; FAT32 ends at 4 GB',
  reasonMemory: 'the computer is short of memory; close some programs',
  reasonLoop: 'its links lead in a circle',
  reasonNotAble: 'this disk cannot do it',
  reasonNetwork: 'the network drive does not answer',
  // Why ffmpeg failed.
  reasonIndexMissing: "the file's index is missing, as when a recording or a copy was cut off",
  reasonEncoder: 'this ffmpeg was built without what writes that kind; another ffmpeg, or another codec, can',
  reasonDecoder: 'this ffmpeg has nothing that reads that kind of picture or sound',
  reasonFilter: 'this ffmpeg was built without a part that is needed for it; install a complete one',
  reasonContainer: 'a file of that kind cannot hold this codec; MKV can',
  reasonPicture: 'a picture of this size is not possible there',
  reasonSoundForm: 'sound with this rate or these channels is not possible there',
  reasonLeadsElsewhere: 'it leads to something that Heirloom does not open',
  reasonSenseless: 'ffmpeg can make no sense of the data',
  reasonSettings: 'this ffmpeg does not take these settings; choose another codec or quality',
  reasonQuoted: 'ffmpeg says "{{line}}"',
  reasonEndedBy: 'ffmpeg was ended by {{signal}}',
  reasonEndedWith: 'ffmpeg ended with code {{code}} and gave no reason',
  reasonUnknown: 'the system does not say why',
  systemFailed: 'Heirloom could not work with "{{name}}": {{reason}}. Nothing of yours was changed.',
  systemFailedNameless: 'This could not be done: {{reason}}. Nothing of yours was changed.',
  outputInWork: '"{{name}}" is being written by an export that is under way or waiting. Choose another name.',
  noteRenamed:
    '"{{wanted}}" has appeared in the meantime and was left as it is. The finished file is called "{{name}}" and lies beside it.',
  outputNameTooLong:
    'A file cannot have the name "{{name}}": it is too long. Nothing was written. Choose a shorter name: 255 letters at most, 85 in Japanese.',
  outputNameOdd:
    'The disk of {{folder}} does not take the name "{{name}}". Nothing was written. Choose a name of plain letters, without characters such as : ? * or |.',
  outputNameNul:
    'A file cannot have the name "{{name}}": there is a letter in it or in its folder that no system takes (NUL). Nothing was written. Choose the place and the name anew.',
  outputNotNow:
    '"{{name}}" cannot be written in {{folder}} just now: {{reason}}. What was finished already is kept; after that, start the export again.',
  fault:
    'Something went wrong inside Heirloom: "{{what}}". Your videos are untouched, and finished parts of a film are kept. Do it once more; if it fails in the same way, please report these words.',
  outputNotOpened:
    'The system could not open "{{name}}": {{reason}}. The film is safe; open it in its folder.',
  windowGone:
    'There was no window to ask in, so nothing was done. Open a window of Heirloom and choose again.',
  outputNotAllowed:
    '"{{name}}" cannot be written in {{folder}}: {{reason}}. Nothing was written there. Choose a folder of your own, or allow writing in this one.',
  outputFolderGone:
    '"{{name}}" cannot be written in {{folder}}: {{reason}}. Plug its drive in or make the folder again; or choose one that is there.',
  outputOtherDisk:
    '"{{name}}" cannot be written in {{folder}}: {{reason}}. What was finished already is kept. Choose a folder on another disk.',
  photoForm:
    'ffmpeg made something that is not a {{kind}} picture. Nothing was written and the original is untouched. Choose another kind of picture, or install another ffmpeg.',
  ownNotNow:
    'Heirloom cannot write its own files in {{folder}} just now: {{reason}}. Your videos are untouched. When that is over, do the same once more.',
  ownOtherDisk:
    'Heirloom cannot keep its own files in {{folder}}: {{reason}}. Your videos are untouched. Look after that disk, or name a folder on another one in {{variable}} and start Heirloom again.',
  outputNotWritable:
    '"{{name}}" cannot be written in {{folder}}: {{reason}}. What was finished already is kept. Look whether other files can be written there, or choose a folder on another disk.',
  outputDiskFull:
    'The disk is full: "{{name}}" could not be finished in {{folder}}. Nothing partial is left there, and finished parts are kept. Free some space, or choose a folder on another disk.',
  outputIsSource:
    '"{{name}}" is the original video itself. Originals are never written to: choose another name.',
  outputFolderOther:
    'The folder {{folder}} is not the one that was chosen: it was moved, removed or replaced meanwhile. Nothing was written there. What is finished is safe; choose the place again and export once more.',
  outputIsFolder: '"{{path}}" is a folder. Choose a file name inside it.',
  outputNotFile:
    '"{{name}}" in {{folder}} is not a file but a pipe, a socket or a device. It was not touched. Choose another name.',
  outputExists: '"{{name}}" already exists in {{folder}}. Choose another name or allow it to be replaced.',
  outputAppeared: '"{{name}}" has appeared in the meantime and was not replaced. Choose another name.',
  sourceEnded:
    '"{{name}}" ended after {{count picture|pictures}} of {{wanted}}. The file is damaged there; choose a range before that place.',
  windowWithoutKey:
    'This window has no key to Heirloom. Open the address that Heirloom printed when it started, or the file that it named there.',
  windowKeyUsed:
    'The key in this address was used before, is too old or belongs to another start. Nothing is lost: open the file that Heirloom named when it started, it always holds a fresh key. Or start Heirloom again.',
  droppedNameless: 'The file that was dropped has no usable name.',
  droppedUnsized: 'The size of "{{name}}" is not known, so it was not copied.',
  droppedNoRoom:
    'There is no room for a copy of "{{name}}" ({{megabytes}} MB). Free some space, or open it from a shared folder instead.',
  uploadsLost:
    'The page was closed while files were on their way to Heirloom. {{count file|files}} did not arrive, whole or in part: {{names}}. Drop again what is missing; what had arrived is here.',
  requestUnknown:
    'Heirloom knows no request "{{name}}". Nothing was done. The window may be of another version: reload it, or start Heirloom again.',
  requestForm:
    'Heirloom does not understand the request "{{name}}". Nothing was done. The window may be of another version: reload it, or start Heirloom again.',
  requestTooLarge:
    'This was not done: the film has grown to {{megabytes}} MB of clips and settings, Heirloom takes {{most}} MB at once. What was saved before is safe. Take out clips, or make two films of it.',
  answerForm:
    'Heirloom\'s own answer to "{{name}}" is not of the agreed form. Your files are untouched. Please report this.',
  connectionLost:
    'This could not be done: the connection to Heirloom is lost. It comes back by itself when Heirloom runs; then do the same once more. Exports go on meanwhile.',
  droppedInterrupted: 'Copying "{{name}}" was interrupted. Drop the file again.',
  filmEmpty: 'There is nothing to export: the film holds no clip.',
  clipNotOpen: 'The source of the clip "{{name}}" is not open. Open it again.',
  clipEmpty: 'The range of "{{name}}" holds no frame. Set its end after its start.',
  clipBeyond:
    '"{{name}}" has {{count}} pictures, but its clip goes on to number {{to}}. Nothing was done. Set its end inside the film, or open it again.',
  clipSizes:
    'A film has one size: it begins with {{wanted}}, and "{{name}}" would be {{found}}. Export the clips one at a time with "This clip only", or remove those of another size.',
  clipScales:
    'A film has one size: it begins with {{wanted}}, and "{{name}}" would be {{found}}. Choose the same size for all clips beside the picture, or export them one at a time with "This clip only".',
  modelUnreadable:
    'The model "{{id}}" is damaged: its model.json cannot be read. Put the whole model into its folder again, or choose another one.',
  modelUnknownKind:
    'The model "{{id}}" is of a kind that this version of Heirloom does not know. Install a newer Heirloom, or choose another model.',
  modelFileUnreadable:
    'The model "{{id}}" cannot be used: {{path}} could not be read ({{reason}}). Put the whole model there again, or choose another one.',
  modelWithoutWeights:
    'The model "{{id}}" has no weights: {{path}} is not there. Put that file there again, or choose another model.',
  projectCorrupt:
    'The saved project cannot be read, and no backup of it either. Your videos are untouched; start a new project. The files are kept in {{folder}}.',
  projectAside:
    'The saved project was damaged and could not be read: an earlier copy of it was opened. The damaged file is kept as {{name}} in {{folder}}.',
  projectNewer:
    'The saved project was made by a newer Heirloom (format {{format}}; this one knows {{known}}). It was not touched, and what you do here is not saved. Open it with the newer Heirloom, or move {{path}} away and start again.',
  projectChanged:
    'This project was changed in another window, so it was not saved from here: nothing was overwritten. Reload this window to go on with the newer state; the last edits of this window are lost then.',
  noProgram: 'No program here could open it. The film is safe; it lies at {{target}}.',
  encoderMissing:
    'This ffmpeg ({{ffmpeg}}) cannot write {{codec}}: it was built without {{encoder}}. Choose another codec or another ffmpeg.',
  outputCheckFailed:
    'The finished film did not pass its check ({{what}}) and was removed. The original is untouched and the finished parts are kept. Export once more: only the last step is made anew. If it fails again, choose MKV, which holds most.',
  toolDiskFull:
    'Could not {{what}}: the disk is full. Your videos are untouched. Free some space on the disk that is written to.',
  // what a tool was asked to do, inside "Could not ..."
  doRead: 'read "{{name}}"',
  doReadPhoto: 'read the photo',
  doReadTracks: 'read the tracks of "{{name}}"',
  doReadTimes: 'read the timestamps of "{{name}}"',
  doReadLength: 'read the length of "{{name}}"',
  doHear: 'read the sound of "{{name}}"',
  doTrySound: 'try a sound track',
  doWrite: 'write "{{name}}"',
  doCheck: 'check "{{name}}"',
  doPicture: 'make a picture',
  doReadShape: 'look at the shape of the picture',
  doProxy: 'make a version of "{{name}}" for the viewer',
  doAsk: 'ask {{tool}} for {{option}}',
  doOpen: 'open {{target}}',
  // what was found by the check of a finished file
  checkSize: 'its picture is not {{size}}',
  checkTracks: 'it has {{found sound track|sound tracks}} instead of {{wanted}}',
  checkFrames: 'it has {{found frame|frames}} instead of {{wanted}}',
  checkStart: 'it starts at the wrong time',
  checkTime: 'frame {{frame}} is not shown at its time',
  toolFailed: 'Could not {{what}}: {{reason}}. Your videos are untouched.',
  frameNotShown:
    'Frame {{frame}} of "{{name}}" could not be decoded, so it is not shown. The film is untouched; the pictures around it may be there.',
  folderNoFilms:
    'There are no films in the folder "{{name}}", nor in those inside it. Nothing was opened. If a film there has an unusual name, open that file itself.',
  folderNotGiven:
    'The browser could not read the folder "{{name}}". Nothing was copied. Drop the films themselves, or use Open.',
  sourceIsFolder: '"{{name}}" is a folder. Open the video files inside it.',
  sourceEmpty: '"{{name}}" is empty: it holds no data at all. Copy it again from where it came from.',
  sourceGone: 'There is no file "{{name}}" at {{path}}. It may have been moved or renamed.',
  sourceNameNotUnicode:
    '"{{name}}" is there, but its name is not in Unicode, as on old discs, and cannot be passed on. The file itself is safe. Rename it in the file manager, or copy it under another name, and open that.',
  sourceUnreadable:
    '"{{name}}" cannot be read: {{why}}. Nothing was changed. Put that right, or copy the file to another place and open the copy.',
  sourceWithoutIndex:
    '"{{name}}" is damaged: its index is missing, as when a recording or a copy was cut off. Copy it again from where it came from.',
  sourceIndexLost:
    '"{{name}}" is damaged: its index is there, but it is not where the file says, because bytes before it are missing or are there twice. Nothing in the file can be found without it. The file is untouched. Copy it again from where it came from.',
  sourceBroken:
    '"{{name}}" is a film ({{kind}}), but it is damaged: what says what is in it and where, at its beginning or its end, is missing or broken. The file is untouched. Copy it again from where it came from; if there is no other copy, a program that repairs {{kind}} files may get pictures out of it.',
  sourceGif:
    '"{{name}}" is a GIF, which Heirloom does not open. It opens films (such as MP4, MOV, MKV, AVI, MPEG) and photos (JPEG, PNG, TIFF, WebP, BMP, and HEIC where this ffmpeg reads it). Save a GIF that moves as MP4 and a still one as PNG, and open that.',
  photoNoFilm:
    '"{{name}}" is a photo, not a film: it holds one picture and lasts no time. Nothing was written. Save it as a photo ("Save this moment as a photo" in the window, "heirloom photo" in a terminal), and take it out of the film.',
  notReadableVideo:
    '"{{name}}" is not a video that can be read: {{reason}}. If a player shows it, save it there as MP4 with H.264 and open that.',
  pictureSize: 'The picture of "{{name}}" is {{size}}; Heirloom reads up to 16384×16384.',
  sourceIsList:
    '"{{name}}" is not a film but a list that leads to other files ({{kind}}). Heirloom opens nothing through it. Open the film files themselves.',
  noteElsewhere:
    'A part of this film, such as its sound, lies in another file that it leads to. Heirloom opens nothing through it: that part is left out.',
  sourceElsewhere:
    '"{{name}}" holds no pictures of its own: it leads to another file that holds them. Heirloom opens nothing through it. Open that file itself.',
  toolLate:
    'Could not {{what}}: no answer within {{seconds}} seconds. The drive or the network folder does not answer, or the file is damaged. Nothing was changed. Check the connection, or copy the file to this computer and open the copy.',
  videoNotOpen: 'This video is not open here. Open it again.',
  videoMoved:
    '"{{name}}" is not where it was ({{path}}). Plug its drive in or put it back; what was stopped by it can then be started once more.',
  videoChanged: '"{{name}}" is another file than when it was opened. Open it again.',
  engineCrashed:
    'The picture engine stopped twice at the same place. Your files are safe; try a smaller scale or another model.',
  engineStalled:
    'The picture engine stood still, twice, and was ended. Your files are safe and what was finished is kept; see whether another program stops it, then go on.',
  containerCannot: 'A {{container}} file cannot hold this kind of video ({{codec}}). These can: {{able}}.',
  outputEnding:
    'The name "{{name}}" does not end in {{ending}}, as a film of this kind must. Nothing was written. Put {{ending}} behind the name.',
  modelScale: 'The model "{{name}}" does not enlarge {{scale}} times. It does: {{scales}}.',
  modelStrength: 'The model "{{name}}" knows only full strength (1) and none (0), not {{strength}}.',
  modelLooks: 'The model "{{name}}" has no looks: it always does all that it can. Leave --look out.',
  notChosen: 'Heirloom may not use "{{name}}": it was not chosen here. Choose it again, or share its folder.',
  // ---- what could not be done, and where it was told in English only before ----
  modelDamagedFile:
    "The model's weights in {{path}} are damaged: the file is cut off. Put the model there again.",
  modelDamagedList:
    "The model's weights in {{path}} are damaged: the list of contents cannot be read. Put the model there again.",
  modelWithoutDescription:
    'The model "{{id}}" is not there: {{folder}} has no model.json. Put the whole model there, or choose another one.',
  needsDesktop: 'There are no windows of the system here: that needs the desktop app.',
  folderUnreadable:
    'The folder "{{name}}" cannot be read: {{reason}}. Choose another one, or put that right.',
  noSuchPicture:
    '"{{name}}" has {{count picture|pictures}}; there is no number {{frame}}. Choose a moment inside it.',
  photoEnding: 'A photo of this kind is called {{endings}}; "{{name}}" is not. Nothing was written.',
  previewGone: 'This preview is not there any more. Start it again.',
  pictureGone: 'This picture is not there (yet).',
  jobGone: 'This job is not known any more.',
  unfinishedGone: 'This export is not waiting to go on any more: it was forgotten, or it goes on already.',
  unfinishedOther:
    'The export cannot go on: "{{name}}" is not the file that it began with. Put that file back, or forget the export and begin anew.',
  previewEmpty: 'There is nothing to preview in an empty range.',
  engineCount:
    'The picture engine gave {{found picture|pictures}} for {{wanted}}. Nothing was written; please report this.',
  modelFlat:
    'The model "{{model}}" gives empty pictures of "{{name}}" from {{at}} on, although the video shows something there. Nothing was written and the original is untouched. Choose another model, or install this one again.',
  modelFrozen:
    'The model "{{model}}" gives the same picture again and again of "{{name}}" from {{at}} on, although the video moves there. Nothing was written and the original is untouched. Choose another model, or install this one again.',
  modelAltered:
    'The model "{{id}}" is damaged or altered: {{path}} is not the file that came with Heirloom. It is not used. Install Heirloom again, or choose another model.',
  estimatorAltered:
    'What suggests a strength is damaged or altered: {{path}} is not the file that came with Heirloom. It is not used, and no strength is suggested; films can be enhanced as before. Install Heirloom again.',
  engineForeign:
    'The picture engine and this program are not of one version. Run "npm start" in the project folder, or install Heirloom again.',
  engineNotBuilt:
    'The picture engine is not built yet. Run "npm start" in the project folder once, it builds what is missing.',
  engineNotLoaded:
    'The picture engine could not be loaded on this computer. Your files are untouched. Install Heirloom again, or run "npm start" in the project folder. What the system said: "{{reason}}"',
  engineSaid: '{{words}}',
  engineStopped:
    'The picture engine had to stop. Your videos are untouched, and what was finished is kept. Start it once more; if it stops again, choose a smaller scale or another model. What it said: "{{reason}}"',
  toolNotStarted: 'Could not {{what}}: {{tool}} does not start ({{reason}}).',
  sourceSize:
    'Could not read "{{name}}": ffmpeg gives pictures of {{found}} instead of {{wanted}}. The file is untouched. Open it again; if it stays so, please report this.',
  sourceNoPicture:
    'Could not read "{{name}}": not one picture in that part could be decoded. The file is untouched. Choose another part of it.',
  sourceUndecodable:
    'This ffmpeg cannot decode one picture of "{{name}}". That says nothing against the file, which is untouched. See whether a player shows it: if so, save it there as MP4 with H.264, or use a newer ffmpeg; if not, copy it again from where it came from.',
  photoUndecodable:
    'This ffmpeg cannot decode the picture "{{name}}". That says nothing against the file, which is untouched. See whether another program shows it: if so, save it there as JPEG or PNG; if not, copy it again from where it came from.',
  photoKind:
    'The photo "{{name}}" is of a kind (HEIC or AVIF) that this ffmpeg ({{version}}) cannot read. Save it as JPEG on the phone or computer it comes from, or use a newer ffmpeg.',
  segmentFrames:
    'The finished parts of the film hold {{found picture|pictures}} instead of {{wanted}}. Nothing was written and the original is untouched. Choose another quality, for which all parts are made anew, and please report this.',
  previewDiskFull:
    'The disk of {{folder}} is full: the preview had to stop. Your videos are untouched. Free some space there, then start it once more.',
  previewNotKept:
    'The pictures of the preview cannot be written in {{folder}}: {{reason}}. Your videos are untouched. Name another folder in HEIRLOOM_CACHE and start Heirloom again.',
  ffmpegNamed: '{{variable}} names {{path}}, but there is no such file. Correct it or unset it.',
  ffmpegNone:
    'Heirloom needs ffmpeg to read and write videos, and there is none. Install it ({{how}}) or name it in FFMPEG_BIN and FFPROBE_BIN.',
  ffprobeNone:
    'ffmpeg is at {{path}}, but its companion ffprobe is missing. Install it ({{how}}) or name it in FFMPEG_BIN and FFPROBE_BIN.',
  ffmpegSilent:
    '{{path}} is there but does not answer as it should. Install it again ({{how}}) or name another in FFMPEG_BIN and FFPROBE_BIN.',
  ffmpegOld:
    '{{path}} is version {{version}}; Heirloom needs 4.4 or newer. Install a newer one ({{how}}) or name it in FFMPEG_BIN and FFPROBE_BIN.',
  sourceNotRegular: '"{{name}}" is not a file but a pipe, a socket or a device. Open the film file itself.',
  sourceAway: '"{{name}}" is no longer at {{path}}. Put it back or open it again.',
  sourceChanged: '"{{name}}" has changed since it was opened. Open it again.',
  sourceReadError:
    '"{{name}}" could not be read at {{at}}: its disk or its connection gives no data there. What was finished is kept and the original is untouched. Plug the drive in again or copy the file to another disk, then export again.',
  tableStale:
    'The list of pictures that was kept for "{{name}}" does not fit the file: it gives other ones. The list has been made anew, and the original is untouched. Open the file again, then start again.',
  sourceUnsteady:
    '"{{name}}" reads differently each time, as from a loose drive or a weak connection. What was finished is kept. Copy the file to the disk of this computer, then export the copy.',
  toolKilled:
    'Could not {{what}}: the system ended ffmpeg ({{signal}}), as it does when memory runs out. It was tried twice. What was finished is kept; close other programs, then go on.',
  toolStalled:
    'Could not {{what}}: ffmpeg stood still for {{seconds}} seconds, twice, and was ended. What was finished is kept; see whether another program stops it, then go on.',
  cacheDiskFull:
    'The disk with {{folder}} is full. Heirloom keeps finished parts of the film there while it works. They are kept; free some space on that disk, then export again: it goes on where it stopped.',
  cacheDiskFullAtOnce:
    'The disk with {{folder}} is full. Heirloom keeps finished parts of the film there while it works; not one of this film was finished yet. The original is untouched. Free some space on that disk, then export again.',
  ownDiskFull:
    'The disk with {{folder}} is full. Heirloom keeps its own files there: settings, the project, previews, finished parts of films. Your videos are untouched. Free some space on that disk, and it goes on.',
  ownNotWritable:
    'Heirloom cannot write its own files in {{folder}}: {{reason}}. Your videos are untouched. Allow writing there, or name another folder in {{variable}} and start Heirloom again.',
  segmentsUnsteady:
    'Finished parts of the film in {{folder}} do not keep what was written there: that disk is failing. The original is untouched. Name a folder on another disk in HEIRLOOM_CACHE and start Heirloom again, and check this disk.',
  sourceOther: '"{{name}}" is not the same file as last time. Remove the clip and open the file again.',
  sourceOnlySound:
    '"{{name}}" holds sound but no picture. Heirloom enhances videos; open one that has a picture.',
  sourceWithoutPicture:
    '"{{name}}" holds no picture. Heirloom enhances videos and photos; open one of those.',
  sourceCodec:
    '"{{name}}" says that it is a video ({{codec}}), but this ffmpeg cannot read its picture. Save it as MP4 with H.264 in a program that shows it, or use a newer ffmpeg.',
  sourceRate:
    '"{{name}}" does not say how fast its pictures follow each other, so they cannot be put in time. Save it as MP4 or MKV in a program that plays it, and open that.',
  filmTooLong: 'With "{{name}}" the film would be longer than a thousand hours. Nothing was changed.',
  fileNowhere: '"{{name}}" has no place on this computer. Use Open instead.',

  // parts of the names that are suggested for results
  nameEnhanced: 'enhanced',
  nameMoment: 'at {{time}}',
  nameMomentBefore: 'at {{time}} before',
  nameMomentAfter: 'at {{time}} after',

  // ---- notes: done, but differently ----
  noteTruncated:
    'This file is shorter than it says of itself: its end is missing, as when a copy was cut off, or a piece in between. What is there can be used.',
  noteHeadless:
    '"{{name}}" is damaged at its beginning: what a {{ending}} file says there of itself is missing. Only its pictures were found, without sound and times. If there is another copy of this film, open that one.',
  noteDamagedAt:
    '"{{name}}" is damaged at {{places}}: pictures or sound there are missing or may look and sound wrong. Everything that can be read is used. If there is another copy of this film, open that one.',
  noteHoles:
    '"{{name}}" is damaged at {{places}}: about {{count picture is|pictures are}} missing there. The picture before is held meanwhile; others nearby may look wrong. If there is another copy of this film, open that one.',
  noteEmpty:
    'From {{at}} on "{{name}}" holds neither pictures nor sound for {{seconds}} s. The picture before is held meanwhile, in silence. If nothing belongs there, cut that part out.',
  noteJoined:
    '"{{name}}" holds {{count film|films}}, one behind the other. They are shown as one, with the pictures and the sound of all of them.',
  noteDisorder:
    '"{{name}}" is damaged at {{places}}: pieces of the file stand there twice or in the wrong order. All that can be read is shown in the order of the file; pictures and sound there may be wrong. If there is another copy of this film, open that one.',
  noteEndsInPacket:
    '"{{name}}" ends in the middle of a packet, as when a recording or a copy was cut off: what came after that is missing. What is there can be used.',
  noteIndexTimeless:
    'The index of "{{name}}" is damaged: it gives all pictures the same time. Of {{total}} pictures {{count}} can be shown, at guessed times: the film may be shorter or longer than it was, and its sound may not fit. Copy the file again from where it came from, or open another copy.',
  noteIndexStops:
    'The index of "{{name}}" is damaged: at {{at}} it leads to a place where nothing of the film is. The film ends there, and {{count picture|pictures}} of {{total}} are not shown, although they may still be in the file. If there is another copy of this film, open that one.',
  noteIndexLeads:
    'The index of "{{name}}" is damaged at {{places}}: {{count picture has|pictures have}} nothing in the file there. The picture before is held meanwhile; others nearby may look wrong. If there is another copy of this film, open that one.',
  noteIndexEmpty:
    'At {{places}} "{{name}}" holds {{count picture|pictures}} without any content, as cameras write that skip some. The picture before is held meanwhile.',
  noteIndexSound:
    'The index of "{{name}}" is damaged at {{places}}: sound track {{track}} has nothing in the file there and is silent or sounds wrong. If there is another copy of this film, open that one.',
  noteShorter:
    '"{{name}}" says that it lasts {{told}}, but it ends after {{found}}: the rest is missing, as when a copy was cut off. What is there can be used.',
  noteUnread:
    'About {{percent}} % of "{{name}}" stands behind the last picture and sound that can be read, and is not shown: a second film that was put into the same file, or what damage hides. Open the files that were put together here one by one, or copy the file again from where it came from.',
  noteClockRestarts:
    'The clock of "{{name}}" starts over at {{places}}: recordings were joined there. They are shown one after the other, each with its own sound.',
  noteClockRestartsOnly:
    'The clock of "{{name}}" starts over at {{places}}. Its pictures are shown one after the other, but its sound cannot be parted there: listen to what follows. Films joined in one file come out right when each is opened by itself.',
  noteClockLeaps:
    'The clock of "{{name}}" leaps at {{places}}. Its pictures are shown one after the other, without a pause there.',
  noteSectionSizes:
    'The recordings joined in "{{name}}" that begin at {{places}} have pictures of another size or shape. They are brought to {{size}}, that of the first, between black bars where their shape is another. To keep theirs, open each file that was joined here by itself.',
  noteSectionShapes:
    'The size or the shape of the picture changes within the recordings joined in "{{name}}". It is fitted into the first one, with black bars where its shape is another.',
  noteFilmsBehind:
    '"{{name}}" holds more than one film: behind the first, {{count}} more. Only the first can be read; the result ends with it. Open the files that were joined here one by one.',
  noteNoTimes:
    '"{{name}}" carries no times. Its pictures are shown at {{rate}} a second, as it says of itself.',
  noteTimesReplaced:
    'In "{{name}}" {{count picture carries|pictures carry}} a time that cannot be right, from {{at}} on. What carries one is shown between its neighbours; nothing else moves.',
  noteBeginsLate:
    '"{{name}}" begins in the middle of a shot: its first {{seconds}} s (pictures: {{count}}) cannot be shown, because what they build on is not in the file. The film starts after them, and so does its sound.',
  noteLastPicture:
    '"{{name}}" says that its last picture is shown for {{seconds}} s, far longer than all the rest. It is shown for one usual step.',
  noteChaptersAfter:
    '"{{name}}" has chapters that begin after its last picture. They are left out ({{count}}): {{titles}}.',
  noteHdr: 'This is a high dynamic range (HDR) video.',
  noteInterlaced:
    '"{{name}}" is interlaced; it is exported with every field as a full picture, at {{rate}} pictures a second.',
  noteBits:
    '"{{name}}" has {{bits}} bits per colour; H.264 keeps 8. Choose H.265, AV1, ProRes or FFV1 to keep more.',
  noteTracks: '"{{name}}" has {{count sound track|sound tracks}}.',
  noteNotKept: 'Not kept from "{{name}}": {{others}}.',
  reportLength: 'length',
  reportPictures: 'pictures',
  reportSize: 'size as shown',
  reportPixels: 'shape of pixels',
  reportTurn: 'turned for showing',
  reportFields: 'kind of pictures',
  reportVideo: 'coding of the picture',
  reportDepth: 'depth and detail of colour',
  reportColour: 'colours',
  reportSound: 'sound track {{of}}',
  reportSoundOf: 'sound track {{of}} of "{{name}}"',
  reportSoundLength: 'length of sound track {{of}}',
  reportChapters: 'chapters',
  reportDate: 'date of filming',
  reportTag: 'tag "{{of}}"',
  tagTitle: 'title',
  tagArtist: 'artist',
  tagAuthor: 'author',
  tagAlbum: 'album',
  tagComment: 'comment',
  tagDescription: 'description',
  tagCopyright: 'copyright',
  tagKeywords: 'keywords',
  tagDate: 'day',
  tagLocation: 'place',
  tagMake: 'maker of the camera',
  tagModel: 'camera',
  tagSoftware: 'software of the camera',
  tagGenre: 'genre',
  reportTrack: 'other track',
  cellSeconds: '{{n}} s',
  cellBits: '{{bits}} bit',
  cellMono: 'mono',
  cellStereo: 'stereo',
  cellChannels: '{{channels channel|channels}}',
  languageUnknown: 'unknown language',
  cellDefault: 'played first',
  cellComment: 'commentary',
  cellForced: 'always played',
  cellDub: 'dubbed',
  cellHearing: 'for hard of hearing people',
  cellSeeing: 'for people who do not see well',
  cellOriginal: 'original language',
  cellBefore: 'begins {{at}} s before the picture',
  cellFrom: 'begins at {{at}} s',
  cellJoined: 'several recordings',
  cellEmpty: 'empty',
  cellUnreadable: 'cannot be read',
  cellEncrypted: 'encrypted',
  cellWhole: 'whole pictures',
  cellTopFirst: 'interlaced, upper field first',
  cellBottomFirst: 'interlaced, lower field first',
  cellMirrored: 'mirrored',
  cellFull: 'full range',
  cellLimited: 'limited range',
  cellShapes: 'another shape later',
  cellSubtitles: 'subtitles ({{codec}})',
  cellVideo: 'another picture ({{codec}})',
  cellAttachment: 'attached file ({{codec}})',
  cellTimecode: 'timecode of the tape (from {{at}})',
  cellData: 'data ({{codec}})',
  whyChosen: 'as chosen',
  whyRecoded: 'coded anew, because it cannot be copied as it is',
  whyNoted: 'how the film was enhanced is added',
  whyRange: 'a part was chosen',
  whySeveral: 'the film has several sources',
  whyBeginsLate: 'its first pictures cannot be shown',
  whyLastPicture: 'its last picture is shown for one usual step',
  whyTruncated: 'a part of the original is missing',
  whyLastCounted: 'the files count the last picture differently',
  whyClock: 'its clock was put right',
  whyFilmsBehind: 'only the first film of the file is read',
  whyIndex: 'the index of the original is damaged',
  whyJoined: 'several films stand in it one behind the other, all of them are shown',
  whyDisorder: 'pieces of the original stand there twice or in the wrong order',
  whyGuessed: 'the original does not say its length; it was guessed',
  whySoundAround: 'only sound beside the picture is kept',
  whySilence: 'silence stands where the original has no sound',
  whyUnreadable: 'it cannot be read',
  whyNoSound: 'without sound, as chosen',
  whyCannot: 'such tracks cannot be carried over yet',
  whyShapes: 'later shapes are fitted into the first',
  whySquare: 'every player shows square pixels alike',
  whyUpright: 'the pictures themselves were turned',
  whyFields: 'each field has become a picture',
  whyDepth: 'as the chosen coding stores it',
  noteDiffers: 'Not as in the original: {{what}} is "{{is}}" instead of "{{was}}".',
  noteLost: 'Lost from the original: {{what}} ("{{was}}").',
  noteSeveral: 'The film has several sources: titles and places of the single files are not carried over.',
  noteMkv: 'MKV keeps times to the millisecond.',
  noteMkvFast:
    'MKV keeps times to the millisecond and cannot say that there are {{rate}} pictures a second: programs take it for another rate and show the last picture longer. All pictures are kept. Choose MP4 or MOV, which keep the rate.',
  noteRepeated:
    '{{count}} pictures of "{{name}}" between {{from}} and {{to}} could not be read and repeat the one before.',
  noteRepeatedOne: 'One picture of "{{name}}" at {{from}} could not be read and repeats the one before.',
  noteDamagedPart:
    'The file "{{name}}" is damaged between {{from}} and {{to}}: pictures there may look wrong.',
  noteFirstTrack: 'A film of several clips has one sound track: of "{{name}}" only track {{track}} is kept.',
  noteSoundEmpty:
    '"{{name}}" announces sound track {{track}}, but no sound was ever written to it. It is left out.',
  noteSoundUnreadable:
    'Sound track {{track}} of "{{name}}" ({{codec}}) cannot be read by this ffmpeg and is left out. The original keeps it.',
  noteSoundDamaged:
    'Sound track {{track}} of "{{name}}" is damaged and cannot be read at {{places}}: there is silence there. If there is another copy of this film, open that one.',
  noteSoundForm:
    'The sound of "{{name}}" changes its form on the way (as from two channels to six). It is kept all through in the form that it begins with.',
  noteSoundBefore: '"{{name}}" has {{seconds}} s of sound before its first picture. It is left out.',
  noteSoundAfter: '"{{name}}" has {{seconds}} s of sound after its last picture. It is left out.',
  noteSoundLossy:
    'Sound track {{track}} of "{{name}}" ({{codec}}) is stored without loss; in {{container}} it becomes AAC, with a loss that is hardly heard. Choose MKV to keep it without loss.',
  noteSoundMixed:
    'The {{channels}} sound channels of "{{name}}" are mixed to stereo, because the film has several clips.',
  noteSoundEncrypted: 'Sound track {{track}} of "{{name}}" is encrypted and is left out.',
  noteLookEnded:
    'Only the first {{megabytes}} MB of "{{name}}" were searched for sound tracks. One that begins later is not found.',
  noteAlpha: 'The picture of "{{name}}" has transparent parts. Transparency is not kept.',
  noteSeveralFilms:
    '"{{name}}" holds {{count}} films. Track {{track}} ({{size}}) is used. Another one can be chosen, beside the clip in the window or with --track in a terminal: {{others}}.',
  noteShapeChanges:
    'The size or the shape of the picture changes in "{{name}}" at about {{places}}. It is fitted into the first one, with black bars where its shape is another.',
  noteFieldsByContainer: 'The pictures of "{{name}}" are read as interlaced because its container says so.',
  noteOddSize:
    'The picture of "{{name}}" is {{size}}. Films have even sizes: it becomes {{even}}, with its last column or row once more.',
  noteCodecSmallest:
    '{{codec}} holds no picture under {{least}}×{{least}}. The film becomes {{size}}: the picture of {{shown}} with its edge repeated to the right and below. H.264 keeps the size.',
  sourceEncrypted:
    '"{{name}}" is encrypted (copy protection). Heirloom cannot read it; open a copy without protection.',
  noSuchFilm: '"{{name}}" has no film at track {{track}}. Its films are at: {{tracks}}.',
  noteMemory: 'Memory ran short in the middle: the rest was done in a way that takes less of it.',
  noteStill:
    'A single photo gains less than a moment of a film: there are no other pictures of it to learn from.',
  noteAlone:
    'No picture around this one shows the same thing, so it was made from this one alone. A calmer moment nearby may come out better.',
  noteHelped: 'Neighbouring pictures that helped: {{count}}.',
  noteHelpedBut:
    'Neighbouring pictures that helped: {{count}}. Left out, because they show something else: {{dropped}}.',
  ...engineEn,
}
