// No record, no act: the entry goes in with the act, in the same transaction, and only if nothing relevant was taken away since the decision.
// INVARIANT: the insert finds its row of the take-away counter (and a run's own row) unmoved, or it inserts nothing and the act is undone.
import { type RawBuilder, sql } from 'kysely'
import { isMinted, takeAway } from '../../access/index.ts'
import { type Allowed, fail, type Principal, type Tx } from '../../kernel/index.ts'
import type { Entry, EntryDraft } from '../entry.ts'

/** An act to be recorded: who did it, its entry, and what the entry was made of. */
export interface Recording {
  readonly principal: Principal
  readonly entry: Entry
  readonly draft: EntryDraft
}

type Rows = RawBuilder<unknown>

/** Columns as arrays, one element for each row: the text of a statement is the same however many rows there are, so that it is planned once. */
function entryRows(its: readonly Recording[]): Rows {
  const column = (of: (it: Recording) => string | number | null) => its.map(of)
  return sql`unnest(
      ${column((it) => it.entry.id)}::text[], ${column((it) => new Date(it.draft.at).toISOString())}::timestamptz[],
      ${column((it) => it.draft.action)}::text[], ${column((it) => it.draft.outcome)}::text[],
      ${column((it) => it.principal.id)}::text[], ${column((it) => it.draft.resource.id)}::text[],
      ${column((it) => it.draft.environment?.id ?? null)}::text[], ${column((it) => it.entry.body)}::text[],
      ${column((it) => (it.principal.kind === 'run' ? it.principal.id : null))}::text[],
      ${column((it) => (it.principal.kind === 'run' ? (it.principal.epoch ?? -1) : null))}::int[]
    ) as e (id, at, action, outcome, actor, resource, environment, body, run, epoch)`
}

/** What entries speak of, for each that went in. */
function refRows(its: readonly Recording[]): Rows {
  const refs = its.flatMap(({ entry }) => entry.refs.map((ref) => ({ ...ref, entry: entry.id })))
  return sql`unnest(${refs.map((ref) => ref.entry)}::text[], ${refs.map((ref) => ref.ref_id)}::text[], ${refs.map((ref) => ref.rel)}::text[])
    as f (entry, ref, rel)`
}

/** Inserts those entries that `admitted` lets through, with what they speak of; answers how many. */
async function insert(tx: Tx, org: string, its: readonly Recording[], admitted: Rows): Promise<number> {
  const { rows } = await sql<{ count: number }>`
    with recorded as (
      insert into entry (org_id, id, at, action, outcome, actor_id, resource_id, environment_id, body)
      select ${org}::text, e.id, e.at, e.action, e.outcome, e.actor, e.resource, e.environment, e.body
      from ${entryRows(its)} ${admitted}
      returning id
    ), referred as (
      insert into entry_ref (org_id, ref_id, entry_id, rel)
      select ${org}::text, f.ref, f.entry, f.rel from ${refRows(its)} join recorded on recorded.id = f.entry
    )
    select count(*)::int as count from recorded`.execute(tx)
  return rows[0]?.count ?? 0
}

async function insertSidecars(tx: Tx, org: string, { entry }: Recording): Promise<void> {
  if (entry.sidecars.length === 0) return
  await tx
    .insertInto('sidecar')
    .values(entry.sidecars.map((sidecar) => ({ org_id: org, entry_id: entry.id, ...sidecar })))
    .execute()
}

/** Admission: the counter's row is locked in share mode, or found moved. */
const counterUnmoved = (org: string, version: number): Rows =>
  sql`join takeaway t on t.org_id = ${org} and t.version <= ${version} where true for share of t`

/**
 * Admission of runs: besides, each one's own row must still be live and in the epoch that its credential was made in. Runs are locked before the counter, as
 * the end of a run locks them, so that the two never wait for each other.
 */
const counterAndRunsUnmoved = (org: string, version: number): Rows =>
  sql`join takeaway t on t.org_id = ${org} and t.version <= ${version}
      join run r on r.org_id = t.org_id and r.id = e.run and r.epoch = e.epoch and r.state in ('claimed', 'running')
      for share of r, t`

/** An act that was allowed, to be recorded. */
export interface AllowedRecording {
  readonly allowed: Allowed<string>
  readonly entry: Entry
  readonly draft: EntryDraft
}

const stale = (): Error => fail('stale', 'Something was taken away while this was being decided.')

/**
 * Records acts that were allowed at one version, all of them or none: of one organization, and either all of runs or none of them. Throws `stale` when a
 * decision no longer stands: the whole transaction must be undone.
 */
export async function recordDoneTogether(tx: Tx, acts: readonly AllowedRecording[]): Promise<void> {
  const [first] = acts
  if (first === undefined) return
  const { version, principal } = first.allowed
  const its = acts.map(({ allowed, entry, draft }) => {
    if (!isMinted(allowed)) throw new Error('An act was recorded without a decision.')
    const isAlike = allowed.version === version && allowed.principal.org === principal.org
    if (!isAlike || (allowed.principal.kind === 'run') !== (principal.kind === 'run'))
      throw new Error('Acts were recorded together that are admitted by different rows.')
    return { principal: allowed.principal, entry, draft }
  })
  const admission = principal.kind === 'run' ? counterAndRunsUnmoved : counterUnmoved
  if ((await insert(tx, principal.org, its, admission(principal.org, version))) !== its.length) throw stale()
  for (const it of its) await insertSidecars(tx, principal.org, it)
}

/** Records an act that was allowed. Throws `stale` when the decision no longer stands: the whole transaction must be undone. */
export async function recordDone(tx: Tx, allowed: Allowed<string>, entry: Entry, draft: EntryDraft, takesAway: boolean): Promise<void> {
  if (!isMinted(allowed)) throw new Error('An act was recorded without a decision.')
  if (!takesAway) return recordDoneTogether(tx, [{ allowed, entry, draft }])
  // An update instead of a share lock: two revocations that each hold the share lock would wait for each other for ever.
  await takeAway(tx, allowed.version)
  await recordPlain(tx, { principal: allowed.principal, entry, draft })
}

async function recordPlain(tx: Tx, it: Recording): Promise<void> {
  await insert(tx, it.principal.org, [it], sql``)
  await insertSidecars(tx, it.principal.org, it)
}

/** Records a refusal or a failure, in a transaction of its own: it admits nothing. */
export async function recordRefusal(tx: Tx, entry: Entry, draft: EntryDraft): Promise<void> {
  await recordPlain(tx, { principal: draft.principal, entry, draft })
}
