// The offline verifier: an export of a whole log, read once from beginning to end, against a signed checkpoint and the keys that the reader trusts.
// No I/O, no clock, constant memory. Everything but `trust` comes from whoever made the export. The verdict is a value: the first thing that does
// not hold, by its code. To audit it, read on in: open-checkpoint, tree-hash, frontier, export-comparison, export-fault.
import type { Checkpoint } from './checkpoint.ts'
import { LedgerError } from './errors.ts'
import { ExportComparison } from './export-comparison.ts'
import { type ExportFault, type ExportReading, findExportFault } from './export-fault.ts'
import { foldFrontier, pushLeaf } from './frontier.ts'
import { HashList } from './hash-list.ts'
import type { VerifiedSignature } from './note-signature.ts'
import { type LogTrust, openCheckpoint } from './open-checkpoint.ts'
import type { Sha256, VerifyCrypto } from './ports.ts'
import { hashLeaf } from './tree-hash.ts'

/**
 * An export of a log.
 *
 * `checkpoint` is the signed note, `entries` are all entries in order. `leafTiles`, where the export has them, are the level 0 tiles in order (in
 * any pieces of whole 32-byte hashes): they cost next to nothing while all is well, and say which entry is wrong when it is not.
 */
export interface LogExport {
  readonly checkpoint: string
  readonly entries: AsyncIterable<Uint8Array>
  readonly leafTiles?: AsyncIterable<Uint8Array>
}

/** All of it holds: these are exactly the entries of the log with this head, which these keys signed. */
export interface SoundExport {
  readonly holds: true
  readonly head: Checkpoint
  readonly signatures: readonly VerifiedSignature[]
}

/**
 * Something does not hold. `head` is the signed head, absent when the checkpoint itself could not be believed; `entriesRead` stops one above its
 * size; `root` is the one recomputed from the entries (from the first `size` of them if there are more).
 */
export interface FaultyExport extends ExportFault {
  readonly holds: false
  readonly head?: Checkpoint
  readonly entriesRead?: number
  readonly root?: Uint8Array
}

/** What was found about an export. */
export type ExportVerdict = SoundExport | FaultyExport

/**
 * Verifies an export: origin and signatures of its checkpoint first, then every entry.
 * A `LedgerError` becomes the verdict; anything else that the iterables throw (a file that cannot be read) is passed on.
 */
export async function verifyExport(crypto: VerifyCrypto, input: LogExport, trust: LogTrust): Promise<ExportVerdict> {
  let head: Checkpoint | undefined
  try {
    const { checkpoint, signatures } = openCheckpoint(crypto.ed25519Verify, input.checkpoint, trust)
    head = checkpoint
    const reading = await readExport(crypto.sha256, input, checkpoint.size)
    const fault = findExportFault(reading, checkpoint)
    if (fault === undefined) return { holds: true, head, signatures }
    return { holds: false, ...fault, head, entriesRead: reading.entriesRead, root: reading.root }
  } catch (error) {
    if (!(error instanceof LedgerError)) throw error
    return { holds: false, code: error.code, message: error.message, ...(head === undefined ? {} : { head }) }
  }
}

async function readExport(sha256: Sha256, { entries, leafTiles }: LogExport, size: number): Promise<ExportReading> {
  if (leafTiles === undefined) return await readEntries(sha256, entries, size)
  const list = new HashList(leafTiles)
  try {
    const comparison = new ExportComparison(sha256, list)
    const reading = await readEntries(sha256, entries, size, comparison)
    await comparison.finish(size)
    return { ...reading, comparison }
  } finally {
    await list.close()
  }
}

async function readEntries(
  sha256: Sha256,
  entries: AsyncIterable<Uint8Array>,
  size: number,
  comparison?: ExportComparison,
): Promise<ExportReading> {
  const frontier: Uint8Array[] = []
  let at = 0
  for await (const entry of entries) {
    const leaf = hashLeaf(sha256, entry)
    if (comparison?.isDry) await comparison.fill()
    comparison?.observe(leaf, frontier)
    // One entry above the signed size is enough to know; nothing after it is read.
    if (at === size) return { entriesRead: size + 1, root: foldFrontier(sha256, frontier) }
    pushLeaf(sha256, frontier, at, leaf)
    at += 1
  }
  await comparison?.fill()
  comparison?.observe(undefined, frontier)
  return { entriesRead: at, root: foldFrontier(sha256, frontier) }
}
