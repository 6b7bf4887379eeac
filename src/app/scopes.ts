// The scopes that grants can be given on, what stands above each, and what is at stake there: read from the tables of the rooms that own them, within one
// organization.
import { type RawBuilder, sql } from 'kysely'
import type { Scopes } from '../access/index.ts'
import type { Slugs } from '../identity/index.ts'
import type { EntityRef, Tx } from '../kernel/index.ts'
import { chainsOf } from './actions/paths/chains.ts'

type Row = Promise<{ readonly id: string } | undefined>

/** What is directly above a thing of each kind; undefined when it is not there. */
const directlyAbove: Readonly<Record<string, (tx: Tx, id: string) => Promise<EntityRef | undefined>>> = {
  Project: async (tx, id) => below('Organization', tx.selectFrom('project').select('org_id as id').where('id', '=', id).executeTakeFirst()),
  Twin: async (tx, id) => below('Project', tx.selectFrom('twin').select('project_id as id').where('id', '=', id).executeTakeFirst()),
  Scenario: async (tx, id) => below('Twin', tx.selectFrom('scenario').select('twin_id as id').where('id', '=', id).executeTakeFirst()),
  Asset: async (tx, id) => below('Project', tx.selectFrom('asset').select('project_id as id').where('id', '=', id).executeTakeFirst()),
  Artifact: async (tx, id) =>
    below(
      'Twin',
      tx
        .selectFrom('artifact')
        .innerJoin('run', (join) => join.onRef('run.id', '=', 'artifact.run_id').onRef('run.org_id', '=', 'artifact.org_id'))
        .select('run.twin_id as id')
        .where('artifact.id', '=', id)
        .executeTakeFirst(),
    ),
  Connection: async (tx, id) =>
    below('Organization', tx.selectFrom('connection').select('org_id as id').where('id', '=', id).executeTakeFirst()),
  Channel: async (tx, id) => {
    const [environment = '', slug = ''] = id.split('/')
    const row = tx.selectFrom('channel').select('org_id as id').where('environment_id', '=', environment).where('slug', '=', slug)
    return below('Organization', row.executeTakeFirst())
  },
}

async function below(type: string, row: Row): Promise<EntityRef | undefined> {
  const found = await row
  return found === undefined ? undefined : { type, id: found.id }
}

async function isThere(tx: Tx, { type, id }: EntityRef): Promise<boolean> {
  switch (type) {
    case 'Organization':
      return (await tx.selectFrom('organization').select('org_id').where('org_id', '=', id).executeTakeFirst()) !== undefined
    case 'Environment':
      return (await tx.selectFrom('environment').select('id').where('id', '=', id).executeTakeFirst()) !== undefined
    case 'Run': {
      // Held, so that it cannot end while something is given until its end.
      const live = tx.selectFrom('run').select('id').where('id', '=', id).where('state', 'in', ['queued', 'claimed', 'running'])
      return (await live.forShare().executeTakeFirst()) !== undefined
    }
    case 'Batch': {
      const open = tx.selectFrom('batch').select('id').where('id', '=', id).where('ended_at', 'is', null)
      return (await open.forShare().executeTakeFirst()) !== undefined
    }
    default:
      return (await directlyAbove[type]?.(tx, id)) !== undefined
  }
}

/** The twins in a scope, or that something goes into; nothing for one that holds none. */
const twinsIn: Readonly<Record<string, (id: string) => RawBuilder<unknown>>> = {
  Organization: () => sql`select id from twin`,
  Project: (id) => sql`select id from twin where project_id = ${id}`,
  Twin: (id) => sql`select id from twin where id = ${id}`,
  Scenario: (id) => sql`select twin_id as id from scenario where id = ${id}`,
  Asset: (id) => sql`select twin_id as id from scenario where manifest -> 'assets' @> ${JSON.stringify([{ asset: id }])}::jsonb`,
  Artifact: (id) => sql`select r.twin_id as id from artifact a join run r on r.org_id = a.org_id and r.id = a.run_id where a.id = ${id}`,
}

