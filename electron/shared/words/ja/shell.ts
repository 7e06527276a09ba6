// What the desktop shell says outside the page.
import type { shell as en } from '../en/shell.js'
import type { Wording } from '../wording.js'

export const shell: Wording<typeof en> = {
  shell: {
    films: 'ビデオ',
    allFiles: 'すべてのファイル',
    projects: 'Heirloomのプロジェクト',
    stillWorking: '書き出しの途中です。',
    stillWorkingDetail:
      '今終了すると書き出しは止まりますが、できた分は残り、次に起動したときに続きから再開できます。元のビデオと編集内容は失われません。',
    keepWorking: '続ける',
    quit: '中止して終了',
    cannotStart: 'Heirloomを起動できませんでした。',
  },
}
