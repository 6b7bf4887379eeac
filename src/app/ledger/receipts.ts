// Receipts from stored tiles: the proof that an entry is in the log, against the newest released checkpoint.
import type { Ports, Tx } from '../../kernel/index.ts'
import { formatReceipt, formatVerifierKey, LedgerError, proveInclusion, type TileReader } from '../../ledger/index.ts'
import { logVerifierKey } from './sequencer.ts'

function storedTiles(tx: Tx): TileReader {
  return {
    async readTile(level, index, width) {
      const row = await tx.selectFrom('tile').select('hashes').where('level', '=', level).where('idx', '=', index).executeTakeFirst()
      if (row === undefined || row.hashes.length < width * 32)
        throw new LedgerError('tile-malformed', `Tile ${level}/${index} is not stored to width ${width}.`)
      return new Uint8Array(row.hashes.subarray(0, width * 32))
    },
  }
}

/** The receipt of the entry at an index, or nothing when no checkpoint covers it yet. */
export async function receiptFor(tx: Tx, index: number, ports: Pick<Ports, 'sha256'>): Promise<string | undefined> {
  const checkpoint = await tx.selectFrom('checkpoint').select(['size', 'note']).orderBy('size', 'desc').executeTakeFirst()
  if (checkpoint === undefined || checkpoint.size <= index) return undefined
  const proof = await proveInclusion(ports.sha256, { tiles: storedTiles(tx), size: checkpoint.size }, index)
  return formatReceipt({ index, proof, checkpoint: checkpoint.note })
}

/** The verifier key of a checkpoint of the log, as a line. */
export async function verifierKeyLine(tx: Tx, ports: Ports, note: string): Promise<string> {
  return formatVerifierKey(await logVerifierKey(tx, ports, note))
}
