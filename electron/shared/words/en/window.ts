// The window: start page, messages, settings, help.
export const window = {
  close: 'Close',
  cancel: 'Cancel',
  menuBar: 'Menus',
  notices: 'Messages',
  closeAll: 'Close all',
  information: {
    connectedAgain: 'Connected to Heirloom again. Everything you changed meanwhile is saved.',
    filesArrived: 'All {{count}} files have arrived.',
    cutsSaved: '“{{name}}” has been saved.',
    projectSaved: 'Saved as “{{name}}”. Every edit is saved there by itself.',
  },
  contact: {
    title: 'The connection to Heirloom is lost.',
    words:
      'Exports go on as long as Heirloom itself runs. What you change here is kept in this window and saved as soon as Heirloom answers; leave the page open. If Heirloom was ended, start it again and open its new address.',
  },
  start: {
    title: 'Bring your old films back',
    words:
      'Drop a home video here: a tape capture, a DVD file, an old phone clip. See in seconds what it could look like.',
    open: 'Open a film',
    recent: 'Opened before',
    private: 'Nothing leaves this computer, and your original files are never changed.',
    dropHere: 'Drop the film here to open it',
  },
  settings: {
    general: 'General',
    title: 'Settings',
    language: 'Language',
    theme: 'Appearance',
    likeSystem: 'Like the system',
    light: 'Light',
    dark: 'Dark',
    about: 'Heirloom {{version}}, free and open.',
    ffmpeg: 'Reads and writes films with ffmpeg {{version}} ({{path}}).',
    noFfmpeg: 'ffmpeg was not found.',
  },
  help: {
    search: 'Search the keys',
    searchCommands: 'What do you want to do?',
    noCommand: 'No command is called like that.',
    isOn: '{{what}} (on)',
    more: 'While held',
    hold: 'Show the original',
    frameByFrame: 'One frame back or on',
  },
  log: {
    title: 'Log',
    explain:
      'What Heirloom did here and what failed. It stays on this computer. If you want to report something, copy it: names of files and folders, and yours, are blanked in the copy.',
    empty: 'Nothing has been logged yet.',
    copy: 'Copy without names',
    copied: 'Copied. Have a look at it before you pass it on.',
    reveal: 'Show in folder',
  },
  lost: {
    starting: 'Getting ready…',
    title: 'Heirloom is not answering',
    advice: 'Your project is saved. If trying again does not help, start Heirloom again.',
    noKey: 'This window has no key',
    noKeyAdvice: 'Your project is saved.',
    again: 'Try again',
  },
} as const
