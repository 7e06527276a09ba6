// Clips and the timeline.
import type { timeline as en } from '../en/timeline.js'
import type { Wording } from '../wording.js'

export const timeline: Wording<typeof en> = {
  clips: {
    label: 'クリップ',
    add: '追加',
    sizeOfFirst: 'できあがるビデオの大きさと形は、最初のクリップで決まります：',
    sizeChosen: 'できあがるビデオの大きさと形は、選んだものになります：',
    opening: '「{{name}}」を読み込んでいます…',
    filmed: '撮影日：{{date}}',
    part: 'このうち{{length}}を使用',
    tryAgain: 'もう一度試す',
    openElsewhere: '別の場所に移したときは、そこから開いてください。このクリップに当てはめます。',
    comma: '、',
    photo: '写真、{{size}}',
    photoUse: 'ビデオには入りません。「書き出す」で写真として保存します。',
    rate: '毎秒{{rate}}フレーム',
    changingRate: '毎秒およそ{{rate}}フレーム',
    withSound: '音あり',
    silent: '音なし',
    interlaced: 'インターレース',
    turned: '向きを補正',
    film: 'このファイルの中の映像',
    filmOf: 'トラック{{track}}：{{size}}',
    chapters: 'チャプター{{count}}個',
    combed:
      'ファイルの記録とは違い、インターレースの映像のようです。「高画質化」の「フィールドを分ける」で横線を取り除けます。',
  },
  missing: {
    title: 'このプロジェクトのビデオのうち{{count}}本を開けませんでした：{{names}}',
    name: '「{{name}}」',
    why: 'このクリップの元のビデオを開けなかったため、表示もカットもできません。',
  },
  timeline: {
    label: 'タイムライン',
    tools: 'タイムラインの道具',
    start: 'クリップの開始',
    end: 'クリップの終了',
    playhead: '再生位置',
    order: '再生順のクリップ',
    noSound: 'このビデオには音がありません',
  },
  edit: {
    undo: '元に戻す：{{what}}',
    redo: 'やり直す：{{what}}',
    addSource: 'ビデオの追加',
    trimClip: '開始・終了の変更',
    splitClip: '二つに切る',
    removeClip: 'クリップの削除',
    moveClip: 'クリップの移動',
    setEnhance: '高画質化の変更',
    setFit: '映像の収め方の変更',
    setFilmSize: 'ビデオの大きさの変更',
    reread: 'フィールドの読み方の変更',
    chooseFilm: 'ファイルの中の映像の選び直し',
  },
}
