// Titles and advice of failures.
import type { failures as en } from '../en/failures.js'
import type { Wording } from '../wording.js'

export const failures: Wording<typeof en> = {
  failure: {
    'bad-argument': { title: 'その操作はできません', advice: '何も変更されていません。' },
    'not-a-video': {
      title: 'ビデオではありません',
      advice: '何も変更されていません。別のファイルを開いてください。',
    },
    'no-video-stream': {
      title: '映像が入っていません',
      advice: '音だけのファイルかもしれません。別のファイルを開いてください。',
    },
    'truncated-file': {
      title: 'ビデオが壊れているか、途中で切れています',
      advice: 'できれば、元の場所からもう一度コピーしてください。',
    },
    'source-unreadable': {
      title: 'ファイルを読めません',
      advice: 'ファイルはそのままです。ほかのソフトで開けるか、読む権限があるかを確かめてください。',
    },
    'source-vanished': {
      title: '元のファイルが見つかりません',
      advice: '作業内容は無事です。ディスクをつなぐかファイルを戻して、もう一度試してください。',
    },
    'empty-range': { title: 'この範囲には何もありません', advice: '終了を開始より後にしてください。' },
    'output-not-writable': {
      title: 'ここには保存できません',
      advice:
        'できあがった分は残っています。書き込めるフォルダーか、別のディスクのフォルダーを選んでください。',
    },
    'output-exists': {
      title: '同じ名前のファイルがあります',
      advice: 'そのファイルはそのままです。別の名前にするか、置き換えを許可してください。',
    },
    'output-is-source': {
      title: 'それは元のファイルです',
      advice: '元のファイルは決して上書きしません。別の名前にしてください。',
    },
    'disk-full': {
      title: 'ディスクがいっぱいです',
      advice: '元のファイルは無事です。空きを作るか、別の場所を選んでください。',
    },
    'ffmpeg-missing': {
      title: 'ffmpegがありません',
      advice: 'ffmpegを入れてから、Heirloomを起動し直してください。',
    },
    'ffmpeg-too-old': {
      title: 'ffmpegが古すぎます',
      advice: '新しいffmpegを入れてから、Heirloomを起動し直してください。',
    },
    'ffmpeg-failed': {
      title: 'ビデオを処理できませんでした',
      advice: '元のファイルは無事です。別の部分で試してください。',
    },
    'weights-missing': {
      title: 'モデルがありません',
      advice: 'ビデオは無事です。モデルを追加し直すか、Heirloomを入れ直してください。',
    },
    'weights-corrupt': {
      title: 'モデルが壊れています',
      advice: 'ビデオは無事です。ファイルを入手し直すか、Heirloomを入れ直してください。',
    },
    'weights-unsupported': {
      title: 'このモデルは使えません',
      advice: '詳しい情報で別のモデルを選んでください。',
    },
    'download-failed': {
      title: 'ダウンロードできませんでした',
      advice: 'ここまでに取得した分は残っています。接続が戻ってから続けるか、別のアドレスを使ってください。',
    },
    'out-of-memory': {
      title: 'メモリーが足りません',
      advice: 'ほかのソフトを閉じるか、「大きさ」を小さくしてください。',
    },
    'engine-missing': {
      title: '高画質化の機能がありません',
      advice: 'カットと書き出しは使えます。高画質化するにはHeirloomを入れ直してください。',
    },
    'engine-crashed': {
      title: '高画質化が途中で止まりました',
      advice:
        '元のファイルと作業内容は無事で、できあがった分も残っています。始め直して、また止まるときは「大きさ」を小さくしてください。',
    },
    'engine-failed': {
      title: '高画質化できませんでした',
      advice: '元のファイルは無事です。「大きさ」を小さくするか、別のモデルを選んでください。',
    },
    cancelled: { title: '中止しました', advice: '途中のファイルは残っていません。' },
    'not-allowed': {
      title: '許可されていません',
      advice: 'Heirloomに共有したフォルダーのファイルを選んでください。',
    },
    'not-found': { title: '見つかりません', advice: 'すでに取り除かれたのかもしれません。' },
    'port-taken': { title: 'ポートが使われています', advice: '別のポートでHeirloomを起動してください。' },
    'project-damaged': {
      title: '壊れたプロジェクトを取り分けました',
      advice: '開いた控えには最後の編集が含まれていないことがあります。',
    },
    'project-newer': {
      title: '新しいHeirloomのプロジェクトです',
      advice: '続けるには新しいHeirloomをインストールしてください。',
    },
    'project-changed': {
      title: '別のウィンドウで変更されました',
      advice: '新しい内容を表示するには、このウィンドウを再読み込みしてください。',
    },
    'project-kept': {
      title: '編集内容をHeirloomが預かっています',
      advice: 'ビデオは無事です。',
    },
    'keepsake-damaged': {
      title: 'Keepsakeの部分は使えません',
      advice: 'ビデオそのものは、どこでも同じように再生できます。',
    },
    'keepsake-photo-damaged': {
      title: 'Keepsake写真が書かれたときと違います',
      advice: '元の写真には触れていません。',
    },
    'some-failed': {
      title: 'すべてのビデオは作れませんでした',
      advice: 'できたビデオは完全です。作れなかったものは、それぞれ上に書かれています。',
    },
    'project-corrupt': {
      title: 'プロジェクトを読めません',
      advice: 'ビデオは無事です。ビデオを開いて新しく始めてください。',
    },
    internal: {
      title: '問題が起きました',
      advice:
        '元のファイルは無事です。同じ操作をやり直し、また同じように失敗するときは、上の文をお知らせください。',
    },
  },
}
