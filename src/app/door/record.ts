// No record, no act: the entry goes in with the act, in the same transaction, and only if nothing relevant was taken away since the decision.
// INVARIANT: the insert finds its row of the take-away counter (and a run's own row) unmoved, or the statement fails and the act is undone. It goes to the store in
// one message with the commit, behind all that the act read; of several acts that are recorded together, what they change comes behind it.
import { type RawBuilder, sql } from 'kysely'
import { isMinted } from '../../access/index.ts'
import { type Allowed, type Principal, prepared } from '../../kernel/index.ts'
import type { Entry, EntryDraft } from '../entry.ts'
import type { Last } from './together-port.ts'

/** An act to be recorded: who did it, its entry, and what the entry was made of. */
export interface Recording {
  readonly principal: Principal
  readonly entry: Entry
  readonly draft: EntryDraft
}

type Column<T = string> = readonly T[]

/**
 * What is sent to have acts recorded. Rows come as columns, each a list: the text of a statement is the same however many rows there are, so that it is written
 * out once, and planned once for each connection.
 */
interface Sent {
  readonly org: string
  readonly version: number
  /** The runs whose acts these are. */
  readonly runs: Column
  /** How many entries are to go in: all of them, or the statement fails. */
  readonly wanted: number
  readonly ids: Column
  readonly ats: Column
  readonly actions: Column
  readonly outcomes: Column
  readonly actors: Column
  readonly resources: Column
  readonly environments: Column<string | null>
  readonly bodies: Column
  readonly ofRuns: Column<string | null>
  readonly epochs: Column<number | null>
  /** What the entries speak of. */
  readonly refEntries: Column
  readonly refIds: Column
  readonly rels: Column
  /** The texts beside them. */
  readonly textEntries: Column
  readonly names: Column
  readonly salts: Column
  readonly contents: Column
}

function sent(org: string, version: number, its: readonly Recording[]): Sent {
  const ofRuns = its.map(({ principal }) => (principal.kind === 'run' ? principal.id : null))
  const refs = its.flatMap(({ entry }) => entry.refs.map((ref) => ({ ...ref, entry: entry.id })))
  const texts = its.flatMap(({ entry }) => entry.sidecars.map((text) => ({ ...text, entry: entry.id })))
  return {
    org,
    version,
    runs: [...new Set(ofRuns.filter((run) => run !== null))],
    wanted: its.length,
    ids: its.map(({ entry }) => entry.id),
    ats: its.map(({ draft }) => new Date(draft.at).toISOString()),
    actions: its.map(({ draft }) => draft.action),
    outcomes: its.map(({ draft }) => draft.outcome),
    actors: its.map(({ principal }) => principal.id),
    resources: its.map(({ draft }) => draft.resource.id),
    environments: its.map(({ draft }) => draft.environment?.id ?? null),
    bodies: its.map(({ entry }) => entry.body),
    ofRuns,
    epochs: its.map(({ principal }) => (principal.kind === 'run' ? (principal.epoch ?? -1) : null)),
    refEntries: refs.map(({ entry }) => entry),
    refIds: refs.map(({ ref_id }) => ref_id),
    rels: refs.map(({ rel }) => rel),
    textEntries: texts.map(({ entry }) => entry),
    names: texts.map(({ name }) => name),
    salts: texts.map(({ salt }) => salt),
    contents: texts.map(({ content }) => content),
  }
}

/** How acts are admitted: what is done before, and which rows an entry must find. */
interface Admission {
  readonly first: RawBuilder<unknown>
  readonly rows: RawBuilder<unknown>
}

/** One statement that records entries, with what they speak of and the texts beside them: all that are admitted, and it fails (`TW005`) unless all are. */
const recording = (admission: (it: Sent) => Admission) =>
  prepared<Sent, unknown>((_, it) => {
    const { first, rows } = admission(it)
    return sql`
      with ${first} recorded as (
        insert into entry (org_id, id, at, action, outcome, actor_id, resource_id, environment_id, body)
        select ${it.org}::text, e.id, e.at, e.action, e.outcome, e.actor, e.resource, e.environment, e.body
        from unnest(
          ${it.ids}::text[], ${it.ats}::timestamptz[], ${it.actions}::text[], ${it.outcomes}::text[], ${it.actors}::text[], ${it.resources}::text[],
          ${it.environments}::text[], ${it.bodies}::text[], ${it.ofRuns}::text[], ${it.epochs}::int[]
        ) as e (id, at, action, outcome, actor, resource, environment, body, run, epoch) ${rows}
        returning id
      ), referred as (
        insert into entry_ref (org_id, ref_id, entry_id, rel)
        select ${it.org}::text, f.ref, f.entry, f.rel
        from unnest(${it.refEntries}::text[], ${it.refIds}::text[], ${it.rels}::text[]) as f (entry, ref, rel)
      ), beside as (
        insert into sidecar (org_id, entry_id, name, salt, content)
        select ${it.org}::text, s.entry, s.name, s.salt, s.content
        from unnest(${it.textEntries}::text[], ${it.names}::text[], ${it.salts}::text[], ${it.contents}::text[]) as s (entry, name, salt, content)
      )
      select require_admitted(count(*), ${it.wanted}) from recorded`
  })

/** Nothing is admitted: a refusal, or a failure. */
const nothingAdmitted = recording(() => ({ first: sql``, rows: sql`` }))

/** Admission: the counter's row is locked in share mode, or found moved. */
const counterUnmoved = recording(({ org, version }) => ({
  first: sql``,
  rows: sql`join takeaway t on t.org_id = ${org} and t.version <= ${version} where true for share of t`,
}))

/**
 * Admission of runs: besides, each one's own row must still be live and in the epoch that its credential was made in. All of them are locked, in the order of
 * their ids, before the counter is looked at: as the end of a run and whoever holds admissions back lock them, so that none waits for another in a circle.
 */
const counterAndRunsUnmoved = recording(({ org, version, runs }) => ({
  first: sql`held as materialized (
      select id, epoch from run where org_id = ${org} and id = any(${runs}::text[]) and state in ('claimed', 'running') order by id for share
    ),`,
  rows: sql`join held r on r.id = e.run and r.epoch = e.epoch
      cross join (select from takeaway where org_id = ${org} and version <= ${version} and (select count(*) from held) > 0 for share) t`,
}))

/** Admission of what takes something away: the counter moves. An update at once, because two that each held the share lock would wait for each other for ever. */
const counterMoves = recording(({ org, version }) => ({
  first: sql`moved as (update takeaway set version = version + 1 where org_id = ${org} and version <= ${version} returning 1),`,
  rows: sql`cross join moved`,
}))

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
  last(admission(sent(principal.org, version, its)))
}

function minted({ allowed, entry, draft }: AllowedRecording): Recording {
  if (!isMinted(allowed)) throw new Error('An act was recorded without a decision.')
  return { principal: allowed.principal, entry, draft }
}

/** Records an act that was allowed, as `recordDoneTogether` does; one that takes something away moves the counter. */
export function recordDone(last: Last, act: AllowedRecording, takesAway: boolean): void {
  const { org } = act.allowed.principal
  if (takesAway) last(counterMoves(sent(org, act.allowed.version, [minted(act)])))
  else recordDoneTogether(last, [act])
}

/** Records a refusal or a failure, in a transaction of its own: it admits nothing. */
export function recordRefusal(last: Last, entry: Entry, draft: EntryDraft): void {
  last(nothingAdmitted(sent(draft.principal.org, 0, [{ principal: draft.principal, entry, draft }])))
}
