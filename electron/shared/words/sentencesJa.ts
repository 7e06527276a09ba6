// Japanese sentences of sentences.ts; the same keys and the same blanks as in English.
import { type en, type engineEn } from './sentencesEn.js'

export const engineJa: typeof engineEn = {
  engineMemoryLeastSmaller:
    '{{size}}を{{scale}}倍にするにはメモリーが足りません。少なくとも{{total}}（モデル{{model}}、前の画像の記憶{{state}}、作業用{{work}}）が必要ですが、使えるのは{{limit}}です。何も始めていません。モデル「{{smaller}}」なら収まります。',
  engineMemoryLeast:
    '{{size}}を{{scale}}倍にするにはメモリーが足りません。少なくとも{{total}}（モデル{{model}}、前の画像の記憶{{state}}、作業用{{work}}）が必要ですが、使えるのは{{limit}}です。何も始めていません。倍率を小さくするか、ほかのソフトを閉じてください。',
  engineMemorySmaller:
    '{{size}}を{{scale}}倍にするにはメモリーが足りません。{{total}}（モデル{{model}}、前の画像の記憶{{state}}、作業用{{work}}）が必要ですが、使えるのは{{limit}}です。何も始めていません。モデル「{{smaller}}」なら収まります。',
  engineMemory:
    '{{size}}を{{scale}}倍にするにはメモリーが足りません。{{total}}（モデル{{model}}、前の画像の記憶{{state}}、作業用{{work}}）が必要ですが、使えるのは{{limit}}です。何も始めていません。倍率を小さくするか、ほかのソフトを閉じてください。',
  engineMemoryStream: '{{size}}を{{scale}}倍にするためのメモリーを確保できませんでした。何も始めていません。',
  engineMemoryFrames:
    '{{size}}の画像のメモリーを確保できませんでした。できあがった分は無事です。倍率を小さくするか、ほかのソフトを閉じてください。',
  engineMemoryModel:
    '{{folder}}のモデルはプロセッサーで{{need}} MBのメモリーを使いますが、空きは{{free}} MBです。何も読み込んでいません。ほかのソフトを閉じるか、小さいモデルを選んでください。',
  engineMemoryFile: '{{path}}（{{size}} MiB）を読み込むメモリーがありません。ほかのソフトを閉じてください。',
  engineMemoryClip: 'クリップを調べるメモリーが足りません。ほかのソフトを閉じてください。',
  engineMemoryLoad:
    '{{folder}}のモデルを読み込むメモリーが足りません。ほかのソフトを閉じるか、小さいモデルを選んでください。',
  engineMemoryHeld:
    'メモリー{{size}} MiBを確保できませんでした（使用中{{held}} MiB）。ほかのソフトを閉じるか、「大きさ」を小さくしてください。',
  engineMemoryRefused:
    'メモリー{{size}} MiBを確保できませんでした。ほかのソフトを閉じるか、「大きさ」を小さくしてください。',
  engineMemoryCardLimit:
    'グラフィックスカードのメモリー{{size}} MiBを確保できませんでした（使用中{{held}} MiB、上限{{limit}} MiB）。ほかのソフトを閉じるか、「大きさ」を小さくするか、プロセッサーを使ってください。',
  engineMemoryCard:
    'グラフィックスカードのメモリー{{size}} MiBを確保できませんでした（使用中{{held}} MiB）。ほかのソフトを閉じるか、「大きさ」を小さくするか、プロセッサーを使ってください。',
  engineMemoryPiece: 'メモリー{{size}} MiBを確保できませんでした。',
  engineNoDevice: 'このコンピューターに装置「{{device}}」はありません。使えるのは{{names}}です。',
  engineNoPrecision:
    'グラフィックスカード{{card}}は{{name}}で計算できません。「auto」「fp16」「fp32」のどれかにしてください。',
  engineNoModelFolder:
    'モデルのフォルダー{{folder}}がありません。「設定」の「モデル」で、今あるものを選んでください。',
  engineWhichVersionName:
    '{{folder}}のFlashVSRがv1かv1.1かを示すものがありません。間違えると映像に残像が出ます。どちらかを指定するか、フォルダーを公開時の名前（FlashVSR、FlashVSR-v1.1）のままにしてください。',
  engineWhichVersion:
    '{{folder}}のFlashVSRがv1かv1.1かを示すものがありません。間違えると映像に残像が出ます。どちらかを指定してください。',
  engineOtherVersion: '{{folder}}のファイルは、チェックサムによると{{wanted}}ではなく{{found}}のものです。',
  engineFull:
    'ディスクがいっぱいで、{{path}}に書き込めませんでした。ほかには何も変更していません。空きを作ってから、やり直してください。',
  engineNotWrittenWhy: '{{path}}に書き込めませんでした（{{reason}}）。ほかには何も変更していません。',
  engineNotOpened:
    '{{path}}を開けませんでした（{{reason}}）。モデルのフォルダーがそろっているか確かめてください。',
  engineTextUnread: '{{path}}を読めませんでした。ディスクと、ファイルを読む権限を確かめてください。',
  engineTextDamaged:
    '{{path}}が壊れています（JSONの{{byte}}バイト目：{{what}}）。ファイルを取得し直してください。',
  engineTextOdd: '{{path}}の内容が決まった形になっていません（{{what}}）。ファイルを取得し直してください。',
  engineTextLarge: '{{path}}はモデルのJSONファイルにしては大きすぎます。ファイルを取得し直してください。',
  engineNumberKind: '{{file}}のテンソル{{tensor}}の数値の型（{{found}}）は、このバージョンでは使えません。',
  engineTensorTwice:
    'テンソル{{tensor}}が2つあります（2つ目は{{file}}）。重みのファイルを取得し直してください。',
  engineFormatUnknown: '{{path}}の形式は、このバージョンでは使えません。アップデートしてください。',
  engineMixture:
    'ファイルが混ざっています。{{first}}は{{firstVersion}}、{{second}}は{{secondVersion}}のものです。一緒に使うと残像が出て色もおかしくなります。すべて同じ版のファイルにしてください。',
  engineNoFiles: '{{folder}}にはFlashVSRのファイルがありません。{{file}}があるフォルダーを選んでください。',
  engineFileMissingPrompt:
    '{{folder}}にFlashVSRのファイル{{file}}がありません。そこにコピーしてください（{{prompt}}は重みではなくFlashVSRのプログラムに付いています）。',
  engineFileMissing: '{{folder}}にFlashVSRのファイル{{file}}がありません。そこにコピーしてください。',
  engineFileMissingOne: '{{folder}}にFlashVSRのファイル{{file}}がありません。そこにコピーしてください。',
  enginePromptMissing:
    '{{folder}}にFlashVSRのファイル{{file}}がありません。そこにコピーしてください（このファイルは重みではなくFlashVSRのプログラムに付いています）。',
  engineFilesMissingPrompt:
    '{{folder}}にFlashVSRのファイル（{{files}}）がありません。そこにコピーしてください（{{prompt}}は重みではなくFlashVSRのプログラムに付いています）。',
  engineFilesMissing: '{{folder}}にFlashVSRのファイル（{{files}}）がありません。そこにコピーしてください。',
  engineHoldsModel:
    '{{folder}}にはすでにモデル「{{name}}」があり、公開されたFlashVSRのファイルはありません。',
  engineChanged:
    '{{file}}はモデルを追加したときの内容と違います（チェックサムが一致しません）。モデルを削除して、追加し直してください。',
  engineMadeReady: '{{folder}}はすでに変換済みです。追加するものはありません。',
  engineNoFolder: 'フォルダー{{folder}}がありません。今あるフォルダーを選んでください。',
  engineThere: '{{path}}にはすでに何かがあります。手を付けていません。削除するか、別の名前にしてください。',
  engineNoRoom:
    '{{folder}}の空き容量が足りません（モデルは{{need}}、空きは{{free}}）。何も書き込んでいません。空きを作るか、別の場所を選んでください。',
  engineNotWritten: '{{path}}に書き込めませんでした。ほかには何も変更していません。',
  engineNoNewFolder: 'フォルダー{{folder}}を作れませんでした（{{reason}}）。書き込める場所を選んでください。',
  engineNotRenamed: '{{from}}の名前を{{to}}に変えられませんでした（{{reason}}）。',
  engineNoNumbers:
    '{{file}}のテンソル{{tensor}}に数値でない値があります。ファイルが壊れているので、取得し直してください。',
  engineDamaged:
    '{{file}}が壊れています（{{what}}）。何も読み込んでいません。ファイルを取得し直してください。',
  engineNotPlain:
    '{{file}}は読み込みませんでした（{{what}}）。重みのファイルには名前付きのテンソルだけを入れられます。safetensors形式で保存し直してください。',
  engineOldTorch:
    '{{file}}は2020年より前の古いtorch形式です。新しいtorchで開いて保存し直すか、safetensors版を入手してください。',
  engineNotRead:
    '{{file}}を読めませんでした（{{reason}}）。モデルのフォルダーがそろっていて読めるか確かめてください。',
  engineEmpty: '{{file}}は空です。ファイルを取得し直してください。',
  engineTensorShape:
    '{{file}}のテンソル{{tensor}}は{{found}}ですが、{{wanted}}が必要です。別のモデルのファイルか、ほかのファイルと組になっていません。',
  engineTensorKind: '{{file}}のテンソル{{tensor}}の数値の種類（{{found}}）は重みではありません。',
  engineTensorMissing: '{{file}}にテンソル{{tensor}}がありません。ファイルが不完全か、別のモデルのものです。',
  engineTensorForeign: '{{file}}にFlashVSRにはないテンソル{{tensor}}があります。別のモデルのファイルです。',
  engineTensorsMissing:
    '重みにテンソル{{tensor}}がありません（{{where}}を確認）。ファイルが不完全か、別のモデルのものです。',
  engineTensorOther:
    '{{file}}のテンソル{{tensor}}は{{found}}ですが、このモデルには{{wanted}}が必要です。別のモデルの重みです。',
  engineUnknownKind:
    '{{folder}}のモデルの種類「{{kind}}」は、このバージョンでは使えません。アップデートするか、別のモデルを選んでください。',
  engineNewerFormat:
    '{{folder}}/model.jsonの形式{{format}}は、このバージョンが知る形式1ではありません。アップデートしてください。',
}

