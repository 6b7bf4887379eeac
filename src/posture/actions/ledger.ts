// Reading the ledger: the trail of a thing, receipts, and an export that verifies without us. Each read is itself recorded.
import { sql } from 'kysely'
import { z } from 'zod'
import { action, base64, fail, idOf, locateOrganization, organizationEntity, organizationType, type Tx } from '../../kernel/index.ts'
import { formatTilePath, HASH_BYTES, LOT_MAX, parseCheckpoint, parseNote, parseReceipt, TILE_WIDTH } from '../../ledger/index.ts'
import { bodyOf, type EntryBody, type StoredEntry } from '../entry-rows.ts'
import { evidenceOf, evidenceType, projectsOfEntry } from '../evidence.ts'
import { drawGraph } from '../graph.ts'
import { followTrail } from '../trail.ts'

const exportEntriesMax = 1000

const tracedEntry = z.object({
  id: idOf('ent'),
  index: z.number().nullable(),
  at: z.string(),
  action: z.string(),
  outcome: z.string(),
  code: z.string().nullable(),
  actor: z.object({ type: z.string(), id: z.string(), spiffe: z.string().nullable() }),
  resource: z.object({ type: z.string(), id: z.string() }),
  policies: z.array(z.string()),
  facts: z.json(),
  related: z.array(z.object({ rel: z.string(), type: z.string(), id: z.string() })),
})

const node = z.object({
  kind: z.string(),
  id: z.string(),
  title: z.string(),
  at: z.string(),
  entry: idOf('ent'),
  /** What it is now; null for what has no state. */
  state: z.string().nullable(),
})

const edge = z.object({
  from: z.string(),
  to: z.string(),
  rel: z.string(),
  outcome: z.enum(['done', 'denied', 'failed']),
  count: z.number(),
  entry: idOf('ent'),
})

function shown(row: StoredEntry, body: EntryBody): z.input<typeof tracedEntry> {
  const { at, action, outcome, code, actor, resource, policies, facts, related } = body
  return {
    id: row.id,
    index: row.seq,
    at,
    action,
    outcome,
    code: code ?? null,
    actor: { type: actor.type, id: actor.id, spiffe: actor.spiffe ?? null },
    resource,
    policies,
    facts: facts ?? {},
    related,
  }
}

/** Traces a thing: from the grants and inputs that led to it to what it led to. */
export const traceThing = action({
  name: 'ledger:trace',
  summary: 'Trace a thing through the ledger: grant, run, calls, artifact, review, crossing, fetch.',
  effect: 'content',
  roles: ['auditor', 'reviewer'],
  resource: organizationType,
  input: z.strictObject({
    id: z
      .string()
      .regex(/^[a-z]{3}_[0-9a-z]{26}$/)
      .meta({ description: 'An artifact, run, promotion, grant or other id.' }),
  }),
  output: z.object({
    id: z.string(),
    entries: z.array(tracedEntry),
    nodes: z.array(node),
    edges: z.array(edge),
    truncated: z.boolean(),
    /** What was left out: entries, calls, things further away than a trail goes, nodes. */
    cut: z.array(z.enum(['entries', 'calls', 'further', 'nodes'])),
  }),
  locate: async ({ input, tx, principal }) => {
    const known = await tx.selectFrom('entry_ref').select('entry_id').where('ref_id', '=', input.id).executeTakeFirst()
    if (known === undefined) throw fail('not_found', 'The ledger says nothing of this id.')
    return { resource: organizationEntity(principal.org), found: undefined }
  },
  async perform({ input, tx }) {
    const trail = await followTrail(tx, input.id)
    const entries = trail.entries.map((row) => ({ row, id: row.id, body: bodyOf(row) }))
    const { nodes, edges, isCut } = await drawGraph(tx, input.id, entries)
    const cut = [...trail.cut, ...(isCut ? (['nodes'] as const) : [])]
    return {
      result: {
        id: input.id,
        entries: entries.map(({ row, body }) => shown(row, body)),
        nodes: [...nodes],
        edges: [...edges],
        truncated: cut.length > 0,
        cut,
      },
      facts: { traced: input.id, entries: entries.length, cut },
    }
  },
})

