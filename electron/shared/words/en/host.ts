// The host and the connection to it.
export const host = {
  cancelled: 'Cancelled.',
  fault:
    'Something went wrong inside Heirloom: "{{what}}". Your videos are untouched, and finished parts of a film are kept. Do it once more; if it fails in the same way, please report these words.',
  windowGone:
    'There was no window to ask in, so nothing was done. Open a window of Heirloom and choose again.',
  windowWithoutKey:
    'This window has no key to Heirloom. Open the address that Heirloom printed when it started, or the file that it named there.',
  windowKeyUsed:
    'The key in this address was used before, is too old or belongs to another start. Nothing is lost: open the file that Heirloom named when it started, it always holds a fresh key. Or start Heirloom again.',
  requestUnknown:
    'Heirloom knows no request "{{name}}". Nothing was done. The window may be of another version: reload it, or start Heirloom again.',
  requestForm:
    'Heirloom does not understand the request "{{name}}". Nothing was done. The window may be of another version: reload it, or start Heirloom again.',
  requestTooLarge:
    'This was not done: the film has grown to {{megabytes}} MB of clips and settings, Heirloom takes {{most}} MB at once. What was saved before is safe. Take out clips, or make two films of it.',
  answerForm:
    'Heirloom\'s own answer to "{{name}}" is not of the agreed form. Your files are untouched. Please report this.',
  connectionLost:
    'This could not be done: the connection to Heirloom is lost. It comes back by itself when Heirloom runs; then do the same once more. Exports go on meanwhile.',
  needsDesktop: 'There are no windows of the system here: that needs the desktop app.',
} as const
