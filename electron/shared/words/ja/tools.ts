// ffmpeg: what it was asked to do, why it failed, what a check of a finished file found.
import type { tools as en } from '../en/tools.js'
import type { Wording } from '../wording.js'

export const tools: Wording<typeof en> = {
  encoderMissing:
    'このffmpeg（{{ffmpeg}}）は{{encoder}}を含まないため、{{codec}}で書き出せません。別の形式か別のffmpegを選んでください。',
  toolDiskFull:
    'ディスクがいっぱいで処理できませんでした（{{what}}）。お手元のビデオはそのままです。書き込み先のディスクに空きを作ってください。',
  doRead: '「{{name}}」の読み込み',
  doReadPhoto: '写真の読み込み',
  doReadTracks: '「{{name}}」のトラックの読み込み',
  doReadTimes: '「{{name}}」のタイムスタンプの読み込み',
  doReadLength: '「{{name}}」の長さの読み込み',
  doHear: '「{{name}}」の音声の読み込み',
  doTrySound: '音声トラックの試し書き',
  doWrite: '「{{name}}」の書き込み',
  doCheck: '「{{name}}」の検査',
  doPicture: '画像の作成',
  doReadShape: '映像の形の読み取り',
  doProxy: '表示用の「{{name}}」の作成',
  doAsk: '{{tool}}への{{option}}の問い合わせ',
  doOpen: '{{target}}を開く操作',
  checkSize: '映像が{{size}}ではありません',
  checkTracks: '音声トラックが{{wanted}}本ではなく{{found}}本です',
  checkFrames: '{{wanted}}フレームではなく{{found}}フレームです',
  checkStart: '始まりの時刻が違います',
  checkTime: '{{frame}}番のフレームの時刻が違います',
  toolFailed: '処理できませんでした（{{what}}）：{{reason}}。元の動画はそのままです。',
  toolLate:
    '処理できませんでした（{{what}}）：{{seconds}}秒待っても応答がありません。ドライブやネットワークフォルダーが応答していないか、ファイルが壊れています。何も変更していません。接続を確かめるか、ファイルをこのコンピューターにコピーして、そのコピーを開いてください。',
  toolNotStarted: '処理できませんでした（{{what}}）。{{tool}}が起動しません（{{reason}}）。',
  ffmpegNamed: '{{variable}}が指す{{path}}がありません。直すか、設定を消してください。',
  ffmpegNone:
    'Heirloomはビデオの読み書きにffmpegを使いますが、見つかりません。インストールするか（{{how}}）、FFMPEG_BINとFFPROBE_BINで指定してください。',
  ffprobeNone:
    'ffmpegは{{path}}にありますが、対になるffprobeがありません。インストールするか（{{how}}）、FFMPEG_BINとFFPROBE_BINで指定してください。',
  ffmpegSilent:
    '{{path}}はありますが、正しく応答しません。入れ直すか（{{how}}）、別のものをFFMPEG_BINとFFPROBE_BINで指定してください。',
  ffmpegOld:
    '{{path}}はバージョン{{version}}ですが、Heirloomには4.4以上が必要です。新しいものを入れるか（{{how}}）、FFMPEG_BINとFFPROBE_BINで指定してください。',
  toolKilled:
    '{{what}}を完了できませんでした。システムがffmpegを終了させました（{{signal}}）。メモリー不足のときに起こります。2回試しました。できた分は残っています。ほかのソフトを閉じてから続けてください。',
  toolStalled:
    '{{what}}を完了できませんでした。ffmpegが{{seconds}}秒間止まったままになることが2回あり、終了させました。できた分は残っています。ほかのソフトが止めていないか確かめてから続けてください。',
}
