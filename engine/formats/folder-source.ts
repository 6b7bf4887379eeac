// A folder on disk as a source of files, for programs that have a file system. Reads nothing outside of the folder, follows
// no link out of it, and refuses files and folders past its limits.

import { lstatSync, readdirSync, readFileSync, realpathSync } from 'node:fs'
import { EngineError } from '../errors.ts'
import { type FileSource, normalPath } from './file-source.ts'

/** Limits on a folder and on one file in it. */
const folderLimits = { filesMax: 20_000, bytesMax: 256 * 1024 * 1024, depthMax: 16 }

/** Files below a folder, depth first, in the order of their names; links are neither files nor folders here. */
function* walk(root: string, folder: string, depth: number): Generator<string> {
  if (depth > folderLimits.depthMax) return
  const entries = readdirSync(`${root}/${folder}`, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1))
  for (const entry of entries) {
    const path = folder === '' ? entry.name : `${folder}/${entry.name}`
    if (entry.isDirectory()) yield* walk(root, path, depth + 1)
    else if (entry.isFile()) yield path
  }
}

function listFiles(root: string): string[] {
  const found: string[] = []
  for (const path of walk(root, '', 0)) {
    found.push(path)
    if (found.length > folderLimits.filesMax)
      throw new EngineError('run/bad-input', `The folder holds more than ${folderLimits.filesMax} files`)
  }
  return found
}

/** Opens a folder; its files are listed once and read when asked for. */
export function folderSource(folder: string): FileSource {
  const root = realpathSync(folder)
  const files = new Set(listFiles(root))
  return {
    list: () => [...files].sort(),
    read: (path) => {
      const normal = normalPath(path)
      if (normal === null || !files.has(normal)) return null
      const { size } = lstatSync(`${root}/${normal}`)
      if (size > folderLimits.bytesMax)
        throw new EngineError('mesh/too-large', `\`${normal}\` is ${size} bytes; the limit is ${folderLimits.bytesMax}`, { file: normal })
      return new Uint8Array(readFileSync(`${root}/${normal}`))
    },
  }
}
