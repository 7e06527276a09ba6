// Titles and advice of failures.
export const failures = {
  failure: {
    'bad-argument': { title: 'That does not work', advice: 'Nothing was changed.' },
    'not-a-video': { title: 'This is not a film', advice: 'Nothing was changed. Open another file.' },
    'no-video-stream': {
      title: 'No picture in this file',
      advice: 'It may hold only sound. Open another file.',
    },
    'truncated-file': {
      title: 'The film is damaged or cut short',
      advice: 'Copy it again from where it came from, if you can.',
    },
    'source-unreadable': {
      title: 'The file cannot be read',
      advice: 'The file is untouched. See whether it opens elsewhere and whether you may read it.',
    },
    'source-vanished': {
      title: 'The original is not there',
      advice: 'Your project is safe. Plug in the disk or put the file back; then it works on.',
    },
    'empty-range': { title: 'There is nothing in this range', advice: 'Set the end after the start.' },
    'output-not-writable': {
      title: 'Cannot write there',
      advice: 'What is finished is kept. Choose a folder that you may write in, or one on another disk.',
    },
    'output-exists': {
      title: 'The file exists already',
      advice: 'It is untouched. Choose another name or allow replacing it.',
    },
    'output-is-source': {
      title: 'That is the original',
      advice: 'Originals are never overwritten. Choose another name.',
    },
    'disk-full': {
      title: 'The disk is full',
      advice: 'Your original is untouched. Make room or choose another place.',
    },
    'ffmpeg-missing': { title: 'ffmpeg is missing', advice: 'Install ffmpeg, then start Heirloom again.' },
    'ffmpeg-too-old': {
      title: 'ffmpeg is too old',
      advice: 'Install a newer ffmpeg, then start Heirloom again.',
    },
    'ffmpeg-failed': {
      title: 'The film could not be worked on',
      advice: 'Your original is untouched. Try another part of the film.',
    },
    'weights-missing': {
      title: 'The model is missing',
      advice: 'Your films are safe. Add the model again, or install Heirloom again.',
    },
    'weights-corrupt': {
      title: 'The model is damaged',
      advice: 'Your films are safe. Get the files again, or install Heirloom again.',
    },
    'weights-unsupported': {
      title: 'The model does not fit',
      advice: 'Choose another model in the details.',
    },
    'download-failed': {
      title: 'The download did not work',
      advice:
        'What has been fetched so far is kept. Go on when the connection is back, or use another address.',
    },
    'out-of-memory': { title: 'Not enough memory', advice: 'Close other programs or choose a smaller size.' },
    'engine-missing': {
      title: 'The picture engine is missing',
      advice: 'Cutting and exporting still work. Install Heirloom again to enhance.',
    },
    'engine-crashed': {
      title: 'The picture engine stopped',
      advice:
        'Your original and your project are safe, and finished parts are kept. Start it once more; if it stops again, choose a smaller size.',
    },
    'engine-failed': {
      title: 'Enhancing did not work',
      advice: 'Your original is untouched. Choose a smaller size or another model.',
    },
    cancelled: { title: 'Stopped', advice: 'No unfinished file was left behind.' },
    'not-allowed': {
      title: 'Not allowed',
      advice: 'Choose a file from a folder you have shared with Heirloom.',
    },
    'not-found': { title: 'Not found', advice: 'It may have been removed meanwhile.' },
    'port-taken': { title: 'The port is in use', advice: 'Start Heirloom with another port.' },
    'project-damaged': {
      title: 'A damaged project was put aside',
      advice: 'The copy that was opened may lack the last edits.',
    },
    'project-newer': {
      title: 'This project is from a newer Heirloom',
      advice: 'Install the newer Heirloom to go on with it.',
    },
    'project-changed': {
      title: 'Changed in another window',
      advice: 'Reload this window to see the newer state.',
    },
    'project-kept': {
      title: 'Heirloom keeps your edits for now',
      advice: 'Your films are safe.',
    },
    'keepsake-damaged': {
      title: 'The Keepsake part cannot be used',
      advice: 'The film itself plays as it does everywhere.',
    },
    'keepsake-photo-damaged': {
      title: 'The Keepsake photo is not as it was written',
      advice: 'What it was made of was not touched.',
    },
    'some-failed': {
      title: 'Not all films were made',
      advice: 'Those that were made are whole; each that was not is told above.',
    },
    'project-corrupt': {
      title: 'The project cannot be read',
      advice: 'Your films are safe. Begin a new project by opening them.',
    },
    internal: {
      title: 'Something went wrong',
      advice:
        'Your originals are untouched. Do it once more; if it fails in the same way, please report the words above.',
    },
  },
} as const
