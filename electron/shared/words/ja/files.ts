// Files and folders: choosing, naming, copying, writing.
import type { files as en } from '../en/files.js'
import type { Wording } from '../wording.js'

export const files: Wording<typeof en> = {
  outputGone: 'このビデオはもうありません。もう一度書き出してください。',
  diskFull:
    '{{folder}}のディスクがいっぱいです。ここまでの分は残してあります。空きを作ってから続けてください。',
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
  outputNotOpened:
    'システムが「{{name}}」を開けませんでした（{{reason}}）。ビデオは無事です。フォルダーから開いてください。',
  outputNotAllowed:
    '「{{name}}」を{{folder}}に書き込めません（{{reason}}）。そこには何も書き込んでいません。自分のフォルダーを選ぶか、このフォルダーへの書き込みを許可してください。',
  outputFolderGone:
    '「{{name}}」を{{folder}}に書き込めません（{{reason}}）。ドライブをつなぐか、フォルダーを作り直してください。今あるフォルダーを選ぶこともできます。',
  outputOtherDisk:
    '「{{name}}」を{{folder}}に書き込めません（{{reason}}）。すでにできた分は残してあります。別のディスクのフォルダーを選んでください。',
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
  droppedNameless: 'ドロップされたファイルの名前が使えません。',
  droppedUnsized: '「{{name}}」の容量がわからないため、コピーしませんでした。',
  droppedNoRoom:
    '「{{name}}」（{{megabytes}} MB）をコピーする空きがありません。空きを作るか、共有フォルダーから開いてください。',
  uploadsLost:
    'ファイルの送信中にページが閉じられ、次の{{count}}件は届いていません（途中までの分も残っていません）：{{names}}。もう一度ドロップしてください。届いたものはここにあります。',
  droppedInterrupted: '「{{name}}」のコピーが中断しました。もう一度ドロップしてください。',
  noProgram: '開けるソフトがありません。ビデオは無事で、{{target}}にあります。',
  outputCheckFailed:
    'できあがったビデオが検査に通らなかったため（{{what}}）、削除しました。元のビデオは無事で、できあがった部分も残っています。書き出しをやり直すと最後の段階だけが行われます。また失敗するときは、たいていのものを入れられるMKVを選んでください。',
  folderNoFilms:
    'フォルダー「{{name}}」にも、その中のフォルダーにも、ビデオがありません。何も開いていません。名前の形が違うビデオがあれば、そのファイルを直接開いてください。',
  folderNotGiven:
    'ブラウザがフォルダー「{{name}}」を読めませんでした。何もコピーしていません。中のビデオを直接ドロップするか、「開く」を使ってください。',
  noteElsewhere:
    'このビデオの一部（音声など）は、参照先の別のファイルにあります。Heirloomは参照先を開かないため、その部分は含まれません。',
  containerCannot: '{{container}}ファイルにはこの形式（{{codec}}）を入れられません。使えるのは{{able}}です。',
  outputEnding:
    '「{{name}}」という名前は{{ending}}で終わっていません。この種類の動画には必要です。何も書き込んでいません。名前の後ろに{{ending}}を付けてください。',
  notChosen:
    '「{{name}}」はここで選ばれていないため使えません。もう一度選ぶか、そのフォルダーを共有してください。',
  folderUnreadable:
    'フォルダー「{{name}}」を読めません（{{reason}}）。別のフォルダーを選ぶか、原因を取り除いてください。',
  cacheDiskFull:
    '{{folder}}のあるディスクがいっぱいです。作業中、ここに映像のできた部分を置いています。できた分は残っています。そのディスクの空きを増やしてから、もう一度書き出してください。続きから始まります。',
  cacheDiskFullAtOnce:
    '{{folder}}のあるディスクがいっぱいです。作業中、ここに映像のできた部分を置きますが、この映像ではまだ1つもできていません。元のビデオはそのままです。そのディスクの空きを増やしてから、もう一度書き出してください。',
  ownDiskFull:
    '{{folder}}のあるディスクがいっぱいです。Heirloomは設定、プロジェクト、プレビュー、映像のできた部分をここに置いています。お手元のビデオはそのままです。そのディスクの空きを増やすと、続けられます。',
  ownNotWritable:
    'Heirloomが使うフォルダー（{{folder}}）に書き込めません（{{reason}}）。お手元のビデオはそのままです。書き込みを許可するか、{{variable}}で別のフォルダーを指定して、Heirloomを起動し直してください。',
  fileNowhere: '「{{name}}」はこのコンピューター上の場所がわかりません。「開く」を使ってください。',
  nameExported: '書き出し',
  nameCuts: 'カット情報',
  nameEnhanced: '高画質化',
  nameUnique: '重複なし',
  nameTempo: '本来の速さ',
  nameSmooth: 'なめらか',
  nameSlow: 'スローモーション',
  nameRepaired: '修復',
  nameProject: 'マイビデオ',
  nameMoment: '{{time}}の場面',
  nameMomentBefore: '{{time}}の場面（高画質化前）',
  nameMomentAfter: '{{time}}の場面（高画質化後）',
  uploads: {
    label: '送信中のファイル',
    title: '{{total}}件中{{arrived}}件が届きました',
    stay: 'すべて届くまで、このページを開いたままにしてください。',
    of: '{{bytes}}中{{sent}}',
    waiting: '待機中',
  },
  open: {
    title: 'ビデオを開く',
    choose: 'このコンピューターのファイルを選ぶ…',
    copies:
      'まずHeirloomにコピーされます。長いテープでは時間がかかります。ウィンドウにドロップすることもできます。',
    explain:
      'または、Heirloomに共有したフォルダーから選んでください。コピーせずにその場で読み込みます。一度に複数選べます。並びは選んだ順です。',
    empty:
      'ここにビデオはありません。フォルダーを共有するには、「npm start -- serve --share フォルダー」でHeirloomを起動してください。',
    all: 'すべてのファイルを表示',
    none: '開く',
    chosen: '{{count}}本を開く',
  },
  folder: {
    up: '上へ',
    loading: '調べています…',
    noFolders: 'ここにフォルダーはありません。',
    top: '共有フォルダー',
  },
}