/** The stored leaf hashes of the entries from one index to before another; zeros where a tile is missing. */
async function storedLeaves(tx: Tx, from: number, end: number): Promise<Uint8Array> {
  if (end <= from) return new Uint8Array()
  const first = Math.floor(from / TILE_WIDTH)
  const tiles = await tx
    .selectFrom('tile')
    .select(['idx', 'hashes'])
    .where('level', '=', 0)
    .where('idx', '>=', first)
    .where('idx', '<=', Math.floor((end - 1) / TILE_WIDTH))
    .orderBy('idx')
    .execute()
  const whole = new Uint8Array((end - first * TILE_WIDTH) * HASH_BYTES)
  for (const { idx, hashes } of tiles) {
    const at = (idx - first) * TILE_WIDTH * HASH_BYTES
    whole.set(hashes.subarray(0, whole.length - at), at)
  }
  return whole.subarray((from - first * TILE_WIDTH) * HASH_BYTES)
}

/** The bodies of the entries from one index to before another, in order. A lot that holds an index begins less than `LOT_MAX` before it. */
async function entriesFrom(tx: Tx, from: number, end: number): Promise<{ readonly body: string }[]> {
  const { rows } = await sql<{ body: string }>`
    select e.body from entry_lot l cross join lateral unnest(l.ids) with ordinality as t (id, place)
      cross join lateral (select id, body from entry where org_id = l.org_id and id >= t.id order by id limit 1) e
    where e.id = t.id and l.seq > ${from - LOT_MAX} and l.seq < ${end} and l.seq + t.place - 1 between ${from} and ${end - 1} order by l.seq + t.place`.execute(
    tx,
  )
  return rows
}

/** Exports entries with the newest checkpoint; page by page, to be verified offline. */
export const exportLedger = action({
  name: 'ledger:export',
  summary: 'Export entries of the ledger with a signed checkpoint, to be verified offline.',
  effect: 'content',
  roles: ['auditor'],
  resource: organizationType,
  input: z.strictObject({
    from: z.coerce.number().int().min(0).default(0),
    limit: z.coerce.number().int().min(1).max(exportEntriesMax).default(exportEntriesMax),
    size: z.coerce
      .number()
      .int()
      .min(1)
      .optional()
      .meta({ description: 'Export up to the checkpoint of this size; the newest where it is left out.' }),
  }),
  output: z.object({
    checkpoint: z.string(),
    size: z.number(),
    from: z.number(),
    entries: z.array(z.string()),
    /** The leaf hashes that the log keeps of these entries, 32 bytes each: they tell which entry is not the one that was signed. */
    leaves: z.string().meta({ contentEncoding: 'base64' }),
    next: z.number().nullable(),
    verifierKey: z.string(),
  }),
  locate: locateOrganization,
  async perform({ input, tx, ports, principal }) {
    let query = tx.selectFrom('checkpoint').selectAll().orderBy('size', 'desc')
    if (input.size !== undefined) query = query.where('size', '=', input.size)
    const checkpoint = await query.executeTakeFirst()
    if (checkpoint === undefined) throw fail('not_found', 'There is no such checkpoint yet.', { next: 'Try again in a second.' })
    const end = Math.min(checkpoint.size, input.from + input.limit)
    const rows = await entriesFrom(tx, input.from, end)
    const next = end < checkpoint.size ? end : null
    const verifierKey = await ports.logVerifierKey(tx, principal.org, checkpoint.note)
    return {
      result: {
        checkpoint: checkpoint.note,
        size: checkpoint.size,
        from: input.from,
        entries: rows.map((row) => row.body),
        leaves: base64(await storedLeaves(tx, input.from, end)),
        next,
        verifierKey,
      },
      facts: { from: input.from, entries: rows.length, size: checkpoint.size },
    }
  },
})

