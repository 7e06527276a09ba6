// @vitest-environment jsdom
// The report beside a finished film: what is different stands first, every cell is in the language of the window.
import './dom.js'
import { fireEvent, render, screen, within } from '@testing-library/react'
import { expect, test } from 'vitest'
import type { Report } from '../../electron/shared/contract/report.js'
import { phrase } from '../../electron/shared/words/sentences.js'
import { setLanguage } from '../../renderer/stores/words.js'
import { ReportTable } from '../../renderer/features/jobs/ReportTable.js'

const two = phrase('cellSeconds', { n: '2.00' })
const report: Report = [
  { what: phrase('reportLength'), source: [two], output: [two], state: 'same', why: [] },
  {
    ...{ what: phrase('reportPictures'), source: ['50'], output: ['25'], state: 'planned' },
    why: [phrase('whyRange')],
  },
  {
    ...{ what: phrase('reportSound', { of: '1' }), output: [], state: 'lost', why: [] },
    source: ['AAC', phrase('cellStereo'), { language: 'jpn' }, { language: 'und' }],
  },
]

/** [what, original, finished film, result], as a screen reader goes through it. */
const rows = (): string[][] =>
  within(screen.getByRole('table'))
    .getAllByRole('row')
    .slice(1)
    .map((row) => [
      within(row).getByRole('rowheader').textContent,
      ...within(row)
        .getAllByRole('cell')
        .map((cell) => cell.textContent),
    ])

test('the table opens by its button, has heads for rows and columns, and begins with what was lost', () => {
  setLanguage('en')
  render(<ReportTable report={report} />)
  const button = screen.getByRole('button', { name: 'Beside the original: 2 differences', expanded: false })
  expect(screen.queryByRole('table')).toBeNull()
  fireEvent.click(button)
  expect(button.getAttribute('aria-expanded')).toBe('true')
  expect(screen.getByRole('table', { name: /compared with the original/ })).toBeTruthy()
  expect(screen.getAllByRole('columnheader').map((head) => head.textContent)).toEqual([
    ...['What', 'Original', 'Finished film', 'Result'],
  ])
  expect(rows()).toEqual([
    ['sound track 1', 'AAC, stereo, Japanese, unknown language', 'none', 'not kept'],
    ['frames', '50', '25', 'changeda part was chosen'],
    ['length', '2.00 s', '2.00 s', 'the same'],
  ])
})

test('in Japanese every cell is Japanese', () => {
  setLanguage('ja')
  render(<ReportTable report={report} />)
  fireEvent.click(screen.getByRole('button'))
  expect(rows()).toEqual([
    ['音声トラック1', 'AAC、ステレオ、日本語、言語不明', 'なし', '引き継がれていません'],
    ['フレーム数', '50', '25', '変更あり一部だけを選んだため'],
    ['長さ', '2.00秒', '2.00秒', '同じ'],
  ])
  setLanguage('en')
})
