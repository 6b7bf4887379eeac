// The built console in memory: every file below one folder, by the path that it is served at. A request only ever looks a text up here and never becomes a
// path of the file system, so that there is nothing to climb out of. Trusts the folder: who can write there runs script in the console's origin.
import { readdir, readFile, stat } from 'node:fs/promises'
import { extname, join } from 'node:path'
import { promisify } from 'node:util'
import { gzip } from 'node:zlib'

const filesMax = 1_000
const bytesMax = 64 * 1024 * 1024
const depthMax = 4
const gzipFrom = 1_024
const gzipped = promisify(gzip)

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.txt': 'text/plain; charset=utf-8',
  '.svg': 'image/svg+xml; charset=utf-8',
  '.png': 'image/png',
  '.jpg': 'image/jpeg',
  '.webp': 'image/webp',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
  '.wasm': 'application/wasm',
}
const isText = (type: string): boolean => type.includes('charset')

/** One file of the console, with its smaller forms by content coding (RFC 9110 section 8.4.1), smallest first. */
export interface ConsoleFile {
  readonly type: string
  readonly bytes: Uint8Array
  readonly smaller: readonly { readonly coding: 'br' | 'gzip'; readonly bytes: Uint8Array }[]
}

/** A whole build, by path below its folder: `index.html`, `assets/app-1a2b.js`. */
export type ConsoleBuild = ReadonlyMap<string, ConsoleFile>

/** The files below a folder. Links are left out, whatever they lead to; Node's own recursive listing would go into linked folders. */
async function namesIn(folder: string, before = '', depth = 0): Promise<string[]> {
  const entries = await readdir(join(folder, before), { withFileTypes: true })
  const names: string[] = []
  for (const entry of entries) {
    // What begins with a dot is the build's own business.
    if (entry.name.startsWith('.')) continue
    const name = before === '' ? entry.name : `${before}/${entry.name}`
    if (entry.isFile()) names.push(name)
    else if (entry.isDirectory() && depth < depthMax) names.push(...(await namesIn(folder, name, depth + 1)))
  }
  return names
}

async function readAll(folder: string): Promise<ReadonlyMap<string, Uint8Array>> {
  const names = await namesIn(folder)
  if (names.length > filesMax) throw new Error(`The console in ${folder} has more than ${filesMax} files.`)
  const read = new Map<string, Uint8Array>()
  let total = 0
  for (const name of names) {
    const bytes = await readFile(join(folder, name))
    total += bytes.length
    if (total > bytesMax) throw new Error(`The console in ${folder} has more than ${bytesMax} bytes.`)
    read.set(name, bytes)
  }
  return read
}

async function smallerForms(
  name: string,
  all: ReadonlyMap<string, Uint8Array>,
  bytes: Uint8Array,
  type: string,
): Promise<ConsoleFile['smaller']> {
  const brotli = all.get(`${name}.br`)
  const gz = all.get(`${name}.gz`) ?? (isText(type) && bytes.length >= gzipFrom ? await gzipped(bytes) : undefined)
  return [
    ...(brotli === undefined ? [] : [{ coding: 'br' as const, bytes: brotli }]),
    ...(gz === undefined ? [] : [{ coding: 'gzip' as const, bytes: gz }]),
  ]
}

async function load(folder: string): Promise<ConsoleBuild> {
  const all = await readAll(folder)
  const build = new Map<string, ConsoleFile>()
  for (const [name, bytes] of all) {
    if (name.endsWith('.br') || name.endsWith('.gz')) continue
    const type = types[extname(name)] ?? 'application/octet-stream'
    build.set(name, { type, bytes, smaller: await smallerForms(name, all, bytes, type) })
  }
  return build
}

const stampOf = (folder: string): Promise<string | undefined> =>
  stat(join(folder, 'index.html')).then(
    ({ mtimeMs, size, ino }) => `${mtimeMs} ${size} ${ino}`,
    // A folder that is not there, or not yet: nothing is built.
    () => undefined,
  )

/** The built console of one folder, loaded when it is first asked for, and again when a newer one took its place. */
export class ConsoleFiles {
  readonly #folder: string
  #loaded: { readonly stamp: string; readonly build: Promise<ConsoleBuild> } | undefined

  constructor(folder: string) {
    this.#folder = folder
  }

  /** The newest whole build, or nothing where there is none. While one is put in the place of another, the one before it. */
  async current(): Promise<ConsoleBuild | undefined> {
    const stamp = await stampOf(this.#folder)
    if (stamp !== undefined && stamp !== this.#loaded?.stamp) this.#loaded = { stamp, build: load(this.#folder) }
    const loaded = this.#loaded
    try {
      return await loaded?.build
    } catch (error) {
      // Tried again by the next request: a build may have been renamed away while it was being read.
      if (this.#loaded === loaded) this.#loaded = undefined
      throw error
    }
  }
}

/** The form of a file that a client accepts (RFC 9110 section 12.5.3): the smallest of those that it names without `q=0`. */
export function formFor(
  file: ConsoleFile,
  acceptEncoding: string | undefined,
): { readonly coding: string | undefined; readonly bytes: Uint8Array } {
  const accepted = new Set(
    (acceptEncoding ?? '')
      .toLowerCase()
      .split(',')
      .map((one) => one.trim().split(/\s*;\s*/))
      .filter(([, weight]) => weight === undefined || !/^q=0(\.0*)?$/.test(weight))
      .map(([coding]) => coding),
  )
  return file.smaller.find(({ coding }) => accepted.has(coding)) ?? { coding: undefined, bytes: file.bytes }
}
