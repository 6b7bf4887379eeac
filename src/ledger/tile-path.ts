// Where tiles and entry bundles are served, relative to the prefix of a log (C2SP tlog-tiles). Paths that are parsed come from whoever asks;
// exactly one spelling of each is accepted, so that no two addresses name the same tile.
import { parseDecimal } from './bytes.ts'
import { LedgerError } from './errors.ts'
import { TILE_WIDTH } from './tile.ts'

/** The highest tile level that has an address. */
const TILE_LEVEL_MAX = 63

/** Which tile a path names: a level of hashes or the entries themselves, its index, and how many hashes or entries wide (1 to 256, full). */
export interface TileAddress {
  readonly level: number | 'entries'
  readonly index: number
  readonly width: number
}

const PATH_LENGTH_MAX = 64
const PATH = /^tile\/(entries|0|[1-9][0-9]?)\/((?:x[0-9]{3}\/)*[0-9]{3})(?:\.p\/([1-9][0-9]{0,2}))?$/

/** The path of a tile or bundle: `tile/<L>/<N>[.p/<W>]`, N in groups of three digits; throws `tile-path-malformed` for an impossible address. */
export function formatTilePath({ level, index, width }: TileAddress): string {
  const levelFits = level === 'entries' || (Number.isInteger(level) && level >= 0 && level <= TILE_LEVEL_MAX)
  const widthFits = Number.isInteger(width) && width >= 1 && width <= TILE_WIDTH
  if (!levelFits || !widthFits || !Number.isSafeInteger(index) || index < 0)
    throw malformed(`level ${level}, index ${index}, width ${width}`)
  return `tile/${level}/${groups(index)}${width === TILE_WIDTH ? '' : `.p/${width}`}`
}

/** Reads a tile path (no leading slash); throws `tile-path-malformed` for any other spelling. */
export function parseTilePath(path: string): TileAddress {
  const [, level, groupsText, widthText] = (path.length <= PATH_LENGTH_MAX && PATH.exec(path)) || []
  if (level === undefined || groupsText === undefined) throw malformed(path)
  const digits = groupsText.replaceAll(/[x/]/g, '')
  const index = parseDecimal(digits.replace(/^0+(?=[0-9])/, ''))
  const width = widthText === undefined ? TILE_WIDTH : Number(widthText)
  if (index === undefined) throw malformed(path)
  const address: TileAddress = { level: level === 'entries' ? level : Number(level), index, width }
  // INVARIANT: one address, one spelling. It refuses level 64, `.p/256` and needless leading groups.
  if (formatTilePath(address) !== path) throw malformed(path)
  return address
}

function groups(index: number): string {
  const digits = String(index)
  const padded = digits.padStart(Math.ceil(digits.length / 3) * 3, '0')
  const parts = padded.match(/.{3}/g) ?? []
  return parts.map((part, at) => (at < parts.length - 1 ? `x${part}` : part)).join('/')
}

function malformed(what: string): LedgerError {
  return new LedgerError('tile-path-malformed', `\`${what.slice(0, PATH_LENGTH_MAX)}\` does not name a tile.`)
}
