// The project: its films and clips, saving and opening it.
export const project = {
  filmEmpty: 'There is nothing to export: the film holds no clip.',
  clipNotOpen: 'The source of the clip "{{name}}" is not open. Open it again.',
  clipEmpty: 'The range of "{{name}}" holds no frame. Set its end after its start.',
  clipBeyond:
    '"{{name}}" has {{count}} frames, but its clip goes on to number {{to}}. Nothing was done. Set its end inside the film, or open it again.',
  motionRate:
    '{{rate}} frames per second cannot be made. Choose 1 to {{most}}; the usual ones are 24, 25, 30, 50 and 60.',
  motionTooMany:
    '"{{name}}" would have {{count}} frames with this motion; {{most}} can be made at most. Choose fewer frames per second or a shorter range, or cut out the pause in which nothing moves.',
  toneMapMissing:
    '"{{name}}" is in high dynamic range or wide colours and other clips of the film are not; this ffmpeg cannot bring them together (it has no zscale). Install a complete ffmpeg, or export the clips one at a time with "This clip only".',
  projectCorrupt:
    'The saved project cannot be read, and no backup of it either. Your videos are untouched; start a new project. The files are kept in {{folder}}.',
  projectAside:
    'The saved project was damaged and could not be read: an earlier copy of it was opened. The damaged file is kept as {{name}} in {{folder}}.',
  projectNewer:
    '"{{name}}" in {{folder}} was made by a newer Heirloom (format {{format}}; this one knows {{known}}). It was not touched. Open it with the newer Heirloom.',
  projectChanged:
    'This project was changed in another window, so it was not saved from here: nothing was overwritten. To keep what you have here, save it under another name. To go on with the newer state, reload this window; the last edits of this window are lost then.',
  projectGone:
    '"{{name}}" is not in {{folder}} any more. If it lies on a drive, plug that in; if it was moved, open it where it is now.',
  projectNotRead: '"{{name}}" in {{folder}} could not be opened: {{reason}}. It was not touched.',
  projectUnreadable:
    '"{{name}}" in {{folder}} cannot be read: it is damaged, or it is not a project, and Heirloom has no earlier copy of it. It was not touched. Your videos are safe.',
  projectNotKnown:
    'Something that is to be done to these clips is not known to this Heirloom, because a newer one made the project or because it is damaged: {{names}}. They are shown and exported without it. It stays in the project until their settings are changed here.',
  projectSpeeds:
    'These clips did not play at the speed that their motion asks for, because the project was changed by hand, is damaged, or was made with other findings about its films: {{names}}. They do now, and what stands behind them has moved along.',
  projectKept:
    '"{{name}}" cannot be saved in {{folder}} now: {{reason}}. Heirloom keeps your edits among its own files meanwhile, and saves them there as soon as it can. To have them in another place now, choose "Save project as" in the File menu.',
  projectKeptOpened:
    'Last time, "{{name}}" could not be saved in {{folder}}. Heirloom has kept your edits, and they are what you see; they are saved there with your next edit if that is possible now.',
  projectKeptApart:
    'Last time, your edits of "{{name}}" could not be saved, and the file was changed by somebody else since. The file is what you see now; your edits are a project of their own in the list of recent projects: "Untitled" with the name "{{name}}" beside it.',
  projectName: 'A project is a file whose name ends in ".heirloom"; "{{name}}" does not.',
  projectDropped:
    'A browser does not say where "{{name}}" lies, so it cannot be opened by dropping it. Choose "Open project" in the File menu.',
  projectWhileOpening:
    'Films are still being opened. Open another project when they are there, or cancel them first.',
  filmTooLong: 'With "{{name}}" the film would be longer than a thousand hours. Nothing was changed.',
  project: {
    open: 'Open a project',
    openButton: 'Open',
    openWords:
      'Projects in the folders you have shared with Heirloom. What you are working on is saved first.',
    none: 'No projects here',
    save: 'Save the project under a name',
    saveButton: 'Save',
    saveWords:
      'The project remembers your cuts and settings; the films themselves stay where they are. From now on, every edit is saved into this file by itself.',
    where: 'Name and place',
    name: 'Name of the project',
    recent: 'Recent projects',
    untitled: 'Untitled',
    missing: 'not there',
    forget: 'Take “{{name}}” off the list',
    of: '{{name}} ({{what}})',
  },
} as const
