// The sequencer: numbers committed entries, grows the tree, stores the new head by compare-and-set, and only then releases a signature over it.
// INVARIANT: the compare-and-set in `appendBatch` is the one commit point. A deposed sequencer fails there and has signed nothing; a crash after it
// leaves a head without a checkpoint, which the next round signs: recovery is the same code as success.
import { sql } from 'kysely'
import { activeKey, signWith } from '../../credentials/index.ts'
import { fail, fromBase64url, type OrgId, type Ports, type Tx, utf8 } from '../../kernel/index.ts'
import {
  appendLeaves,
  decodeTreeState,
  EMPTY_TREE,
  encodeTreeState,
  hashLeaf,
  signCheckpoint,
  type TileWrite,
  type TreeState,
  treeRoot,
  type VerifierKey,
  verifierKey,
} from '../../ledger/index.ts'
import type { Watch } from '../steps.ts'

const batchMax = 2000
const signatureEd25519 = 1

/** What the sequencer stands on: transactions under its own role, which can number entries and nothing else. */
export interface SequencerParts {
  readonly ports: Ports
  transact<T>(org: OrgId, work: (tx: Tx) => Promise<T>): Promise<T>
  readonly watch?: Watch | undefined
}

/** The origin of an organization's log: it never changes while the log lives. */
export function logOrigin(org: string): string {
  return `twinlock.internal/log/${org}`
}

/** The key under which an organization's log is verified. */
export async function logVerifierKey(tx: Tx, org: string, ports: Ports): Promise<VerifierKey> {
  const key = await activeKey(tx, '', 'checkpoint')
  const jwk = key.public_jwk
  const x = typeof jwk === 'object' && jwk !== null && 'x' in jwk && typeof jwk.x === 'string' ? jwk.x : ''
  return verifierKey(ports.sha256, { name: logOrigin(org), type: signatureEd25519, publicKey: fromBase64url(x) })
}

interface Head {
  readonly size: number
  readonly state: TreeState
}

async function readHead(tx: Tx, org: string): Promise<Head> {
  const row = await tx.selectFrom('log_head').select(['size', 'state']).executeTakeFirst()
  if (row !== undefined) return { size: row.size, state: decodeTreeState(new Uint8Array(row.state)) }
  const state = encodeTreeState(EMPTY_TREE)
  await tx
    .insertInto('log_head')
    .values({ org_id: org, origin: logOrigin(org), size: 0, state })
    .onConflict((conflict) => conflict.doNothing())
    .execute()
  return { size: 0, state: EMPTY_TREE }
}

async function storeTiles(tx: Tx, org: string, tiles: readonly TileWrite[]): Promise<void> {
  for (const tile of tiles) {
    const kept = await sql`
      insert into tile (org_id, level, idx, hashes) values (${org}, ${tile.level}, ${tile.index}, ${tile.hashes})
      on conflict (org_id, level, idx) do update set hashes = tile.hashes || excluded.hashes where length(tile.hashes) = ${tile.start * 32}`.execute(
      tx,
    )
    if (kept.numAffectedRows !== 1n) throw fail('stale', 'A tile was written by another sequencer.')
  }
}

async function numberEntries(tx: Tx, org: string, ids: readonly string[], from: number): Promise<void> {
  await sql`
    update entry set seq = fresh.seq
    from (select id, ${from}::bigint + ordinality - 1 as seq from unnest(${[...ids]}::text[]) with ordinality as t(id, ordinality)) fresh
    where entry.org_id = ${org} and entry.id = fresh.id and entry.seq is null`.execute(tx)
}

/** Numbers one batch of committed entries; returns how many. Throws `stale` when another sequencer moved the head first. */
export async function appendBatch(tx: Tx, org: string, ports: Ports): Promise<number> {
  const head = await readHead(tx, org)
  const rows = await tx.selectFrom('entry').select(['id', 'body']).where('seq', 'is', null).orderBy('id').limit(batchMax).execute()
  if (rows.length === 0) return 0
  const leaves = rows.map((row) => hashLeaf(ports.sha256, utf8(row.body)))
  const { state, tiles } = appendLeaves(ports.sha256, head.state, leaves)
  await numberEntries(
    tx,
    org,
    rows.map((row) => row.id),
    head.size,
  )
  await storeTiles(tx, org, tiles)
  const moved = await tx
    .updateTable('log_head')
    .set({ size: state.size, state: encodeTreeState(state) })
    .where('size', '=', head.size)
    .executeTakeFirst()
  if (moved.numUpdatedRows !== 1n) throw fail('stale', 'Another sequencer moved the head first.')
  return rows.length
}

/** Signs the stored head, if no checkpoint covers it yet, and releases the checkpoint; says whether there was one to release. */
export async function releaseCheckpoint(tx: Tx, org: string, ports: Ports): Promise<boolean> {
  const { size, state } = await readHead(tx, org)
  if (size === 0) return false
  const released = await tx.selectFrom('checkpoint').select('size').where('size', '=', size).executeTakeFirst()
  if (released !== undefined) return false
  const key = await activeKey(tx, '', 'checkpoint')
  const signer = { key: await logVerifierKey(tx, org, ports), sign: (message: Uint8Array) => signWith(key, message, ports) }
  const note = signCheckpoint(signer, { origin: logOrigin(org), size, root: treeRoot(ports.sha256, state) })
  await tx
    .insertInto('checkpoint')
    .values({ org_id: org, size, note, at: new Date(ports.clock.now()) })
    .onConflict((conflict) => conflict.doNothing())
    .execute()
  return true
}

/** Whether an entry is covered by a released checkpoint. */
export async function isInCheckpoint(tx: Tx, entry: string): Promise<boolean> {
  const row = await tx
    .selectFrom('entry')
    .select('seq')
    .where('id', '=', entry)
    .where('seq', 'is not', null)
    .where((eb) => eb.exists(eb.selectFrom('checkpoint').select('checkpoint.size').whereRef('checkpoint.size', '>', 'entry.seq')))
    .executeTakeFirst()
  return row !== undefined
}

/** Sequences what is committed in one organization, batch by batch, each batch with its checkpoint. */
export async function sequence(parts: SequencerParts, org: OrgId): Promise<void> {
  for (;;) {
    const appended = await parts.transact(org, async (tx) => {
      const count = await appendBatch(tx, org, parts.ports)
      if (count > 0) parts.watch?.('sequencer/numbered')
      return count
    })
    if (appended > 0) parts.watch?.('sequencer/appended')
    const released = await parts.transact(org, async (tx) => {
      const isNew = await releaseCheckpoint(tx, org, parts.ports)
      if (isNew) parts.watch?.('sequencer/signed')
      return isNew
    })
    if (released) parts.watch?.('sequencer/released')
    if (appended < batchMax) return
  }
}
