// No record, no act: the entry goes in with the act, in the same transaction, and only if nothing relevant was taken away since the decision.
// INVARIANT: the insert finds its row of the take-away counter (and a run's own row) unmoved, or it inserts nothing and the act is undone.
import { sql } from 'kysely'
import { isMinted, takeAway } from '../../access/index.ts'
import { type Allowed, fail, type Principal, type Tx } from '../../kernel/index.ts'
import type { Entry, EntryDraft } from '../entry.ts'

interface Columns {
  readonly id: string
  readonly at: Date
  readonly action: string
  readonly outcome: string
  readonly actor: string
  readonly resource: string
  readonly environment: string | null
  readonly body: string
}

function columns(entry: Entry, draft: EntryDraft): Columns {
  return {
    id: entry.id,
    at: new Date(draft.at),
    action: draft.action,
    outcome: draft.outcome,
    actor: draft.principal.id,
    resource: draft.resource.id,
    environment: draft.environment?.id ?? null,
    body: entry.body,
  }
}

async function insertBeside(tx: Tx, org: string, entry: Entry): Promise<void> {
  await tx
    .insertInto('entry_ref')
    .values(entry.refs.map((ref) => ({ org_id: org, entry_id: entry.id, ...ref })))
    .execute()
  if (entry.sidecars.length === 0) return
  await tx
    .insertInto('sidecar')
    .values(entry.sidecars.map((sidecar) => ({ org_id: org, entry_id: entry.id, ...sidecar })))
    .execute()
}

/** The admission of an act by anybody but a run: the counter's row is locked in share mode, or found moved. */
async function admit(tx: Tx, org: string, c: Columns, version: number): Promise<boolean> {
  const inserted = await sql`
    insert into entry (org_id, id, at, action, outcome, actor_id, resource_id, environment_id, body)
    select ${org}, ${c.id}, ${c.at}, ${c.action}, ${c.outcome}, ${c.actor}, ${c.resource}, ${c.environment}, ${c.body}
    from takeaway t where t.org_id = ${org} and t.version <= ${version} for share of t`.execute(tx)
  return inserted.numAffectedRows === 1n
}

/** The admission of an act by a run: its own row must still be live and in the epoch that its credential was made in. */
async function admitRun(tx: Tx, org: string, c: Columns, version: number, run: Principal): Promise<boolean> {
  const inserted = await sql`
    insert into entry (org_id, id, at, action, outcome, actor_id, resource_id, environment_id, body)
    select ${org}, ${c.id}, ${c.at}, ${c.action}, ${c.outcome}, ${c.actor}, ${c.resource}, ${c.environment}, ${c.body}
    from takeaway t join run r on r.org_id = t.org_id
    where t.org_id = ${org} and t.version <= ${version}
      and r.id = ${run.id} and r.epoch = ${run.epoch ?? -1} and r.state in ('claimed', 'running')
    for share of t, r`.execute(tx)
  return inserted.numAffectedRows === 1n
}

async function insertPlain(tx: Tx, org: string, c: Columns): Promise<void> {
  await tx
    .insertInto('entry')
    .values({
      org_id: org,
      id: c.id,
      at: c.at,
      action: c.action,
      outcome: c.outcome,
      actor_id: c.actor,
      resource_id: c.resource,
      environment_id: c.environment,
      body: c.body,
    })
    .execute()
}

/** Records an act that was allowed. Throws `stale` when the decision no longer stands: the whole transaction must be undone. */
export async function recordDone(tx: Tx, allowed: Allowed<string>, entry: Entry, draft: EntryDraft, takesAway: boolean): Promise<void> {
  if (!isMinted(allowed)) throw new Error('An act was recorded without a decision.')
  const { principal } = allowed
  const row = columns(entry, draft)
  if (takesAway) {
    // An update instead of a share lock: two revocations that each hold the share lock would wait for each other for ever.
    await takeAway(tx, allowed.version)
    await insertPlain(tx, principal.org, row)
  } else {
    const admitted =
      principal.kind === 'run'
        ? await admitRun(tx, principal.org, row, allowed.version, principal)
        : await admit(tx, principal.org, row, allowed.version)
    if (!admitted) throw fail('stale', 'Something was taken away while this was being decided.')
  }
  await insertBeside(tx, principal.org, entry)
}

/** Records a refusal or a failure, in a transaction of its own: it admits nothing. */
export async function recordRefusal(tx: Tx, entry: Entry, draft: EntryDraft): Promise<void> {
  await insertPlain(tx, draft.principal.org, columns(entry, draft))
  await insertBeside(tx, draft.principal.org, entry)
}
