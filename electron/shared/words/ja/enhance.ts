// The Enhance panel.
import type { enhance as en } from '../en/enhance.js'
import type { Wording } from '../wording.js'

export const enhance: Wording<typeof en> = {
  enhance: {
    label: '高画質化',
    title: '高画質化',
    off: 'このクリップはそのままです。オンにすると映像をきれいにします。',
    noModel:
      '高画質化のモデルが見つかりません。カットと書き出しはそのまま使えます。高画質化するにはHeirloomを入れ直してください。',
    size: '大きさ',
    sameSize: '大きさはそのままで、よりきれいに：{{to}}',
    newSize: '{{from}}から{{to}}へ',
    device: '使用する装置',
    deviceAuto: 'いちばん速いもの',
    details: '詳しい情報',
    model: 'モデル',
    modelName: 'モデル',
    modelGone: 'このクリップのモデル{{id}}がありません。別のモデルを選ぶか、追加し直してください。',
    keepsake: {
      name: 'Keepsake',
      note: '撮影されていて、小さなビデオに入りきらなかったものを、Keepsakeの部分の記録どおりに描き足します。',
      detail: '忠実さ↔細部',
      grain: '粒子',
      others:
        '描き足したものは、そのとおりに撮影されたものではありません。ほかのプレーヤーでの見え方は、高画質化の前の映像か、ここをすべてオフにした映像です。',
    },
    memory: {
      smallCache:
        '映像全体を一度に処理するには{{whole}}のメモリーが必要ですが、使えるのは{{limit}}です。そのため、前の画像の記憶を少し粗く保存します（{{total}}、{{speed}}）。',
      streamedWeights:
        '映像全体を一度に処理するには{{whole}}のメモリーが必要ですが、使えるのは{{limit}}です。そのため、モデルをコンピューターのメモリーに置き、層ごとにグラフィックスカードへ送ります（{{total}}、{{speed}}）。',
      parts:
        '映像全体を一度に処理するには{{whole}}のメモリーが必要ですが、使えるのは{{limit}}です。そのため、重なり合ってなめらかにつながる{{rows}} × {{columns}}の部分に分けて処理します（{{total}}、{{speed}}）。',
      refused:
        'メモリーに収まりません。少なくとも{{total}}が必要ですが、使えるのは{{limit}}です。「大きさ」を小さくするか、ほかのソフトを閉じてください。',
      refusedSmaller:
        'メモリーに収まりません。少なくとも{{total}}が必要ですが、使えるのは{{limit}}です。モデル「{{smaller}}」なら収まります。',
      busy: 'メモリーに収まるかどうかは、いまの処理が終わるとわかります。',
      asFast: '速さはほぼ通常どおり',
      slower: '速さは通常の約{{percent}}%',
    },
    timesSlower:
      '{{name}}はグラフィックスカード向けのモデルです。プロセッサーではHeirloom Sの約{{times}}倍の時間がかかります。',
    slow: 'このコンピューターにはHeirloomが使えるグラフィックスカードがありません。プロセッサーだけでは、{{name}}でこのクリップに約{{time}}かかります。',
    parameters: 'パラメーター数',
    hash: '識別番号',
    licence: 'ライセンス',
    cardFacts: '{{name}}：{{kind}}、メモリー{{memory}}',
    deviceFacts: '{{name}}：{{kind}}、{{threads}}スレッド、メモリー{{memory}}',
  },
  fit: {
    title: 'ビデオの中での収め方',
    fit: '全体',
    fill: 'いっぱいに',
    centre: 'そのまま',
    note: {
      fit: 'このクリップはできあがるビデオ（{{film}}）と形が違います。全体を表示し、余ったところは黒くなります。',
      fill: 'このクリップはできあがるビデオ（{{film}}）と形が違います。いっぱいに広げ、はみ出した端は切り取ります。',
      centre:
        'このクリップは大きさを変えずに、できあがるビデオ（{{film}}）の中央に置きます。はみ出すところは切り取られます。',
    },
  },
  fields: {
    combed: '動くものの縁に細い横線が見えます。ファイルの記録とは違い、インターレースの映像のようです。',
    takeApart: 'フィールドを分ける',
    looking: 'フィールドを調べています…',
    apart: 'フィールドを分けて、それぞれを1枚の画像として表示しています。',
    putTogether: '元の画像に戻す',
  },
  look: {
    title: '仕上がり',
    gentle: 'やさしく',
    natural: '自然に',
    strong: 'しっかり',
    suggested: 'おすすめ',
    custom: 'カスタム',
    note: {
      gentle: '汚れやノイズを取るだけで、何も足しません。',
      natural: 'きれいで自然。元の映像に忠実です。',
      strong: 'いちばんくっきり。細部の一部はモデルの推測です。',
      custom: '自分で決めた強さです。0%では元のまま、100%ではモデルの力をすべて使います。',
    },
    strength: '強さ',
    fullOnly:
      'このモデルは強さを変えられません。このクリップの強さ（{{percent}}）は別のモデルで設定されたものです。',
    useFull: '最大の強さにする',
    always: '常に最大',
  },
  suggestion: {
    looking: 'クリップを調べています…',
    good: '数枚の画像を見たかぎり、このクリップの状態は良好です。',
    light: '数枚の画像を見たかぎり、このクリップは少し傷んでいるようです。',
    clear: '数枚の画像を見たかぎり、このクリップは傷んでいるようです。',
    bad: '数枚の画像を見たかぎり、このクリップはかなり傷んでいるようです。',
    noise: 'ノイズがあります。',
    blockiness: '圧縮によるブロックが見えます。',
    blur: 'ぼやけています。',
    used: 'まずは強さ{{percent}}から。最後はご自分の目で決めてください。',
    use: 'おすすめの{{percent}}にする',
    own: 'このクリップだけの設定です。ほかのビデオには、それぞれのおすすめが使われます。',
  },
  preview: {
    title: 'まず見てみる',
    length: 'プレビューの長さ',
    button: 'プレビュー',
    explain: 'ここから少しだけ仕上がりどおりに作り、元の映像と比べられます。',
    playIt: 'タイムラインの緑の部分で再生すると、動く映像で確かめられます。',
    progress: 'プレビュー',
    starting: '始めています…',
    afterReading: 'ビデオの読み込みが終わりしだい始めます。',
    loading: 'プレビューを読み込んでいます…',
    done: '{{total}}フレーム中{{done}}フレーム',
    cancel: 'やめる',
  },
}
