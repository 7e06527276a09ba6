// Models: what they are, adding, downloading and removing them.
import type { models as en } from '../en/models.js'
import type { Wording } from '../wording.js'

export const models: Wording<typeof en> = {
  modelGone: 'モデル「{{id}}」がありません。あるのは次のモデルです：{{names}}。',
  weightsGone:
    'この処理を始めたときのモデル（重み{{hash}}）がなくなったか、ファイルが変わっています。元に戻すか、別のモデルを選んで始め直してください。',
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
  modelUnreadable:
    'モデル「{{id}}」が壊れています（model.jsonを読めません）。モデル一式をフォルダーに入れ直すか、別のモデルを選んでください。',
  modelContract:
    'モデル「{{id}}」のmodel.jsonに、Heirloomが従えない記述があります：{{place}}。モデル一式をフォルダーに入れ直すか、新しいHeirloomを入れてください。',
  modelDoesOther:
    'モデル「{{id}}」は高画質化のモデルではありません。model.jsonに「{{does}}」とあり、このバージョンのHeirloomでは使えません。別のモデルを選ぶか、新しいHeirloomを入れてください。',
  modelUnknownKind:
    'モデル「{{id}}」は、このバージョンのHeirloomでは使えない種類です。新しいHeirloomを入れるか、別のモデルを選んでください。',
  modelFileUnreadable:
    'モデル「{{id}}」は使えません。{{path}}を読み込めませんでした（{{reason}}）。モデル一式を置き直すか、別のモデルを選んでください。',
  modelWithoutWeights:
    'モデル「{{id}}」の重み（{{path}}）がありません。そのファイルを入れ直すか、別のモデルを選んでください。',
  modelScale: 'モデル「{{name}}」は{{scale}}倍にできません。できるのは{{scales}}倍です。',
  modelStrength: 'モデル「{{name}}」の強さは最大（1）かなし（0）だけで、{{strength}}にはできません。',
  modelLooks:
    'モデル「{{name}}」には仕上がりの種類がなく、いつも全力で処理します。--lookは付けないでください。',
  modelDamagedFile: 'モデルの重み（{{path}}）が途中で切れています。モデルを入れ直してください。',
  modelDamagedList: 'モデルの重み（{{path}}）の目次を読めません。モデルを入れ直してください。',
  modelWithoutDescription:
    'モデル「{{id}}」がありません。{{folder}}にmodel.jsonがありません。モデル一式をそこに入れるか、別のモデルを選んでください。',
  modelFlat:
    'モデル「{{model}}」は「{{name}}」の{{at}}から何も写っていない画像を返しています。元のビデオには映像があります。何も書き込んでおらず、元のファイルはそのままです。別のモデルを選ぶか、このモデルを入れ直してください。',
  modelFrozen:
    'モデル「{{model}}」は「{{name}}」の{{at}}から同じ画像を返し続けています。元のビデオには動きがあります。何も書き込んでおらず、元のファイルはそのままです。別のモデルを選ぶか、このモデルを入れ直してください。',
  modelAltered:
    'モデル「{{id}}」が壊れているか、書き換えられています。{{path}}はHeirloomに付属のファイルと一致しないため、使いません。Heirloomを入れ直すか、別のモデルを選んでください。',
  motionModelUnusable:
    'フレームの間を推定できません。そのためのモデル（{{folder}}）がないか、壊れているか、書き換えられています。Heirloomを入れ直してください。',
  estimatorAltered:
    'おすすめの強さを調べる部品が壊れているか、変更されています。{{path}}はHeirloomに付属のファイルではありません。この部品は使わず、おすすめも出しませんが、高画質化はこれまでどおりできます。Heirloomを入れ直してください。',
  models: {
    title: 'モデル',
    list: '使えるモデル',
    explain:
      'モデルは、Heirloomが映像をきれいにするための部品です。Heirloomのモデルは最初から入っていて、Heirloom Sはどのコンピューターでも使えます。ほかのモデルを追加することもできます。',
    unusable: '使えないモデル',
    unusableNamed: '{{name}}は使えません',
    addFolder: 'フォルダーから追加…',
    download: 'ダウンロード…',
    addMore: 'モデルを追加…',
    purpose: {
      'heirloom-s': 'どのコンピューターでもビデオをきれいにし、大きくします。',
      'heirloom-m': 'Heirloom Sより元の映像に近く仕上がります。',
      'heirloom-m-texture':
        '映像から失われた芝生・葉・髪などの細かな質感を描き足します。くっきり見えますが、描かれた細部がすべて実際にあったものとは限りません。',
      flashvsr: '最も細かく再現します。高性能なグラフィックスカード向けで、ないと非常に時間がかかります。',
      'residual-codec':
        'Keepsake写真（.hlm）を作り、表示します。試験的なもので、高画質化はしません。これで作った写真は、これがないと表示できません。',
      other: 'ビデオをきれいにします。',
    },
    origin: {
      shipped: 'Heirloomに付属',
      placed: '手動で配置',
      folder: '{{from}}から追加',
      download: '{{from}}からダウンロード',
    },
    onDisk: '使用容量：{{size}}',
    licence: 'ライセンス：{{licence}}',
    remove: '削除…',
    removeNamed: '{{name}}を削除…',
    removeAsk:
      '{{name}}をHeirloomから削除しますか？　{{size}}の空きができます。元のファイルはそのまま残ります。',
    removeAskOther:
      '{{name}}をHeirloomから削除しますか？　{{size}}の空きができます。もう一度使うには、追加し直す必要があります。',
    removeYes: '削除する',
    keep: '残す',
    facts: {
      version: 'バージョン',
      scales: '倍率',
      added: '追加した日',
      folder: '場所',
      files: '元になったファイル：',
      known: '公開されたファイルと完全に一致',
      notKnown: '公開ファイルの一覧にありません',
    },
    slow: 'このコンピューターにはHeirloomが使えるグラフィックスカードがありません。プロセッサーだけでは、このモデルでテープ1分あたり約{{time}}かかります。Heirloom Sなら数分です。',
    browse: {
      title: 'FlashVSRのファイルはどこにありますか？',
      explain:
        'ダウンロードしたフォルダーを開いてください。ファイルが4つ入っています。読み取るだけで変更しません。',
      empty: 'ここには何もありません。',
      choose: 'このフォルダーを調べる',
    },
    found: {
      title: '見つかったもの',
      published: 'FlashVSR {{version}}（公開されたものと完全に一致）',
      version: 'FlashVSR {{version}}',
      unknown: 'FlashVSR（バージョン不明）',
      ready: 'FlashVSR {{version}}（別のHeirloomで準備済み）',
      where: '場所：{{folder}}',
      size: '{{from}}を読み、{{to}}をHeirloomのフォルダーに書き込みます。',
      originals: '元のファイルはそのまま残ります。',
      otherSize:
        'このモデルは公開されたものと容量が違います。使えますが、作者が示す画質にならないことがあります。',
      which:
        'どのバージョンですか？　ファイルは外からは見分けがつきません。ダウンロードしたフォルダーの名前でわかります。間違えると、動くものに残像が出ます。',
      whichLabel: 'バージョン',
      v11: 'FlashVSR-v1.1フォルダー（新しい方）',
      v1: 'FlashVSRフォルダー（最初の版）',
      hint: 'このフォルダーの名前は{{version}}を示しています。',
      add: 'Heirloomに追加',
    },
    offer: {
      title: 'FlashVSRをダウンロード',
      what: '内容',
      files: '{{name}}、{{count}}ファイル、{{size}}',
      hosts: '入手先',
      where: '保存先',
      room: '容量',
      roomWords: '準備中は最大{{most}}、その後は{{kept}}。',
      address: 'アドレス（ミラーを使うときは書き換えてください）',
      privacy:
        '「ダウンロード」を押すと、Heirloomはこのサーバーにこれらのファイルを求めます。あなたやこのコンピューター、ビデオについての情報は一切送りません。ダウンロードでは必ず、サーバーにインターネットアドレスが伝わります。',
      checked: '各ファイルを公開されたチェックサムと照合し、違うファイルは破棄します。',
      unchecked:
        '一部のファイルには公開されたチェックサムがありません。受け取った値は後で詳しい情報に表示します。',
      fetched: '{{size}}はすでに届いています。続きからダウンロードします。',
      full: 'このディスクの空き容量が足りません。先に空きを作ってください。',
      agree: '{{size}}をダウンロード',
      v11: '新しい版。より安定した映像',
      v1: '最初の版',
    },
    work: {
      label: 'モデルの処理',
      starting: '開始しています…',
      fetch: '{{name}}をダウンロード中',
      check: '{{name}}を確認中',
      convert: '{{name}}を準備中',
      bytes: '{{done}} / {{total}}',
      rate: '毎秒{{rate}}',
      pause: '一時停止',
      resume: '続ける',
      discard: '届いた分を破棄',
      done: '{{name}}の準備ができました。ビデオの横の「モデル」で選べます。',
      paused: '{{name}}のダウンロードを一時停止しています。いつでも続けられます。',
      cancelled: '「{{name}}」を中止しました。何も変更していません。',
      ok: 'OK',
    },
  },
}
