// The blast radius: everything that somebody or something reaches if it is stolen. What is possible and what was done stand side by side. It is a map for a thief,
// so looking is recorded, and nobody is shown what is more sensitive than his clearance; how much that is, he is told.
import { z } from 'zod'
import { actionsGiven } from '../../access/index.ts'
import {
  action,
  type EntityRef,
  idOf,
  organizationRef,
  type Ports,
  type ResourceType,
  roles,
  sensitivities,
  sensitivity,
} from '../../kernel/index.ts'
import { callsHeld, credentialsHeld, owns, runsHeld } from './blast/holds.ts'
import { launchesOf } from './blast/launches.ts'
import { actGroups, type Reach, type Reaching, reachesOf } from './blast/reaches.ts'
import { findStolen, type Stolen } from './blast/stolen.ts'
import { type Thing, thingsOf, twinsMax, twinsReached } from './blast/things.ts'
import { type Conditions, conditionsNow } from './paths/conditions.ts'
import type { Grant } from './paths/holders.ts'
import { legs } from './paths/legs.ts'
import { named, way } from './paths/shown.ts'
import { type Done, doneBy } from './paths/used.ts'

const actsMax = 1_000
const actualMax = 100

/** What a theft would come to, as what looking at it is decided on. */
const blastType = {
  name: 'Blast',
  attributes: { sensitivity: 'Long' },
  parents: ['Organization', 'Project', 'Twin'],
} as const satisfies ResourceType

const act = z.object({
  group: z.enum(actGroups).meta({ description: 'Change inputs, observe outputs, move to production, or manage.' }),
  action: z.string(),
  scope: named,
  upTo: sensitivity
    .nullable()
    .meta({ description: 'The most sensitive thing that it can be done to; null where that makes no difference.' }),
  environments: z.array(z.string()).meta({ description: 'Where; empty where it is everywhere, or in no environment.' }),
  ways: z.array(way),
  grants: z.array(z.string()),
  conditions: z.array(z.string()).meta({ description: 'What guardrails hold back all the same.' }),
  lastUsed: z.string().nullable().meta({ description: 'When the action was last done, on whatever; null for never.' }),
  times: z.number(),
  byGlass: z.boolean().meta({ description: 'Whether it takes breaking the glass, which is told to everybody who could have approved it.' }),
})

const held = z.object({
  kind: z.enum(['session', 'link', 'token', 'key', 'secret']),
  id: z.string().nullable(),
  holder: z.string(),
  environment: z.string().nullable(),
  since: z.string().nullable(),
  until: z.string().nullable(),
})

const run = z.object({
  id: z.string(),
  twin: z.string(),
  environment: z.string(),
  state: z.string(),
  as: z.enum(['operator', 'orchestrator', 'twin']),
})

const call = z.object({
  connection: named,
  environment: z.string(),
  access: z.enum(['read', 'write', 'control']),
  methods: z.array(z.string()),
  path: z.string(),
  holder: z.string().meta({ description: 'The run, service or scenario whose rule it is.' }),
})

const output = z.object({
  of: named,
  acts: z.array(act).meta({ description: `At most ${actsMax}.` }),
  totals: z.object({
    input: z.number(),
    output: z.number(),
    production: z.number(),
    manage: z.number(),
    glass: z.number().meta({ description: 'What takes breaking the glass, beside these.' }),
  }),
  twins: z
    .array(
      z.object({
        id: z.string(),
        name: z.string(),
        sensitivity,
        legs: z.array(z.enum(legs)),
        glass: z.array(z.enum(legs)).meta({ description: 'Further legs that it takes breaking the glass for.' }),
      }),
    )
    .meta({ description: `The twins that are reached; the first ${twinsMax}.` }),
  twinsTotal: z.number(),
  calls: z.array(call),
  holds: z.object({ credentials: z.array(held), runs: z.array(run), owns: z.array(named) }),
  onward: z
    .array(z.object({ grant: z.string(), roles: z.array(z.string()), actions: z.array(z.string()), scope: named }))
    .meta({ description: 'What it could give to others.' }),
  actual: z
    .array(z.object({ action: z.string(), times: z.number(), lastUsed: z.string() }))
    .meta({ description: `What it did, by the ledger, the latest first; at most ${actualMax}.` }),
  toxic: z.array(z.enum(legs)).meta({ description: 'The legs that it stands on by what it holds, where they are two or three.' }),
  withheld: z.number().meta({ description: 'Things that you may not know of: counted, not shown.' }),
  cut: z.boolean(),
})

/** What is within somebody's clearance, and how much is not. */
class Known {
  withheld = 0
  private readonly clearance: number

  constructor(clearance: number) {
    this.clearance = clearance
  }

  among<T>(all: readonly T[], level: (one: T) => number | null): T[] {
    const known = all.filter((one) => (level(one) ?? 0) <= this.clearance)
    this.withheld += all.length - known.length
    return known
  }
}

interface Telling {
  readonly things: ReadonlyMap<string, Thing>
  readonly done: ReadonlyMap<string, Done>
  readonly conditions: Conditions
}

const shownThing = ({ type, id }: EntityRef, things: ReadonlyMap<string, Thing>) => ({ type, id, name: things.get(id)?.name ?? id })

function shownAct(one: Reach, { things, done, conditions }: Telling): z.output<typeof act> {
  return {
    group: one.group,
    action: one.action,
    scope: shownThing(one.scope, things),
    upTo: one.upTo === null ? null : (sensitivities[one.upTo] ?? null),
    environments: one.isEverywhere ? [] : [...one.environments].sort(),
    ways: [...one.ways.values()],
    grants: [...one.grants].map(({ id }) => id).sort(),
    conditions: [...conditions(one)],
    lastUsed: done.get(one.action)?.lastUsed ?? null,
    times: done.get(one.action)?.times ?? 0,
    byGlass: one.isByGlass,
  }
}

