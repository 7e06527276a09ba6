// Sentences of failures that a window shows in its own language: the host says which one and with what, the words of both
// languages stand side by side here. Values are names, paths and written numbers: they are put in as they are.
import { z } from 'zod'

const en = {
  cancelled: 'Cancelled.',
  modelGone: 'The model "{{id}}" is not there. There are: {{names}}.',
  modelShipped:
    'The model "{{name}}" is part of Heirloom and stays. Only models that were added can be removed.',
  modelInUse: 'A film is being worked on. Wait until it is done or stop it, then remove "{{name}}".',
  modelCannotRemove:
    '"{{name}}" could not be removed from {{folder}}: {{reason}}. Close programs that use it, then try again.',
  modelThere: 'These weights are there already, as "{{name}}". Nothing was changed.',
  modelWorkBusy: 'Another model is being worked on. Wait until that is done, or stop it first.',
  modelVersionUnknown:
    'Nothing in {{folder}} says whether these are the files of FlashVSR v1 or v1.1. Say which folder was downloaded: the wrong choice gives ghosts in the picture.',
  modelVersionWrong:
    '{{folder}} holds FlashVSR {{found}}, not {{wanted}}: its files are known. Nothing was changed; add it as {{found}}.',
  modelNoRoom:
    'There is not enough room in {{folder}}: {{need}} are needed, {{free}} are free. Free some space, then try again. Nothing was changed.',
  downloadAddress:
    '"{{address}}" is not an address to download from. It must begin with https:// (http:// only for this computer itself).',
  downloadRedirect:
    'The server of {{host}} sends on to "{{to}}", where Heirloom does not go. Nothing from there was loaded. Use another address.',
  downloadLoop:
    'The server of {{host}} sends on from one address to the next without an end. Use another address.',
  downloadStatus:
    'The server of {{host}} does not give {{file}} (answer {{status}}). Try again later, or use another address.',
  downloadSize:
    '{{file}} has {{found}} bytes at {{host}}, it should have {{wanted}}. It is another file, so it was not loaded. Use another address.',
  downloadSizeBetween:
    '{{file}} has {{found}} bytes at {{host}}, it should have between {{least}} and {{most}}. It is another file, so it was not loaded. Use another address.',
  downloadUnsized:
    'The server of {{host}} does not say how large {{file}} is, so it was not loaded. Use another address.',
  downloadInterrupted:
    'The connection to {{host}} was lost at {{file}}: {{reason}}. What has come so far is kept; go on when the connection is back.',
  downloadUnreachable:
    '{{host}} cannot be reached: {{reason}}. Look whether this computer is online, or use another address.',
  downloadChecksum:
    '{{file}} from {{host}} is not the published file: its checksum is {{found}} and should be {{wanted}}. It was thrown away. Use another address.',
  downloadNone: 'There is no download to go on with. Start it again.',
  downloadUnknown: 'Heirloom knows no download called "{{id}}".',
  outputGone: 'This film is not there any more. Export it again.',
  diskFull: 'The disk with {{folder}} is full. What is there so far is kept; free some space, then go on.',
  outputNotWritable: '"{{name}}" cannot be written in {{folder}}: {{reason}}. Choose another folder.',
  outputDiskFull:
    'The disk is full: "{{name}}" could not be finished in {{folder}}. Nothing partial is left there. Free some space or choose another folder.',
  outputIsSource:
    '"{{name}}" is the original video itself. Originals are never written to: choose another name.',
  outputIsFolder: '"{{path}}" is a folder. Choose a file name inside it.',
  outputExists: '"{{name}}" already exists in {{folder}}. Choose another name or allow it to be replaced.',
  outputAppeared: '"{{name}}" has appeared in the meantime and was not replaced. Choose another name.',
  sourceEnded:
    '"{{name}}" ended after {{count}} of {{wanted}} pictures. The file is damaged there; choose a range before that place.',
  droppedNameless: 'The file that was dropped has no usable name.',
  droppedUnsized: 'The size of "{{name}}" is not known, so it was not copied.',
  droppedNoRoom:
    'There is no room for a copy of "{{name}}" ({{megabytes}} MB). Free some space, or open it from a shared folder instead.',
  droppedInterrupted: 'Copying "{{name}}" was interrupted. Drop the file again.',
  filmEmpty: 'There is nothing to export: the film holds no clip.',
  clipNotOpen: 'The source of the clip "{{name}}" is not open. Open it again.',
  clipEmpty: 'The range of "{{name}}" holds no frame. Set its end after its start.',
  clipSizes: '"{{name}}" would be {{found}} but the film is {{wanted}}. Export them one by one.',
  modelUnreadable: 'The model "{{id}}" is damaged: its model.json cannot be read.',
  modelUnknownKind: 'The model "{{id}}" is of a kind that this version of Heirloom does not know.',
  modelWithoutWeights: 'The model "{{id}}" has no weights: {{path}} is not there.',
  projectCorrupt:
    'The saved project and its {{backups}} backups cannot be read. Your videos are untouched; start a new project. The files are kept in {{folder}}.',
  noProgram: 'No program here could open it. The film is safe; it lies at {{target}}.',
  encoderMissing:
    'This ffmpeg ({{ffmpeg}}) cannot write {{codec}}: it was built without {{encoder}}. Choose another codec or another ffmpeg.',
  av1TooSmall: 'AV1 needs a picture of at least 64x64; this one is {{size}}. Choose another codec.',
  outputCheckFailed:
    'The finished file did not pass its check: {{what}}. It was removed; the original is untouched. Try again.',
  toolDiskFull: 'Could not {{what}}: the disk is full. Free some space or choose another folder.',
  toolFailed: 'Could not {{what}}: {{reason}}',
  frameNotShown: 'Frame {{frame}} of "{{name}}" could not be shown.',
  sourceIsFolder: '"{{name}}" is a folder. Open the video files inside it.',
  sourceEmpty: '"{{name}}" is empty: it holds no data at all.',
  sourceGone: 'There is no file "{{name}}" at {{path}}. It may have been moved or renamed.',
  sourceUnreadable: '"{{name}}" cannot be read: {{why}}.',
  sourceWithoutIndex:
    '"{{name}}" is damaged: its index is missing, as when a recording or a copy was cut off. Copy it again from where it came from.',
  notReadableVideo: '"{{name}}" is not a video that can be read.',
  pictureSize: 'The picture of "{{name}}" is {{size}}; Heirloom reads 16x16 to 16384x16384.',
  notVideoFile: '"{{name}}" is not a video file (it reads as {{container}}).',
  videoNotOpen: 'This video is not open here. Open it again.',
  videoMoved: '"{{name}}" is not where it was ({{path}}). Plug its drive in or put it back, then try again.',
  videoChanged: '"{{name}}" is another file than when it was opened. Open it again.',
  engineCrashed:
    'The picture engine stopped twice at the same place. Your files are safe; try a smaller scale or another model.',
  containerCannot: 'A {{container}} file cannot hold this kind of video ({{codec}}). These can: {{able}}.',
  modelScale: 'The model "{{name}}" does not enlarge {{scale}} times. It does: {{scales}}.',
  modelStrength: 'The model "{{name}}" knows only full strength (1) and none (0), not {{strength}}.',
  modelLooks: 'The model "{{name}}" has no looks: it always does all that it can. Leave --look out.',
  notChosen: 'Heirloom may not use "{{name}}": it was not chosen here. Choose it again, or share its folder.',
}

