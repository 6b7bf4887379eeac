// What somebody has in hand: sessions, links, tokens and keys that live, runs that act for him, what he owns; and the calls that come with runs and services.
import { sql } from 'kysely'
import { type Sensitivity, sensitivityLevel, type Tx, toMoment } from '../../../kernel/index.ts'
import type { Stolen } from './stolen.ts'

/** Something that proves who one is. */
export interface CredentialHeld {
  readonly kind: 'session' | 'link' | 'token' | 'key' | 'secret'
  readonly id: string | null
  readonly holder: string
  readonly environment: string | null
  readonly since: string | null
  readonly until: string | null
}

/** A live run that acts for somebody. */
export interface RunHeld {
  readonly id: string
  readonly twin: string
  readonly environment: string
  readonly state: string
  readonly as: 'operator' | 'orchestrator' | 'twin'
  readonly level: number
}

/** A rule for calls. */
export interface CallHeld {
  readonly connection: { readonly type: string; readonly id: string; readonly name: string }
  readonly environment: string
  readonly access: 'read' | 'write' | 'control'
  readonly methods: string[]
  readonly path: string
  readonly holder: string
  readonly level: number
}

const listMax = 500

/** Everything alive that proves that one is one of these; of a connection, its upstream credential. A hash is no id: links are shown without one. */
export async function credentialsHeld(tx: Tx, ids: readonly string[], stolen: Stolen, now: Date): Promise<CredentialHeld[]> {
  const of = sql`${[...ids]}::text[]`
  const found = await sql<{
    kind: CredentialHeld['kind']
    id: string | null
    holder: string
    environment: string | null
    since: Date | null
    until: Date | null
  }>`
    select 'session' as kind, id, person_id as holder, null as environment, created_at as since, expires_at as until
      from session where person_id = any(${of}) and ended_at is null and expires_at > ${now}
    union all select 'link', null, person_id, null, null, expires_at from one_time_link where person_id = any(${of}) and used_at is null and expires_at > ${now}
    union all select 'token', id, holder_id, environment_id, issued_at, expires_at
      from credential where holder_id = any(${of}) and revoked_at is null and expires_at > ${now}
    union all select 'key', thumbprint, id, environment_id, created_at, expires_at from workload where id = any(${of}) and thumbprint is not null
    union all select 'key', former_thumbprint, id, environment_id, created_at, former_until from workload where id = any(${of}) and former_until > ${now}
    union all select 'secret', secret_id, id, environment_id, created_at, null from connection where id = ${stolen.connection ?? ''} and secret_id is not null
    order by kind, holder, since limit ${listMax}`.execute(tx)
  return found.rows.map((row) => ({ ...row, since: toMoment(row.since), until: toMoment(row.until) }))
}

/** The live runs that act for these, or are of a twin. */
export async function runsHeld(tx: Tx, ids: readonly string[], twin: string | undefined): Promise<RunHeld[]> {
  const of = sql`${[...ids]}::text[]`
  const found = await sql<{
    id: string
    twin: string
    environment: string
    state: string
    as: RunHeld['as']
    sensitivity: Sensitivity
  }>`
    select id, twin_id as twin, environment_id as environment, state, sensitivity,
        case when operator_id = any(${of}) then 'operator' when orchestrator_id = any(${of}) then 'orchestrator' else 'twin' end as as
      from run where state <> 'ended' and (operator_id = any(${of}) or orchestrator_id = any(${of}) or id = any(${of}) or twin_id = ${twin ?? ''})
      order by id limit ${listMax}`.execute(tx)
  return found.rows.map(({ sensitivity, ...row }) => ({ ...row, level: sensitivityLevel(sensitivity) }))
}

/** What somebody answers for. */
export async function owns(tx: Tx, people: readonly string[]): Promise<{ type: string; id: string; name: string; level: number | null }[]> {
  const of = sql`${[...people]}::text[]`
  const found = await sql<{ type: string; id: string; name: string; sensitivity: Sensitivity | null }>`
    select 'Project' as type, id, slug as name, null as sensitivity from project where owner_id = any(${of})
    union all select 'Environment', id, slug, null from environment where owner_id = any(${of})
    union all select 'Twin', id, slug, sensitivity from twin where owner_id = any(${of})
    union all select 'Asset', id, slug || ' ' || version, sensitivity from asset where owner_id = any(${of})
    union all select 'Connection', id, slug, sensitivity from connection where owner_id = any(${of})
    union all select initcap(kind), id, slug, null from workload where owner_id = any(${of}) and state <> 'ended'
    union all select 'Group', id, slug, null from "group" where owner_id = any(${of})
    union all select 'Channel', environment_id || '/' || slug, slug, null from channel where owner_id = any(${of})
    order by type, name limit ${listMax}`.execute(tx)
  return found.rows.map(({ sensitivity, ...row }) => ({ ...row, level: sensitivity === null ? null : sensitivityLevel(sensitivity) }))
}

interface CallRow {
  readonly connection: string
  readonly name: string
  readonly environment: string
  readonly access: CallHeld['access']
  readonly sensitivity: Sensitivity
  readonly methods: string[]
  readonly path: string
  readonly holder: string
}

/** The calls that these may make; on a connection, those of everybody who can still call; of a twin, those that its scenarios ask for as well. */
export async function callsHeld(tx: Tx, { callers, connection, twin }: Stolen): Promise<CallHeld[]> {
  const rules = await sql<CallRow>`
    select c.id as connection, c.slug as name, c.environment_id as environment, c.access, c.sensitivity, p.methods, p.path, p.holder_id as holder
      from permission p join connection c on c.id = p.connection_id
      where p.holder_id = any(${[...callers]}::text[]) or (p.connection_id = ${connection ?? ''} and (
        exists (select from run r where r.id = p.holder_id and r.state in ('queued', 'claimed', 'running'))
        or exists (select from workload w where w.id = p.holder_id and w.state = 'active')))
    union all
    select c.id, c.slug, c.environment_id, c.access, c.sensitivity, array(select jsonb_array_elements_text(rule->'methods')), rule->>'path', s.id
      from (select distinct on (slug) id, manifest from scenario where twin_id = ${twin ?? ''} order by slug, version desc) s,
        jsonb_array_elements(coalesce(s.manifest->'connections', '[]'::jsonb)) as asked, jsonb_array_elements(asked->'allow') as rule, connection c, environment v
      where c.slug = asked->>'connection' and v.id = c.environment_id and v.class <> 'production' and v.state = 'active'
    order by holder, name, path limit ${listMax}`.execute(tx)
  return rules.rows.map(({ connection: id, name, sensitivity, ...row }) => ({
    ...row,
    connection: { type: 'Connection', id, name },
    level: sensitivityLevel(sensitivity),
  }))
}
