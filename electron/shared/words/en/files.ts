// Files and folders: choosing, naming, copying, writing.
export const files = {
  outputGone: 'This film is not there any more. Export it again.',
  diskFull: 'The disk with {{folder}} is full. What is there so far is kept; free some space, then go on.',
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
  outputNotOpened:
    'The system could not open "{{name}}": {{reason}}. The film is safe; open it in its folder.',
  outputNotAllowed:
    '"{{name}}" cannot be written in {{folder}}: {{reason}}. Nothing was written there. Choose a folder of your own, or allow writing in this one.',
  outputFolderGone:
    '"{{name}}" cannot be written in {{folder}}: {{reason}}. Plug its drive in or make the folder again; or choose one that is there.',
  outputOtherDisk:
    '"{{name}}" cannot be written in {{folder}}: {{reason}}. What was finished already is kept. Choose a folder on another disk.',
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
  droppedNameless: 'The file that was dropped has no usable name.',
  droppedUnsized: 'The size of "{{name}}" is not known, so it was not copied.',
  droppedNoRoom:
    'There is no room for a copy of "{{name}}" ({{megabytes}} MB). Free some space, or open it from a shared folder instead.',
  uploadsLost:
    'The page was closed while files were on their way to Heirloom. {{count file|files}} did not arrive, whole or in part: {{names}}. Drop again what is missing; what had arrived is here.',
  droppedInterrupted: 'Copying "{{name}}" was interrupted. Drop the file again.',
  noProgram: 'No program here could open it. The film is safe; it lies at {{target}}.',
  outputCheckFailed:
    'The finished film did not pass its check ({{what}}) and was removed. The original is untouched and the finished parts are kept. Export once more: only the last step is made anew. If it fails again, choose MKV, which holds most.',
  folderNoFilms:
    'There are no films in the folder "{{name}}", nor in those inside it. Nothing was opened. If a film there has an unusual name, open that file itself.',
  folderNotGiven:
    'The browser could not read the folder "{{name}}". Nothing was copied. Drop the films themselves, or use Open.',
  noteElsewhere:
    'A part of this film, such as its sound, lies in another file that it leads to. Heirloom opens nothing through it: that part is left out.',
  containerCannot: 'A {{container}} file cannot hold this kind of video ({{codec}}). These can: {{able}}.',
  outputEnding:
    'The name "{{name}}" does not end in {{ending}}, as a film of this kind must. Nothing was written. Put {{ending}} behind the name.',
  typedTaken:
    'There is a file "{{name}}" already. To replace it, choose it by “Change…”; else type another name.',
  notChosen: 'Heirloom may not use "{{name}}": it was not chosen here. Choose it again, or share its folder.',
  folderUnreadable:
    'The folder "{{name}}" cannot be read: {{reason}}. Choose another one, or put that right.',
  cacheDiskFull:
    'The disk with {{folder}} is full. Heirloom keeps finished parts of the film there while it works. They are kept; free some space on that disk, then export again: it goes on where it stopped.',
  cacheDiskFullAtOnce:
    'The disk with {{folder}} is full. Heirloom keeps finished parts of the film there while it works; not one of this film was finished yet. The original is untouched. Free some space on that disk, then export again.',
  ownDiskFull:
    'The disk with {{folder}} is full. Heirloom keeps its own files there: settings, the project, previews, finished parts of films. Your videos are untouched. Free some space on that disk, and it goes on.',
  ownNotWritable:
    'Heirloom cannot write its own files in {{folder}}: {{reason}}. Your videos are untouched. Allow writing there, or name another folder in {{variable}} and start Heirloom again.',
  fileNowhere: '"{{name}}" has no place on this computer. Use Open instead.',
  // parts of the names that are suggested for results
  nameExported: 'exported',
  nameCuts: 'cuts',
  nameEnhanced: 'enhanced',
  nameUnique: 'without duplicates',
  nameTempo: 'true tempo',
  nameSmooth: 'smooth',
  nameSlow: 'slow motion',
  nameRepaired: 'repaired',
  nameProject: 'My film',
  nameMoment: 'at {{time}}',
  nameMomentBefore: 'at {{time}} before',
  nameMomentAfter: 'at {{time}} after',
  uploads: {
    label: 'Files on their way',
    title: '{{arrived}} of {{total}} files have arrived',
    stay: 'Leave this page open until all have arrived.',
    of: '{{sent}} of {{bytes}}',
    waiting: 'Waiting',
  },
  open: {
    title: 'Open a film',
    choose: 'Choose files on this computer…',
    copies:
      'They are copied to Heirloom first, which takes a while with long tapes. You can also drop them anywhere on the window.',
    explain:
      'Or take them from the folders you have shared with Heirloom; these are read where they lie. Several can be chosen at once; they come in the order in which you choose them.',
    empty:
      'There are no films here. To share a folder, start Heirloom with: npm start -- serve --share FOLDER',
    all: 'Show all files',
    none: 'Open',
    chosen: 'Open {{count film|films}}',
  },
  folder: {
    up: 'Up',
    loading: 'Looking…',
    noFolders: 'There are no folders in here.',
    top: 'Shared folders',
  },
} as const
