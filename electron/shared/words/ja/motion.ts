// How a clip is timed, and what was found of its frames.
import type { motion as en } from '../en/motion.js'
import type { Wording } from '../wording.js'

export const motion: Wording<typeof en> = {
  motion: {
    title: '動き',
    shut: '動き：{{what}}',
    kinds: '動きの扱い',
    kind: {
      filmed: '変更しない',
      unique: '重複を除く',
      tempo: '本来の速さ',
      smooth: 'なめらか',
      slow: 'スローモーション',
      repair: 'フレームの修復',
    },
    note: {
      filmed: 'フレームを保存されているとおりに見せます。',
      unique:
        '前のフレームをもう一度見せるだけのフレームを省きます。ほかのフレームは次のフレームまで映り、長さと音は変わりません。',
      tempo: '撮影されたフレームを一枚ずつ、撮影時の速さで均等に見せます。',
      tempoAt: '撮影されたフレームを一枚ずつ、毎秒{{rate}}フレームで均等に見せます。',
      smooth: '毎秒{{rate}}フレームで均等に見せます。長さと音は変わりません。',
      slow: 'すべてが{{factor}}倍の時間をかけて進みます。',
      repair:
        '乱れたフレーム、欠けたフレーム、不規則に繰り返されるフレームを置き換えます。長さと音は変わりません。',
    },
    estimates: '間のフレームは推定です。速い動きはにじむことがあります。',
    cannotEstimate: '間のフレームを推定できません。',
    repairEstimates: '置き換えるフレームは推定です。速い動きはにじむことがあります。',
    rate: '毎秒のフレーム数',
    asFound: '検出どおり',
    factor: '遅さ',
    times: '{{factor}}×',
    sound: '音',
    sounds: { kept: 'そのまま', stretched: '引き伸ばす', silent: '無音' },
    soundNote: {
      kept: 'できあがるビデオでは、映像の速さにかかわらず、音は録音された速さで流れます。ここでは聞こえません。',
      stretched: '音を映像に合わせて伸縮します。音の高さは変わりません。',
      silent: '音はありません。',
    },
    soundCut: '終わりの{{time}}の音は切れます。',
    soundEnds: '音は映像より{{time}}早く終わります。',
    twice: '元のフレームレートの2倍なので、撮影されたフレームがすべて含まれます。',
    newLength: '長さは{{before}}から{{after}}になります。',
    sameLength: '長さは変わりません。',
    estimated: '{{total}}フレームのうち{{count}}フレームが推定です。',
    leftOut: '{{frames}}フレームのうち{{count}}フレームを省きます。',
    replaced: '{{count}}フレームを置き換えます。',
    nothingToLeaveOut: 'ここには繰り返されるフレームがないため、何も変わりません。',
    nothingToRepair: '修復の必要なフレームが見つからないため、何も変わりません。',
    looking: 'このビデオのすべてのフレームを調べています…',
    afterReading: 'ビデオを読み終えたら、すべてのフレームを調べます。',
    stop: '中止',
    again: 'もう一度調べる',
    whole: '毎秒{{stored}}フレームで撮影されています。繰り返されるフレームはありません。',
    single: '毎秒{{stored}}フレームで撮影されています。{{count}}フレームが繰り返されています。',
    repeats:
      '毎秒{{filmed}}フレームで撮影され、毎秒{{stored}}フレームで保存されています。100フレームのうち{{share}}が繰り返しです。',
    mixed:
      '毎秒{{filmed}}フレームで場面ごとに撮影され、毎秒{{stored}}フレームで保存されています。100フレームのうち{{share}}が繰り返しです。',
    uneven: 'すべてのフレームはそろっておらず、平均では毎秒{{stored}}フレームです。',
    torn: '{{count}}フレームが乱れています。',
    lost: '{{count}}か所でフレームが欠けています。',
    places: '場所',
    from: 'ここから毎秒{{rate}}フレームで撮影',
    singlePlaces: '不規則な繰り返し',
    tornPlaces: '乱れ',
    lostPlaces: 'この後に欠落',
    cutPlaces: 'カット（またいで推定することはありません）',
    more: 'ほか{{count}}か所',
  },
}
