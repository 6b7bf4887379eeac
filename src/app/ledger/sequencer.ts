// The sequencer: numbers committed entries, grows the tree, stores the new head by compare-and-set, and only then releases a signature over it.
// INVARIANT: the compare-and-set in `appendBatch` is the one commit point. A deposed sequencer fails there and has signed nothing; a crash after it
// leaves a head without a checkpoint, which the next round signs: recovery is the same code as success.
import { sql } from 'kysely'
import { keysOf, signWith } from '../../credentials/index.ts'
import { fail, fromBase64url, type OrgId, type Ports, type Tx, utf8 } from '../../kernel/index.ts'
import {
  appendLeaves,
  type Checkpoint,
  decodeTreeState,
  EMPTY_TREE,
  encodeTreeState,
  formatCheckpoint,
  formatNote,
  hashLeaf,
  LOT_MAX,
  parseCheckpoint,
  parseNote,
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

/** The origin of an organization's first log. It never changes while that log lives; a restored backup goes on under another. */
function logOrigin(org: string): string {
  return `twinlock.internal/log/${org}`
}

type KeyRow = Awaited<ReturnType<typeof keysOf>>[number]

function verifierKeyOf(key: KeyRow, origin: string, ports: Pick<Ports, 'sha256'>): VerifierKey {
  const jwk = key.public_jwk
  const x = typeof jwk === 'object' && jwk !== null && 'x' in jwk && typeof jwk.x === 'string' ? jwk.x : ''
  return verifierKey(ports.sha256, { name: origin, type: signatureEd25519, publicKey: fromBase64url(x) })
}

/** The key under which a checkpoint of an organization's log is verified: the newest of those that signed this one. */
export async function logVerifierKey(tx: Tx, ports: Ports, note: string): Promise<VerifierKey> {
  const { origin } = parseCheckpoint(parseNote(note).text)
  const signed = new Set(parseNote(note).signatures.map(({ keyId }) => keyId))
  const keys = (await keysOf(tx, '', 'checkpoint')).map((key) => verifierKeyOf(key, origin, ports))
  const found = keys.find(({ keyId }) => signed.has(keyId))
  if (found === undefined) throw fail('internal', 'No key of this log signed this checkpoint.')
  return found
}

interface Head {
  readonly origin: string
  readonly size: number
  readonly state: TreeState
}

async function storedHead(tx: Tx): Promise<Head | undefined> {
  const { rows } = await sql<{ origin: string; size: number; state: Uint8Array }>`select origin, size, state from log_head`.execute(tx)
  const [row] = rows
  return row === undefined ? undefined : { ...row, state: decodeTreeState(new Uint8Array(row.state)) }
}

/**
 * The head, where the organization is there: whoever destroys it waits for this transaction to end, or has ended before; and what is read behind it. All of it is
 * asked in one message and answered in this order: what is read second is read when the first is held.
 */
async function behindHead<T>(tx: Tx, org: string, read: () => Promise<T>): Promise<readonly [Head | undefined, T]> {
  const [, head, behind] = await Promise.all([sql`select hold_log(${org}, false)`.execute(tx), storedHead(tx), read()])
  return [head, behind]
}

async function firstHead(tx: Tx, org: string): Promise<Head> {
  const state = encodeTreeState(EMPTY_TREE)
  await tx
    .insertInto('log_head')
    .values({ org_id: org, origin: logOrigin(org), size: 0, state })
    .onConflict((conflict) => conflict.doNothing())
    .execute()
  return { origin: logOrigin(org), size: 0, state: EMPTY_TREE }
}

async function storeTile(tx: Tx, org: string, { level, index, start, hashes }: TileWrite): Promise<void> {
  const kept = await sql`
    insert into tile (org_id, level, idx, hashes) values (${org}, ${level}, ${index}, ${hashes})
    on conflict (org_id, level, idx) do update set hashes = tile.hashes || excluded.hashes where length(tile.hashes) = ${start * 32}`.execute(
    tx,
  )
  if (kept.numAffectedRows !== 1n) throw fail('stale', 'A tile was written by another sequencer.')
}

async function moveHead(tx: Tx, from: number, state: TreeState): Promise<void> {
  const moved = await tx
    .updateTable('log_head')
    .set({ size: state.size, state: encodeTreeState(state) })
    .where('size', '=', from)
    .executeTakeFirst()
  if (moved.numUpdatedRows !== 1n) throw fail('stale', 'Another sequencer moved the head first.')
}

/** Committed entries that have no number yet, as they are numbered: all of a lot or none of it. */
interface Unnumbered {
  readonly xact: string
  readonly first: string
  readonly bodies: string[]
}

/**
 * The next lots, as many as a batch holds and at least one. Each entry is looked up by its id: whatever the planner knows of the tables, nothing else is read.
 */
async function unnumbered(tx: Tx): Promise<Unnumbered[]> {
  const { rows } = await sql<{ xact: string; first: string; body: string }>`
    select l.xact, l.first, e.body
    from (
      select *, sum(cardinality(ids)) over (order by xact, first) as through
      from (select org_id, xact, first, ids from entry_lot where seq is null order by xact, first limit ${batchMax}) waiting
    ) l
    cross join lateral unnest(l.ids) with ordinality as t (id, place)
    cross join lateral (select id, body from entry where org_id = l.org_id and id >= t.id order by id limit 1) e
    where e.id = t.id and (l.through <= ${batchMax} or l.through = cardinality(l.ids))
    order by l.xact, l.first, t.place`.execute(tx)
  const lots: Unnumbered[] = []
  for (const { xact, first, body } of rows) {
    const lot = lots.at(-1)
    if (lot?.xact === xact && lot.first === first) lot.bodies.push(body)
    else lots.push({ xact, first, bodies: [body] })
  }
  return lots
}

async function numberLots(tx: Tx, org: string, lots: readonly Unnumbered[], from: number): Promise<void> {
  let next = from
  const seqs = lots.map(({ bodies }) => {
    const seq = next
    next += bodies.length
    return seq
  })
  await sql`
    update entry_lot l set seq = fresh.seq
    from unnest(${lots.map(({ xact }) => xact)}::xid8[], ${lots.map(({ first }) => first)}::text[], ${seqs}::bigint[]) as fresh (xact, first, seq)
    where l.org_id = ${org} and l.xact = fresh.xact and l.first = fresh.first and l.seq is null`.execute(tx)
}

/** Numbers one batch of committed entries; returns how many. Throws `stale` when another sequencer moved the head first. */
export async function appendBatch(tx: Tx, org: string, ports: Ports): Promise<number> {
  // INVARIANT: the head is read before the rows, so that whoever numbered some of them meanwhile has moved it past what is compared below.
  const [stored, lots] = await behindHead(tx, org, () => unnumbered(tx))
  if (lots.length === 0) return 0
  const head = stored ?? (await firstHead(tx, org))
  const leaves = lots.flatMap(({ bodies }) => bodies.map((body) => hashLeaf(ports.sha256, utf8(body))))
  const { state, tiles } = appendLeaves(ports.sha256, head.state, leaves)
  // One message for all of it: whichever of them fails, nothing of it is committed.
  await Promise.all([
    numberLots(tx, org, lots, head.size),
    ...tiles.map((tile) => storeTile(tx, org, tile)),
    moveHead(tx, head.size, state),
  ])
  return leaves.length
}

/** Signs a head with the active key, and with those that are being retired, so that whoever trusts one of them can go on reading the log. */
function signHead(all: readonly KeyRow[], head: Checkpoint, ports: Ports): string {
  const keys = all.filter(({ state }) => state !== 'retired')
  if (keys[0]?.state !== 'active') throw fail('internal', 'There is no checkpoint key for this log.')
  const notes = keys.map((key) => {
    const sign = (message: Uint8Array) => signWith(key, message, ports)
    return parseNote(signCheckpoint({ key: verifierKeyOf(key, head.origin, ports), sign }, head))
  })
  return formatNote({ text: formatCheckpoint(head), signatures: notes.flatMap(({ signatures }) => signatures) })
}

/** The size of the newest checkpoint that was released. */
async function releasedSize(tx: Tx): Promise<number | undefined> {
  const row = await tx.selectFrom('checkpoint').select('size').orderBy('size', 'desc').limit(1).executeTakeFirst()
  return row?.size
}

/** Signs the stored head, if no checkpoint covers it yet, and releases the checkpoint; says whether there was one to release. */
async function releaseCheckpoint(tx: Tx, org: string, ports: Ports): Promise<boolean> {
  const [head, [released, keys]] = await behindHead(tx, org, () => Promise.all([releasedSize(tx), keysOf(tx, '', 'checkpoint')]))
  if (head === undefined || head.size === 0 || (released ?? 0) >= head.size) return false
  const { origin, size, state } = head
  const note = signHead(keys, { origin, size, root: treeRoot(ports.sha256, state) }, ports)
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
    .selectFrom('numbered_entry as entry')
    .select('seq')
    .where('id', '=', entry)
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
    if (appended <= batchMax - LOT_MAX) return
  }
}
