// Previews, exports and photos.
import type { render as en } from '../en/render.js'
import type { Wording } from '../wording.js'

export const render: Wording<typeof en> = {
  photoForm:
    'ffmpegが{{kind}}ではないものを作りました。何も書き込んでおらず、元のファイルはそのままです。別の画像形式を選ぶか、別のffmpegを入れてください。',
  engineCrashed:
    '画像エンジンが同じ場所で2回止まりました。ファイルは無事です。倍率を小さくするか、別のモデルをお試しください。',
  engineStalled:
    '画像エンジンが動かなくなることが2回あり、終了させました。ファイルは無事で、できた分は残っています。ほかのソフトが止めていないか確かめてから続けてください。',
  photoEnding:
    'この種類の写真の名前は{{endings}}で終わりますが、「{{name}}」は違います。何も書き込んでいません。',
  previewGone: 'このプレビューはもうありません。もう一度始めてください。',
  pictureGone: 'この画像は（まだ）ありません。',
  resultGone:
    'できていた分の一部がキャッシュにありません（{{key}}）。もう一度始めてください。残りはそのまま使われます。',
  jobGone: 'この処理はもうありません。',
  unfinishedGone: 'この書き出しは再開待ちではありません。破棄されたか、すでに再開されています。',
  unfinishedOther:
    '書き出しを再開できません。「{{name}}」は書き出しを始めたときのファイルと異なります。元のファイルを戻すか、この書き出しを破棄して、最初からやり直してください。',
  previewEmpty: '範囲が空なので、プレビューするものがありません。',
  engineCount:
    '画像エンジンが{{wanted}}フレームのところ{{found}}フレームを返しました。何も書き込んでいません。開発者にお知らせください。',
  engineForeign:
    '画像エンジンとこのプログラムのバージョンが合っていません。プロジェクトのフォルダーで「npm start」を実行するか、Heirloomを入れ直してください。',
  engineNotBuilt:
    '画像エンジンがまだできていません。プロジェクトのフォルダーで一度「npm start」を実行すると、足りないものが作られます。',
  engineNotLoaded:
    'このコンピューターでは画像エンジンを読み込めませんでした。ファイルはそのままです。Heirloomを入れ直すか、プロジェクトのフォルダーで「npm start」を実行してください。システムからのメッセージ：「{{reason}}」',
  engineOther:
    '画像エンジンのバージョンがHeirloomのほかの部分と合いません。ファイルはそのままです。Heirloomを入れ直すか、プロジェクトのフォルダーで「npm start」を実行すると作り直されます。',
  engineSaid: '元のファイルはそのままです。画像エンジンからのメッセージ：「{{words}}」',
  engineStopped:
    '画像エンジンが止まりました。元のビデオはそのままで、できあがった部分は残っています。始め直して、また止まるときは倍率を小さくするか、別のモデルを選んでください。エンジンからのメッセージ：「{{reason}}」',
  segmentFrames:
    'できあがった部分の合計が{{wanted}}フレームではなく{{found}}フレームです。何も書き込んでおらず、元のビデオはそのままです。別の画質を選ぶとすべての部分が作り直されます。不具合としてもお知らせください。',
  previewDiskFull:
    '{{folder}}のディスクがいっぱいで、プレビューを続けられませんでした。お手元のビデオはそのままです。空きを作ってから、始め直してください。',
  previewNotKept:
    'プレビューの画像を{{folder}}に書き込めません（{{reason}}）。お手元のビデオはそのままです。HEIRLOOM_CACHEで別のフォルダーを指定して、Heirloomを起動し直してください。',
  segmentsUnsteady:
    '{{folder}}に置いた映像のできた部分が、書き込んだとおりに残っていません。そのディスクに問題があります。元のファイルはそのままです。HEIRLOOM_CACHEで別のディスクのフォルダーを指定してHeirloomを起動し直し、このディスクを調べてください。',
  export: {
    button: '書き出す',
    title: 'ビデオを書き出す',
    preparing: '容量と時間を計算しています…',
    what: '書き出す部分',
    film: '編集した作品全体',
    marked: '選んだ部分',
    clip: 'このクリップだけ',
    source: '元の録画全体',
    where: '名前と場所',
    name: '新しいファイルの名前',
    inFolder: '保存先：{{folder}}',
    change: '変更…',
    thisFolder: 'このフォルダーにする',
    noName: 'ファイルの名前を入れてください。',
    isSource: 'これは元のファイルです。上書きはできません。別の名前にしてください。',
    nameTooLong: 'ファイルの名前としては長すぎます。短くしてください。',
    isInWork: '進行中または待機中の書き出しがこの名前を使います。別の名前にしてください。',
    useFree: '「{{name}}」にする',
    exists: '「{{name}}」はすでにあります。置き換える',
    how: '何に使いますか？',
    quality: { best: '保存用（最高画質）', good: '視聴用', small: '送信用' },
    qualityNote: {
      best: '大きなファイル。目に見える違いはありません',
      good: 'テレビで見て変わらない画質で、半分の容量',
      small: 'メッセージで送れる容量',
    },
    sound: '音を残す',
    size: 'ビデオの大きさ',
    sizeOfFirst: '最初のクリップ（{{size}}）',
    sizeCommon: '{{lines}}p（{{size}}）',
    details: '詳しい設定',
    codec: '圧縮方式',
    codecs: {
      h264: 'H.264（どこでも再生可能）',
      h265: 'H.265（小さい、新しい機器向け）',
      av1: 'AV1（いちばん小さい、時間がかかる）',
      prores: 'ProRes（編集ソフト向け）',
      ffv1: 'FFV1（無劣化の保存用）',
    },
    container: 'ファイルの種類',
    frames: '{{frames}}フレーム',
    about: '約{{size}}',
    aboutRange: '約{{from}}〜{{to}}',
    work: 'このコンピューターでおよそ{{time}}かかります。',
    workUnknown: 'かかる時間は、始めてから少しするとわかります。',
    free: '保存先の空き容量は{{size}}です。',
    full: '空き容量が足りないかもしれません。別の場所か「送信用」を選んでください。',
    begin: '書き出す',
    notes: '書き出す前に',
    notesCount: '書き出す前に（{{count}}件）',
    photo:
      '「{{name}}」は写真なので、できあがるビデオには入りません。写真として保存するには、それを選んで「書き出す」を押してください。',
    combed:
      '「{{name}}」は、ファイルの記録とは違いインターレースの映像のようです。このままでは、動くものの縁の横線がビデオに残ります。「高画質化」の「フィールドを分ける」で取り除けます。',
  },
  photo: {
    title: 'この瞬間を写真に保存',
    titleStill: 'この写真を保存',
    moment: '{{name}}、{{time}}',
    expect:
      '前後8フレームずつをこの画像に重ね合わせます。共通する部分はノイズが減ってくっきりし、動いているものはこの画像のまま残ります。',
    expectStill:
      '1枚の写真は、ビデオの一瞬ほどにはきれいになりません。参考にできるほかの画像がないためです。',
    expectOff: 'このクリップは高画質化がオフなので、重ね合わせだけを行います。',
    size: '大きさ',
    times: '{{width}} × {{height}}',
    same: 'ビデオと同じ',
    double: '2倍',
    fourfold: '4倍',
    format: 'ファイルの種類',
    formats: { png: 'PNG', jpeg: 'JPEG', tiff: 'TIFF' },
    formatNote: {
      png: '画質を落とさず保存',
      jpeg: '小さめ。アルバムや送信用',
      tiff: '印刷用。画質を落とさず保存',
    },
    where: '名前と場所',
    name: '写真の名前',
    save: '写真を保存',
    thisPicture: 'この画像',
  },
}