export const ja: typeof en = {
  cancelled: '中止しました。',
  modelGone: 'モデル「{{id}}」がありません。あるのは次のモデルです：{{names}}。',
  modelShipped:
    'モデル「{{name}}」はHeirloomの一部なので削除できません。削除できるのは追加したモデルだけです。',
  modelInUse: 'ビデオの処理中です。終わるのを待つか中止してから、「{{name}}」を削除してください。',
  modelCannotRemove:
    '「{{name}}」を{{folder}}から削除できませんでした（{{reason}}）。使っているソフトを閉じてから、削除し直してください。',
  modelThere: 'この重みはすでに「{{name}}」として入っています。何も変更していません。',
  modelWorkBusy: '別のモデルを処理しています。終わるのを待つか、先に中止してください。',
  modelWorkElsewhere:
    'このコンピューターで動いている別のHeirloomがモデルを追加しています。終わるのを待つか、そちらで中止してください。',
  modelVersionUnknown:
    '{{folder}}がFlashVSRのv1かv1.1かを示すものがありません。どちらのフォルダーをダウンロードしたか選んでください。間違えると映像に残像が出ます。',
  modelVersionWrong:
    '{{folder}}のファイルはFlashVSR {{found}}のもので、{{wanted}}ではありません。何も変更していません。{{found}}として追加してください。',
  modelNoRoom:
    '{{folder}}の空き容量が足りません（必要{{need}}、空き{{free}}）。何も変更していません。空きを作ってから、モデルを追加してください。',
  downloadAddress:
    '「{{address}}」からはダウンロードできません。https://で始まるアドレスにしてください（http://はこのコンピューター自身だけ）。',
  downloadRedirect:
    '{{host}}のサーバーが「{{to}}」へ転送しようとしましたが、Heirloomはそこへは行きません。何も読み込んでいません。別のアドレスを使ってください。',
  downloadLoop: '{{host}}のサーバーの転送が終わりません。別のアドレスを使ってください。',
  downloadStatus:
    '{{host}}のサーバーから{{file}}を取得できません（応答{{status}}）。ここまでの分は残っています。時間をおいて続けるか、別のアドレスを使ってください。',
  downloadSize:
    '{{host}}の{{file}}は{{found}}バイトですが、正しくは{{wanted}}バイトです。別のファイルなので読み込みませんでした。別のアドレスを使ってください。',
  downloadSizeBetween:
    '{{host}}の{{file}}は{{found}}バイトですが、正しくは{{least}}〜{{most}}バイトです。別のファイルなので読み込みませんでした。別のアドレスを使ってください。',
  downloadUnsized:
    '{{host}}のサーバーが{{file}}の容量を示さないため、読み込みませんでした。別のアドレスを使ってください。',
  downloadInterrupted:
    '{{file}}の途中で{{host}}との接続が切れました（{{reason}}）。ここまでの分は残してあります。接続が戻ったら続けてください。',
  downloadUnreachable:
    '{{host}}に接続できません（{{reason}}）。インターネット接続を確かめるか、別のアドレスを使ってください。',
  downloadChecksum:
    '{{host}}の{{file}}は公開されたファイルではありません（チェックサム{{found}}、正しくは{{wanted}}）。破棄しました。別のアドレスを使ってください。',
  downloadNone: '続けられるダウンロードがありません。もう一度始めてください。',
  downloadUnknown: '「{{id}}」というダウンロードはありません。',
  outputGone: 'このビデオはもうありません。もう一度書き出してください。',
  diskFull:
    '{{folder}}のディスクがいっぱいです。ここまでの分は残してあります。空きを作ってから続けてください。',
  reasonFull: 'ディスクがいっぱいです',
  reasonQuota: 'このアカウントで使える容量がいっぱいです',
  reasonNotAllowed: 'このアカウントには許可されていません',
  reasonReadOnly: 'ディスクが読み取り専用です',
  reasonNotThere: 'ファイルまたはフォルダーがありません',
  reasonNoFolder: 'パスの途中がフォルダーではありません',
  reasonNotFile: 'ファイルではなく、パイプ、ソケットまたは装置です',
  reasonFolder: 'フォルダーです',
  reasonNameTooLong: '名前が長すぎます',
  reasonNameOdd: 'このディスクでは使えない名前です',
  reasonTooManyOpen: '開いているファイルが多すぎます。ほかのソフトをいくつか終了してください',
  reasonBusy: 'ほかのソフトが使っています',
  reasonDevice: 'ディスクの読み書きでエラーが出ています。ケーブルを確かめ、中身を早めにコピーしてください',
  reasonDeviceGone: 'ディスクがつながっていません',
  reasonTooLarge: 'この種類のディスクには大きすぎます。FAT32では4 GBまでです',
  reasonMemory: 'メモリーが足りません。ほかのソフトをいくつか終了してください',
  reasonLoop: 'リンクが循環しています',
  reasonNotAble: 'このディスクではできません',
  reasonNetwork: 'ネットワークドライブが応答しません',
  // Why ffmpeg failed.
  reasonIndexMissing: 'ファイルの索引がありません。録画やコピーが途中で終わった場合に起こります',
  reasonEncoder: 'このffmpegにはその形式で書き出す機能がありません。別のffmpegか、別のコーデックならできます',
  reasonDecoder: 'このffmpegにはその形式の映像や音声を読む機能がありません',
  reasonFilter: 'このffmpegには必要な機能がありません。完全なffmpegを入れてください',
  reasonContainer: 'この種類のファイルにそのコーデックは入れられません。MKVなら入れられます',
  reasonPicture: 'この大きさの画像は、そこでは扱えません',
  reasonSoundForm: 'このサンプリング周波数やチャンネルの音声は、そこでは扱えません',
  reasonLeadsElsewhere: 'Heirloomが開かない別の場所を参照しています',
  reasonSenseless: 'データを読み解けません',
  reasonSettings: 'このffmpegはその設定を受け付けません。別のコーデックか画質を選んでください',
  reasonQuoted: 'ffmpegの報告は「{{line}}」です',
  reasonEndedBy: 'ffmpegが{{signal}}で終了させられました',
  reasonEndedWith: 'ffmpegが理由を示さずにコード{{code}}で終了しました',
  reasonUnknown: 'システムからの説明がありません',
  systemFailed: '「{{name}}」を扱えませんでした（{{reason}}）。お手元のファイルは元のままです。',
  systemFailedNameless: '処理できませんでした（{{reason}}）。お手元のファイルは元のままです。',
  outputInWork: '「{{name}}」は、進行中または待機中の書き出しで使われる名前です。別の名前にしてください。',
  noteRenamed:
    'その間に「{{wanted}}」ができたため、そちらはそのまま残しました。完成したファイルは、同じ場所の「{{name}}」です。',
  outputNameTooLong:
    '「{{name}}」という名前は長すぎて、ファイルに付けられません。まだ何も書き込んでいません。短い名前にしてください（英数字で255文字、日本語で85文字まで）。',
  outputNameOdd:
    '{{folder}}のディスクでは「{{name}}」という名前を使えません。まだ何も書き込んでいません。「:」「?」「*」「|」などの記号を除いた名前にしてください。',
  outputNameNul:
    '「{{name}}」という名前は付けられません。名前かフォルダーに、どのシステムでも使えない文字（NUL）が入っています。何も書き込んでいません。保存先と名前を選び直してください。',
  outputNotNow:
    '「{{name}}」をいまは{{folder}}に書き込めません（{{reason}}）。すでにできた分は残してあります。解消してから、もう一度書き出してください。',
  fault:
    'Heirloomの内部で問題が起きました：「{{what}}」。元の動画はそのままで、できあがった部分も残っています。同じ操作をやり直し、また同じように失敗するときは、この文をそのままお知らせください。',
  outputNotOpened:
    'システムが「{{name}}」を開けませんでした（{{reason}}）。ビデオは無事です。フォルダーから開いてください。',
  windowGone:
    '確認を表示するウィンドウがなかったため、何も行っていません。Heirloomのウィンドウを開いて、選び直してください。',
  outputNotAllowed:
    '「{{name}}」を{{folder}}に書き込めません（{{reason}}）。そこには何も書き込んでいません。自分のフォルダーを選ぶか、このフォルダーへの書き込みを許可してください。',
  outputFolderGone:
    '「{{name}}」を{{folder}}に書き込めません（{{reason}}）。ドライブをつなぐか、フォルダーを作り直してください。今あるフォルダーを選ぶこともできます。',
  outputOtherDisk:
    '「{{name}}」を{{folder}}に書き込めません（{{reason}}）。すでにできた分は残してあります。別のディスクのフォルダーを選んでください。',
  photoForm:
    'ffmpegが{{kind}}ではないものを作りました。何も書き込んでおらず、元のファイルはそのままです。別の画像形式を選ぶか、別のffmpegを入れてください。',
  ownNotNow:
    'Heirloomが使うフォルダー（{{folder}}）に、いまは書き込めません（{{reason}}）。お手元のビデオはそのままです。解消したら、同じ操作をやり直してください。',
  ownOtherDisk:
    'Heirloomが使うファイルを{{folder}}に置けません（{{reason}}）。お手元のビデオはそのままです。そのディスクを調べるか、{{variable}}で別のディスクのフォルダーを指定して、Heirloomを起動し直してください。',
  outputNotWritable:
    '「{{name}}」を{{folder}}に書き込めません（{{reason}}）。すでにできた分は残してあります。そこにほかのファイルを書き込めるか確かめるか、別のディスクのフォルダーを選んでください。',
  outputDiskFull:
    'ディスクがいっぱいで、「{{name}}」を{{folder}}に完成できませんでした。途中のファイルは残っていません。できあがった部分は保管してあります。空きを作るか、別のディスクのフォルダーを選んでください。',
  outputIsSource:
    '「{{name}}」は元のビデオそのものです。元のビデオには書き込みません。別の名前にしてください。',
  outputFolderOther:
    'フォルダー{{folder}}は選んだときのものではありません（移動、削除、または置き換えられています）。そこには何も書き込んでいません。できあがった分は失われていません。保存先を選び直して、もう一度書き出してください。',
  outputIsFolder: '「{{path}}」はフォルダーです。その中のファイル名を選んでください。',
  outputNotFile:
    '{{folder}}の「{{name}}」はファイルではなく、パイプ、ソケットまたは装置です。何も変更していません。別の名前を選んでください。',
  outputExists: '{{folder}}に「{{name}}」がすでにあります。別の名前にするか、置き換えを許可してください。',
  outputAppeared: 'その間に「{{name}}」ができたため、置き換えませんでした。別の名前にしてください。',
  sourceEnded:
    '「{{name}}」は{{wanted}}コマのうち{{count}}コマで終わりました。そこでファイルが壊れています。その手前までの範囲を選んでください。',
  windowWithoutKey:
    'このウィンドウにはHeirloomを開くための鍵がありません。Heirloomの起動時に表示されたアドレス、またはそこに示されたファイルを開いてください。',
  windowKeyUsed:
    'このアドレスの鍵は、使用済みか、期限切れか、前回の起動のものです。データは失われていません。起動時に示されたファイルを開くと、いつでも新しい鍵で入れます。Heirloomを起動し直しても構いません。',
  droppedNameless: 'ドロップされたファイルの名前が使えません。',
  droppedUnsized: '「{{name}}」の容量がわからないため、コピーしませんでした。',
  droppedNoRoom:
    '「{{name}}」（{{megabytes}} MB）をコピーする空きがありません。空きを作るか、共有フォルダーから開いてください。',
  uploadsLost:
    'ファイルの送信中にページが閉じられ、次の{{count}}件は届いていません（途中までの分も残っていません）：{{names}}。もう一度ドロップしてください。届いたものはここにあります。',
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
  droppedInterrupted: '「{{name}}」のコピーが中断しました。もう一度ドロップしてください。',
  filmEmpty: '書き出すものがありません。クリップが1つもありません。',
  clipNotOpen: 'クリップ「{{name}}」の元のビデオが開かれていません。もう一度開いてください。',
  clipEmpty: '「{{name}}」の範囲にコマがありません。終わりを始まりより後にしてください。',
  clipBeyond:
    '「{{name}}」は{{count}}コマですが、クリップの終わりが{{to}}コマ目になっています。何も行っていません。終わりを範囲内にするか、ビデオを開き直してください。',
  clipSizes:
    '1本のビデオの中で大きさは変えられません。最初のクリップは{{wanted}}ですが、「{{name}}」は{{found}}になります。「このクリップだけ」を選んで1つずつ書き出すか、大きさの違うクリップを外してください。',
  clipScales:
    '1本のビデオの中で大きさは変えられません。最初のクリップは{{wanted}}ですが、「{{name}}」は{{found}}になります。映像の横の「大きさ」をすべてのクリップで同じにするか、「このクリップだけ」を選んで1つずつ書き出してください。',
  modelUnreadable:
    'モデル「{{id}}」が壊れています（model.jsonを読めません）。モデル一式をフォルダーに入れ直すか、別のモデルを選んでください。',
  modelUnknownKind:
    'モデル「{{id}}」は、このバージョンのHeirloomでは使えない種類です。新しいHeirloomを入れるか、別のモデルを選んでください。',
  modelFileUnreadable:
    'モデル「{{id}}」は使えません。{{path}}を読み込めませんでした（{{reason}}）。モデル一式を置き直すか、別のモデルを選んでください。',
  modelWithoutWeights:
    'モデル「{{id}}」の重み（{{path}}）がありません。そのファイルを入れ直すか、別のモデルを選んでください。',
  projectCorrupt:
    '保存されたプロジェクトも、その控えも読めません。ビデオは無事です。新しいプロジェクトを始めてください。ファイルは{{folder}}に残してあります。',
  projectAside:
    '保存されたプロジェクトが壊れていて読めないため、前の控えを開きました。壊れたファイルは{{folder}}に{{name}}として残してあります。',
  projectNewer:
    '保存されたプロジェクトは、より新しいHeirloomで作られています（形式{{format}}。このHeirloomで使えるのは{{known}}まで）。ファイルには触れていません。ここでの編集は保存されません。新しいHeirloomで開くか、{{path}}を別の場所に移してから起動し直してください。',
  projectChanged:
    'このプロジェクトは別のウィンドウで変更されたため、ここからは保存しませんでした。何も上書きしていません。このウィンドウを再読み込みすると新しい内容で続けられますが、このウィンドウでの最後の編集は失われます。',
  noProgram: '開けるソフトがありません。ビデオは無事で、{{target}}にあります。',
  encoderMissing:
    'このffmpeg（{{ffmpeg}}）は{{encoder}}を含まないため、{{codec}}で書き出せません。別の形式か別のffmpegを選んでください。',
  outputCheckFailed:
    'できあがったビデオが検査に通らなかったため（{{what}}）、削除しました。元のビデオは無事で、できあがった部分も残っています。書き出しをやり直すと最後の段階だけが行われます。また失敗するときは、たいていのものを入れられるMKVを選んでください。',
  toolDiskFull:
    'ディスクがいっぱいで処理できませんでした（{{what}}）。お手元のビデオはそのままです。書き込み先のディスクに空きを作ってください。',
  // 「処理できませんでした（…）」の中に入る、道具に頼んだこと
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
  // できあがったファイルの検査で見つかったこと
  checkSize: '映像が{{size}}ではありません',
  checkTracks: '音声トラックが{{wanted}}本ではなく{{found}}本です',
  checkFrames: '{{wanted}}コマではなく{{found}}コマです',
  checkStart: '始まりの時刻が違います',
  checkTime: '{{frame}}番のコマの時刻が違います',
  toolFailed: '処理できませんでした（{{what}}）：{{reason}}。元の動画はそのままです。',
  frameNotShown:
    '「{{name}}」の{{frame}}コマ目を取り出せないため、表示できません。ビデオはそのままです。前後のコマは表示できることがあります。',
  folderNoFilms:
    'フォルダー「{{name}}」にも、その中のフォルダーにも、ビデオがありません。何も開いていません。名前の形が違うビデオがあれば、そのファイルを直接開いてください。',
  folderNotGiven:
    'ブラウザがフォルダー「{{name}}」を読めませんでした。何もコピーしていません。中のビデオを直接ドロップするか、「開く」を使ってください。',
  sourceIsFolder: '「{{name}}」はフォルダーです。中のビデオファイルを開いてください。',
  sourceEmpty: '「{{name}}」は空で、データがまったくありません。元の場所からコピーし直してください。',
  sourceGone: '{{path}}に「{{name}}」がありません。移動したか、名前が変わった可能性があります。',
  sourceNameNotUnicode:
    '「{{name}}」はありますが、名前が古いディスクのようにUnicodeではないため、開けません。ファイルの中身は無事です。ファイルマネージャーで名前を変えるか、別の名前でコピーしてから開いてください。',
  sourceUnreadable:
    '「{{name}}」を読み込めません（{{why}}）。何も変更していません。原因を取り除くか、別の場所にコピーして、そちらを開いてください。',
  sourceWithoutIndex:
    '「{{name}}」が壊れています。録画やコピーが途中で切れたときのように索引がありません。元の場所からもう一度コピーしてください。',
  sourceIndexLost:
    '「{{name}}」は壊れています。索引は残っていますが、その前のデータが欠けているか重複しているため、あるべき位置にありません。索引の位置が違うと中身を探せません。ファイルはそのままです。元の場所からもう一度コピーしてください。',
  sourceBroken:
    '「{{name}}」は動画（{{kind}}）ですが、壊れています。何がどこに入っているかを示す部分（先頭または末尾）が欠けているか、壊れています。ファイルはそのままです。元の場所からもう一度コピーしてください。ほかにコピーがなければ、{{kind}}を修復するソフトで映像を取り出せることがあります。',
  sourceGif:
    '「{{name}}」はGIFです。HeirloomではGIFを開けません。開けるのは、動画（MP4、MOV、MKV、AVI、MPEGなど）と写真（JPEG、PNG、TIFF、WebP、BMP、およびこのffmpegで読める場合はHEIC）です。動くGIFはMP4に、動かないGIFはPNGに保存して、それを開いてください。',
  photoNoFilm:
    '「{{name}}」は動画ではなく写真です。画像が1枚あるだけで、長さがありません。何も書き込んでいません。写真として保存し（ウィンドウでは「この瞬間を写真に保存」、ターミナルでは「heirloom photo」）、ビデオからは外してください。',
  notReadableVideo:
    '「{{name}}」は読める動画ではありません（{{reason}}）。再生できるソフトがあれば、そこでH.264のMP4として保存し、そちらを開いてください。',
  pictureSize: '「{{name}}」の画像は{{size}}です。Heirloomが読めるのは16384×16384までです。',
  sourceIsList:
    '「{{name}}」はビデオではなく、ほかのファイルを指すリスト（{{kind}}）です。Heirloomはそこから何も開きません。ビデオファイルそのものを開いてください。',
  noteElsewhere:
    'このビデオの一部（音声など）は、参照先の別のファイルにあります。Heirloomは参照先を開かないため、その部分は含まれません。',
  sourceElsewhere:
    '「{{name}}」には映像が入っておらず、別のファイルを参照しています。Heirloomは参照先を開きません。映像の入ったファイルそのものを開いてください。',
  toolLate:
    '処理できませんでした（{{what}}）：{{seconds}}秒待っても応答がありません。ドライブやネットワークフォルダーが応答していないか、ファイルが壊れています。何も変更していません。接続を確かめるか、ファイルをこのコンピューターにコピーして、そのコピーを開いてください。',
  videoNotOpen: 'このビデオは開かれていません。もう一度開いてください。',
  videoMoved:
    '「{{name}}」が元の場所（{{path}}）にありません。ドライブをつなぐか元に戻せば、止まった処理をもう一度始められます。',
  videoChanged: '「{{name}}」は開いたときと別のファイルになっています。もう一度開いてください。',
  engineCrashed:
    '画像エンジンが同じ場所で2回止まりました。ファイルは無事です。倍率を小さくするか、別のモデルをお試しください。',
  engineStalled:
    '画像エンジンが動かなくなることが2回あり、終了させました。ファイルは無事で、できた分は残っています。ほかのソフトが止めていないか確かめてから続けてください。',
  containerCannot: '{{container}}ファイルにはこの形式（{{codec}}）を入れられません。使えるのは{{able}}です。',
  outputEnding:
    '「{{name}}」という名前は{{ending}}で終わっていません。この種類の動画には必要です。何も書き込んでいません。名前の後ろに{{ending}}を付けてください。',
  modelScale: 'モデル「{{name}}」は{{scale}}倍にできません。できるのは{{scales}}倍です。',
  modelStrength: 'モデル「{{name}}」の強さは最大（1）かなし（0）だけで、{{strength}}にはできません。',
  modelLooks:
    'モデル「{{name}}」には仕上がりの種類がなく、いつも全力で処理します。--lookは付けないでください。',
  notChosen:
    '「{{name}}」はここで選ばれていないため使えません。もう一度選ぶか、そのフォルダーを共有してください。',
  modelDamagedFile: 'モデルの重み（{{path}}）が途中で切れています。モデルを入れ直してください。',
  modelDamagedList: 'モデルの重み（{{path}}）の目次を読めません。モデルを入れ直してください。',
  modelWithoutDescription:
    'モデル「{{id}}」がありません。{{folder}}にmodel.jsonがありません。モデル一式をそこに入れるか、別のモデルを選んでください。',
  needsDesktop: 'ここではシステムの画面を使えません。デスクトップ版が必要です。',
  folderUnreadable:
    'フォルダー「{{name}}」を読めません（{{reason}}）。別のフォルダーを選ぶか、原因を取り除いてください。',
  noSuchPicture:
    '「{{name}}」は{{count}}コマで、{{frame}}番のコマはありません。範囲内の場面を選んでください。',
  photoEnding:
    'この種類の写真の名前は{{endings}}で終わりますが、「{{name}}」は違います。何も書き込んでいません。',
  previewGone: 'このプレビューはもうありません。もう一度始めてください。',
  pictureGone: 'この画像は（まだ）ありません。',
  jobGone: 'この処理はもうありません。',
  unfinishedGone: 'この書き出しは再開待ちではありません。破棄されたか、すでに再開されています。',
  unfinishedOther:
    '書き出しを再開できません。「{{name}}」は書き出しを始めたときのファイルと異なります。元のファイルを戻すか、この書き出しを破棄して、最初からやり直してください。',
  previewEmpty: '範囲が空なので、プレビューするものがありません。',
  engineCount:
    '画像エンジンが{{wanted}}枚のところ{{found}}枚を返しました。何も書き込んでいません。開発者にお知らせください。',
  modelFlat:
    'モデル「{{model}}」は「{{name}}」の{{at}}から何も写っていない画像を返しています。元のビデオには映像があります。何も書き込んでおらず、元のファイルはそのままです。別のモデルを選ぶか、このモデルを入れ直してください。',
  modelFrozen:
    'モデル「{{model}}」は「{{name}}」の{{at}}から同じ画像を返し続けています。元のビデオには動きがあります。何も書き込んでおらず、元のファイルはそのままです。別のモデルを選ぶか、このモデルを入れ直してください。',
  modelAltered:
    'モデル「{{id}}」が壊れているか、書き換えられています。{{path}}はHeirloomに付属のファイルと一致しないため、使いません。Heirloomを入れ直すか、別のモデルを選んでください。',
  estimatorAltered:
    'おすすめの強さを調べる部品が壊れているか、変更されています。{{path}}はHeirloomに付属のファイルではありません。この部品は使わず、おすすめも出しませんが、高画質化はこれまでどおりできます。Heirloomを入れ直してください。',
  engineForeign:
    '画像エンジンとこのプログラムのバージョンが合っていません。プロジェクトのフォルダーで「npm start」を実行するか、Heirloomを入れ直してください。',
  engineNotBuilt:
    '画像エンジンがまだできていません。プロジェクトのフォルダーで一度「npm start」を実行すると、足りないものが作られます。',
  engineNotLoaded:
    'このコンピューターでは画像エンジンを読み込めませんでした。ファイルはそのままです。Heirloomを入れ直すか、プロジェクトのフォルダーで「npm start」を実行してください。システムからのメッセージ：「{{reason}}」',
  engineSaid: '元のファイルはそのままです。画像エンジンからのメッセージ：「{{words}}」',
  engineStopped:
    '画像エンジンが止まりました。元のビデオはそのままで、できあがった部分は残っています。始め直して、また止まるときは倍率を小さくするか、別のモデルを選んでください。エンジンからのメッセージ：「{{reason}}」',
  toolNotStarted: '処理できませんでした（{{what}}）。{{tool}}が起動しません（{{reason}}）。',
  sourceSize:
    '「{{name}}」を読めませんでした。ffmpegの画像が{{wanted}}ではなく{{found}}です。ファイルはそのままです。開き直しても同じときは、不具合としてお知らせください。',
  sourceNoPicture:
    '「{{name}}」を読めませんでした。その部分から1コマも取り出せません。ファイルはそのままです。別の部分を選んでください。',
  sourceUndecodable:
    'このffmpegでは「{{name}}」の映像を1コマも取り出せません。ファイルに問題があるとは限らず、ファイルはそのままです。再生ソフトで見られるか確かめてください。見られるなら、そこでH.264のMP4として保存するか、新しいffmpegを使ってください。見られないなら、元の場所からコピーし直してください。',
  photoUndecodable:
    'このffmpegでは画像「{{name}}」を読めません。ファイルに問題があるとは限らず、ファイルはそのままです。ほかのソフトで見られるか確かめてください。見られるなら、そこでJPEGかPNGとして保存し、見られないなら、元の場所からコピーし直してください。',
  photoKind:
    '写真「{{name}}」の種類（HEICまたはAVIF）は、このffmpeg（{{version}}）では読めません。元のスマートフォンやコンピューターでJPEGとして保存するか、新しいffmpegをお使いください。',
  segmentFrames:
    'できあがった部分の合計が{{wanted}}コマではなく{{found}}コマです。何も書き込んでおらず、元のビデオはそのままです。別の画質を選ぶとすべての部分が作り直されます。不具合としてもお知らせください。',
  previewDiskFull:
    '{{folder}}のディスクがいっぱいで、プレビューを続けられませんでした。お手元のビデオはそのままです。空きを作ってから、始め直してください。',
  previewNotKept:
    'プレビューの画像を{{folder}}に書き込めません（{{reason}}）。お手元のビデオはそのままです。HEIRLOOM_CACHEで別のフォルダーを指定して、Heirloomを起動し直してください。',
  ffmpegNamed: '{{variable}}が指す{{path}}がありません。直すか、設定を消してください。',
  ffmpegNone:
    'Heirloomはビデオの読み書きにffmpegを使いますが、見つかりません。インストールするか（{{how}}）、FFMPEG_BINとFFPROBE_BINで指定してください。',
  ffprobeNone:
    'ffmpegは{{path}}にありますが、対になるffprobeがありません。インストールするか（{{how}}）、FFMPEG_BINとFFPROBE_BINで指定してください。',
  ffmpegSilent:
    '{{path}}はありますが、正しく応答しません。入れ直すか（{{how}}）、別のものをFFMPEG_BINとFFPROBE_BINで指定してください。',
  ffmpegOld:
    '{{path}}はバージョン{{version}}ですが、Heirloomには4.4以上が必要です。新しいものを入れるか（{{how}}）、FFMPEG_BINとFFPROBE_BINで指定してください。',
  sourceNotRegular:
    '「{{name}}」はファイルではなく、パイプ、ソケットまたは装置です。ビデオのファイルそのものを開いてください。',
  sourceAway: '「{{name}}」が{{path}}にありません。元に戻すか、もう一度開いてください。',
  sourceChanged: '「{{name}}」は開いたあとに変わっています。もう一度開いてください。',
  sourceReadError:
    '「{{name}}」の{{at}}の部分を読み取れません。ディスクまたは接続からデータが届いていません。できた分は残っており、元のファイルはそのままです。ドライブを接続し直すか、ファイルを別のディスクにコピーしてから、もう一度書き出してください。',
  tableStale:
    '「{{name}}」の画像の一覧として保存されていたものが、ファイルの内容と一致しません。一覧は作り直しました。元のファイルは変わっていません。ファイルを開き直してから、もう一度始めてください。',
  sourceUnsteady:
    '「{{name}}」は読み取るたびに内容が変わります。ドライブの接続がゆるいか、通信が不安定なようです。できた分は残っています。ファイルをこのコンピューターのディスクにコピーし、コピーの方を書き出してください。',
  toolKilled:
    '{{what}}を完了できませんでした。システムがffmpegを終了させました（{{signal}}）。メモリー不足のときに起こります。2回試しました。できた分は残っています。ほかのソフトを閉じてから続けてください。',
  toolStalled:
    '{{what}}を完了できませんでした。ffmpegが{{seconds}}秒間止まったままになることが2回あり、終了させました。できた分は残っています。ほかのソフトが止めていないか確かめてから続けてください。',
  cacheDiskFull:
    '{{folder}}のあるディスクがいっぱいです。作業中、ここに映像のできた部分を置いています。できた分は残っています。そのディスクの空きを増やしてから、もう一度書き出してください。続きから始まります。',
  cacheDiskFullAtOnce:
    '{{folder}}のあるディスクがいっぱいです。作業中、ここに映像のできた部分を置きますが、この映像ではまだ1つもできていません。元のビデオはそのままです。そのディスクの空きを増やしてから、もう一度書き出してください。',
  ownDiskFull:
    '{{folder}}のあるディスクがいっぱいです。Heirloomは設定、プロジェクト、プレビュー、映像のできた部分をここに置いています。お手元のビデオはそのままです。そのディスクの空きを増やすと、続けられます。',
  ownNotWritable:
    'Heirloomが使うフォルダー（{{folder}}）に書き込めません（{{reason}}）。お手元のビデオはそのままです。書き込みを許可するか、{{variable}}で別のフォルダーを指定して、Heirloomを起動し直してください。',
  segmentsUnsteady:
    '{{folder}}に置いた映像のできた部分が、書き込んだとおりに残っていません。そのディスクに問題があります。元のファイルはそのままです。HEIRLOOM_CACHEで別のディスクのフォルダーを指定してHeirloomを起動し直し、このディスクを調べてください。',
  sourceOther: '「{{name}}」は前回と同じファイルではありません。クリップを削除して、開き直してください。',
  sourceOnlySound:
    '「{{name}}」には音声だけで映像がありません。Heirloomが高画質化するのは動画です。映像のある動画を開いてください。',
  sourceWithoutPicture:
    '「{{name}}」には映像がありません。Heirloomが高画質化するのは動画と写真です。動画か写真を開いてください。',
  sourceCodec:
    '「{{name}}」は動画（{{codec}}）とされていますが、このffmpegでは映像を読めません。再生できるソフトでH.264のMP4として保存するか、新しいffmpegを使ってください。',
  sourceRate:
    '「{{name}}」には1秒あたりのコマ数の情報がなく、時間に並べられません。再生できるソフトでMP4かMKVとして保存し、そちらを開いてください。',
  filmTooLong: '「{{name}}」を加えると、作品が1000時間を超えます。何も変更していません。',
  fileNowhere: '「{{name}}」はこのコンピューター上の場所がわかりません。「開く」を使ってください。',

  nameEnhanced: '高画質化',
  nameMoment: '{{time}}の場面',
  nameMomentBefore: '{{time}}の場面（高画質化前）',
  nameMomentAfter: '{{time}}の場面（高画質化後）',

  noteTruncated:
    'このファイルは、ファイル自身に書かれている容量より小さくなっています。コピーが途中で切れたときのように終わりの部分がないか、途中の部分が抜けています。残っている部分は使えます。',
  noteHeadless:
    '「{{name}}」は先頭が壊れており、{{ending}}ファイルの先頭にあるはずの情報がありません。見つかったのは画像だけで、音声と時刻はありません。この映像の別のコピーがあれば、そちらを開いてください。',
  noteDamagedAt:
    '「{{name}}」は{{places}}の箇所が壊れています。そこでは画像や音声が欠けているか、乱れることがあります。読み取れるものはすべて使います。この映像の別のコピーがあれば、そちらを開いてください。',
  noteHoles:
    '「{{name}}」は{{places}}の箇所が壊れており、画像が約{{count}}枚欠けています。その間は直前の画像を表示し続けます。前後の画像も乱れることがあります。この映像の別のコピーがあれば、そちらを開いてください。',
  noteEmpty:
    '「{{name}}」の{{at}}から{{seconds}}秒間は、画像も音声もありません。その間は直前の画像を無音で表示し続けます。不要なら、その部分を切り取ってください。',
  noteJoined:
    '「{{name}}」には{{count}}本のビデオが続けて入っています。すべての画像と音声を、1本のビデオとして表示します。',
  noteDisorder:
    '「{{name}}」は{{places}}の箇所が壊れており、ファイルの一部が重複しているか、順序が入れ替わっています。読み取れるものはすべてファイルの順に表示します。そこでは画像や音声が乱れることがあります。この映像の別のコピーがあれば、そちらを開いてください。',
  noteEndsInPacket:
    '「{{name}}」はデータの途中で終わっています。録画やコピーが途中で切れたときのように、その先がありません。残っている部分は使えます。',
  noteIndexTimeless:
    '「{{name}}」の索引が壊れており、すべての画像に同じ時刻が付いています。{{total}}枚のうち{{count}}枚を、推定した時刻で表示します。長さが元と違い、音声と合わないことがあります。元の場所からもう一度コピーするか、別のコピーを開いてください。',
  noteIndexStops:
    '「{{name}}」の索引が壊れており、{{at}}の箇所で、映像のない場所を指しています。映像はそこで終わり、{{total}}枚のうち{{count}}枚は、ファイルに残っていても表示されません。この映像の別のコピーがあれば、そちらを開いてください。',
  noteIndexLeads:
    '「{{name}}」の索引は{{places}}の箇所が壊れており、そこの{{count}}枚の画像はファイルにありません。その間は直前の画像を表示し続けます。前後の画像も乱れることがあります。この映像の別のコピーがあれば、そちらを開いてください。',
  noteIndexEmpty:
    '「{{name}}」の{{places}}には、中身のない画像が{{count}}枚あります（カメラがコマを飛ばしたときなど）。その間は直前の画像を表示し続けます。',
  noteIndexSound:
    '「{{name}}」の索引は{{places}}の箇所が壊れており、音声トラック{{track}}のその部分はファイルにありません。無音になるか、乱れることがあります。この映像の別のコピーがあれば、そちらを開いてください。',
  noteShorter:
    '「{{name}}」には長さが{{told}}と書かれていますが、{{found}}で終わっています。コピーが途中で切れたときのように、残りがありません。残っている部分は使えます。',
  noteUnread:
    '「{{name}}」の約{{percent}}%は、読み取れる最後の画像と音声より後ろにあり、表示されません。別のビデオが同じファイルにつなげられているか、壊れていて読めない部分です。つなげる前のファイルを1本ずつ開くか、元の場所からもう一度コピーしてください。',
  noteClockRestarts:
    '「{{name}}」の時刻は{{places}}で最初に戻ります。複数の録画がつなげられたファイルです。それぞれの音声とともに、順につなげて扱います。',
  noteClockRestartsOnly:
    '「{{name}}」の時刻は{{places}}で最初に戻ります。映像は順につなげて表示しますが、音声はそこで分けられないため、その後の音声を確かめてください。つなげる前のファイルを1本ずつ開けば正しく扱えます。',
  noteClockLeaps:
    '「{{name}}」の時刻は{{places}}で飛びます。そこで間を空けずに、画像を順につなげて表示します。',
  noteSectionSizes:
    '「{{name}}」でつなげられた録画のうち、{{places}}から始まるものは画像の大きさまたは縦横比が異なります。最初の録画の{{size}}に合わせ、縦横比が違う場合は余白が黒い帯になります。元の大きさのままにするには、つなげる前のファイルを1本ずつ書き出してください。',
  noteSectionShapes:
    '「{{name}}」でつなげられた録画の途中で画像の大きさまたは縦横比が変わります。最初の画像に合わせ、縦横比が違う場合は余白が黒い帯になります。',
  noteFilmsBehind:
    '「{{name}}」には複数のビデオが入っています（最初のほかに{{count}}本）。読めるのは最初の1本だけで、書き出したビデオもそこで終わります。つなげる前のファイルを1本ずつ開いてください。',
  noteNoTimes: '「{{name}}」には時刻の情報がありません。ファイルに書かれた毎秒{{rate}}枚で表示します。',
  noteTimesReplaced:
    '「{{name}}」の{{count}}枚の画像に正しくない時刻が付いています（最初は{{at}}）。前後の画像の間に表示します。ほかの画像は動きません。',
  noteBeginsLate:
    '「{{name}}」は場面の途中から始まっています。{{count}}枚（{{seconds}}秒）の画像は、元になる画像がファイルにないため表示できません。映像も音声もその後から始まります。',
  noteLastPicture:
    '「{{name}}」には最後の画像を{{seconds}}秒表示すると書かれていますが、全体と比べて長すぎます。通常の1コマ分だけ表示します。',
  noteChaptersAfter:
    '「{{name}}」には、最後の画像より後に始まるチャプターがあります。これらは含まれません（{{count}}件）：{{titles}}。',
  noteHdr: 'これはハイダイナミックレンジ（HDR）の映像です。',
  noteInterlaced:
    '「{{name}}」はインターレースです。1フィールドずつを1枚の画像にして、毎秒{{rate}}コマで書き出します。',
  noteBits:
    '「{{name}}」は1色{{bits}}ビットですが、H.264では8ビットになります。残すにはH.265、AV1、ProRes、FFV1を選んでください。',
  noteTracks: '「{{name}}」には音声が{{count}}本あります。',
  noteNotKept: '「{{name}}」から引き継がないもの：{{others}}。',
  reportLength: '長さ',
  reportPictures: 'コマ数',
  reportSize: '表示の大きさ',
  reportPixels: '画素の縦横比',
  reportTurn: '表示時の回転',
  reportFields: '映像の種類',
  reportVideo: '映像の圧縮方式',
  reportDepth: '色の深さと細かさ',
  reportColour: '色の規格',
  reportSound: '音声トラック{{of}}',
  reportSoundOf: '「{{name}}」の音声トラック{{of}}',
  reportSoundLength: '音声トラック{{of}}の長さ',
  reportChapters: 'チャプター',
  reportDate: '撮影日時',
  reportTag: 'タグ「{{of}}」',
  tagTitle: 'タイトル',
  tagArtist: 'アーティスト',
  tagAuthor: '作者',
  tagAlbum: 'アルバム',
  tagComment: 'コメント',
  tagDescription: '説明',
  tagCopyright: '著作権',
  tagKeywords: 'キーワード',
  tagDate: '日付',
  tagLocation: '場所',
  tagMake: 'カメラのメーカー',
  tagModel: 'カメラ',
  tagSoftware: 'カメラのソフトウェア',
  tagGenre: 'ジャンル',
  reportTrack: 'その他のトラック',
  cellSeconds: '{{n}}秒',
  cellBits: '{{bits}}ビット',
  cellMono: 'モノラル',
  cellStereo: 'ステレオ',
  cellChannels: '{{channels}}チャンネル',
  languageUnknown: '言語不明',
  cellDefault: '最初に再生',
  cellComment: '解説',
  cellForced: '常に再生',
  cellDub: '吹き替え',
  cellHearing: '聴覚の不自由な方向け',
  cellSeeing: '視覚の不自由な方向け',
  cellOriginal: '元の言語',
  cellBefore: '映像より{{at}}秒早く開始',
  cellFrom: '{{at}}秒から開始',
  cellJoined: '複数の録画',
  cellEmpty: '中身なし',
  cellUnreadable: '読み取れません',
  cellEncrypted: '暗号化',
  cellWhole: '通常の画像',
  cellTopFirst: 'インターレース（上のフィールドが先）',
  cellBottomFirst: 'インターレース（下のフィールドが先）',
  cellMirrored: '左右反転',
  cellFull: 'フルレンジ',
  cellLimited: '限定レンジ',
  cellShapes: '途中で形が変わります',
  cellSubtitles: '字幕（{{codec}}）',
  cellVideo: '別の映像（{{codec}}）',
  cellAttachment: '添付ファイル（{{codec}}）',
  cellTimecode: 'テープのタイムコード（{{at}}から）',
  cellData: 'データ（{{codec}}）',
  whyChosen: '選んだ設定のとおり',
  whyRecoded: 'そのままコピーできず、圧縮し直したため',
  whyNoted: '高画質化の内容を書き加えたため',
  whyRange: '一部だけを選んだため',
  whySeveral: '複数のビデオをつないだため',
  whyBeginsLate: '最初の画像が表示できないため',
  whyLastPicture: '最後の画像を通常の1コマ分だけ表示するため',
  whyTruncated: '元のファイルの一部が欠けているため',
  whyLastCounted: '最後のコマの数え方がファイルによって違うため',
  whyClock: '時刻の乱れを直したため',
  whyFilmsBehind: 'ファイルの最初のビデオだけを読むため',
  whyIndex: '元の索引が壊れているため',
  whyJoined: '続けて入っている複数のビデオをすべて表示するため',
  whyDisorder: '元のファイルの一部が重複しているか、順序が入れ替わっているため',
  whyGuessed: '元のファイルに長さの記録がなく、推定値のため',
  whySoundAround: '映像のある部分の音声だけを残すため',
  whySilence: '元に音声のない部分は無音にしたため',
  whyUnreadable: '読み取れないため',
  whyNoSound: '音声なしを選んだため',
  whyCannot: 'この種のトラックはまだ引き継げないため',
  whyShapes: '途中の形を最初の形に合わせたため',
  whySquare: 'どのプレーヤーでも同じに見える正方形の画素にしたため',
  whyUpright: '映像そのものを回転したため',
  whyFields: 'フィールドを1枚ずつの画像にしたため',
  whyDepth: '選んだ圧縮方式の形式に合わせたため',
  noteDiffers: '元と異なる点：{{what}}は「{{was}}」でしたが、「{{is}}」になりました。',
  noteLost: '元から失われたもの：{{what}}（「{{was}}」）。',
  noteSeveral: '元のファイルが複数あるため、それぞれの題名や場所は引き継ぎません。',
  noteMkv: 'MKVの時刻はミリ秒単位です。',
  noteMkvFast:
    'MKVの時刻はミリ秒単位のため、1秒に{{rate}}枚という速さを記録できません。ソフトによっては別の速さとして扱われ、最後の画像が長く表示されます。画像はすべて残ります。速さも残すにはMP4かMOVを選んでください。',
  noteRepeated:
    '「{{name}}」の{{from}}から{{to}}までの{{count}}枚は読み取れなかったため、直前の画像を繰り返しています。',
  noteRepeatedOne: '「{{name}}」の{{from}}の1枚は読み取れなかったため、直前の画像を繰り返しています。',
  noteDamagedPart:
    'ファイル「{{name}}」は{{from}}から{{to}}までが壊れています。その部分の画像は正しく見えないことがあります。',
  noteFirstTrack:
    'クリップが複数あるときは音声が1本になります。「{{name}}」からは音声{{track}}だけを残します。',
  noteSoundEmpty:
    '「{{name}}」の音声{{track}}は、あることになっていますが中身が録音されていません。この音声は省きます。',
  noteSoundUnreadable:
    '「{{name}}」の音声{{track}}（{{codec}}）はこのffmpegでは読めないため省きます。元のファイルにはそのまま残ります。',
  noteSoundDamaged:
    '「{{name}}」の音声トラック{{track}}は破損していて、{{places}}の部分を読み取れません。その部分は無音になります。別のコピーがあれば、そちらを開いてください。',
  noteSoundForm:
    '「{{name}}」の音声は途中で形式が変わります（2チャンネルから6チャンネルなど）。最後まで最初の形式で保存します。',
  noteSoundBefore: '「{{name}}」には最初の画像より前に{{seconds}}秒の音声があります。その部分は省きます。',
  noteSoundAfter: '「{{name}}」には最後の画像より後に{{seconds}}秒の音声があります。その部分は省きます。',
  noteSoundLossy:
    '「{{name}}」の音声{{track}}（{{codec}}）は無劣化ですが、{{container}}ではAACになり、ごくわずかに劣化します。無劣化のまま残すにはMKVを選んでください。',
  noteSoundMixed:
    'クリップが複数あるため、「{{name}}」の{{channels}}チャンネルの音声はステレオにまとめます。',
  noteSoundEncrypted: '「{{name}}」の音声{{track}}は暗号化されているため省きます。',
  noteLookEnded:
    '音声を探したのは「{{name}}」の最初の{{megabytes}} MBだけです。それより後に始まる音声は見つかりません。',
  noteAlpha: '「{{name}}」の映像には透明な部分があります。透明度は残りません。',
  noteSeveralFilms:
    '「{{name}}」には映像が{{count}}本あります。トラック{{track}}（{{size}}）を使います。ほかの映像（{{others}}）は、ウィンドウではクリップの欄、ターミナルでは--trackで選べます。',
  noteShapeChanges:
    '「{{name}}」は{{places}}ごろに画像の大きさまたは縦横比が変わります。最初の画像に合わせ、縦横比が違う場合は余白が黒い帯になります。',
  noteFieldsByContainer: '「{{name}}」は、ファイルの情報に従ってインターレースとして読みます。',
  noteOddSize:
    '「{{name}}」の画像は{{size}}です。動画の縦横は偶数のため、端の1列または1行を繰り返して{{even}}にします。',
  noteCodecSmallest:
    '{{codec}}は{{least}}×{{least}}より小さい画像を扱えないため、{{shown}}の画像の右と下の端を繰り返して{{size}}の動画にします。H.264なら大きさは変わりません。',
  sourceEncrypted:
    '「{{name}}」は暗号化（コピー保護）されているため、Heirloomでは読めません。保護のないコピーを開いてください。',
  noSuchFilm: '「{{name}}」のトラック{{track}}に映像はありません。映像があるのは{{tracks}}です。',
  noteMemory: '途中でメモリーが足りなくなったため、残りはメモリーの少ない方法で処理しました。',
  noteStill: '写真1枚では、ビデオの一場面ほどはきれいになりません。手がかりになる前後の画像がないためです。',
  noteAlone:
    '前後に同じものが写った画像がないため、この1枚だけから作りました。近くの動きの少ない場面のほうがきれいになるかもしれません。',
  noteHelped: '前後の画像{{count}}枚を使いました。',
  noteHelpedBut: '前後の画像{{count}}枚を使いました。別のものが写っている{{dropped}}枚は使っていません。',
  ...engineJa,
}
