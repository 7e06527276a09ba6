// The host and the connection to it.
import type { host as en } from '../en/host.js'
import type { Wording } from '../wording.js'

export const host: Wording<typeof en> = {
  cancelled: '中止しました。',
  fault:
    'Heirloomの内部で問題が起きました：「{{what}}」。元の動画はそのままで、できあがった部分も残っています。同じ操作をやり直し、また同じように失敗するときは、この文をそのままお知らせください。',
  windowGone:
    '確認を表示するウィンドウがなかったため、何も行っていません。Heirloomのウィンドウを開いて、選び直してください。',
  windowWithoutKey:
    'このウィンドウにはHeirloomを開くための鍵がありません。Heirloomの起動時に表示されたアドレス、またはそこに示されたファイルを開いてください。',
  windowKeyUsed:
    'このアドレスの鍵は、使用済みか、期限切れか、前回の起動のものです。データは失われていません。起動時に示されたファイルを開くと、いつでも新しい鍵で入れます。Heirloomを起動し直しても構いません。',
  requestUnknown:
    'Heirloomには「{{name}}」という操作がありません。何も行っていません。ウィンドウの版が違うかもしれません。再読み込みするか、Heirloomを起動し直してください。',
  requestForm:
    'Heirloomは「{{name}}」の内容を理解できませんでした。何も行っていません。ウィンドウの版が違うかもしれません。再読み込みするか、Heirloomを起動し直してください。',
  requestTooLarge:
    '行えませんでした。作品のクリップと設定が{{megabytes}} MBになりました。一度に扱えるのは{{most}} MBまでです。前に保存した内容は無事です。クリップを減らすか、作品を二つに分けてください。',
  answerForm:
    '「{{name}}」へのHeirloom自身の応答が決まった形になっていません。ファイルはそのままです。不具合としてお知らせください。',
  connectionLost:
    'Heirloomとの接続が切れているため、できませんでした。Heirloomが動いていれば自動でつながります。つながったら同じ操作をやり直してください。書き出しはその間も続いています。',
  needsDesktop: 'ここではシステムの画面を使えません。デスクトップ版が必要です。',
}
