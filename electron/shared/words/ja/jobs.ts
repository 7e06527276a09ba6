// The work list.
import type { jobs as en } from '../en/jobs.js'
import type { Wording } from '../wording.js'

export const jobs: Wording<typeof en> = {
  jobs: {
    title: '作業の一覧',
    count: '作業{{count}}件',
    none: 'まだ何も始めていません。プレビューと書き出しがここに表示されます。',
    clear: '終わった項目を一覧から消す',
    kind: { photo: '写真：', export: '書き出し：', preview: 'プレビュー：', proxy: '再生の準備：' },
    state: {
      waiting: '順番を待っています',
      failed: 'うまくいきませんでした。元のファイルは無事です。',
      cancelled:
        '中止しました。途中のファイルは残っていません。完成した部分があれば保存してあり、同じ書き出しをもう一度始めると残りだけを作ります。',
    },
    aside: '表示中のものを先に作っています。書き出しはそのあと自動で続きます。',
    frames: '{{total}}フレーム中{{done}}フレーム',
    rate: '毎秒{{rate}}フレーム',
    elapsed: '経過{{time}}',
    left: '残り約{{time}}',
    doneIn: '{{time}}で完了',
    ready: '「{{name}}」ができました。',
    cancelledNamed:
      '「{{name}}」を中止しました。途中のファイルは残っていません。完成した部分があれば保存してあり、同じ書き出しをもう一度始めると残りだけを作ります。',
    spoken: '{{name}}：{{percent}}パーセント',
    open: '再生する',
    reveal: 'フォルダーで見る',
    save: 'コピーを保存',
    report: {
      title: '元のビデオとの比較（違い{{count}}件）',
      explain: '完成したファイルを開き直し、元のビデオと比べました。',
      what: '項目',
      source: '元のビデオ',
      output: '完成したファイル',
      verdict: '結果',
      nothing: 'なし',
      state: {
        same: '同じ',
        changed: '変更あり',
        left: '省略',
        differs: '元のビデオと違います',
        lost: '引き継がれていません',
      },
    },
  },
  unfinished: {
    label: '中断された書き出し',
    title: '「{{name}}」の書き出しが中断されました。',
    kept: '{{total}}フレームのうち{{done}}フレームはできあがって残っています。',
    nothing: 'まだ何もできていませんでした。',
    goOn: '続きから再開',
    forget: '破棄する',
    really: 'できあがった{{done}}フレームを削除しますか？元のビデオはそのまま残ります。',
    delete: '削除する',
    keep: '残しておく',
  },
}
