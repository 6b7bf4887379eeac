// Where readers get files from: a port, so that a sandbox can hand in a bundle of bytes and a program can open a folder.
// Paths are relative, with forward slashes; a path that leaves the root does not exist.

/** Files by relative path. An attacker who controls the files controls what is read, never where. */
export interface FileSource {
  /** The bytes of a file, or null when there is none. */
  read(path: string): Uint8Array | null
  /** Relative paths of all files, sorted. */
  list(): readonly string[]
}

/** A normal form without `.`, `..` and doubled slashes; null when the path leaves the root. */
export function normalPath(path: string): string | null {
  const parts: string[] = []
  for (const part of path.split('/')) {
    if (part === '' || part === '.') continue
    if (part === '..') {
      if (parts.pop() === undefined) return null
    } else parts.push(part)
  }
  return parts.join('/')
}

/** A source over bytes that are already there. */
export function bundleSource(files: ReadonlyMap<string, Uint8Array>): FileSource {
  return {
    read: (path) => files.get(normalPath(path) ?? '') ?? null,
    list: () => [...files.keys()].sort(),
  }
}

const decoder = new TextDecoder('utf-8')

/** A file as text, or null when there is none. */
export function readText(files: FileSource, path: string): string | null {
  const bytes = files.read(path)
  return bytes === null ? null : decoder.decode(bytes)
}
