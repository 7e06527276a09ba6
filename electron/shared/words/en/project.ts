// The project: its films and clips, saving and opening it.
export const project = {
  filmEmpty: 'There is nothing to export: the film holds no clip.',
  clipNotOpen: 'The source of the clip "{{name}}" is not open. Open it again.',
  clipEmpty: 'The range of "{{name}}" holds no frame. Set its end after its start.',
  clipBeyond:
    '"{{name}}" has {{count}} pictures, but its clip goes on to number {{to}}. Nothing was done. Set its end inside the film, or open it again.',
  toneMapMissing:
    '"{{name}}" is in high dynamic range or wide colours and other clips of the film are not; this ffmpeg cannot bring them together (it has no zscale). Install a complete ffmpeg, or export the clips one at a time with "This clip only".',
  projectCorrupt:
    'The saved project cannot be read, and no backup of it either. Your videos are untouched; start a new project. The files are kept in {{folder}}.',
  projectAside:
    'The saved project was damaged and could not be read: an earlier copy of it was opened. The damaged file is kept as {{name}} in {{folder}}.',
  projectNewer:
    'The saved project was made by a newer Heirloom (format {{format}}; this one knows {{known}}). It was not touched, and what you do here is not saved. Open it with the newer Heirloom, or move {{path}} away and start again.',
  projectChanged:
    'This project was changed in another window, so it was not saved from here: nothing was overwritten. Reload this window to go on with the newer state; the last edits of this window are lost then.',
  filmTooLong: 'With "{{name}}" the film would be longer than a thousand hours. Nothing was changed.',
} as const
