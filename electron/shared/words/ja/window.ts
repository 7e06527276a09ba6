// The window: start page, messages, settings, help.
import type { window as en } from '../en/window.js'
import type { Wording } from '../wording.js'

export const window: Wording<typeof en> = {
  close: '閉じる',
  cancel: 'キャンセル',
  menuBar: 'メニュー',
  notices: 'お知らせ',
  closeAll: 'すべて閉じる',
  information: {
    connectedAgain: 'Heirloomと再びつながりました。その間の変更はすべて保存されています。',
    filesArrived: '{{count}}件のファイルがすべて届きました。',
    cutsSaved: '「{{name}}」を保存しました。',
    projectSaved: '「{{name}}」に保存しました。これからの編集も自動的に保存されます。',
  },
  contact: {
    title: 'Heirloomとの接続が切れました。',
    words:
      'Heirloomが動いていれば、書き出しは続いています。ここでの変更はこのウィンドウに残り、Heirloomが応答しだい保存されます。ページを開いたままにしてください。Heirloomを終了した場合は、もう一度起動して新しいアドレスを開いてください。',
  },
  start: {
    title: '思い出の映像を、もう一度鮮やかに',
    words:
      'テープの取り込み、DVD、昔の携帯の動画などをここにドロップしてください。どれだけきれいになるか、数秒で確かめられます。',
    open: 'ビデオを開く',
    recent: '最近開いたビデオ',
    private: '映像がこのコンピューターの外に出ることはなく、元のファイルは決して変更されません。',
    dropHere: 'ここにドロップして開く',
  },
  settings: {
    general: '一般',
    title: '設定',
    language: '言語',
    theme: '外観',
    likeSystem: 'システムに合わせる',
    light: 'ライト',
    dark: 'ダーク',
    about: 'Heirloom {{version}}（無料・オープンソース）',
    ffmpeg: 'ビデオの読み書きにはffmpeg {{version}}（{{path}}）を使います。',
    noFfmpeg: 'ffmpegが見つかりません。',
  },
  help: {
    search: 'キーを探す',
    searchCommands: '何をしますか？',
    noCommand: 'そのようなコマンドはありません。',
    isOn: '{{what}}（オン）',
    more: '押している間',
    hold: '元の映像を見る',
    frameByFrame: '1フレーム戻る・進む',
    change: '変更',
    changeOf: '「{{name}}」のキーを変更',
    newKeysOf: '「{{name}}」の新しいキー：押してください',
    press: '新しいキーを押す',
    refused: 'このキーの働きは決まっているため、コマンドには使えません。ほかのキーを押してください。',
    taken: '{{keys}}は今は「{{name}}」です。',
    take: 'こちらで使う',
    reset: '最初のキーに戻す',
    noKey: 'キーなし',
    changed: '{{count}}個のコマンドのキーが最初と違います。',
    resetAll: 'すべて最初のキーに戻す',
  },
  log: {
    title: 'ログ',
    explain:
      'Heirloomがここで行ったことと、うまくいかなかったことの記録です。このコンピューターの外には出ません。問題を報告するときはコピーしてください。コピーではファイルやフォルダーの名前とユーザー名が伏せられます。',
    empty: 'まだ記録はありません。',
    copy: '名前を伏せてコピー',
    copied: 'コピーしました。渡す前に中身を確かめてください。',
    reveal: 'フォルダーに表示',
  },
  lost: {
    starting: '準備しています…',
    title: 'Heirloomが応答していません',
    advice: '作業内容は保存されています。もう一度試してもだめなときは、Heirloomを起動し直してください。',
    noKey: 'このウィンドウには鍵がありません',
    noKeyAdvice: 'プロジェクトは保存されています。',
    again: 'もう一度試す',
  },
}