/** Whether a twin in the scope can influence a release, feeds production, or has a connection for control or with credentials. */
async function holdsPrivileged(tx: Tx, { type, id }: EntityRef): Promise<boolean> {
  const twins = twinsIn[type]?.(id)
  if (twins === undefined) return false
  const { rows } = await sql<{ privileged: boolean }>`
    with within (id) as (${twins}), newest as (
      select distinct on (twin_id, slug) manifest from scenario where twin_id in (select id from within) order by twin_id, slug, version desc
    ) select exists (
      select from promotion where twin_id in (select id from within) and state in ('requested', 'checked', 'in_review', 'approved', 'crossing', 'crossed')
    ) or exists (
      select from newest cross join lateral jsonb_array_elements(newest.manifest -> 'connections') as named (of)
      join connection c on c.slug = named.of ->> 'connection' where c.access = 'control' or c.secret_id is not null
    ) as privileged`.execute(tx)
  return rows[0]?.privileged ?? true
}

/** Where a scope lies in one environment alone, that one. */
async function environmentOf(tx: Tx, { type, id }: EntityRef): Promise<string | undefined> {
  if (type === 'Channel') return id.split('/')[0]
  if (type !== 'Connection') return undefined
  return (await tx.selectFrom('connection').select('environment_id').where('id', '=', id).executeTakeFirst())?.environment_id
}

async function reachesProduction(tx: Tx, scope: EntityRef, environments: readonly string[]): Promise<boolean> {
  const own = await environmentOf(tx, scope)
  const named = own === undefined ? environments : [own]
  let query = tx.selectFrom('environment').select('id').where('class', '=', 'production')
  if (named.length > 0) query = query.where('id', 'in', named)
  return (await query.executeTakeFirst()) !== undefined
}

async function isPrivileged(tx: Tx, scope: EntityRef): Promise<boolean> {
  if (scope.type === 'Channel') return reachesProduction(tx, scope, [])
  if (scope.type !== 'Connection') return holdsPrivileged(tx, scope)
  const connection = await tx.selectFrom('connection').select(['access', 'secret_id']).where('id', '=', scope.id).executeTakeFirst()
  return connection === undefined || connection.access === 'control' || connection.secret_id !== null
}

/** The scopes of this deployment. A run is there for as long as it lives, a batch until its last run ends. */
export const scopes: Scopes = {
  exists: isThere,
  chains: chainsOf,
  environment: (tx, id) => tx.selectFrom('environment').select(['id', 'class']).where('id', '=', id).executeTakeFirst(),
  isPrivileged,
  async stakes(tx, scope, environments) {
    const production = await reachesProduction(tx, scope, environments)
    return [...(production ? ['production' as const] : []), ...((await isPrivileged(tx, scope)) ? ['privileged' as const] : [])]
  },
  async above(tx, scope) {
    const chain = [scope]
    for (let at = scope; at.type !== 'Organization'; ) {
      const next = await directlyAbove[at.type]?.(tx, at.id)
      if (next === undefined) return undefined
      chain.push(next)
      at = next
    }
    return (await isThere(tx, chain[chain.length - 1] ?? scope)) ? chain : undefined
  },
}

/** The slugs of this deployment. Whoever holds something on a thing may know how it is called; nothing is told of anything else. */
export const slugs: Slugs = {
  async of(tx, ids) {
    if (ids.length === 0) return new Map()
    const { rows } = await sql<{ id: string; called: string }>`
      with wanted (id) as (select unnest(${[...new Set(ids)]}::text[]))
      select id, slug as called from project where id in (select id from wanted)
      union all select id, slug from environment where id in (select id from wanted)
      union all select id, slug from twin where id in (select id from wanted)
      union all select id, slug from connection where id in (select id from wanted)
      union all select id, slug || '@' || version from scenario where id in (select id from wanted)
      union all select id, slug || '@' || version from asset where id in (select id from wanted)`.execute(tx)
    return new Map(rows.map(({ id, called }) => [id, called]))
  },
}
