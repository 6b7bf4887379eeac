// Every standing thing with its owner, as one relation over the tables of all rooms. What is retired, ended or destroyed stands no more.
import { type RawBuilder, sql } from 'kysely'
import { fail, type Tx } from '../../kernel/index.ts'

/** The kinds of standing things. */
export const thingKinds = [
  'project',
  'environment',
  'twin',
  'scenario',
  'asset',
  'connection',
  'pipeline',
  'agent',
  'service',
  'channel',
  'group',
  'directory',
] as const

/** One of the kinds of standing things. */
export type ThingKind = (typeof thingKinds)[number]

/** A standing thing. `id` is a channel's environment and name where it is a channel. */
export interface Thing {
  readonly id: string
  readonly kind: ThingKind
  readonly name: string
  readonly project_id: string | null
  readonly owner_id: string
  /** The twin that a scenario goes with. */
  readonly through: string | null
  /** Whether it stopped because its owner left, and goes on when somebody takes it over. */
  readonly stands_still: boolean
}

/** A subquery of all standing things of the organization. A scenario is its newest version and has the owner of its twin. */
export const standingThings: RawBuilder<Thing> = sql<Thing>`(
  select id, 'project' as kind, name, id as project_id, owner_id, null::text as through, false as stands_still from project
  union all select id, 'environment', slug, null, owner_id, null, false from environment where state = 'active'
  union all select id, 'twin', slug, project_id, owner_id, null, false from twin where state <> 'retired'
  union all select s.id, 'scenario', s.slug, t.project_id, t.owner_id, t.id, false
    from (select distinct on (twin_id, slug) id, twin_id, slug from scenario order by twin_id, slug, version desc) s
    join twin t on t.id = s.twin_id where t.state <> 'retired'
  union all select id, 'asset', slug || '@' || version, project_id, owner_id, null, false from asset
  union all select id, 'connection', slug, null, owner_id, null, false from connection
  union all select id, kind, slug, null, owner_id, null, state = 'suspended' and resumes_as is not null from workload where state <> 'ended'
  union all select environment_id || '/' || slug, 'channel', slug, null, owner_id, null, false from channel
  union all select id, 'group', name, null, owner_id, null, false from "group"
  union all select id, 'directory', name, null, owner_id, null, false from directory where state = 'active')`

/** What stands still while nobody answers for a thing of a kind. */
export const standsStill: Readonly<Record<ThingKind, string>> = {
  project: 'Nothing: it is a folder. What lies in it has owners of its own.',
  environment: 'No run begins in it.',
  twin: 'No run of it begins, and nothing of it is exported.',
  scenario: 'No run of it begins.',
  asset: 'No run that needs it begins.',
  connection: 'No run that needs it begins.',
  pipeline: 'It is suspended: it gets no token and starts nothing.',
  agent: 'It is suspended: it gets no token.',
  service: 'It is suspended: it gets no token and fetches nothing.',
  channel: 'Nothing is fetched from it.',
  group: 'Nothing: those in it keep what it holds.',
  directory: 'Nothing: it goes on saying who is here.',
}

/** Those of these ids that are standing things, by id. */
export async function standingAmong(tx: Tx, ids: readonly string[]): Promise<ReadonlyMap<string, Thing>> {
  const { rows } = await sql<Thing>`select * from ${standingThings} t where t.id = any(${[...ids]}::text[])`.execute(tx)
  return new Map(rows.map((row) => [row.id, row]))
}

/** The standing things with these ids, in their order. Throws `not_found` with a pointer to the first that is not there. */
export async function findThings(tx: Tx, ids: readonly string[]): Promise<Thing[]> {
  const found = await standingAmong(tx, ids)
  return [...new Set(ids)].map((id, at) => {
    const thing = found.get(id)
    if (thing === undefined) throw fail('not_found', 'There is no standing thing with this id.', { pointer: `/things/${at}` })
    return thing
  })
}

/** The type that entries and decisions name a thing of a kind by. */
export function typeOfThing(kind: ThingKind): string {
  if (kind === 'pipeline' || kind === 'agent' || kind === 'service') return 'Workload'
  return kind.charAt(0).toUpperCase() + kind.slice(1)
}
