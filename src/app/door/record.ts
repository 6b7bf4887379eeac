// No record, no act: the entry goes in with the act, in the same transaction, and only if nothing relevant was taken away since the decision.
// INVARIANT: the insert finds its row of the take-away counter (and a run's own row) unmoved, or the statement fails and the act is undone. It is the last
// statement of the act and goes to the store in one message with the commit.
import { type RawBuilder, sql } from 'kysely'
import { isMinted } from '../../access/index.ts'
import type { Allowed, Principal } from '../../kernel/index.ts'
import type { Entry, EntryDraft } from '../entry.ts'
import type { Last } from './together-port.ts'

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

/** The texts beside entries, for each that went in. */
function textRows(its: readonly Recording[]): Rows {
  const texts = its.flatMap(({ entry }) => entry.sidecars.map((text) => ({ ...text, entry: entry.id })))
  const column = (of: (text: (typeof texts)[number]) => string) => texts.map(of)
  return sql`unnest(${column((text) => text.entry)}::text[], ${column((text) => text.name)}::text[],
    ${column((text) => text.salt)}::text[], ${column((text) => text.content)}::text[]) as s (entry, name, salt, content)`
}

/** How acts are admitted: what is done before, and which rows an entry must find. */
interface Admission {
  readonly first: Rows
  readonly rows: Rows
}

/** One statement that records entries, with what they speak of and the texts beside them: all that are admitted, and it fails (`TW005`) unless all are. */
function recording(org: string, its: readonly Recording[], { first, rows }: Admission): Rows {
  return sql`
    with ${first} recorded as (
      insert into entry (org_id, id, at, action, outcome, actor_id, resource_id, environment_id, body)
      select ${org}::text, e.id, e.at, e.action, e.outcome, e.actor, e.resource, e.environment, e.body
      from ${entryRows(its)} ${rows}
      returning id
    ), referred as (
      insert into entry_ref (org_id, ref_id, entry_id, rel)
      select ${org}::text, f.ref, f.entry, f.rel from ${refRows(its)} join recorded on recorded.id = f.entry
    ), beside as (
      insert into sidecar (org_id, entry_id, name, salt, content)
      select ${org}::text, s.entry, s.name, s.salt, s.content from ${textRows(its)} join recorded on recorded.id = s.entry
    )
    select require_admitted(count(*), ${its.length}) from recorded`
}

/** Nothing is admitted: a refusal, or a failure. */
const nothingAdmitted: Admission = { first: sql``, rows: sql`` }

/** Admission: the counter's row is locked in share mode, or found moved. */
const counterUnmoved = (org: string, version: number): Admission => ({
  first: sql``,
  rows: sql`join takeaway t on t.org_id = ${org} and t.version <= ${version} where true for share of t`,
})

/**
 * Admission of runs: besides, each one's own row must still be live and in the epoch that its credential was made in. All of them are locked, in the order of
 * their ids, before the counter is looked at: as the end of a run and whoever holds admissions back lock them, so that none waits for another in a circle.
 */
const counterAndRunsUnmoved = (org: string, version: number, its: readonly Recording[]): Admission => ({
  first: sql`held as materialized (
      select id, epoch from run where org_id = ${org} and id = any(${[...new Set(its.map((it) => it.principal.id))]}::text[])
        and state in ('claimed', 'running') order by id for share
    ),`,
  rows: sql`join held r on r.id = e.run and r.epoch = e.epoch
      cross join (select from takeaway where org_id = ${org} and version <= ${version} and (select count(*) from held) > 0 for share) t`,
})

/** Admission of what takes something away: the counter moves. An update at once, because two that each held the share lock would wait for each other for ever. */
const counterMoves = (org: string, version: number): Admission => ({
  first: sql`moved as (update takeaway set version = version + 1 where org_id = ${org} and version <= ${version} returning 1),`,
  rows: sql`cross join moved`,
})

/** An act that was allowed, to be recorded. */
export interface AllowedRecording {
  readonly allowed: Allowed<string>
  readonly entry: Entry
  readonly draft: EntryDraft
}

/**
 * Records acts that were allowed at one version, all of them or none: of one organization, and either all of runs or none of them. The statement fails when a
 * decision no longer stands, and with it the whole transaction.
 */
export function recordDoneTogether(last: Last, acts: readonly AllowedRecording[]): void {
  const [first] = acts
  if (first === undefined) return
  const { version, principal } = first.allowed
  const its = acts.map(({ allowed, entry, draft }) => {
    const isAlike = allowed.version === version && allowed.principal.org === principal.org
    if (!isAlike || (allowed.principal.kind === 'run') !== (principal.kind === 'run'))
      throw new Error('Acts were recorded together that are admitted by different rows.')
    return minted({ allowed, entry, draft })
  })
  const admission = principal.kind === 'run' ? counterAndRunsUnmoved : counterUnmoved
  last(recording(principal.org, its, admission(principal.org, version, its)))
}

function minted({ allowed, entry, draft }: AllowedRecording): Recording {
  if (!isMinted(allowed)) throw new Error('An act was recorded without a decision.')
  return { principal: allowed.principal, entry, draft }
}

/** Records an act that was allowed, as `recordDoneTogether` does; one that takes something away moves the counter. */
export function recordDone(last: Last, act: AllowedRecording, takesAway: boolean): void {
  const { org } = act.allowed.principal
  if (takesAway) last(recording(org, [minted(act)], counterMoves(org, act.allowed.version)))
  else recordDoneTogether(last, [act])
}

/** Records a refusal or a failure, in a transaction of its own: it admits nothing. */
export function recordRefusal(last: Last, entry: Entry, draft: EntryDraft): void {
  last(recording(draft.principal.org, [{ principal: draft.principal, entry, draft }], nothingAdmitted))
}
