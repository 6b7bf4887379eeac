// The process that is to die: a whole Twinlock over a real PostgreSQL, with scripted cells and upstreams, that ends itself by SIGKILL at an armed step.
// It is a program of the tests; the product has no way to arm anything.
import { writeSync } from 'node:fs'
import { flushCompileCache } from 'node:module'
import { type OpenedTwinlock, openTwinlock, type Step } from '../../src/app/index.ts'
import { withClient } from '../../src/host/postgres/connection.ts'
import { CodedError } from '../../src/kernel/index.ts'
import { createServer } from '../../src/server/index.ts'
import { at } from '../harness/acting.ts'
import { type InsideCell, scriptedCells, write } from '../harness/scripted-cells.ts'
import type { FromVictim, Opening, ToVictim } from './messages.ts'

const say = (message: FromVictim): void => void process.send?.(message)

/** DNS of a world in which every domain proves whoever claims it. */
const provingRecords = (connection: Opening['connection'], name: string): Promise<string[]> =>
  withClient(connection, async (client) => {
    const { rows } = await client.query<{ token: string }>('select token from domain where $1 = $2 || name', [name, '_twinlock.'])
    return rows.map(({ token }) => `twinlock-domain-verification=${token}`)
  })

let armed: { step: Step; nth: number; how: 'die' | 'freeze' } | undefined
let offsetMs = 0

const reached = new Set<Step>()

function watch(step: Step): void {
  if (!reached.has(step)) say({ kind: 'reached', step })
  reached.add(step)
  if (armed?.step !== step || --armed.nth > 0) return
  if (armed.how === 'freeze') {
    armed = undefined
    writeSync(2, `frozen at ${step}\n`)
    process.kill(process.pid, 'SIGSTOP')
    return
  }
  // Nothing is flushed, closed or said after this line, as in a power cut: the operating system ends the process within the call.
  writeSync(2, `died at ${step}\n`)
  process.kill(process.pid, 'SIGKILL')
}

/** What a run does here: gets a token, calls twice, writes a file, and passes; what it is refused, it does without. */
async function script(cell: InsideCell): Promise<void> {
  const reply = await cell.ask({ type: 'credential', audience: 'http://twinlock.test' })
  const token = at(reply, 'value', 'token')
  if (typeof token === 'string') say({ kind: 'token', run: cell.spec.runId, token })
  await cell.ask({ type: 'call', connection: 'accounts-data', method: 'GET', path: '/accounts?limit=2' })
  await write(cell, 'report.md', `# What came of ${cell.spec.runId}\n`)
  cell.say({ type: 'finish', verdict: 'passed', summary: { wrote: 1 } })
}

async function open(opening: Opening): Promise<{ twinlock: OpenedTwinlock; port: number | undefined; close(): Promise<void> }> {
  const cells = scriptedCells()
  offsetMs = opening.offsetMs
  const clock = { now: () => Date.now() + offsetMs, monotonic: () => performance.now() }
  const twinlock = await openTwinlock({
    connection: opening.connection,
    folders: opening.folders,
    baseUrl: opening.baseUrl,
    ...(opening.limits === undefined ? {} : { limits: opening.limits }),
    log: (line) => say({ kind: 'log', line }),
    replace: {
      clock,
      watch,
      worker: opening.worker,
      runsMax: opening.runsMax,
      cells: {
        probe: () => cells.probe(),
        launch: (spec) => {
          cells.next(script)
          return cells.launch(spec)
        },
      },
      textRecords: (name) => provingRecords(opening.connection, name),
      upstream: {
        exchange: async () => ({
          status: 200,
          headers: { 'content-type': 'application/json' },
          body: new TextEncoder().encode('{"ok":true}'),
        }),
      },
    },
  })
  twinlock.start()
  if (opening.port === undefined) return { twinlock, port: undefined, close: () => twinlock.close() }
  const server = createServer({
    door: twinlock.door,
    broker: twinlock.broker,
    publicKeys: (org, environment) => twinlock.publicKeys(org, environment),
    baseUrl: opening.baseUrl,
    port: opening.port,
    ready: async () => (await twinlock.outside.store.organizations()).length >= 0,
    log: (line) => {
      if (line.kind === 'failure') say({ kind: 'log', line: `${line.requestId} ${String(line.error)}` })
    },
  })
  const { port } = await server.listen()
  return {
    twinlock,
    port,
    async close() {
      await server.close()
      await twinlock.close()
    },
  }
}

let opened: ReturnType<typeof open> | undefined

async function answer(id: number, work: (twinlock: OpenedTwinlock) => Promise<unknown>): Promise<void> {
  try {
    if (opened === undefined) throw new Error('The victim is not open yet.')
    say({ kind: 'answer', id, value: await work((await opened).twinlock) })
  } catch (error) {
    const code = error instanceof CodedError ? error.code : 'internal'
    const cause = error instanceof Error ? String(error.cause ?? error.stack) : String(error)
    say({ kind: 'refusal', id, code, detail: error instanceof Error ? error.message : String(error), cause })
  }
}

async function hear(message: ToVictim): Promise<void> {
  switch (message.kind) {
    case 'open':
      opened = open(message.opening)
      say({ kind: 'opened', port: (await opened).port })
      break
    case 'arm':
      armed = { step: message.step, nth: message.nth, how: message.how }
      break
    case 'disarm':
      armed = undefined
      break
    case 'turn':
      offsetMs = message.offsetMs
      break
    case 'govern':
      await answer(message.id, (twinlock) => twinlock.door.govern(message.request))
      break
    case 'call':
      await answer(message.id, (twinlock) => twinlock.broker.call(message.call))
      break
    case 'close':
      await (await opened)?.close()
      say({ kind: 'closed' })
      process.exit(0)
  }
}

process.on('message', (message: ToVictim) => {
  hear(message).catch((error: unknown) => say({ kind: 'failed', message: error instanceof Error ? String(error.stack) : String(error) }))
})
// Whoever watches has gone: there is nobody left to die for.
process.on('disconnect', () => process.exit(0))
// A process that is killed writes nothing at its end.
flushCompileCache()
say({ kind: 'loaded' })
