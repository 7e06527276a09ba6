// Notes on sound: done, but differently.
import type { sound as en } from '../en/sound.js'
import type { Wording } from '../wording.js'

export const sound: Wording<typeof en> = {
  noteTracks: '「{{name}}」には音声が{{count}}本あります。',
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
}
