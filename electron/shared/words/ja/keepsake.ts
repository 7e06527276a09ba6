// Keepsake films: what their box says, and what is wrong with it.
import type { keepsake as en } from '../en/keepsake.js'
import type { Wording } from '../wording.js'

export const keepsake: Wording<typeof en> = {
  usageKeepsakeOutput:
    '「keepsake」には作るものの名前が必要です：ビデオは-o OUT.mp4、写真は-o OUT.hlm（復元するときは画像ファイル）',
  usageFilmOnly: '--{{option}}はビデオ用です。写真の「{{command}}」では使えません。',
  usageSizeOrQuality: '--sizeと--qualityは、どちらか一つだけ使えます。',
  usageSize: '--{{option}}は、数字のすぐ後ろにkB、MB、GBを付けた容量です。「{{value}}」は使えません。',
  usageRestoreFolder:
    '複数のビデオはフォルダーに作ります。「{{name}}」は一つのビデオの名前です。-oにはフォルダーを指定してください。',
  restoreNothing:
    '「{{name}}」：ここではKeepsakeの部分から描けるものがないため、もう一度エンコードされるだけになります。何も書き込んでいません。それでも作るには--baseを付けてください。',
  restoreSome: '{{total}}本のうち{{count}}本を復元できませんでした：{{names}}。',
  restoreNoFolder: 'フォルダー{{folder}}を作れません：{{reason}}。何も書き込んでいません。',
  keepsakeNone: '「{{name}}」はふつうのビデオです。Keepsakeの部分はありません。',
  keepsakeNewer:
    '「{{name}}」のKeepsakeの部分は、新しいHeirloomで書かれています（形式{{version}}）。読めるのは新しい版だけです。ビデオそのものは、どこでも同じように再生できます。',
  keepsakeOther:
    '「{{name}}」のKeepsakeの部分は別のビデオのものか、あとからビデオが変えられています。この部分は使いません。ビデオそのものは、どこでも同じように再生できます。写しから取り直すか、元のビデオからもう一度作ってください。',
  keepsakeDamaged:
    '「{{name}}」のKeepsakeの部分が壊れています：{{places}}。この部分は使いません。ビデオそのものは、どこでも同じように再生できます。写しから取り直すか、元のビデオからもう一度作ってください。',
  keepsakeChanged: '「{{place}}」が書かれたときと違います（ファイルの{{from}}〜{{to}}バイト目）',
  keepsakeCutOff: 'ファイルが「{{place}}」の途中で終わっています（{{from}}〜{{to}}バイト目）',
  keepsakeNonsense: '「{{place}}」の内容が合いません',
  keepsakeMissing: '「{{place}}」がありません',
  keepsakePhotoNone: '「{{name}}」はKeepsake写真ではありません。',
  keepsakePhotoNewer:
    '「{{name}}」は新しいHeirloomのKeepsake写真です（形式{{version}}）。表示できるのは新しい版だけです。ファイルは変わっていません。',
  keepsakePhotoDamaged:
    'Keepsake写真「{{name}}」が壊れています：{{places}}。写しから取り直すか、元の写真からもう一度作ってください。',
  keepsakePhotoModel:
    '「{{name}}」は、モデル「{{model}}」（SHA-256が{{hash}}の重み）で表示するKeepsake写真ですが、そのモデルがここにありません。モデルを追加するか、元の写真を開いてください。',
  keepsakePhotoNoModel:
    'Keepsake写真のモデルがここにないため、作れません。何も書き込んでいません。モデルのフォルダーに追加するか、PNG、JPEG、TIFFを選んでください。',
  keepsakePhotoTooLarge:
    '「{{name}}」はそこまで小さくできません。最も粗くしても{{bytes}}バイトになり、指定は{{most}}バイトでした。何も書き込んでいません。もっと大きい値を指定してください。',
  keepsakePhotoLarge:
    '「{{name}}」は{{bytes}}バイトになり、Keepsake写真に入る大きさを超えます。何も書き込んでいません。品質を下げてください。',
  keepsakePhotoFilm:
    '「{{name}}」はビデオです。Keepsake写真は写真から作ります。何も書き込んでいません。「heirloom photo」で瞬間を保存するか、出力の名前を.mp4にしてください。',
  keepsakePhotoTiles:
    '「{{name}}」は{{tiles}}か所のうち{{count}}か所が読めませんでした。そこは内容なしで表示し、まわりも少し違って見えます：{{places}}',
  noteKeepsakePhoto:
    'Keepsake写真（試験的）：「{{name}}」を、モデル「{{model}}」で書かれたとおりに、撮影されていない細部なしで表示しています。元の写真そのものではありません。元の写真は残しておいてください。',
  noteKeepsakeMade:
    'Keepsake写真は試験的なものです。表示できるのはHeirloomだけで、モデル「{{model}}」が必要です。元の写真は残しておいてください。',
  keepsakeForm: 'Keepsakeにできるのは、AV1、H.265、H.264のMP4かMOVです。そのどれかを選んでください。',
  keepsakeCrf: 'この形式のKeepsakeに使えるCRFは{{finest}}〜{{coarsest}}です。{{crf}}は使えません。',
  keepsakeTooLarge:
    '「{{name}}」はそこまで小さくできません。最も粗くしても{{bytes}} MBになり、指定は{{most}} MBでした。何も書き込んでいません。もっと大きい値を指定するか、ビデオの短い範囲か、AV1を選んでください。',
  noteKeepsake:
    'Keepsakeの部分は{{bytes}}バイト、ファイルの{{percent}}%です。場面{{scenes}}個の粒子と、各フレームの粗さが入っています。この粒子は、もう一度重ねられます。',
  noteLikeness:
    'エンコードに渡したフレームと比べて、このビデオはPSNR {{psnr}} dB、SSIM {{ssim}}です（{{total}}フレーム中{{frames}}フレーム）。',
  noteSame:
    'このビデオは、エンコードに渡したフレームとまったく同じです（{{total}}フレーム中{{frames}}フレーム、SSIM {{ssim}}）。',
  noteNotCompared:
    'エンコードに渡したフレームとは比べていません。動きの処理で作られたフレーム、撮影時と形が違うフレーム、モデルが作って残していないフレームには、比べる相手がありません。',
  noteDetailNone: '「{{name}}」：Keepsakeの部分に、細部を描くモデルの名前がないので、細部は描かれません。',
  noteDetailModel:
    '「{{name}}」：細部を描くのはモデル「{{model}}」（SHA-256が{{hash}}の重み）ですが、ここにはありません。細部は描かれません。',
  noteDrawnGrain:
    '「{{name}}」に、Keepsakeの部分の記録どおりの粒子を重ねます。撮影されたものではありません。',
  noteDrawnDetail:
    '「{{name}}」に、モデル「{{model}}」の細部を{{percent}}%の強さで描きます。撮影されたものではありません。',
  noteDrawnBoth:
    '「{{name}}」に、モデル「{{model}}」の細部を{{percent}}%の強さで描き、Keepsakeの部分の記録どおりの粒子を重ねます。どちらも撮影されたものではありません。',
  noteDrawnPhoto:
    'Keepsake写真「{{name}}」（試験的）に、モデル「{{model}}」の細部を{{percent}}%の強さで描きます。撮影されたものではありません。元の写真そのものではありません。元の写真は残しておいてください。',
  noteGrainNone: '「{{name}}」：Keepsakeの部分に粒子の記録がないので、粒子は重ねません。',
  keepsake: {
    willBe: '容量はおよそ{{kilobytes}} kBになります（CRF {{crf}}）。',
    film: 'ビデオ',
    part: 'Keepsake',
    writer: '作成',
    encoder: 'エンコーダー',
    quantiser: '量子化',
    scenes: '場面',
    grain: '粒子',
    model: 'モデル',
    seed: '乱数の種',
    inFilm: 'ビデオの中',
    onTop: '重ねるもの',
    draws: { grain: '粒子', detail: '細部' },
    unread: '読めない部分',
    note: '注意',
    restoring: 'ここで描く',
    drawsNothing: 'なし',
    frames: '{{count}}フレーム、{{size}}',
    partOf: '形式{{version}}、{{bytes}}バイト、ファイルの{{percent}}%',
    coarseness: '{{least}}〜{{most}}（0〜1）、平均{{mean}}',
    photo: '写真',
    photoOf: '{{size}}、{{bytes}}バイト、1画素あたり{{bits}}ビット',
    photoFormat: '写真、形式{{version}}、試験的',
    quality: '品質',
    qualityOf: '{{quality}}（0〜63）',
    taken: '撮影',
    inPhoto: '画像の中',
    shown: '表示',
    shownHere: 'できます（モデルがあります）',
    shownNot: 'できません（必要なモデルがここにありません）',
    exifOf: '{{bytes}}バイト、写真にあったまま',
    photoWhole: '「{{name}}」：Keepsake写真のすべてのバイトが、書かれたときのままです。',
    strength: '平均で白の{{percent}}%、最大{{most}}%',
    noModel: 'なし',
    whole:
      '「{{name}}」：Keepsakeの部分はすべてそろっていて、映像と音声のバイトは書かれたときのままです。題名、日付、ファイルの索引は比べていません。',
  },
}
