// Looking at a large organization through the door: the paths of a twin, the blast radius of somebody, what a change would come to; and a server that starts with
// it. Over a real PostgreSQL, each answer decided and, where it is, recorded.
import { spawn } from 'node:child_process'
import { chmodSync, mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Act, at, listAt } from '../../test/harness/acting.ts'
import { openWorld, type World } from '../../test/harness/world.ts'
import type { Figure } from '../figure.ts'
import { fill, size, thing } from './organization.ts'

const rounds = 5

/** The slowest of some looks, each at another thing, in milliseconds; the first look at all is not counted. */
async function slowest(look: (number: number) => Promise<unknown>): Promise<number> {
  await look(0)
  const times: number[] = []
  for (let number = 1; number <= rounds; number++) {
    const began = performance.now()
    await look(number)
    times.push(performance.now() - began)
  }
  return Math.max(...times)
}

const changes: Readonly<Record<string, (number: number) => object>> = {
  'a grant of a role to everybody': () => ({ kind: 'give', principal: thing('grp', 111), role: 'author' }),
  'everybody’s own grant taken away': () => ({ kind: 'take', grant: thing('grt', 1_000_001) }),
  'a group into another': (number) => ({ kind: 'join', group: thing('grp', 101 + (number % 10)), member: thing('grp', 1 + number * 7) }),
  'a group dissolved': (number) => ({ kind: 'dissolve', group: thing('grp', 101 + (number % 10)) }),
  'a shipped role without an action': () => ({ kind: 'role', role: 'operator', remove: ['run:launch'] }),
  'a guardrail over one action': () => ({
    kind: 'policy',
    policy: 'forbid(principal, action == Action::"run:launch", resource) when { context.environmentClass == "staging" };',
  }),
  'a guardrail over every action': () => ({
    kind: 'policy',
    policy: 'forbid(principal, action, resource) when { context.weekday >= 1 && !(principal is Person) };',
  }),
  'another owner of a workload': (number) => ({ kind: 'owner', of: thing('pip', 1 + number), to: thing('per', 42 + number) }),
}

async function looking(act: Act): Promise<Figure[]> {
  const paths = await slowest(async (number) => {
    const told = await act('access:paths', { target: thing('twn', 6 * (number * 811 + 1)) })
    if (Number(at(told, 'totals', 'output', 'people')) < 1000) throw new Error('There are not as many paths as there should be.')
  })
  const blast = await slowest((number) => act('access:blast', { of: thing('per', 17 + number * 97) }))
  const figures = [
    { name: `paths of a twin, ${size.principals.toLocaleString('en-US')} principals, slowest of ${rounds}`, value: paths, limit: 1_000 },
    { name: `blast radius of a person there, slowest of ${rounds}`, value: blast, limit: 1_000 },
  ]
  for (const [name, changeOf] of Object.entries(changes)) {
    let differences = 0
    const value = await slowest(async (number) => {
      const told = await act('access:whatif', { change: changeOf(number) })
      differences += listAt(told, 'gains').length + listAt(told, 'loses').length
    })
    if (differences === 0) throw new Error(`Nothing would come of ${name}.`)
    figures.push({ name: `what-if, ${name}, slowest of ${rounds}`, value, limit: 2_000 })
  }
  return figures.map(({ name, value, limit }) => ({
    name,
    value,
    unit: 'ms',
    goal: `< ${limit.toLocaleString('en-US')} ms`,
    ok: value < limit,
  }))
}

async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  await new Promise((resolve) => server.close(resolve))
  if (address === null || typeof address === 'string') throw new Error('There is no free port.')
  return address.port
}

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))

/** Starts a server of its own over the same database, and answers how long it took and what it weighs after it has answered. */
async function starting(world: World): Promise<Figure[]> {
  const folder = mkdtempSync(join(tmpdir(), 'twinlock-bench-access-'))
  // As root, parts of it run as users of their own, who must be able to pass.
  chmodSync(folder, 0o711)
  const port = await freePort()
  const { host, port: at5432, user, password, database } = world.connection
  const url = new URL(`postgres://${user}:${password}@localhost:${at5432}/${database}`)
  url.searchParams.set('host', host)
  const env = {
    ...process.env,
    TWINLOCK_DATABASE_URL: url.href,
    TWINLOCK_DATA: join(folder, 'data'),
    TWINLOCK_KEYS: world.folders.keys,
  }
  const root = join(import.meta.dirname, '..', '..')
  const began = performance.now()
  const child = spawn(process.execPath, ['bin/twinlock.mjs', 'start', '--empty', '--port', String(port)], {
    cwd: root,
    env,
    stdio: 'ignore',
  })
  const exited = new Promise((resolve) => child.once('exit', resolve))
  try {
    while ((await fetch(`http://127.0.0.1:${port}/readyz`).catch(() => undefined))?.status !== 200) {
      if (child.exitCode !== null || performance.now() - began > 60_000) throw new Error('The server did not become ready.')
      await pause(10)
    }
    const readyMs = performance.now() - began
    await pause(3_000)
    const metrics = await (await fetch(`http://127.0.0.1:${port}/metrics`)).text()
    const megabytes = Number(/^process_resident_memory_bytes (\d+)$/m.exec(metrics)?.[1]) / 1e6
    return [
      { name: 'a start with it is ready', value: readyMs, unit: 'ms', goal: '< 3,000 ms', ok: readyMs < 3_000 },
      { name: 'memory of that server, PostgreSQL apart', value: megabytes, unit: 'MB', goal: '< 300 MB', ok: megabytes < 300 },
    ]
  } finally {
    child.kill('SIGTERM')
    await exited
    rmSync(folder, { recursive: true, force: true })
  }
}

/** The figures of a large organization. */
export async function largeOrganization(): Promise<Figure[]> {
  const world = await openWorld({ isIdle: true })
  try {
    await fill(world)
    const looked = await looking(await world.as('auditor'))
    return [...looked, ...(await starting(world))]
  } finally {
    await world.close()
  }
}
