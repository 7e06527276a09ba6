// One way of writing Japanese in the whole catalogue: where spaces stand, how units are written, which word is said for one thing.
import { expect, test } from 'vitest'
import { ja } from '../../../electron/shared/words/ja/index.js'
import { formatBytes, formatDuration, formatSeconds } from '../../../renderer/ui/format.js'

type Tree = { readonly [key: string]: string | Tree }

const flat = (tree: Tree, before = ''): [key: string, text: string][] =>
  Object.entries(tree).flatMap(([key, value]) =>
    typeof value === 'string' ? [[before + key, value]] : flat(value, `${before}${key}.`),
  )

const sentences = flat(ja)

const letter = String.raw`[\u3000-\u30ff\u4e00-\u9fff\uff01-\uff5e…]`

const rules: readonly [name: string, wrong: RegExp][] = [
  // Behind ？ and ！ stands a wide one.
  ['no space beside Japanese letters', new RegExp(`${letter} | ${letter}`)],
  ['a percentage is one word', /[\d}] %/],
  ['other foreign units stand apart', /(\d|\}\})(MB|GB|MiB|GiB|kHz)/],
  ['one sign for ranges: 〜', /[～]/],
  ['メモリー, not メモリ', /メモリ(?!ー)/],
  ['グラフィックスカード', /グラフィックカード/],
  ['フレーム, not コマ', /コマ(?!ンド)/],
  [
    '大きさ is of pictures, 容量 of files and disks',
    /サイズ|(ファイル|モデル)[^。、]*大きさ|大きさ[^。]*(送れ|示さない)/,
  ],
  ['容量, not ディスク上', /ディスク上/],
  ['倍率, not 拡大率', /拡大率/],
  ['other software is ソフト', /(ほかの|使っている|開ける)プログラム/],
]

/** What is typed into a terminal is written as it is typed. */
const plain = (text: string): string => text.replace(/「npm [^」]*」/g, '')

test.each(rules)('%s', (_, wrong) => {
  expect(sentences.filter(([, text]) => wrong.test(plain(text)))).toEqual([])
})

test.each([
  ['長さは 4 秒です', 0],
  ['映像を Heirloom で', 0],
  ['約{{percent}} %です', 1],
  ['4GBまで', 2],
] as const)('a planted one is caught: %s', (text, rule) => {
  expect(rules[rule]?.[1].test(text)).toBe(true)
})

test('lengths and sizes that are worked out are written in the same way', () => {
  expect(formatDuration('ja', 6)).toBe('6秒')
  expect(formatDuration('ja', 3725)).toBe('1時間2分')
  expect(formatSeconds('ja', 2)).toBe('2秒')
  expect(formatBytes('ja', 512)).toBe('512バイト')
  expect(formatBytes('ja', 4e9)).toBe('4 GB')
  expect(formatDuration('en', 200)).toBe('3 minutes 20 seconds')
})
