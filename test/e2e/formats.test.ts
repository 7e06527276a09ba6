// What real cameras and recorders leave, through the window: a film with chapters, two recordings joined byte by byte, and a film
// held upright are opened, previewed and exported, and the work list tells how it went, in both languages.
import { execFile } from 'node:child_process'
import { readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import type { Locator, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { turn } from '../formats/turn.js'
import { barriers } from './barriers.js'
import { artifacts, picturedDoor, type Door } from './doors.js'
import { readFilm } from './film.js'
import {
  chooseAppearance,
  exportTo,
  fileIsReady,
  layers,
  openFile,
  patience,
  previewSecond,
  settle,
  soon,
  waitForFilm,
} from './window.js'
import { words } from './words.js'

const run = promisify(execFile)
let door: Door
let page: Page

const ffmpeg = (...args: string[]): Promise<unknown> =>
  run('ffmpeg', ['-v', 'error', '-y', ...args], { cwd: door.films })

/** Moving bars and a tone. */
const film = (seconds: number): string[] => [
  ...['-f', 'lavfi', '-i', `testsrc2=s=96x64:r=25:d=${seconds}`],
  ...['-f', 'lavfi', '-i', `sine=d=${seconds}:r=48000`, '-c:v', 'libx264', '-pix_fmt', 'yuv420p', '-g', '12'],
]

beforeAll(async () => {
  door = await picturedDoor()
  page = door.page
  const chapters = [
    ';FFMETADATA1',
    ...['[CHAPTER]', 'TIMEBASE=1/1000', 'START=0', 'END=1000', 'title=Garden'],
    ...['[CHAPTER]', 'TIMEBASE=1/1000', 'START=1000', 'END=2000', 'title=Lake', ''],
  ]
  await writeFile(join(door.films, 'chapters.txt'), chapters.join('\n'))
  await ffmpeg(...film(2), '-c:a', 'aac', 'plain.mp4')
  await ffmpeg('-i', 'plain.mp4', '-i', 'chapters.txt', '-map_chapters', '1', '-c', 'copy', 'chapters.mp4')
  for (const [name, seconds] of [
    ['first.ts', 2],
    ['second.ts', 1],
  ] as const)
    await ffmpeg(...film(seconds), '-bf', '2', '-c:a', 'ac3', name)
  const parts = await Promise.all(['first.ts', 'second.ts'].map((name) => readFile(join(door.films, name))))
  await writeFile(join(door.films, 'joined.ts'), Buffer.concat(parts))
  await ffmpeg('-i', 'plain.mp4', '-c', 'copy', 'upright.mp4')
  turn(join(door.films, 'upright.mp4'), 90)
  for (const name of ['chapters.txt', 'plain.mp4', 'first.ts', 'second.ts']) await rm(join(door.films, name))
  await waitForFilm(page)
})
afterAll(() => door?.close())

/** Opens it as the only film, previews its first second at its own size, exports it. Gives what was written. */
async function through(name: string): Promise<string> {
  await page.keyboard.press('Delete') // the sample, or the film before this one
  await page.getByRole('heading', { name: words('start.title') }).waitFor()
  await openFile(door, join(door.films, name))
  await page.getByText(name).first().waitFor({ timeout: patience })
  await waitForFilm(page)
  await page.getByRole('radio', { name: '×1', exact: true }).click()
  await previewSecond(page)
  await soon(async () => (await layers(page, 'enhanced'))[0]?.frame).toBe(0)
  await page.screenshot({ path: join(artifacts, `formats-${name.replace('.', '-')}.png`) })
  const output = `${name.split('.')[0]} done.mp4`
  await exportTo(door, join(door.films, output))
  await fileIsReady(page, output)
  return join(door.films, output)
}

test('a film with chapters keeps them, with their titles', async () => {
  const path = await through('chapters.mp4')
  expect(await readFilm(path)).toMatchObject({ frames: 50, width: 96, height: 64, audioCodec: 'aac' })
  const { stdout } = await run('ffprobe', ['-v', 'error', '-show_chapters', '-of', 'json', path])
  const { chapters } = JSON.parse(stdout) as { chapters: { start_time: string; tags: { title: string } }[] }
  expect(chapters.map((c) => [Number(c.start_time), c.tags.title])).toEqual([
    [0, 'Garden'],
    [1, 'Lake'],
  ])
})

test('two recordings joined byte by byte are one film, and the window says so before', async () => {
  const path = await through('joined.ts')
  const found = await readFilm(path)
  expect(found.frames).toBe(75)
  expect(found.seconds).toBeCloseTo(3, 1)
  const clips = page.getByRole('region', { name: words('clips.label') })
  await clips.getByText(/The clock of .joined\.ts. starts over at/).waitFor({ timeout: patience })
})

test('a film held upright is shown, previewed and exported upright', async () => {
  const path = await through('upright.mp4')
  const [original] = await layers(page, 'original')
  expect([original?.width, original?.height]).toEqual([64, 96])
  const [enhanced] = await layers(page, 'enhanced')
  expect([enhanced?.width, enhanced?.height]).toEqual([64, 96])
  expect(await readFilm(path)).toMatchObject({ frames: 50, width: 64, height: 96 })
})

/** What stands in the report beside an export: [original, finished film, result] by what it is about. */
async function cellsOf(report: Locator): Promise<Record<string, string[]>> {
  const rows = await report.getByRole('row').all()
  const cells = await Promise.all(
    rows.slice(1).map(async (row) => {
      const facts = await row.getByRole('cell').allInnerTexts()
      return [
        (await row.getByRole('rowheader').innerText()).trim(),
        facts.map((text) =>
          text
            .trim()
            .split(/\s*\n\s*/)
            .join(' / '),
        ),
      ] as const
    }),
  )
  return Object.fromEntries(cells)
}

/** Versions of ffmpeg disagree about the direction of the mark. */
const turned: unknown = expect.stringMatching(/^(90|270)°$/)

const chapters = '2: Garden (0:00.0-0:01.0), Lake (0:01.0-0:02.0)'

/** By film: what is about the film, and cells that must be read there. */
const cells = {
  en: {
    heads: ['What', 'Original', 'Finished film', 'Result'],
    films: {
      'chapters done.mp4': {
        chapters: [chapters, chapters, 'the same'],
        length: ['2.00 s', '2.00 s', 'the same'],
        frames: ['50', '50', 'the same'],
        'sound track 1': [
          ...['AAC, mono, 48 kHz, unknown language', 'AAC, mono, 48 kHz, unknown language', 'the same'],
        ],
      },
      'joined done.mp4': {
        frames: ['75', '75', 'the same'],
        'length of sound track 1': [...['several recordings', '3.0 s', 'changed / its clock was put right']],
        'sound track 1': [
          'AC-3, mono, 48 kHz, unknown language',
          'AAC, mono, 48 kHz, unknown language',
          'changed / coded anew, because it cannot be copied as it is',
        ],
      },
      'upright done.mp4': {
        'size as shown': ['64×96', '64×96', 'the same'],
        'turned for showing': [...[turned, '0°', 'changed / the frames themselves were turned']],
        'kind of frames': ['whole frames', 'whole frames', 'the same'],
      },
    },
  },
  ja: {
    heads: ['項目', '元のビデオ', '完成したファイル', '結果'],
    films: {
      'chapters done.mp4': {
        チャプター: [chapters, chapters, '同じ'],
        長さ: ['2.00秒', '2.00秒', '同じ'],
        フレーム数: ['50', '50', '同じ'],
        音声トラック1: ['AAC、モノラル、48 kHz、言語不明', 'AAC、モノラル、48 kHz、言語不明', '同じ'],
      },
      'joined done.mp4': {
        フレーム数: ['75', '75', '同じ'],
        音声トラック1の長さ: [...['複数の録画', '3.0秒', '変更あり / 時刻の乱れを直したため']],
        音声トラック1: [
          ...[
            'AC-3、モノラル、48 kHz、言語不明',
            'AAC、モノラル、48 kHz、言語不明',
            '変更あり / そのままコピーできず、圧縮し直したため',
          ],
        ],
      },
      'upright done.mp4': {
        表示の大きさ: ['64×96', '64×96', '同じ'],
        表示時の回転: [turned, '0°', '変更あり / 映像そのものを回転したため'],
        映像の種類: ['通常の画像', '通常の画像', '同じ'],
      },
    },
  },
}

test.each([
  ['en', 'light', 1280, 720],
  ['ja', 'dark', 1280, 720],
  ['en', 'dark', 1024, 600],
  ['ja', 'light', 1024, 600],
] as const)(
  'the work list tells of all three, in %s, %s, %i x %i',
  async (language, theme, width, height) => {
    await page.setViewportSize({ width, height })
    await chooseAppearance(page, language, theme)
    await page.getByRole('button', { name: words('command.jobs', {}, language) }).click()
    const dialog = page.getByRole('dialog', { name: words('jobs.title', {}, language) })
    await dialog.waitFor()
    const joined = dialog.getByRole('listitem').filter({ hasText: 'joined done.mp4' })
    await joined.getByText(language === 'en' ? /starts over at 0:02/ : /0:02で最初に戻ります/).waitFor()
    const { heads, films } = cells[language]
    for (const [name, wanted] of Object.entries(films)) {
      const job = dialog.getByRole('listitem').filter({ hasText: name }).first()
      expect(await job.getAttribute('data-state')).toBe('done')
      await job.getByRole('button', { expanded: false }).click()
      const report = job.getByRole('table')
      expect(await report.getByRole('columnheader').allInnerTexts()).toEqual(heads)
      expect(await cellsOf(report)).toMatchObject(wanted)
      await job.getByRole('button', { expanded: true }).scrollIntoViewIfNeeded()
      await report.evaluate((table) => table.scrollIntoView({ block: 'start' }))
      await settle(page)
      const picture = `formats-${name.split(' ')[0]}-${language}-${theme}-${width}.png`
      await page.screenshot({ path: join(artifacts, picture) })
      // Nothing of the table lies outside of what can be seen.
      expect(
        await report.evaluate((table) => table.scrollWidth - (table.parentElement?.clientWidth ?? 0)),
      ).toBeLessThan(2)
    }
    expect(await barriers(page)).toEqual([])
    await page.keyboard.press('Escape')
    await dialog.waitFor({ state: 'detached' })
  },
)
