// What the desktop shell says outside the page.
export const shell = {
  shell: {
    films: 'Films',
    allFiles: 'All files',
    projects: 'Heirloom projects',
    stillWorking: 'An export is still being made.',
    stillWorkingDetail:
      'If you quit now, it stops. What is finished of it is kept, and Heirloom offers to go on when it starts again. Your film and your edits are safe.',
    keepWorking: 'Keep working',
    quit: 'Stop it and quit',
    cannotStart: 'Heirloom could not start.',
  },
} as const
