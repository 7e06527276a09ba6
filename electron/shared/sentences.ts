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
