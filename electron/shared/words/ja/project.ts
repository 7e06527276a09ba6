// The project: its films and clips, saving and opening it.
import type { project as en } from '../en/project.js'
import type { Wording } from '../wording.js'

export const project: Wording<typeof en> = {
  filmEmpty: '書き出すものがありません。クリップが1つもありません。',
  clipNotOpen: 'クリップ「{{name}}」の元のビデオが開かれていません。もう一度開いてください。',
  clipEmpty: '「{{name}}」の範囲にコマがありません。終わりを始まりより後にしてください。',
  clipBeyond:
    '「{{name}}」は{{count}}コマですが、クリップの終わりが{{to}}コマ目になっています。何も行っていません。終わりを範囲内にするか、ビデオを開き直してください。',
  toneMapMissing:
    '「{{name}}」はハイダイナミックレンジ（HDR）または広色域の映像で、ほかのクリップは違います。このffmpegにはzscaleがないため、1本にまとめられません。すべての機能がそろったffmpegを入れるか、「このクリップだけ」を選んで1つずつ書き出してください。',
  projectCorrupt:
    '保存されたプロジェクトも、その控えも読めません。ビデオは無事です。新しいプロジェクトを始めてください。ファイルは{{folder}}に残してあります。',
  projectAside:
    '保存されたプロジェクトが壊れていて読めないため、前の控えを開きました。壊れたファイルは{{folder}}に{{name}}として残してあります。',
  projectNewer:
    '保存されたプロジェクトは、より新しいHeirloomで作られています（形式{{format}}。このHeirloomで使えるのは{{known}}まで）。ファイルには触れていません。ここでの編集は保存されません。新しいHeirloomで開くか、{{path}}を別の場所に移してから起動し直してください。',
  projectChanged:
    'このプロジェクトは別のウィンドウで変更されたため、ここからは保存しませんでした。何も上書きしていません。このウィンドウを再読み込みすると新しい内容で続けられますが、このウィンドウでの最後の編集は失われます。',
  filmTooLong: '「{{name}}」を加えると、作品が1000時間を超えます。何も変更していません。',
}
