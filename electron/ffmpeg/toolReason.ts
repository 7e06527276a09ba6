// Why ffmpeg failed, by what it wrote to stderr: the line that tells, not those that only say that something went wrong before. Common
// reasons have words in both languages; others are quoted as ffmpeg's own.
import { type Phrase, type SentenceKey, phrase } from '../shared/words/sentences.js'
import { reasonIn } from '../shared/words/systemReason.js'

export interface Exit {
  code: number | null
  signal: NodeJS.Signals | null
}

/** Progress, greetings of encoders, what is said after every failure. */
const idle =
  /^\s*$|^(frame|size)=|Conversion failed|Last message repeated|^Svt\[info\]|^x26[45] \[info\]|To ignore this, add a trailing|^Exiting|received signal/

/** Says that it failed, or what followed from it: the reason stands in another line, where there is one. */
const consequence = new RegExp(
  [
    'Error (re)?initializing',
    'Error while opening encoder',
    'Error selecting an encoder|Could not open encoder before EOF',
    'Error while (processing the decoded data|decoding stream)',
    'Error (submitting|sending|marking|binding|opening (in|out)put files?|closing file|setting (option|preset|profile|encoder param))',
    'Could not write header',
    'Failed to (inject|configure)',
    'Task finished with error|Terminating thread|Error during demuxing|Decoding error',
    'Nothing was written',
    'Invalid data found when processing input\\.?$',
    ': Invalid argument$',
    'Cannot determine format of input stream',
  ].join('|'),
  'i',
)

const telling =
  /error|invalid|no such|denied|no space|not found|unable|cannot|could not|failed|unknown|unsupported|unrecognized|not (supported|divisible|allowed)|doesn't|only supports|must be|out of range|matches no|not on whitelist|too (large|small|many)/i

const reasons: readonly [words: RegExp, key: SentenceKey][] = [
  [/moov atom not found/i, 'reasonIndexMissing'],
  [/unknown encoder|encoder .* not found|automatic encoder selection failed/i, 'reasonEncoder'],
  [/unknown decoder|decoder .* not found|no decoder|could not find codec parameters/i, 'reasonDecoder'],
  [/no such filter|filter .* not found/i, 'reasonFilter'],
  [
    /could not find tag for codec|codec .*not .*supported in|codec .* not supported in container/i,
    'reasonContainer',
  ],
  [
    /picture size .* is invalid|(width|height) not divisible|width must be|height must be|max (width|height)/i,
    'reasonPicture',
  ],
  [
    /sample rate .*not supported|channel layout|only supports .* channels|rematrix is needed/i,
    'reasonSoundForm',
  ],
  [/not on whitelist/i, 'reasonLeadsElsewhere'],
  [/failed to allocate|out of memory|malloc/i, 'reasonMemory'],
  [/invalid data found|no start ?code|error splitting the input/i, 'reasonSenseless'],
  [
    /error while opening encoder|incorrect (codec )?parameters|unrecognized option|option not found|unable to parse option|out of range/i,
    'reasonSettings',
  ],
]

/** Without the address of the part that speaks: "[mov @ 0x55] ", "x264 [error]: ". */
const plain = (line: string): string =>
  line
    .replace(/^(\[[^\]]*\]\s*)+/, '')
    .replace(/^\w+\s?\[(error|warning)\]:\s*/i, '')
    .trim()

/** The line of stderr that says most; undefined when there is none that says anything. */
export function tellingLine(stderr: readonly string[]): string | undefined {
  const lines = stderr.filter((line) => !idle.test(line))
  const causes = lines.filter((line) => !consequence.test(line))
  const found =
    lines.findLast((line) => reasonIn(line)) ?? // the system's own words, wherever they stand
    causes.findLast((line) => telling.test(line)) ??
    lines.find((line) => telling.test(line)) ?? // the first of them is the nearest to what was the matter
    lines.at(-1)
  return found && plain(found)
}

/** To stand behind "Could not ...: ". */
export function toolReason(exit: Exit, stderr: readonly string[]): Phrase {
  const line = tellingLine(stderr)
  if (line === undefined)
    return exit.signal
      ? phrase('reasonEndedBy', { signal: exit.signal })
      : phrase('reasonEndedWith', { code: exit.code ?? '?' })
  const key = reasons.find(([words]) => words.test(line))?.[1]
  return reasonIn(line) ?? (key ? phrase(key) : phrase('reasonQuoted', { line }))
}
