// The process under load: a whole Twinlock with its HTTP server over a real PostgreSQL; only cells and upstreams are scripted. It keeps as many runs alive
// as the plan says, and tells each second what it costs. A program of the tests: the plan comes as its only argument.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { monitorEventLoopDelay } from 'node:perf_hooks'
import { openTwinlock, setUpStarter } from '../../src/app/index.ts'
import { temporaryPostgres } from '../../src/host/postgres/temporary.ts'
import { isCoded, type OrgId } from '../../src/kernel/index.ts'
import { createServer } from '../../src/server/index.ts'
import { type Act, actWith, at, sessionOf, textAt } from '../harness/acting.ts'
import { type InsideCell, scriptedCells, write } from '../harness/scripted-cells.ts'
import { baseUrl, manifestOf, workloadKey } from '../harness/twinlock.ts'
import type { FromServer, Plan } from './plan.ts'

const plan = JSON.parse(process.argv[2] ?? '{}') as Plan // the generator wrote it
const say = (message: FromServer): void => void process.send?.(message)
const pause = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms))

let calls = 0
let refusedCalls = 0
let isOver = false

async function script(cell: InsideCell): Promise<void> {
  const everyMs = (1000 * plan.runs) / Math.max(1, plan.calls)
  let isStopped = false
  void cell.stopped.then(() => {
    isStopped = true
  })
  // Each call is due at its time, however late the timer of the one before was; a time that passed meanwhile is not made up for.
  let due = performance.now() + Math.random() * everyMs
  for (let number = 1; !isStopped && !isOver; number++) {
    await pause(Math.max(0, due - performance.now()))
    const reply = await cell.ask({ type: 'call', connection: 'accounts-data', method: 'GET', path: `/accounts?limit=${number}` })
    if (at(reply, 'value', 'status') === 200) calls++
    else refusedCalls++
    due = Math.max(due + everyMs, performance.now())
  }
  await write(cell, 'report.md', '# Load\n')
  cell.say({ type: 'finish', verdict: 'passed', summary: {} })
}

const folder = mkdtempSync(join(tmpdir(), 'twinlock-load-'))
const cells = scriptedCells()
const body = new TextEncoder().encode(JSON.stringify({ accounts: Array.from({ length: 20 }, (_, id) => ({ id, balanceCents: 100 * id })) }))
// Tables grow by millions of rows: what a server of people relies on to plan for that is on here too.
const postgres = await temporaryPostgres({ autovacuum: 'on' })
const twinlock = await openTwinlock({
  connection: await postgres.freshDatabase(),
  folders: { blobs: join(folder, 'blobs'), keys: join(folder, 'keys') },
  baseUrl,
  log: (line) => void process.stderr.write(`${line}\n`),
  replace: {
    runsMax: plan.runs,
    listeners: { all: plan.listeners + 10, perPerson: plan.listeners + 10 },
    upstream: { exchange: async () => ({ status: 200, headers: { 'content-type': 'application/json' }, body }) },
    cells: {
      probe: () => cells.probe(),
      launch: (spec) => {
        cells.next(script)
        return cells.launch(spec)
      },
    },
  },
})

interface Kept {
  readonly org: OrgId
  readonly token: string
  readonly operator: Act
  readonly launch: Record<string, unknown>
}

async function tenant(number: number): Promise<Kept> {
  const one = (port: number) => ({ url: `http://127.0.0.1:${port}`, apiKey: `load-${number}-${port}-0123456789` })
  const side = (port: number) => ({ accounts: one(port), payments: one(port + 1), historian: one(port + 2) })
  const key = () => workloadKey().jwk
  const starter = await setUpStarter(twinlock.door, twinlock.outside, {
    upstreams: { staging: side(2000), production: side(3000) },
    keys: { pipeline: key(), payments: key(), assembly: key() },
    manifests: { payments: manifestOf('payments') },
  })
  const credential = await sessionOf(twinlock.door, starter.org, starter.people.operator)
  const token = credential.kind === 'session' ? credential.token : ''
  const launch = { scenario: starter.scenario, environment: starter.environments.staging }
  return { org: starter.org, token, operator: actWith(twinlock.door, credential), launch }
}

