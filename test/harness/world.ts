// A Twinlock for tests of behaviour: real PostgreSQL, keys and blobs; scripted cells and a scripted upstream; a clock that a test can move. More than one
// instance can be opened over the same database, as more than one process would.
import { rmSync } from 'node:fs'
import pg from 'pg'
import {
  type Credential,
  type OpenedTwinlock,
  type Outside,
  openTwinlock,
  type Starter,
  type StarterPerson,
  tokenEndpoint,
} from '../../src/app/index.ts'
import type { Answer, Exchange } from '../../src/egress/index.ts'
import type { DatabaseConnection } from '../../src/host/postgres/connection.ts'
import type { OrgId, SystemPart } from '../../src/kernel/index.ts'
import { type Act, actWith, asPart, sessionOf, textAt } from './acting.ts'
import { askKept, endKept } from './kept-connection.ts'
import { type ScriptedCells, scriptedCells } from './scripted-cells.ts'
import { baseUrl, foldersIn, patientLimits, setUpIn, starterPlace, type WorkloadKey, workloadKey } from './twinlock.ts'

/** A clock that runs with this machine's and can be moved forward. */
export interface HandClock {
  now(): number
  monotonic(): number
  /** Moves the wall clock forward. */
  forward(seconds: number): void
}

/** Makes a clock. */
export function handClock(): HandClock {
  let offset = 0
  return {
    now: () => Date.now() + offset,
    monotonic: () => performance.now(),
    forward: (seconds) => {
      offset += seconds * 1000
    },
  }
}

/** What the upstreams of a world answer, and what they were asked. */
export interface ScriptedUpstream {
  answer: (exchange: Exchange) => Promise<Answer> | Answer
  readonly asked: Exchange[]
}

/** A Twinlock with the starter set up and nothing run yet. */
export interface World {
  readonly connection: DatabaseConnection
  readonly folders: { readonly blobs: string; readonly keys: string }
  readonly org: OrgId
  readonly starter: Starter
  readonly twinlock: OpenedTwinlock
  readonly clock: HandClock
  readonly cells: ScriptedCells
  readonly upstream: ScriptedUpstream
  readonly keys: { readonly pipeline: WorkloadKey; readonly payments: WorkloadKey; readonly assembly: WorkloadKey }
  readonly lines: string[]
  /** Acts as one of the starter's people; the session is kept for the whole test. */
  as(person: StarterPerson): Promise<Act>
  credentialOf(person: StarterPerson): Promise<Credential>
  part(part: SystemPart): Act
  /** An access token of the pipeline or of a service, issued on its own key. */
  tokenOf(workload: 'pipeline' | 'payments' | 'assembly'): Promise<Credential>
  /** Opens another instance over the same database and folders; nothing runs in it before `start`. */
  another(replace?: Partial<Outside>): Promise<OpenedTwinlock>
  /** Runs statements as superuser, past every constraint: what an attacker at the store could do. */
  tamper(statement: string, parameters?: readonly unknown[]): Promise<void>
  /** Reads rows of this organization past the rooms. */
  rows(query: string, parameters?: readonly unknown[]): Promise<Record<string, unknown>[]>
  /** Resolves when the condition holds; looked at whenever anything was committed, and now and then. Throws after two minutes. */
  until(condition: () => Promise<boolean>, instances?: readonly OpenedTwinlock[]): Promise<void>
  /** Launches the scenario as the pipeline and answers the run. */
  launch(input?: Record<string, unknown>): Promise<string>
  /** Waits until a run is ended and answers it as the operator sees it. */
  ended(run: string, instances?: readonly OpenedTwinlock[]): Promise<Record<string, unknown>>
  close(): Promise<void>
}

const json = (value: unknown): Answer => ({
  status: 200,
  headers: { 'content-type': 'application/json' },
  body: new TextEncoder().encode(JSON.stringify(value)),
})

const side = (name: 'staging' | 'production') => {
  const host = (port: number) => `http://127.0.0.1:${name === 'staging' ? port : port + 1000}`
  const key = (what: string) => `${name}-${what}-key-0123456789`
  return {
    accounts: { url: host(2001), apiKey: key('accounts') },
    payments: { url: host(2002), apiKey: key('payments') },
    historian: { url: host(2003), apiKey: key('historian') },
  }
}

/** How often a condition is looked at beside what is committed, and how long it may take to come about. */
const [lookMs, untilMs] = [100, 120_000]