/** What could be given on: an administrator gives every role; whoever holds the action alone gives what he has. */
function onwardOf(reaches: readonly Reach[], grants: readonly Grant[], ports: Ports, things: ReadonlyMap<string, Thing>) {
  const giving = reaches.filter((one) => one.action === 'grant:create' && !one.isByGlass)
  const own = [...new Set(grants.flatMap((grant) => actionsGiven(grant, ports.grantable)))].sort()
  return giving.flatMap((one) =>
    [...one.grants].map((grant) => ({
      grant: grant.id,
      roles: grant.role === 'admin' ? [...roles] : [],
      actions: grant.role === 'admin' ? [] : own,
      scope: shownThing(one.scope, things),
    })),
  )
}

const order = (one: Reach): string =>
  `${Number(one.isByGlass)} ${actGroups.indexOf(one.group)} ${one.action} ${one.scope.type} ${one.scope.id}`

function countOf(reaches: readonly Reach[]) {
  const of = (group: Reach['group']): number => reaches.filter((one) => one.group === group && !one.isByGlass).length
  return {
    input: of('input'),
    output: of('output'),
    production: of('production'),
    manage: of('manage'),
    glass: reaches.filter((one) => one.isByGlass).length,
  }
}

async function toldOf(it: Reaching & { readonly clearance: number }, stolen: Stolen): Promise<z.output<typeof output>> {
  const { tx, ports, clearance } = it
  const known = new Known(clearance)
  const { reaches: all, held: grants } = await reachesOf(it, stolen.wielded)
  const things = await thingsOf(
    tx,
    all.map(({ scope }) => scope),
  )
  const reaches = known.among(all, ({ scope }) => things.get(scope.id)?.level ?? null)
  reaches.sort((one, other) => (order(one) < order(other) ? -1 : 1))
  const ids = [...new Set([...stolen.wielded.map(({ principal }) => principal.id), ...stolen.callers])]
  const people = stolen.ref.type === 'Person' ? [stolen.ref.id] : []
  const done = await doneBy(tx, ids)
  const conditions = await conditionsNow(tx, ports)
  const telling = { things, done: new Map(done.map((one) => [one.action, one])), conditions }
  const { twins, total, withheld } = await twinsReached(tx, {
    reaches,
    stolen,
    clearance,
    launchesOf: (among) => launchesOf(it, stolen.wielded, { twins: among, grantsOf: (holder) => grants.get(holder) ?? [] }),
  })
  known.withheld += withheld
  const on = new Set([...reaches.filter((one) => !one.isByGlass).map(({ group }) => group), ...twins.flatMap((one) => one.legs)])
  const toxic = legs.filter((leg) => on.has(leg))
  const runs = known.among(await runsHeld(tx, ids, stolen.twin), ({ level }) => level)
  const calls = known.among(await callsHeld(tx, stolen), ({ level }) => level)
  return {
    of: { ...stolen.ref, name: stolen.name },
    acts: reaches.slice(0, actsMax).map((one) => shownAct(one, telling)),
    totals: countOf(reaches),
    twins,
    twinsTotal: total,
    calls: calls.map(({ level: _, ...one }) => one),
    holds: {
      credentials: await credentialsHeld(tx, ids, stolen, new Date(ports.clock.now())),
      runs: runs.map(({ level: _, ...one }) => one),
      owns: known.among(await owns(tx, people), ({ level }) => level).map(({ type, id, name }) => ({ type, id, name })),
    },
    onward: onwardOf(reaches, [...grants.values()].flat(), ports, things),
    actual: done.slice(0, actualMax).map((one) => ({ ...one })),
    toxic: toxic.length < 2 ? [] : toxic,
    withheld: known.withheld,
    cut: reaches.length > actsMax,
  }
}

/** Shows what a theft would come to. */
export const showBlast = action({
  name: 'access:blast',
  summary:
    'Show everything that a person, group, workload, connection, twin, run or credential reaches if it is stolen: what is possible, by what, and what it did.',
  effect: 'content',
  roles: ['admin', 'auditor'],
  resource: blastType,
  input: z.strictObject({
    of: z
      .union([
        ...(['per', 'grp', 'pip', 'agt', 'svc', 'con', 'twn', 'run', 'ses'] as const).map((prefix) => idOf(prefix)),
        z.string().regex(/^[A-Za-z0-9_-]{22}$/, 'must be the id of what is stolen'),
      ])
      .meta({ description: 'A person, group, workload, connection, twin, run or session, or the id (`jti`) of a token.' }),
  }),
  output,
  locate: async ({ input, tx, ports, principal }) => {
    const stolen = await findStolen({ tx, ports, org: principal.org }, input.of)
    const above = stolen.twin === undefined ? undefined : await ports.scopes.above(tx, { type: 'Twin', id: stolen.twin })
    const parents = above ?? [organizationRef(principal.org)]
    return { resource: { type: 'Blast', id: stolen.ref.id, attributes: { sensitivity: stolen.sensitivity }, parents }, found: stolen }
  },
  async perform({ found: stolen, tx, ports, principal, allowed }) {
    const result = await toldOf({ tx, ports, org: principal.org, version: allowed.version, clearance: principal.clearance }, stolen)
    const { totals, withheld } = result
    return { result, facts: { ...totals, twins: result.twinsTotal, withheld }, related: [{ rel: 'stolen', ...stolen.ref }] }
  },
})
