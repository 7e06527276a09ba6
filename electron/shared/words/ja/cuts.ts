// A film's cuts for other editors: the page, and what their formats do not carry.
import type { cuts as en } from '../en/cuts.js'
import type { Wording } from '../wording.js'

export const cuts: Wording<typeof en> = {
  cutsLooks:
    '{{count}}個のクリップの高画質化は、ほかの編集ソフトでは使えません。撮影したままのビデオが表示されます。高画質化したものを使うには、代わりにビデオを書き出してください。',
  cutsMotion:
    '{{count}}個のクリップには動き（なめらか、スローモーション、速さ、修復）が設定されています。長さと速度は渡されますが、Heirloomが間に作るフレームは渡されません。',
  cutsFit:
    '{{count}}個のクリップは、画面いっぱい、または元の大きさで表示されます。この設定は渡されません。ほかの編集ソフトで設定し直してください。',
  cutsReread:
    '次のビデオは、ファイルの情報とは違う読み方（フィールドなど）が選ばれています：{{names}}。ほかの編集ソフトで設定し直してください。',
  cutsRest: '通常のクリップではない{{count}}個の部分（別の音声、静止画、タイトル）は渡されません。',
  cutsRounded:
    '{{count}}個のカットが毎秒{{rate}}フレームのフレームの間にあるため、一番近いフレームに移しました。ずれは1フレーム未満です。',
  cutsEdlRate:
    'このファイルには毎秒のフレーム数が入っていません。ほかの編集ソフトで聞かれたら、{{rate}}を選んでください。',
  cutsEdlMany:
    'カットが{{count}}個あります。この形式の番号は{{most}}までで、それより先を読まない編集ソフトもあります。終わりの部分がなければ、別の形式を使ってください。',
  cutsGuessed:
    '次のビデオは見つからないか、別のものに変わっています。毎秒のフレーム数はプロジェクトから推定したため、正しくないことがあります：{{names}}。',
  cutsFormat:
    'カット情報は.otio、.fcpxml、.edl、.csvで保存します。「{{name}}」の拡張子はどれでもありません。どれかを付けてください。',
  usageCutsOutput: '「cuts」には書き込むファイルの名前が必要です：-o OUT.otio、OUT.fcpxml、OUT.edl、OUT.csv',
  cutsUnreadable:
    '{{folder}}の「{{name}}」を読み込めません。壊れているか、プロジェクトではありません。このファイルには触れず、何も書き込んでいません。ウィンドウで開くと、以前のコピーがあればそれが表示されます。',
  cuts: {
    title: 'ほかの編集ソフト用にカット情報を保存',
    words:
      'どのビデオのどの部分がいつ出てくるかを保存し、ほかのソフトで続きを編集できるようにします。ビデオ自体は元の場所に残り、コピーされません。',
    format: '形式',
    otio: 'OpenTimelineIO',
    otioWords:
      'どのフレームレートでも正確です。DaVinci Resolve、Kdenlive、Premiere Proなどの新しい編集ソフト用です。',
    fcpxml: 'Final Cut Pro XML',
    fcpxmlWords: 'Final Cut Pro用です。DaVinci Resolveでも読み込めます。',
    edl: 'EDL（CMX 3600）',
    edlWords: '古いものも含め、ほとんどの編集ソフトで読み込めます。フレームレートは1つだけです。',
    csv: '表（CSV）',
    csvWords:
      'Excelなどの表計算ソフトで開いたり、自分で読んだりするためのものです。編集ソフトでは開けません。',
    lost: '渡されないもの',
    allGoes: 'カットと速度はすべて渡されます。',
    where: '名前と場所',
    name: 'ファイルの名前',
    save: '保存',
  },
}
