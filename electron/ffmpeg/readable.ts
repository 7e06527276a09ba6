// Which of ffmpeg's readers may touch a file that a person opens: those that read one film, sound or picture and open nothing else. A
// playlist is known by its first bytes, before any tool is started, so that a person hears what it is; whatever escapes that meets the list.
import { openFile } from './openFile.js'

const films = [
  ...[
    'mov',
    'matroska',
    'webm',
    'avi',
    'mpeg',
    'mpegts',
    'mpegvideo',
    'm4v',
    'flv',
    'live_flv',
    'asf',
    'asf_o',
  ],
  ...[
    'ogg',
    'dv',
    'mxf',
    'gxf',
    'lxf',
    'nut',
    'rm',
    'ivr',
    'wtv',
    'pva',
    'nsv',
    'nuv',
    'swf',
    'smk',
    'bink',
    'dhav',
  ],
  ...[
    'h261',
    'h263',
    'h264',
    'hevc',
    'vvc',
    'evc',
    'av1',
    'obu',
    'ivf',
    'vc1',
    'vc1test',
    'cavsvideo',
    'avs2',
    'avs3',
  ],
  ...[
    'dirac',
    'dnxhd',
    'mjpeg',
    'mjpeg_2000',
    'smjpeg',
    'ingenient',
    'yuv4mpegpipe',
    'cine',
    'r3d',
    'mv',
    'lmlm4',
  ],
  ...['film_cpk', 'flic', 'roq', '4xm', 'rpl', 'vivo', 'mtv', 'ipu', 'mgsts', 'kux', 'lvf', 'amv'],
]
// Only to say that there is no picture in them.
const sounds = [
  ...[
    'mp3',
    'wav',
    'w64',
    'aiff',
    'caf',
    'flac',
    'aac',
    'loas',
    'ac3',
    'eac3',
    'dts',
    'dtshd',
    'truehd',
    'mlp',
  ],
  ...[
    'amr',
    'amrnb',
    'amrwb',
    'ape',
    'wv',
    'tta',
    'tak',
    'mpc',
    'mpc8',
    'au',
    'oma',
    'voc',
    'dsf',
    'xwma',
    'aax',
  ],
]
const pictures = [
  ...[
    'jpeg',
    'png',
    'tiff',
    'webp',
    'bmp',
    'jpegxl',
    'jpegls',
    'j2k',
    'dpx',
    'exr',
    'psd',
    'qoi',
    'sgi',
    'sunrast',
  ],
  ...['ppm', 'pgm', 'pbm', 'pam', 'pcx', 'pictor', 'photocd', 'hdr'],
].map((name) => `${name}_pipe`)

/** For ffmpeg's format_whitelist. Left out on purpose: playlists and manifests (hls, dash, concat, imf, sdp), scripts, numbered
 * series (image2), svg, text, and readers that look for files beside the one they were given (mlv, vobsub). */
export const readableFormats = [...films, ...sounds, ...pictures].join(',')

const bare = new Set([
  ...['mpegvideo', 'm4v', 'h261', 'h263', 'h264', 'hevc', 'vvc', 'evc', 'av1', 'obu', 'vc1', 'cavsvideo'],
  ...['avs2', 'avs3', 'dirac', 'dnxhd', 'mjpeg', 'ingenient', 'ipu'],
])

/**
 * Coded frames without a container: their timestamps are made up while they are read, by ffprobe and by each version of ffmpeg
 * otherwise; from 6.1 on ffmpeg counts from wherever it begins to read.
 */
export const isBare = (container: string): boolean => bare.has(container)

const lists: readonly [kind: string, starts: RegExp][] = [
  ['M3U', /^#EXT(M3U|INF)/i],
  ['MPEG-DASH', /<MPD[\s>]/],
  ['Smooth Streaming', /<SmoothStreamingMedia[\s>]/],
  ['FFmpeg concat', /^ffconcat version/],
  ['SDP', /^v=0\r?\n(.*\r?\n)*?[os]=/],
  ['IMF', /<(\w+:)?(CompositionPlaylist|AssetMap|PackingList)[\s>]/],
  ['XSPF', /<playlist[\s>]/],
  ['PLS', /^\[playlist\]/i],
  ['ASX', /<asx[\s>]/i],
  ['SMIL', /<smil[\s>]/i],
  ['Reference', /^\[Reference\]/i],
  ['CUE', /^(REM |CATALOG |PERFORMER |TITLE )?[^]{0,2000}^FILE\s+.+\s(BINARY|WAVE|MP3|AIFF|MOTOROLA)\s*$/im],
  ['EDL', /^# mpv EDL/],
  ['MLT', /<mlt[\s>]/],
  ['SVG', /<svg[\s>]/],
  ['QuickTime link', /^(RTSPtext|SMILtext|<\?quicktime)/],
  [
    'AviSynth',
    /^[^]{0,2000}\b(AviSource|DirectShowSource|FFVideoSource|FFmpegSource2|LWLibavVideoSource)\s*\(/i,
  ],
  ['VapourSynth', /^[^]{0,2000}\bimport\s+vapoursynth\b/],
]

/** What kind of list of other files this is, by its first bytes whatever its ending says; undefined when it is none we know. */
export async function listKind(path: string): Promise<string | undefined> {
  const file = await openFile(path)
  try {
    const head = Buffer.alloc(4096)
    const { bytesRead } = await file.read(head, 0, head.length, 0)
    const text = head
      .toString('utf8', 0, bytesRead)
      .replace(/^\uFEFF/, '')
      .trimStart()
    if (text.includes('\0')) return undefined // films hold zeros, these are text
    return lists.find(([, starts]) => starts.test(text))?.[0]
  } finally {
    await file.close()
  }
}
