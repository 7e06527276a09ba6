// Which reader takes which file: decided here and nowhere else.
import { type Source, isStill } from '../shared/media/source.js'
import { decode } from './decode.js'
import { probeFilm } from './film.js'
import { frameTable, headTable } from './frameTable.js'
import type { Reader } from './reader.js'
import { probeStill, stillTable } from './still.js'

const films: Reader = { probe: probeFilm, table: frameTable, head: headTable, decode }

/** A photo is a film of one picture: its frame is decoded as a film's are. */
const stills: Reader = { probe: probeStill, table: stillTable, decode }

export const readerOf = (file: Pick<Source, 'container'>): Reader => (isStill(file) ? stills : films)