/** Opens a world. The worker runs unless `isIdle`. */
export async function openWorld(options: { readonly isIdle?: boolean; readonly replace?: Partial<Outside> } = {}): Promise<World> {
  const place = await starterPlace('world', () => ({ staging: side('staging'), production: side('production') }), options.replace)
  const { connection, folder } = place
  const folders = foldersIn(folder)
  const clock = handClock()
  const cells = scriptedCells()
  const upstream: ScriptedUpstream = { answer: () => json({ ok: true }), asked: [] }
  const lines: string[] = []
  const shared: Partial<Outside> = {
    clock,
    cells,
    upstream: {
      async exchange(exchange) {
        upstream.asked.push(exchange)
        return upstream.answer(exchange)
      },
    },
  }
  const open = (replace: Partial<Outside>) =>
    openTwinlock({
      connection,
      folders,
      baseUrl,
      limits: patientLimits,
      log: (line) => lines.push(line),
      replace: { ...shared, ...options.replace, ...replace },
    })
  const twinlock = await open({ worker: 'first' })
  const starter = place.starter ?? (await setUpIn(twinlock, place.upstreams, place.keys))
  const { pipeline, payments, assembly } = place.keys
  const keys = {
    pipeline: workloadKey(clock.now, pipeline),
    payments: workloadKey(clock.now, payments),
    assembly: workloadKey(clock.now, assembly),
  }
  const { org } = starter
  if (options.isIdle !== true) twinlock.start()
  const sessions = new Map<StarterPerson, Credential>()
  const opened: OpenedTwinlock[] = []

  const credentialOf = async (person: StarterPerson): Promise<Credential> => {
    const known = sessions.get(person) ?? (await sessionOf(twinlock.door, org, starter.people[person]))
    sessions.set(person, known)
    return known
  }
  const as = async (person: StarterPerson) => actWith(twinlock.door, await credentialOf(person))

  const tokenOf = async (workload: 'pipeline' | 'payments' | 'assembly'): Promise<Credential> => {
    const environment = workload === 'pipeline' ? starter.environments.staging : starter.environments.production
    const { spiffeId } = workload === 'pipeline' ? starter.pipeline : starter.services[workload]
    const audience = tokenEndpoint(baseUrl, org, environment)
    const token = await keys[workload].assertion(audience, spiffeId)
    const issued = await actWith(twinlock.door, { kind: 'assertion', token, org, audience })('token:issue')
    return { kind: 'token', token: textAt(issued, 'accessToken') }
  }

  const until = async (condition: () => Promise<boolean>, instances: readonly OpenedTwinlock[] = [twinlock, ...opened]): Promise<void> => {
    const { promise, resolve, reject } = Promise.withResolvers<void>()
    let looking: Promise<unknown> = Promise.resolve()
    const look = () => {
      looking = looking.then(condition).then((holds) => (holds === true ? resolve() : undefined), reject)
    }
    const stops = instances.map((one) => one.onAct(look))
    // What comes about without an act, such as a number in the log, is found as well; what never comes about is said.
    const often = setInterval(look, lookMs)
    const limit = setTimeout(() => reject(new Error(`This did not come about in ${untilMs / 1000} s: ${condition}`)), untilMs)
    look()
    try {
      await promise
    } finally {
      clearInterval(often)
      clearTimeout(limit)
      for (const stop of stops) stop()
      await looking
    }
  }

  const ofOrg = `set twinlock.org = ${pg.escapeLiteral(org)}`
  const rows = async (query: string, parameters: readonly unknown[] = []) => (await askKept(connection, ofOrg, query, parameters)).rows

  return {
    connection,
    folders,
    org,
    starter,
    twinlock,
    clock,
    cells,
    upstream,
    keys,
    lines,
    as,
    credentialOf,
    part: (part) => asPart(twinlock.door, org, part),
    tokenOf,
    async another(replace = {}) {
      const one = await open({ worker: 'second', ...replace })
      opened.push(one)
      return one
    },
    async tamper(statement, parameters = []) {
      const { rowCount } = await askKept(connection, `set session_replication_role = replica; ${ofOrg}`, statement, parameters)
      if (rowCount === 0) throw new Error(`Nothing was changed by: ${statement}`)
    },
    rows,
    until,
    async launch(input = {}) {
      const pipeline = actWith(twinlock.door, await tokenOf('pipeline'))
      return textAt(await pipeline('run:launch', { scenario: starter.scenario, environment: starter.environments.staging, ...input }), 'id')
    },
    async ended(run, instances) {
      await until(async () => (await rows('select state from run where id = $1', [run]))[0]?.state === 'ended', instances)
      return (await as('operator'))('run:show', { run })
    },
    async close() {
      for (const one of opened) await one.close()
      await twinlock.close()
      await endKept(connection)
      rmSync(folder, { recursive: true, force: true })
    },
  }
}
