// The few sentences the desktop shell says itself, outside the page.
export const words = {
  en: {
    films: 'Films',
    allFiles: 'All files',
    stillWorking: 'An export is still being made.',
    stillWorkingDetail:
      'If you quit now, it stops. What is finished of it is kept, and Heirloom offers to go on when it starts again. Your film and your edits are safe.',
    keepWorking: 'Keep working',
    quit: 'Stop it and quit',
    cannotStart: 'Heirloom could not start.',
  },
  ja: {
    films: 'ビデオ',
    allFiles: 'すべてのファイル',
    stillWorking: '書き出しの途中です。',
    stillWorkingDetail:
      '今終了すると書き出しは止まりますが、できた分は残り、次に起動したときに続きから再開できます。元のビデオと編集内容は失われません。',
    keepWorking: '続ける',
    quit: '中止して終了',
    cannotStart: 'Heirloomを起動できませんでした。',
  },
} as const
export type Language = keyof typeof words
