// How soon nothing more is admitted under a run that is ended: in one process, and by three over one PostgreSQL, while the run calls through all of them. An act
// counts from the moment that its entry names, to the end of that millisecond; the end from the moment that it was asked for.
import type { Broker, Credential, Door } from '../../src/app/index.ts'
import { isCoded, type OrgId, type RunId } from '../../src/kernel/index.ts'
import { makeGround } from '../../test/chaos/ground.ts'
import { Victim } from '../../test/chaos/victim.ts'
import { actWith, asPart, sessionOf, textAt } from '../../test/harness/acting.ts'
import { rowsOf } from '../../test/harness/database.ts'
import { seeded } from '../../test/harness/seeded.ts'
import { baseUrl, type Harness } from '../../test/harness/twinlock.ts'
import type { Figure } from '../figure.ts'

const ends = Number(process.env.TWINLOCK_BENCH_ENDS ?? 200)
/** Ends before those that count, so that nothing is measured that happens once. */
const warmUp = 10
const callersOfEach = 2
/** Runs that are made ready side by side, while none is measured: so few that the last is ended long before its claim runs out. */
const readyAtOnce = 8

/** One process, as a client reaches it. */
interface Process {
  readonly door: Door
  call: Broker['call']
}

/** Where runs are ended, and what is known about it. */
interface Place {
  readonly org: OrgId
  readonly launch: { readonly scenario: string; readonly environment: string }
  readonly operator: Credential
  readonly processes: readonly [Process, ...Process[]]
  /** How far the clock of the processes is from this one's, in milliseconds. */
  readonly offsetMs: number
  /** When the calls of these runs were admitted: the last of each, in milliseconds since 1970. */
  lastOf(runs: readonly string[]): Promise<ReadonlyMap<string, number>>
}

interface End {
  readonly run: string
  readonly asked: number
  /** Calls that began after the end had returned, and were admitted. */
  readonly late: number
}

interface LiveRun {
  readonly run: RunId
  readonly credential: Credential
}

async function live({ org, launch, operator, processes: [one] }: Place): Promise<LiveRun> {
  const run = textAt(await actWith(one.door, operator)('run:launch', launch), 'id') as RunId // it came from `run:launch`
  const worker = asPart(one.door, org, 'worker')
  const { epoch } = await worker('run:claim', { run, worker: 'bench' })
  await worker('run:begin', { run, worker: 'bench', cell: { kind: 'by-hand' } })
  return { run, credential: { kind: 'channel', org, run, epoch: Number(epoch) } }
}

const call = { connection: 'accounts-data', method: 'GET', path: '/accounts?limit=1', headers: {}, body: undefined, requestId: 'bench' }

/** Ends a run while it calls through every process, by one of them in turn. */
async function endOnce({ processes, org }: Place, { run, credential }: LiveRun, number: number): Promise<End> {
  const done: number[] = []
  const wanted = processes.length * callersOfEach
  // Waited for, and not asked for again and again: that would take the thread from what is measured.
  const { promise: isCalling, resolve: calls } = Promise.withResolvers<void>()
  const made = (began: number): void => {
    if (done.push(began) === wanted) calls()
  }
  const calling = processes.flatMap((one) =>
    Array.from({ length: callersOfEach }, async () => {
      for (;;) {
        const began = performance.now()
        try {
          await one.call({ ...call, credential })
          made(began)
        } catch (error) {
          if (!isCoded(error)) throw error
          return
        }
      }
    }),
  )
  await Promise.race([isCalling, Promise.all(calling)])
  if (done.length < wanted) throw new Error('A run was over before it was ended: this machine is too busy to measure.')
  const by = processes[number % processes.length] ?? processes[0]
  const asked = Date.now()
  await asPart(by.door, org, 'worker')('run:end', { run, cause: 'passed' })
  const returned = performance.now()
  await Promise.all(calling)
  return { run, asked, late: done.filter((began) => began > returned).length }
}

/** Ends so many runs, one after the other. */
async function endMany(place: Place, count: number): Promise<End[]> {
  const all: End[] = []
  while (all.length < count) {
    const ready = Array.from({ length: Math.min(readyAtOnce, count - all.length) }, () => live(place))
    for (const run of await Promise.all(ready)) all.push(await endOnce(place, run, all.length))
  }
  return all
}

const percentile = (values: readonly number[], share: number): number =>
  values.toSorted((a, b) => a - b)[Math.min(values.length - 1, Math.floor(values.length * share))] ?? Number.NaN

async function measured(place: Place, goalMs: number): Promise<Figure[]> {
  await endMany(place, warmUp)
  const all = await endMany(place, ends)
  const last = await place.lastOf(all.map(({ run }) => run))
  const took = all.map(({ run, asked }) => Math.max(0, (last.get(run) ?? 0) + 1 - place.offsetMs - asked))
  const p99 = percentile(took, 0.99)
  const late = all.reduce((sum, one) => sum + one.late, 0)
  const many = place.processes.length === 1 ? 'one process' : `${place.processes.length} processes`
  const of = `${ends.toLocaleString('en-US')} ends, ${many}`
  return [
    {
      name: `from the end of a run to its last admitted call, p99 of ${of}`,
      value: p99,
      unit: 'ms',
      goal: `< ${goalMs} ms`,
      ok: p99 < goalMs,
    },
    {
      name: `calls that began after an end had returned, and were admitted, of ${of}`,
      value: late,
      unit: 'calls',
      goal: '0',
      ok: late === 0,
    },
  ]
}

type Rows = readonly Readonly<Record<string, unknown>>[]
const lastCalls = `select actor_id as run, max(at) as last from entry where org_id = $1 and actor_id = any($2) and action = 'connection:call' and outcome = 'done' group by 1`
const byRun = (rows: Rows) => new Map(rows.map(({ run, last }) => [String(run), last instanceof Date ? last.getTime() : Number.NaN]))

/** Ends in the process of the bench itself. */
export async function endingInOne(h: Harness): Promise<Figure[]> {
  const { org, scenario, environments, people } = h.starter
  const { door, broker } = h.twinlock
  const place: Place = {
    org,
    launch: { scenario, environment: environments.staging },
    operator: await sessionOf(door, org, people.operator),
    processes: [{ door, call: (one) => broker.call(one) }],
    offsetMs: 0,
    lastOf: async (runs) => byRun(await rowsOf(h.twinlock, lastCalls, [org, runs])),
  }
  return measured(place, 5)
}

/** Ends among three processes over one database, each of which the run calls through. */
export async function endingInThree(): Promise<Figure[]> {
  const ground = await makeGround(seeded(1))
  const victims = [new Victim(), new Victim(), new Victim()] as const
  try {
    const { connection, folders, offsetMs, org, starter } = ground
    for (const [at, victim] of victims.entries())
      await victim.open({ connection, folders, baseUrl, worker: `bench-${at}`, offsetMs, runsMax: 0 })
    const [one, two, three] = victims.map((victim): Process => ({ door: victim.door, call: (asked) => victim.call(asked) }))
    if (one === undefined || two === undefined || three === undefined) throw new Error('There are three.')
    const place: Place = {
      org,
      launch: { scenario: starter.scenario, environment: starter.environments.staging },
      operator: await sessionOf(one.door, org, starter.people.operator),
      processes: [one, two, three],
      offsetMs,
      lastOf: async (runs) => byRun(await ground.rows(lastCalls, [org, runs])),
    }
    return await measured(place, 100)
  } finally {
    for (const victim of victims) await victim.kill()
    await ground.close()
  }
}
