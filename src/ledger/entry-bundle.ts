// Entry bundles: up to 256 entries of a log in one piece, each with its length in front (C2SP tlog-tiles, "Log entries"). A bundle that is read
// comes from outside; it is only believed once its leaf hashes lead to a signed root.
import { concatBytes } from './bytes.ts'
import { LedgerError } from './errors.ts'
import { TILE_WIDTH } from './tile.ts'
import { ENTRY_BYTES_MAX } from './tree-hash.ts'

const LENGTH_BYTES = 2

/** Writes 1 to 256 entries as a bundle: big-endian uint16 length, then the entry; throws `bundle-malformed`, `entry-too-large`. */
export function encodeEntryBundle(entries: readonly Uint8Array[]): Uint8Array {
  assertCount(entries.length)
  return concatBytes(entries.map(withLength))
}

/**
 * Reads a bundle of exactly `count` entries (1 to 256), as copies of its bytes.
 * Throws `bundle-malformed` when an entry is cut off, when there are fewer or more entries, or when bytes are left over.
 */
export function parseEntryBundle(bytes: Uint8Array, count: number): Uint8Array[] {
  assertCount(count)
  const entries: Uint8Array[] = []
  let at = 0
  while (entries.length < count) {
    const start = at + LENGTH_BYTES
    const end = start + (((bytes[at] ?? 0) << 8) | (bytes[at + 1] ?? 0))
    if (end > bytes.length) {
      throw new LedgerError('bundle-malformed', `The bundle ends within entry ${entries.length} of ${count}.`)
    }
    // A copy through the constructor: `slice` of a Node Buffer would share memory with the caller's bytes.
    entries.push(new Uint8Array(bytes.subarray(start, end)))
    at = end
  }
  if (at !== bytes.length)
    throw new LedgerError('bundle-malformed', `The bundle has ${bytes.length - at} bytes after its ${count} entries.`)
  return entries
}

function withLength(entry: Uint8Array): Uint8Array {
  if (entry.length > ENTRY_BYTES_MAX) {
    throw new LedgerError('entry-too-large', `An entry has ${entry.length} bytes; the limit is ${ENTRY_BYTES_MAX}.`)
  }
  return concatBytes([Uint8Array.of(entry.length >> 8, entry.length & 0xff), entry])
}

function assertCount(count: number): void {
  if (Number.isInteger(count) && count >= 1 && count <= TILE_WIDTH) return
  throw new LedgerError('bundle-malformed', `A bundle has 1 to ${TILE_WIDTH} entries, not ${count}.`)
}