const ja: typeof en = {
  cancelled: '中止しました。',
  modelGone: 'モデル「{{id}}」がありません。あるのは次のモデルです：{{names}}。',
  modelShipped:
    'モデル「{{name}}」は Heirloom の一部なので削除できません。削除できるのは追加したモデルだけです。',
  modelInUse: 'ビデオの処理中です。終わるのを待つか中止してから、「{{name}}」を削除してください。',
  modelCannotRemove:
    '「{{name}}」を{{folder}}から削除できませんでした（{{reason}}）。使用中のプログラムを閉じて、もう一度お試しください。',
  modelThere: 'この重みはすでに「{{name}}」として入っています。何も変更していません。',
  modelWorkBusy: '別のモデルを処理しています。終わるのを待つか、先に中止してください。',
  modelVersionUnknown:
    '{{folder}}がFlashVSRのv1かv1.1かを示すものがありません。どちらのフォルダーをダウンロードしたか選んでください。間違えると映像に残像が出ます。',
  modelVersionWrong:
    '{{folder}}のファイルはFlashVSR {{found}}のもので、{{wanted}}ではありません。何も変更していません。{{found}}として追加してください。',
  modelNoRoom:
    '{{folder}}の空き容量が足りません（必要{{need}}、空き{{free}}）。空きを作ってからもう一度お試しください。何も変更していません。',
  downloadAddress:
    '「{{address}}」からはダウンロードできません。https://で始まるアドレスにしてください（http://はこのコンピューター自身だけ）。',
  downloadRedirect:
    '{{host}}のサーバーが「{{to}}」へ転送しようとしましたが、 Heirloom はそこへは行きません。何も読み込んでいません。別のアドレスを使ってください。',
  downloadLoop: '{{host}}のサーバーの転送が終わりません。別のアドレスを使ってください。',
  downloadStatus:
    '{{host}}のサーバーから{{file}}を取得できません（応答{{status}}）。後でもう一度試すか、別のアドレスを使ってください。',
  downloadSize:
    '{{host}}の{{file}}は{{found}}バイトですが、正しくは{{wanted}}バイトです。別のファイルなので読み込みませんでした。別のアドレスを使ってください。',
  downloadSizeBetween:
    '{{host}}の{{file}}は{{found}}バイトですが、正しくは{{least}}～{{most}}バイトです。別のファイルなので読み込みませんでした。別のアドレスを使ってください。',
  downloadUnsized:
    '{{host}}のサーバーが{{file}}の大きさを示さないため、読み込みませんでした。別のアドレスを使ってください。',
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
  outputNotWritable:
    '「{{name}}」を{{folder}}に書き込めません（{{reason}}）。別のフォルダーを選んでください。',
  outputDiskFull:
    'ディスクがいっぱいで、「{{name}}」を{{folder}}に完成できませんでした。途中のファイルは残っていません。空きを作るか、別のフォルダーを選んでください。',
  outputIsSource:
    '「{{name}}」は元のビデオそのものです。元のビデオには書き込みません。別の名前にしてください。',
  outputIsFolder: '「{{path}}」はフォルダーです。その中のファイル名を選んでください。',
  outputExists: '{{folder}}に「{{name}}」がすでにあります。別の名前にするか、置き換えを許可してください。',
  outputAppeared: 'その間に「{{name}}」ができたため、置き換えませんでした。別の名前にしてください。',
  sourceEnded:
    '「{{name}}」は{{wanted}}コマのうち{{count}}コマで終わりました。そこでファイルが壊れています。その手前までの範囲を選んでください。',
  droppedNameless: 'ドロップされたファイルの名前が使えません。',
  droppedUnsized: '「{{name}}」の大きさがわからないため、コピーしませんでした。',
  droppedNoRoom:
    '「{{name}}」（{{megabytes}} MB）をコピーする空きがありません。空きを作るか、共有フォルダーから開いてください。',
  droppedInterrupted: '「{{name}}」のコピーが中断しました。もう一度ドロップしてください。',
  filmEmpty: '書き出すものがありません。クリップが1つもありません。',
  clipNotOpen: 'クリップ「{{name}}」の元のビデオが開かれていません。もう一度開いてください。',
  clipEmpty: '「{{name}}」の範囲にコマがありません。終わりを始まりより後にしてください。',
  clipSizes: '「{{name}}」は{{found}}になりますが、全体は{{wanted}}です。1つずつ書き出してください。',
  modelUnreadable: 'モデル「{{id}}」が壊れています（model.jsonを読めません）。',
  modelUnknownKind: 'モデル「{{id}}」は、このバージョンの Heirloom では使えない種類です。',
  modelWithoutWeights: 'モデル「{{id}}」の重み（{{path}}）がありません。',
  projectCorrupt:
    '保存されたプロジェクトと{{backups}}つの控えを読めません。ビデオは無事です。新しいプロジェクトを始めてください。ファイルは{{folder}}に残してあります。',
  noProgram: '開けるプログラムがありません。ビデオは無事で、{{target}}にあります。',
  encoderMissing:
    'このffmpeg（{{ffmpeg}}）は{{encoder}}を含まないため、{{codec}}で書き出せません。別の形式か別のffmpegを選んでください。',
  av1TooSmall: 'AV1には64x64以上の画像が必要ですが、これは{{size}}です。別の形式を選んでください。',
  outputCheckFailed:
    'できあがったファイルが検査に通らなかったため（{{what}}）、削除しました。元のビデオは無事です。もう一度お試しください。',
  toolDiskFull:
    'ディスクがいっぱいで処理できませんでした（{{what}}）。空きを作るか、別のフォルダーを選んでください。',
  toolFailed: '処理できませんでした（{{what}}）：{{reason}}',
  frameNotShown: '「{{name}}」の{{frame}}コマ目を表示できませんでした。',
  sourceIsFolder: '「{{name}}」はフォルダーです。中のビデオファイルを開いてください。',
  sourceEmpty: '「{{name}}」は空で、データがまったくありません。',
  sourceGone: '{{path}}に「{{name}}」がありません。移動したか、名前が変わった可能性があります。',
  sourceUnreadable: '「{{name}}」を読めません（{{why}}）。',
  sourceWithoutIndex:
    '「{{name}}」が壊れています。録画やコピーが途中で切れたときのように索引がありません。元の場所からもう一度コピーしてください。',
  notReadableVideo: '「{{name}}」は読み込めるビデオではありません。',
  pictureSize: '「{{name}}」の画像は{{size}}です。Heirloom が読めるのは16x16から16384x16384までです。',
  notVideoFile: '「{{name}}」はビデオファイルではありません（{{container}}として読めます）。',
  videoNotOpen: 'このビデオは開かれていません。もう一度開いてください。',
  videoMoved:
    '「{{name}}」が元の場所（{{path}}）にありません。ドライブをつなぐか元に戻して、もう一度お試しください。',
  videoChanged: '「{{name}}」は開いたときと別のファイルになっています。もう一度開いてください。',
  engineCrashed:
    '画像エンジンが同じ場所で2回止まりました。ファイルは無事です。倍率を小さくするか、別のモデルをお試しください。',
  containerCannot: '{{container}}ファイルにはこの形式（{{codec}}）を入れられません。使えるのは{{able}}です。',
  modelScale: 'モデル「{{name}}」は{{scale}}倍にできません。できるのは{{scales}}倍です。',
  modelStrength: 'モデル「{{name}}」の強さは最大（1）かなし（0）だけで、{{strength}}にはできません。',
  modelLooks:
    'モデル「{{name}}」には仕上がりの種類がなく、いつも全力で処理します。--lookは付けないでください。',
  notChosen:
    '「{{name}}」はここで選ばれていないため使えません。もう一度選ぶか、そのフォルダーを共有してください。',
}

export type SentenceKey = keyof typeof en
export type Values = Readonly<Record<string, string | number>>

export const Said = z.object({
  key: z.enum(Object.keys(en) as [SentenceKey, ...SentenceKey[]]),
  values: z.record(z.string(), z.union([z.string(), z.number()])),
})
export type Said = z.infer<typeof Said>

const table = { en, ja }

export const sayIn = (
  language: keyof typeof table,
  { key, values }: { key: SentenceKey; values: Values },
): string => table[language][key].replace(/{{(\w+)}}/g, (_, name: string) => String(values[name] ?? ''))