/** Proves that an entry is in the ledger: a receipt that verifies offline. */
export const receiptForEntry = action({
  name: 'ledger:receipt',
  summary: 'Prove that an entry is in the ledger: a C2SP tlog-proof that verifies offline.',
  effect: 'content',
  roles: ['auditor', 'reviewer'],
  resource: evidenceType,
  input: z.strictObject({ entry: idOf('ent') }),
  output: z.object({
    entry: idOf('ent'),
    index: z.number(),
    /** The bytes that the log holds, as UTF-8. */
    body: z.string(),
    receipt: z.string(),
    /** The log's origin and its public key; compare them with a copy that you trust. */
    origin: z.string(),
    verifierKey: z.string(),
    /** How many entries the log had when the checkpoint in the receipt was signed. */
    size: z.number(),
  }),
  locate: async ({ input, tx, principal }) => {
    const row = await tx.selectFrom('numbered_entry').select(['id', 'seq', 'body']).where('id', '=', input.entry).executeTakeFirst()
    if (row === undefined) throw fail('not_found', 'There is no entry with this id.')
    return { ...evidenceOf(principal, await projectsOfEntry(tx, bodyOf(row))), found: row }
  },
  async perform({ found, tx, ports, principal }) {
    const receipt = found.seq === null ? undefined : await ports.receiptFor(tx, found.seq)
    if (found.seq === null || receipt === undefined)
      throw fail('busy', 'This entry is not in a checkpoint yet.', { next: 'Try again in a second.' })
    const { checkpoint } = parseReceipt(receipt)
    const verifierKey = await ports.logVerifierKey(tx, principal.org, checkpoint)
    const { origin, size } = parseCheckpoint(parseNote(checkpoint).text)
    return {
      result: { entry: found.id, index: found.seq, body: found.body, receipt, origin, verifierKey, size },
      facts: { entry: found.id },
    }
  },
})

/** Answers a hash tile of the log, as C2SP tlog-tiles lays it out; a wider stored tile answers with its beginning. */
export const readTile = action({
  name: 'ledger:tile',
  summary: 'Read a hash tile of the log (C2SP tlog-tiles), to make proofs without us.',
  effect: 'content',
  roles: ['auditor'],
  resource: organizationType,
  input: z.strictObject({
    level: z.coerce.number().int().min(0).max(63),
    index: z.coerce.number().int().min(0).max(Number.MAX_SAFE_INTEGER),
    width: z.coerce.number().int().min(1).max(TILE_WIDTH).default(TILE_WIDTH).meta({ description: 'How many hashes; 256 is a full tile.' }),
  }),
  output: z.object({ path: z.string(), width: z.number(), hashes: z.string().meta({ contentEncoding: 'base64' }) }),
  locate: locateOrganization,
  async perform({ input, tx }) {
    const { level, index, width } = input
    const row = await tx.selectFrom('tile').select('hashes').where('level', '=', level).where('idx', '=', index).executeTakeFirst()
    const bytes = row?.hashes.subarray(0, width * HASH_BYTES) ?? new Uint8Array()
    if (bytes.length < width * HASH_BYTES) {
      throw fail('not_found', `There is no such tile of ${width} hashes; it has ${Math.floor(bytes.length / HASH_BYTES)} so far.`)
    }
    const path = formatTilePath({ level, index, width })
    return { result: { path, width, hashes: base64(new Uint8Array(bytes)) }, facts: { path } }
  },
})

declare module '../../kernel/action.ts' {
  interface Ports {
    /** The verifier key line (C2SP signed-note vkey) of the newest key of the log that signed this checkpoint. */
    logVerifierKey(tx: Tx, org: string, note: string): Promise<string>
    /** A receipt for the entry at an index against the newest checkpoint, if that covers it. */
    receiptFor(tx: Tx, index: number): Promise<string | undefined>
  }
}
