// A world and its robot as one file: canonical JSON with every file of two folders, text as text (so that a scan at the door reads it) and the rest as
// base64. Written by `twinlock twin import`, sealed as an asset, read here inside a cell. The bytes are an author's: every part has a limit.
import { bundleSource, type FileSource, normalPath } from '../../engine/formats/file-source.ts'
import { member } from './parameters.ts'

/** The name of the sealed asset that holds a bundle. */
export const worldAsset = 'world'

/** Limits on a bundle. */
export const bundleLimits = { filesMax: 2000, bytesMax: 16 * 1024 * 1024 } as const

/** The folders of a bundle. */
export interface WorldBundle {
  readonly world: FileSource
  /** Nothing where the engine's own robot drives. */
  readonly robot: FileSource | undefined
}

const format = 'warehouse-world/1'
const strict = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

function textOf(bytes: Uint8Array): string | undefined {
  if (bytes.includes(0)) return undefined
  try {
    return strict.decode(bytes)
  } catch {
    return undefined // not UTF-8: it is kept as base64
  }
}

function packed(folder: FileSource): Record<string, string | { readonly base64: string }> {
  const paths = folder.list()
  if (paths.length > bundleLimits.filesMax)
    throw new RangeError(`The folder holds ${paths.length} files; the limit is ${bundleLimits.filesMax}.`)
  const files: Record<string, string | { readonly base64: string }> = {}
  let bytes = 0
  for (const path of [...paths].sort()) {
    const content = folder.read(path) ?? new Uint8Array(0)
    bytes += content.length
    if (bytes > bundleLimits.bytesMax)
      throw new RangeError(`The files are larger than ${bundleLimits.bytesMax} bytes, the limit of one asset.`)
    files[path] = textOf(content) ?? { base64: Buffer.from(content).toString('base64') }
  }
  return files
}

/** Packs folders into one file: the same folders, the same bytes. Throws a `RangeError` past `bundleLimits`. */
export function packBundle({ world, robot }: WorldBundle): Uint8Array {
  const bundle = { format, ...(robot === undefined ? {} : { robot: packed(robot) }), world: packed(world) }
  const bytes = new TextEncoder().encode(JSON.stringify(bundle))
  if (bytes.length > bundleLimits.bytesMax)
    throw new RangeError(`The bundle has ${bytes.length} bytes; the limit is ${bundleLimits.bytesMax}.`)
  return bytes
}

function unpacked(value: unknown, what: string): FileSource {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new TypeError(`The bundle's \`${what}\` is no folder.`)
  const entries = Object.entries(value)
  if (entries.length > bundleLimits.filesMax)
    throw new RangeError(`The bundle's \`${what}\` holds ${entries.length} files; the limit is ${bundleLimits.filesMax}.`)
  const files = new Map<string, Uint8Array>()
  for (const [path, content] of entries) {
    if (path === '' || normalPath(path) !== path) throw new TypeError(`The bundle's \`${what}\` holds a path that leaves it.`)
    const base64 = member(content, 'base64')
    if (typeof content === 'string') files.set(path, new TextEncoder().encode(content))
    else if (typeof base64 === 'string') files.set(path, new Uint8Array(Buffer.from(base64, 'base64')))
    else throw new TypeError(`The bundle's file \`${path}\` is neither text nor base64.`)
  }
  return bundleSource(files)
}

/** Reads a bundle. Throws for what is none, and past `bundleLimits`. */
export function unpackBundle(bytes: Uint8Array): WorldBundle {
  if (bytes.length > bundleLimits.bytesMax)
    throw new RangeError(`The bundle has ${bytes.length} bytes; the limit is ${bundleLimits.bytesMax}.`)
  const value: unknown = JSON.parse(new TextDecoder().decode(bytes))
  if (member(value, 'format') !== format) throw new TypeError(`The asset \`${worldAsset}\` is no bundle of the form ${format}.`)
  const robot = member(value, 'robot')
  return { world: unpacked(member(value, 'world'), 'world'), robot: robot === undefined ? undefined : unpacked(robot, 'robot') }
}
