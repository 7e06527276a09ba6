// What the engine says; its own English is the same, word by word.
import type { engine as en } from '../en/engine.js'
import type { Wording } from '../wording.js'

export const engine: Wording<typeof en> = {
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
  engineNoEnhancer:
    '{{folder}}のモデルは、フレームの間のフレームを作るもので、高画質化はしません。「設定」の「モデル」で別のモデルを選んでください。',
  engineNoInterpolator:
    '{{folder}}のモデルは、フレームの間のフレームを作りません。Heirloomの動きのモデルを入れ直してください。',
  engineOnlyPictures:
    '{{folder}}のモデルは、写真を小さく保存するもので、高画質化はしません。「設定」の「モデル」で別のモデルを選んでください。',
  engineNoStillCodec:
    '{{folder}}のモデルは、写真を小さく保存するものではありません。別のモデルを選んでください。',
  engineStillMemory: '{{size}}の写真には{{total}}のメモリーを使います。使えるのは{{limit}}です。',
  engineStillNoMemory:
    'メモリーが足りません。{{size}}の写真には{{total}}が必要ですが、使えるのは{{limit}}です。何も始めていません。ほかのソフトを閉じてください。',
  engineStillRefused:
    '{{size}}の写真に必要なメモリーを確保できませんでした。何も書き込んでいません。ほかのソフトを閉じてください。',
  engineStillLarge: '{{size}}の写真は大きすぎます。1辺{{side}}ピクセル、{{pixels}}メガピクセルまでです。',
  engineMotionMemory:
    '{{size}}のフレームの間のフレームを作るには{{total}}のメモリーを使います。使えるのは{{limit}}です。',
  engineMotionNoMemory:
    'メモリーが足りません。{{size}}のフレームの間のフレームを作るには{{total}}が必要ですが、使えるのは{{limit}}です。何も始めていません。ほかのソフトを閉じるか、小さい映像を選んでください。',
}
