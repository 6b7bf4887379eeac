// A large organization, put into the database past the product: 10,000 people and workloads, 100,000 things, 100,000 grants on them, groups within groups, and a
// ledger of what some of them did. The same every time.
import { asSuperuser } from '../../test/harness/database.ts'
import type { World } from '../../test/harness/world.ts'

const people = 9_500
const workloads = 500
const projects = 200
const twins = 30_000
const assets = 9_800
const entries = 200_000

const id = (prefix: string, number: string): string => `'${prefix}_' || lpad((${number})::text, 26, '0')`
const pick = (list: readonly string[], number: string): string =>
  `(array[${list.map((one) => `'${one}'`).join(', ')}])[1 + (${number}) % ${list.length}]`

const sensitivities = ['public', 'internal', 'internal', 'confidential', 'confidential', 'restricted']
const roles = ['author', 'operator', 'observer', 'observer', 'observer', 'exporter', 'reviewer', 'deployer']
/** A number that looks like chance and is the same every time. */
const mixed = (number: string, salt: number): string => `(((${number})::bigint * 7919 + ${salt}) * 104729 % 1000003)::int`
const from = (count: number): string => `from generate_series(1, ${count}) n`
const person = (number: string): string => id('per', `1 + (${number}) % ${people}`)

/** What is in the organization, as statements; `$1` is the organization. */
const statements: readonly string[] = [
  `insert into person (org_id, id, slug, name, email, email_key, clearance, state, salt, created_at)
    select $1, ${id('per', 'n')}, 'p' || n, 'P ' || n, 'p' || n || '@people.example', 'p' || n || '@people.example', n % 4, 'active', 'salt', now() ${from(people)}`,
  `insert into project (org_id, id, slug, name, owner_id, created_at)
    select $1, ${id('prj', 'n')}, 'project-' || n, 'Project', ${person('n')}, now() ${from(projects)}`,
  `insert into twin (org_id, id, project_id, slug, kind, program, owner_id, sensitivity, state, created_at)
    select $1, ${id('twn', 'n')}, ${id('prj', `1 + n % ${projects}`)}, 'twin-' || n, 'process', 'payments', ${person('n * 3')}, ${pick(sensitivities, 'n')}, 'active', now() ${from(twins)}`,
  `insert into scenario (org_id, id, twin_id, slug, version, digest, manifest, author_id, created_at)
    select $1, ${id('scn', 'n')}, ${id('twn', 'n')}, 'usual', 1, 'sha256:0', '{"connections": [], "assets": []}', ${person('n * 5')}, now() ${from(twins)}`,
  `insert into run (org_id, id, twin_id, scenario_id, environment_id, state, outcome, epoch, spiffe_id, operator_id, orchestrator_id, seed, parameters, sensitivity, queued_at, deadline, ended_at)
    select $1, ${id('run', 'n')}, ${id('twn', 'n')}, ${id('scn', 'n')}, $2, 'ended', 'succeeded', 0, 'spiffe://x/' || n, ${person('n * 7')}, ${person('n * 7')}, 1, '{}', 'internal', now(), now(), now() ${from(twins)}`,
  `insert into artifact (org_id, id, run_id, twin_id, digest, manifest, sensitivity, because, findings, state, sealed_at)
    select $1, ${id('art', 'n')}, ${id('run', 'n')}, ${id('twn', 'n')}, 'sha256:0', '{}', 'internal', '[]', '[]', 'quarantined', now() ${from(twins)}`,
  `insert into asset (org_id, id, project_id, slug, version, digest, bytes, media_type, sensitivity, owner_id, created_at)
    select $1, ${id('ast', 'n')}, ${id('prj', `1 + n % ${projects}`)}, 'asset-' || n, 1, 'sha256:0', 1, 'text/csv', 'internal', ${person('n')}, now() ${from(assets)}`,
  `insert into workload (org_id, id, kind, slug, environment_id, owner_id, clearance, state, jwk, created_at)
    select $1, ${id('pip', 'n')}, 'pipeline', 'pipeline-' || n, $2, ${person('n * 11')}, 2, 'active', '{}', now() ${from(workloads)}`,
  `insert into "group" (org_id, id, slug, name, owner_id, created_at)
    select $1, ${id('grp', 'n')}, 'group-' || n, 'Group', ${person('n')}, now() ${from(111)}`,
  // 100 groups of 95 people, ten in each of ten others, those in one; and so everybody is in that one
  `insert into group_member (org_id, group_id, member_id, added_at)
    select $1, ${id('grp', '1 + n % 100')}, ${id('per', 'n')}, now() ${from(people)}
    union all select $1, ${id('grp', '101 + n % 10')}, ${id('grp', 'n')}, now() ${from(100)}
    union all select $1, ${id('grp', '111')}, ${id('grp', '100 + n')}, now() ${from(10)}`,
  ...[
    { count: 1, who: id('grp', '111'), role: `'observer'`, type: 'Organization', scope: '$1', salt: 1 },
    { count: 199, who: person(mixed('n', 2)), role: pick(roles, mixed('n', 3)), type: 'Organization', scope: '$1', salt: 2 },
    {
      count: 800,
      who: id('grp', `1 + ${mixed('n', 4)} % 110`),
      role: pick(roles, mixed('n', 5)),
      type: 'Project',
      scope: id('prj', `1 + n % ${projects}`),
      salt: 3,
    },
    {
      count: 19_000,
      who: person(mixed('n', 6)),
      role: pick(roles, mixed('n', 7)),
      type: 'Project',
      scope: id('prj', `1 + n % ${projects}`),
      salt: 4,
    },
    {
      count: 5_000,
      who: id('pip', `1 + n % ${workloads}`),
      role: `'operator'`,
      type: 'Project',
      scope: id('prj', `1 + n % ${projects}`),
      salt: 5,
    },
    {
      count: 60_000,
      who: person(mixed('n', 8)),
      role: pick(roles, mixed('n', 9)),
      type: 'Twin',
      scope: id('twn', `1 + n % ${twins}`),
      salt: 6,
    },
    {
      count: 15_000,
      who: person(mixed('n', 10)),
      role: `'observer'`,
      type: 'Artifact',
      scope: id('art', `1 + n % ${twins}`),
      salt: 7,
    },
  ].map(
    ({ count, who, role, type, scope, salt }) =>
      `insert into "grant" (org_id, id, principal_type, principal_id, role, actions, scope_type, scope_id, environments, expires_at, given_by, created_at)
        select $1, ${id('grt', `${salt}000000 + n`)}, 'Person', ${who}, ${role}, '{}', '${type}', ${scope},
          case when n % 5 = 0 then array[$2] else '{}' end, case when n % 10 = 0 then now() + interval '90 days' end, ${person('n')}, now() ${from(count)}`,
  ),
  // past the trigger that puts them into lots, so that nobody numbers them while something is measured
  `insert into entry (org_id, id, at, action, outcome, actor_id, resource_id, body)
    select $1, ${id('ent', 'n')}, now() - n * interval '1 second', ${pick(['artifact:read', 'run:launch', 'run:output'], 'n')}, 'done', ${person('n')}, ${id('art', `1 + n % ${twins}`)}, '{}' ${from(entries)}`,
  `insert into entry_ref (org_id, ref_id, entry_id, rel)
    select $1, ${id('art', `1 + n % ${twins}`)}, ${id('ent', 'n')}, 'resource' ${from(entries)}
    union all select $1, ${person('n')}, ${id('ent', 'n')}, 'actor' ${from(entries)}`,
]

/** How many there are of what counts. */
export const size = { principals: people + workloads, things: projects + 3 * twins + assets, grants: 100_000 }

/** Fills the organization of a world. */
export async function fill(world: World): Promise<void> {
  const { org, starter } = world
  await asSuperuser(world.twinlock, async (client) => {
    for (const statement of statements)
      await client.query(statement, statement.includes('$2') ? [org, starter.environments.staging] : [org])
    await client.query('analyze')
  })
}

/** A thing of the organization by its number. */
export const thing = (prefix: string, number: number): string => `${prefix}_${String(number).padStart(26, '0')}`
