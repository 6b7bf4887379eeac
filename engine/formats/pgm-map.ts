// Occupancy maps as ROS map servers keep them: a PGM picture and a YAML beside it. Only the few flat keys of such a YAML are
// read; the picture's first row is the highest y.

import { cell, checkGrid, mapCellsMax, type OccupancyGrid } from '../control/occupancy-grid.ts'
import { EngineError } from '../errors.ts'
import type { SceneWarning } from '../scene/scene.ts'
import { type FileSource, normalPath, readText } from './file-source.ts'
import { numberFrom } from './numbers.ts'

/** A grey picture, 0 to 255, first row on top. */
export interface GreyPicture {
  readonly width: number
  readonly height: number
  readonly pixels: Uint8Array
}

/** A map, and what about its files was not as they say. */
export interface ReadMap {
  readonly grid: OccupancyGrid
  readonly warnings: readonly SceneWarning[]
}

/** The next word of a PGM header from `at`, over white space and comments. */
function headerWord(bytes: Uint8Array, from: number): { readonly word: string; readonly end: number } {
  let at = from
  const isSpace = (byte: number | undefined): boolean => byte === 32 || byte === 9 || byte === 10 || byte === 13
  while (isSpace(bytes[at]) || bytes[at] === 35) {
    if (bytes[at] === 35) while (at < bytes.length && bytes[at] !== 10) at += 1
    else at += 1
  }
  let end = at
  while (end < bytes.length && !isSpace(bytes[end]) && end - at < 16) end += 1
  return { word: String.fromCharCode(...bytes.subarray(at, end)), end }
}

function readSamples(bytes: Uint8Array, at: number, count: number, most: number, isText: boolean, file: string): Uint8Array {
  const pixels = new Uint8Array(count)
  const wide = most > 255 ? 2 : 1
  if (!isText && bytes.length < at + count * wide)
    throw new EngineError('map/malformed', `\`${file}\` is too short for its ${count} cells`, { file })
  let end = at
  for (let i = 0; i < count; i++) {
    let value = wide === 2 ? 256 * (bytes[at + 2 * i] ?? 0) + (bytes[at + 2 * i + 1] ?? 0) : (bytes[at + i] ?? 0)
    if (isText) {
      const next = headerWord(bytes, end)
      value = numberFrom(next.word, file)
      end = next.end
    }
    if (value > most) throw new EngineError('map/malformed', `\`${file}\` holds ${value}, past its maximum of ${most}`, { file })
    pixels[i] = Math.floor((value * 255) / most)
  }
  return pixels
}

/** Reads a PGM picture, binary (P5) or text (P2). Throws `map/…` codes. */
export function readPgm(bytes: Uint8Array, file: string): GreyPicture {
  const magic = headerWord(bytes, 0)
  if (magic.word !== 'P5' && magic.word !== 'P2') throw new EngineError('map/malformed', `\`${file}\` is not a PGM picture`, { file })
  const width = headerWord(bytes, magic.end)
  const height = headerWord(bytes, width.end)
  const most = headerWord(bytes, height.end)
  const [w, h, m] = [numberFrom(width.word, file), numberFrom(height.word, file), numberFrom(most.word, file)]
  const isWhole = Number.isInteger(w) && Number.isInteger(h) && Number.isInteger(m) && w > 0 && h > 0 && m > 0 && m < 65536
  if (!isWhole) throw new EngineError('map/malformed', `\`${file}\` has a header of ${w} × ${h}, maximum ${m}`, { file })
  if (w * h > mapCellsMax) throw new EngineError('map/too-large', `\`${file}\` has ${w * h} cells; the limit is ${mapCellsMax}`, { file })
  return { width: w, height: h, pixels: readSamples(bytes, most.end + 1, w * h, m, magic.word === 'P2', file) }
}

/** `key: value` lines of a flat YAML. */
function flatYaml(text: string): ReadonlyMap<string, string> {
  const lines = text.slice(0, 10_000).split(/\r?\n/)
  return new Map(
    lines
      .flatMap((line) => [/^([a-z_]+)\s*:\s*(.*?)\s*(?:#.*)?$/.exec(line)])
      .flatMap((m) => (m === null ? [] : [[m[1] ?? '', m[2] ?? ''] as const])),
  )
}

/** The cell value of each grey, by the thresholds of the YAML. */
function cellOfGrey(yaml: ReadonlyMap<string, string>, file: string): Uint8Array {
  const number = (key: string, usual: string): number => numberFrom(yaml.get(key) ?? usual, `${file}: ${key}`)
  const [occupied, free, negate] = [number('occupied_thresh', '0.65'), number('free_thresh', '0.196'), number('negate', '0')]
  return Uint8Array.from({ length: 256 }, (_, grey) => {
    const p = negate === 0 ? (255 - grey) / 255 : grey / 255
    return p > occupied ? cell.occupied : p < free ? cell.free : cell.unknown
  })
}

function toGrid(picture: GreyPicture, yaml: ReadonlyMap<string, string>, file: string): OccupancyGrid {
  const origin = (yaml.get('origin') ?? '[0, 0, 0]').replace(/[[\]]/g, '').split(',')
  const [originX = 0, originY = 0, yaw = 0] = origin.map((word) => numberFrom(word, `${file}: origin`))
  if (yaw !== 0) throw new EngineError('map/malformed', `\`${file}\` turns the map by ${yaw} rad; only unturned maps are read`, { file })
  const { width, height, pixels } = picture
  const values = cellOfGrey(yaml, file)
  const cells = new Uint8Array(pixels.length)
  for (let row = 0; row < height; row++)
    for (let column = 0; column < width; column++)
      cells[row * width + column] = values[pixels[(height - 1 - row) * width + column] ?? 0] ?? cell.unknown
  return checkGrid({ width, height, resolution: numberFrom(yaml.get('resolution'), `${file}: resolution`), originX, originY, cells })
}

/** Reads a map by its YAML. When the picture that it names is not there, the only PGM beside it serves, with a warning. */
export function readMap(files: FileSource, yamlFile: string): ReadMap {
  const text = readText(files, yamlFile)
  if (text === null) throw new EngineError('map/malformed', `The map \`${yamlFile}\` is not there`, { file: yamlFile })
  const yaml = flatYaml(text)
  const folder = yamlFile.slice(0, Math.max(0, yamlFile.lastIndexOf('/')))
  const named = normalPath(`${folder}/${yaml.get('image') ?? ''}`) ?? ''
  const beside = files.list().filter((path) => path.startsWith(folder === '' ? '' : `${folder}/`) && path.toLowerCase().endsWith('.pgm'))
  const isNamed = named.toLowerCase().endsWith('.pgm') && files.read(named) !== null
  const image = isNamed ? named : beside[0]
  const bytes = image === undefined || (!isNamed && beside.length !== 1) ? null : files.read(image)
  if (bytes === null || image === undefined)
    throw new EngineError('map/malformed', `\`${yamlFile}\` names the picture \`${yaml.get('image')}\`, which is not there as PGM`, {
      file: yamlFile,
    })
  const message = `The map names \`${yaml.get('image')}\`, which is not there: \`${image}\` beside it was read, and may lie differently`
  const warnings: SceneWarning[] = isNamed ? [] : [{ code: 'ignored-file', where: yamlFile, message }]
  return { grid: toGrid(readPgm(bytes, image), yaml, yamlFile), warnings }
}
