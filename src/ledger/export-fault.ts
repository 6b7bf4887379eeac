// Names what is wrong with an export, never saying more than was shown: which entry is wrong is only known when the leaf tiles that came with it
// lead to the signed root; otherwise all that can be said is that size or root are not what was signed.
import type { Checkpoint } from './checkpoint.ts'
import type { LedgerErrorCode } from './errors.ts'
import type { ExportComparison, Parting } from './export-comparison.ts'
import { hashesEqual } from './tree-hash.ts'

/** What reading an export to its end gave: entries read (at most one more than signed), the root over them, the comparison with its tiles. */
export interface ExportReading {
  readonly entriesRead: number
  readonly root: Uint8Array
  readonly comparison?: ExportComparison
}

/** The first thing that does not hold; `entryIndex` only where it was shown. */
export interface ExportFault {
  readonly code: LedgerErrorCode
  readonly message: string
  readonly entryIndex?: number
}

/** The fault of an export against the signed head, or `undefined` when all of it holds. */
export function findExportFault(reading: ExportReading, head: Checkpoint): ExportFault | undefined {
  const { entriesRead, root, comparison } = reading
  const isWhole = entriesRead === head.size && hashesEqual(root, head.root)
  const parting = comparison?.parting
  if (parting === undefined) return isWhole ? undefined : faultOfWhole(reading, head)
  if (isWhole) {
    const message = `The entries are those that were signed, but the leaf tiles differ from them at entry ${parting.at}.`
    return { code: 'tile-mismatch', message, entryIndex: parting.at }
  }
  return comparison?.leadsTo(head.root) ? faultAtEntry(entriesRead, head.size, parting) : faultOfWhole(reading, head)
}

// The list is the signed one here. It was read to its end, the entries to one above the signed size: what comes after that is not known.
function faultAtEntry(entriesRead: number, size: number, { at, isListedLater, isFoundLater }: Parting): ExportFault {
  if (isListedLater && (isFoundLater || entriesRead > size)) {
    return { code: 'entry-reordered', message: `At ${at} there is an entry that belongs further on.`, entryIndex: at }
  }
  if (isListedLater || (entriesRead < size && !isFoundLater)) {
    return { code: 'entry-missing', message: `Entry ${at} of ${size} is missing; ${entriesRead} entries were found.`, entryIndex: at }
  }
  if (isFoundLater || entriesRead > size) {
    return {
      code: 'entry-extra',
      message: `At ${at} there is an entry that was not signed there; ${size} were signed in all.`,
      entryIndex: at,
    }
  }
  return { code: 'entry-changed', message: `Entry ${at} is not the one that was signed.`, entryIndex: at }
}

function faultOfWhole({ entriesRead, root }: ExportReading, { size, root: signedRoot }: Checkpoint): ExportFault {
  if (entriesRead > size && hashesEqual(root, signedRoot)) {
    return { code: 'entry-extra', message: `All ${size} signed entries are there, and at least one after them.`, entryIndex: size }
  }
  if (entriesRead !== size) {
    const count = entriesRead > size ? `more than ${size}` : `${entriesRead}`
    return { code: 'size-mismatch', message: `The export has ${count} entries; ${size} were signed.` }
  }
  return { code: 'root-mismatch', message: `The ${size} entries are not those that were signed: their root is another one.` }
}