const kept: Kept[] = []
for (let number = 0; number < plan.organizations; number++) kept.push(await tenant(number))
twinlock.start()
const server = createServer({
  door: twinlock.door,
  broker: twinlock.broker,
  watch: twinlock.watch,
  publicKeys: (org, environment) => twinlock.publicKeys(org, environment),
  baseUrl,
  port: 0,
  log: (line) => {
    if (line.kind === 'failure' && !isCoded(line.error)) process.stderr.write(`${String(line.error)}\n`)
  },
})
const { port } = await server.listen()
say({ kind: 'ready', port, tenants: kept.map(({ org, token }) => ({ org, token })) })

/** The runs that were launched and have not ended. */
const going = new Set<string>()
twinlock.onAct(({ action, resource }) => void (action === 'run:end' && going.delete(resource)))

/** Runs end by their deadline; others take their place. Each organization launches one after the other, beside the others. */
async function keepRuns(): Promise<void> {
  const missing = plan.runs - going.size
  const launchOf = async ({ org, operator, launch }: Kept, number: number): Promise<void> => {
    for (let left = missing - number; left > 0 && !isOver; left -= kept.length) {
      const run = await operator('run:launch', launch).catch((error: unknown) => {
        if (!isCoded(error)) throw error
      })
      if (run === undefined) continue
      const id = textAt(run, 'id')
      going.add(id)
      // Told at once, so that listeners come while others are still launched.
      say({ kind: 'runs', runs: [[org, id]] })
    }
  }
  await Promise.all(kept.map(launchOf))
}

const delay = monitorEventLoopDelay({ resolution: 10 })
delay.enable()
let isKeeping = false
let passed = 0
let used = process.cpuUsage()
// Often enough for a slope, seldom enough that collecting is not what is measured.
const collectEvery = Math.max(5, Math.round(plan.seconds / 40))

/** Collects what is unused and answers what is left, in megabytes. */
function afterCollecting(): number {
  globalThis.gc?.()
  return process.memoryUsage().heapUsed / 2 ** 20
}

const timer = setInterval(() => {
  const keptMegabytes = ++passed % collectEvery === 0 ? afterCollecting() : null
  const { rss, heapUsed } = process.memoryUsage()
  const { user, system } = process.cpuUsage(used)
  used = process.cpuUsage()
  const second = {
    rssMegabytes: rss / 2 ** 20,
    heapMegabytes: heapUsed / 2 ** 20,
    keptMegabytes,
    delayP99Ms: delay.percentile(99) / 1e6,
    processorMs: (user + system) / 1000,
    calls,
    refusedCalls,
    alive: cells.alive.size,
  }
  calls = 0
  refusedCalls = 0
  delay.reset()
  say({ kind: 'second', second })
  if (isKeeping) return
  isKeeping = true
  void keepRuns().finally(() => {
    isKeeping = false
  })
}, 1000)

/** Stops under load, in the order in which `twinlock start` does, and says how long that took and whether a call was left without an outcome. */
process.on('message', async () => {
  const began = performance.now()
  isOver = true
  clearInterval(timer)
  await server.close()
  await twinlock.stop()
  let open = 0
  for (const { org } of kept) {
    const rows = await twinlock.outside.store.transact(org, (tx) =>
      tx.selectFrom('call').select('id').where('state', '=', 'decided').execute(),
    )
    open += rows.length
  }
  say({ kind: 'stopped', ms: performance.now() - began, open })
  await twinlock.close()
  rmSync(folder, { recursive: true, force: true })
  process.exit(0)
})
process.on('disconnect', () => process.exit(0))
