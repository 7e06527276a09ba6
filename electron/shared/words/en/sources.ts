// Sources: why a file cannot be opened or read.
export const sources = {
  sourceEnded:
    '"{{name}}" ended after {{count frame|frames}} of {{wanted}}. The file is damaged there; choose a range before that place.',
  frameNotShown:
    'Frame {{frame}} of "{{name}}" could not be decoded, so it is not shown. The film is untouched; the frames around it may be there.',
  sourceIsFolder: '"{{name}}" is a folder. Open the video files inside it.',
  sourceEmpty: '"{{name}}" is empty: it holds no data at all. Copy it again from where it came from.',
  sourceGone: 'There is no file "{{name}}" at {{path}}. It may have been moved or renamed.',
  sourceNameNotUnicode:
    '"{{name}}" is there, but its name is not in Unicode, as on old discs, and cannot be passed on. The file itself is safe. Rename it in the file manager, or copy it under another name, and open that.',
  sourceUnreadable:
    '"{{name}}" cannot be read: {{why}}. Nothing was changed. Put that right, or copy the file to another place and open the copy.',
  sourceWithoutIndex:
    '"{{name}}" is damaged: its index is missing, as when a recording or a copy was cut off. Copy it again from where it came from.',
  sourceIndexLost:
    '"{{name}}" is damaged: its index is there, but it is not where the file says, because bytes before it are missing or are there twice. Nothing in the file can be found without it. The file is untouched. Copy it again from where it came from.',
  sourceBroken:
    '"{{name}}" is a film ({{kind}}), but it is damaged: what says what is in it and where, at its beginning or its end, is missing or broken. The file is untouched. Copy it again from where it came from; if there is no other copy, a program that repairs {{kind}} files may get pictures out of it.',
  sourceKeepsakePhoto:
    '"{{name}}" is a Keepsake photo. This version of Heirloom can say what is in it ("heirloom keepsake info"), and cannot show it yet. Open the photo that it was made of.',
  sourceGif:
    '"{{name}}" is a GIF, which Heirloom does not open. It opens films (such as MP4, MOV, MKV, AVI, MPEG) and photos (JPEG, PNG, TIFF, WebP, BMP, and HEIC where this ffmpeg reads it). Save a GIF that moves as MP4 and a still one as PNG, and open that.',
  photoNoFilm:
    '"{{name}}" is a photo, not a film: it holds one picture and lasts no time. Nothing was written. Save it as a photo ("Save this moment as a photo" in the window, "heirloom photo" in a terminal), and take it out of the film.',
  notReadableVideo:
    '"{{name}}" is not a video that can be read: {{reason}}. If a player shows it, save it there as MP4 with H.264 and open that.',
  pictureSize: 'The picture of "{{name}}" is {{size}}; Heirloom reads up to 16384×16384.',
  sourceIsList:
    '"{{name}}" is not a film but a list that leads to other files ({{kind}}). Heirloom opens nothing through it. Open the film files themselves.',
  sourceElsewhere:
    '"{{name}}" holds no frames of its own: it leads to another file that holds them. Heirloom opens nothing through it. Open that file itself.',
  videoNotOpen: 'This video is not open here. Open it again.',
  videoMoved:
    '"{{name}}" is not where it was ({{path}}). Plug its drive in or put it back; what was stopped by it can then be started once more.',
  videoChanged: '"{{name}}" is another file than when it was opened. Open it again.',
  noSuchPicture:
    '"{{name}}" has {{count frame|frames}}; there is no number {{frame}}. Choose a moment inside it.',
  sourceSize:
    'Could not read "{{name}}": ffmpeg gives frames of {{found}} instead of {{wanted}}. The file is untouched. Open it again; if it stays so, please report this.',
  sourceNoPicture:
    'Could not read "{{name}}": not one frame in that part could be decoded. The file is untouched. Choose another part of it.',
  sourceUndecodable:
    'This ffmpeg cannot decode one frame of "{{name}}". That says nothing against the file, which is untouched. See whether a player shows it: if so, save it there as MP4 with H.264, or use a newer ffmpeg; if not, copy it again from where it came from.',
  photoUndecodable:
    'This ffmpeg cannot decode the picture "{{name}}". That says nothing against the file, which is untouched. See whether another program shows it: if so, save it there as JPEG or PNG; if not, copy it again from where it came from.',
  photoKind:
    'The photo "{{name}}" is of a kind (HEIC or AVIF) that this ffmpeg ({{version}}) cannot read. Save it as JPEG on the phone or computer it comes from, or use a newer ffmpeg.',
  sourceNotRegular: '"{{name}}" is not a file but a pipe, a socket or a device. Open the film file itself.',
  sourceAway: '"{{name}}" is no longer at {{path}}. Put it back or open it again.',
  sourceChanged: '"{{name}}" has changed since it was opened. Open it again.',
  sourceReadError:
    '"{{name}}" could not be read at {{at}}: its disk or its connection gives no data there. What was finished is kept and the original is untouched. Plug the drive in again or copy the file to another disk, then export again.',
  tableStale:
    'The list of frames that was kept for "{{name}}" does not fit the file: it gives other ones. The list has been made anew, and the original is untouched. Open the file again, then start again.',
  sourceUnsteady:
    '"{{name}}" reads differently each time, as from a loose drive or a weak connection. What was finished is kept. Copy the file to the disk of this computer, then export the copy.',
  sourceOther: '"{{name}}" is not the same file as last time. Remove the clip and open the file again.',
  sourceOnlySound:
    '"{{name}}" holds sound but no picture. Heirloom enhances videos; open one that has a picture.',
  sourceWithoutPicture:
    '"{{name}}" holds no picture. Heirloom enhances videos and photos; open one of those.',
  sourceCodec:
    '"{{name}}" says that it is a video ({{codec}}), but this ffmpeg cannot read its picture. Save it as MP4 with H.264 in a program that shows it, or use a newer ffmpeg.',
  sourceRate:
    '"{{name}}" does not say how fast its frames follow each other, so they cannot be put in time. Save it as MP4 or MKV in a program that plays it, and open that.',
  sourceEncrypted:
    '"{{name}}" is encrypted (copy protection). Heirloom cannot read it; open a copy without protection.',
  noSuchFilm: '"{{name}}" has no film at track {{track}}. Its films are at: {{tracks}}.',
} as const
