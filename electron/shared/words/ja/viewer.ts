// The picture, the player and comparing.
import type { viewer as en } from '../en/viewer.js'
import type { Wording } from '../wording.js'

export const viewer: Wording<typeof en> = {
  viewer: {
    menu: 'この画像',
    label: '映像',
    loading: 'ビデオを読み込んでいます…',
    reading: 'ビデオを読み込んでいます。終わると再生や移動ができます。',
    exportAwaited: 'すべてのビデオの読み込みが終わりしだい、書き出しの画面を開きます。',
    photoAwaited: 'すべてのビデオの読み込みが終わりしだい、写真の保存画面を開きます。',
    gettingReady: '再生の準備をしています',
    transport: 'プレーヤー',
    play: '再生',
    pause: '一時停止',
    timeWrong:
      '「{{text}}」は時刻として読めません。例：1:23（分と秒）、0:01:23:12（時、分、秒、フレーム）、+5（5秒先へ）。',
    timeTitle: 'ビデオ全体の時刻（時:分:秒:フレーム）。クリックして移動、「+」と「-」で今の位置から',
    notInFilm: '使わない部分',
    notInFilmTitle:
      '元のファイルの中での時刻です。この部分はできあがるビデオには入りません。クリックするとビデオの時刻へ移動できます',
    length: 'ビデオ全体の長さ：{{time}}',
    soundOn: '音を出す',
    soundOff: '音を消す',
    volume: '音量',
    zoom: '映像の大きさ',
    sizeTitle: '高画質化した映像の大きさ',
    sizeInFilm: '{{own}}\n全体は{{film}}',
    sizeInFilmTitle: '高画質化した映像の大きさと、できあがるビデオ全体の大きさ',
    fit: 'フィット',
  },
  compare: {
    label: '比べ方',
    sides: '表示する側',
    divider: '仕切り線で比べる',
    side: '左右に並べて比べる',
    ab: '切り替えて比べる',
    difference: '違いを表示する',
    original: '元の映像',
    enhanced: '高画質化',
    notYet: 'まだ高画質化されていません',
    notMade: 'まだプレビューされていません',
    different: '違い（{{gain}}倍の明るさ）：黒は同じ',
    plainDifference: '違い：黒は同じ',
    gain: '違いの明るさ',
    times: '×{{gain}}',
    estimate: '{{made}}：推定フレーム',
    hold: '押す間は元の映像',
    dividerLabel: '元の映像と高画質化した映像の仕切り線',
    dividerValue: '元の映像{{percent}}パーセント',
  },
}
