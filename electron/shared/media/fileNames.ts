// Which files are offered where films are chosen, by their names' endings. Only an offer: any file can be asked for, and what it is
// is told by its bytes.

/** Of films, and of what camcorders and players call them. */
export const filmEndings = [
  ...'mp4 m4v mov qt mkv webm avi divx dv dif mpg mpeg mpe m1v m2v vob ts m2t mts m2ts mod tod'.split(' '),
  ...'3gp 3g2 wmv asf flv f4v mjpeg mjpg ogv ogm mxf gxf rm rmvb h264 264 h265 265 hevc nut'.split(' '),
]
/** Pictures are made better too. */
const pictureEndings = 'jpg jpeg png tif tiff webp bmp heic heif avif hlm'.split(' ')

/** As people order names: 2 before 10. */
export const byName = (a: { name: string }, b: { name: string }): number =>
  a.name.localeCompare(b.name, undefined, { numeric: true })

const endingOf = (name: string): string => /\.([^.]+)$/.exec(name)?.[1]?.toLowerCase() ?? ''

export const isFilmName = (name: string): boolean => filmEndings.includes(endingOf(name))
export const isPictureName = (name: string): boolean => pictureEndings.includes(endingOf(name))
