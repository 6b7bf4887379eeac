// The figures of the path: how soon a second start is ready and what it weighs, what governing costs beside a bare transaction, how many broker calls are
// recorded in a second, and how soon nothing more is admitted under a run that is ended. Over a temporary PostgreSQL, which does not wait for the disk: the
// ratios hold, the rates are those of this machine. `TWINLOCK_BENCH_ENDS=10000` measures as many ends as the goal names.
import { spawn, spawnSync } from 'node:child_process'
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { asPart } from '../test/harness/acting.ts'
import { connectionOf, rowsOf } from '../test/harness/database.ts'
import { liveRun } from '../test/harness/live-run.ts'
import { type Harness, openStarter } from '../test/harness/twinlock.ts'
import type { Figure } from './figure.ts'
import { endingInOne, endingInThree } from './path/ending.ts'

const connections = 16
const measuredMs = 4_000
const root = join(import.meta.dirname, '..')

/** How often work is done in a second, by so many at once. */
async function rateOf(atOnce: number, work: (number: number) => Promise<unknown>): Promise<number> {
  let [next, done] = [0, 0]
  const rounds = async (until: number): Promise<void> => {
    while (performance.now() < until) {
      await work(next++)
      done++
    }
  }
  const all = (ms: number): Promise<unknown> => {
    const until = performance.now() + ms
    return Promise.all(Array.from({ length: atOnce }, () => rounds(until)))
  }
  await all(measuredMs / 4)
  done = 0
  const began = performance.now()
  await all(measuredMs)
  return (done * 1000) / (performance.now() - began)
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

/** Starts a server as a person does; answers how long it took to be ready, and what it weighed after a while. */
async function startOnce(folder: string, idleMs: number): Promise<{ readyMs: number; megabytes: number }> {
  const port = await freePort()
  const env = { ...process.env, TWINLOCK_DATA: join(folder, 'data'), TWINLOCK_KEYS: join(folder, 'keys') }
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
    await pause(idleMs)
    const metrics = await (await fetch(`http://127.0.0.1:${port}/metrics`)).text()
    return { readyMs, megabytes: Number(/^process_resident_memory_bytes (\d+)$/m.exec(metrics)?.[1]) / 1e6 }
  } finally {
    child.kill('SIGTERM')
    await exited
  }
}

async function starting(): Promise<Figure[]> {
  const folder = mkdtempSync(join(tmpdir(), 'twinlock-bench-'))
  // As root, the database runs as a user of its own, who must be able to pass.
  chmodSync(folder, 0o711)
  try {
    await startOnce(folder, 0)
    // A first start makes it some seconds after it is ready.
    spawnSync(process.execPath, ['scripts/bundle.mjs'], { cwd: root })
    const { readyMs, megabytes } = await startOnce(folder, 3_000)
    return [
      { name: 'a second start is ready', value: readyMs, unit: 'ms', goal: '< 1,500 ms', ok: readyMs < 1_500 },
      { name: 'memory of an idle server, PostgreSQL apart', value: megabytes, unit: 'MB', goal: '< 200 MB', ok: megabytes < 200 },
    ]
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** The same two rows, without anything around them: the thing, and the entry that the store asks for. */
async function bareRate(h: Harness): Promise<number> {
  const pool = new pg.Pool({ ...(await connectionOf(h.twinlock)), max: connections })
  const { org, people } = h.starter
  const id = (prefix: string, number: number): string => `${prefix}_${'b'.repeat(16)}${String(number).padStart(10, '0')}`
  const body = JSON.stringify({ v: 1, action: 'project:create', filler: 'x'.repeat(600) })
  try {
    return await rateOf(connections, async (number) => {
      const client = await pool.connect()
      try {
        await client.query('begin')
        await client.query(`select set_config('twinlock.org', $1, true)`, [org])
        await client.query('insert into project (org_id, id, slug, name, owner_id, created_at) values ($1, $2, $3, $4, $5, now())', [
          org,
          id('prj', number),
          `bare-${number}`,
          'Bare',
          people.owner,
        ])
        await client.query(
          `insert into entry (org_id, id, at, action, outcome, actor_id, resource_id, body) values ($1, $2, now(), 'project:create', 'done', $3, $4, $5)`,
          [org, id('ent', number), people.owner, id('prj', number), body],
        )
        await client.query('commit')
      } finally {
        client.release()
      }
    })
  } finally {
    await pool.end()
  }
}

async function governing(h: Harness): Promise<Figure[]> {
  const act = asPart(h.twinlock.door, h.starter.org, 'starter')
  const owner = h.starter.people.owner
  const governed = await rateOf(connections, (number) => act('project:create', { slug: `bench-${number}`, name: 'Bench', owner }))
  const bare = await bareRate(h)
  return [
    {
      name: `a governed change, ${connections} at once`,
      value: governed,
      unit: 'changes/s',
      goal: '≥ 40 % of bare',
      ok: governed >= 0.4 * bare,
      peer: { name: 'the same two rows, bare', value: bare },
    },
  ]
}

const callers = 32

/** The processor time of the processes of a database server that are there now, in nanoseconds, by process; nothing where the system does not say. */
async function postgresTimes(h: Harness): Promise<ReadonlyMap<string, number>> {
  const processes = await rowsOf(h.twinlock, 'select pid::text from pg_stat_activity where datname is null or datname = current_database()')
  const times = new Map<string, number>()
  for (const { pid } of processes) {
    const path = `/proc/${String(pid)}/schedstat`
    if (existsSync(path)) times.set(String(pid), Number(readFileSync(path, 'utf8').split(' ')[0]))
  }
  return times
}

/**
 * Calls of one run by so many callers at once, whose upstream answers at once: what is measured is what deciding and recording takes. The server is one thread, so
 * one core serves no more calls than a second holds of that thread's time for one; PostgreSQL needs what is said of it on another core meanwhile. Both times
 * count everything, the sequencer that numbers the entries among it, and here the callers themselves.
 */
async function calling(h: Harness): Promise<Figure[]> {
  const run = await liveRun(h)
  const [thread, before] = [process.threadCpuUsage(), await postgresTimes(h)]
  let made = 0
  const rate = await rateOf(callers, async () => {
    await run.call({ connection: 'accounts-data', path: '/accounts?limit=1' })
    made++
  })
  const { user, system } = process.threadCpuUsage(thread)
  const threadUs = (user + system) / made
  const after = await postgresTimes(h)
  const postgresUs = [...after].reduce((sum, [pid, time]) => sum + time - (before.get(pid) ?? 0), 0) / 1000 / made
  return [
    {
      name: `broker calls, recorded twice, one process, ${callers} at once`,
      value: rate,
      unit: 'calls/s',
      goal: '≥ 3,000/s',
      ok: rate >= 3_000,
    },
    { name: 'processor time of the server’s thread for one of them', value: threadUs, unit: 'µs', ok: true },
    { name: 'calls that fit into a second of that thread', value: 1e6 / threadUs, unit: 'calls/s', ok: true },
    ...(after.size === 0 ? [] : [{ name: 'processor time of PostgreSQL for one of them', value: postgresUs, unit: 'µs', ok: true }]),
  ]
}

/** All figures of the path, one after the other, so that none disturbs another. */
export async function bench(): Promise<Figure[]> {
  const started = await starting()
  const answer = { status: 200, headers: { 'content-type': 'application/json' }, body: Buffer.from('{"accounts":[]}') }
  const h = await openStarter({ runsMax: 0, upstream: { exchange: async () => answer } })
  try {
    const one = [...(await governing(h)), ...(await calling(h)), ...(await endingInOne(h))]
    return [...started, ...one, ...(await endingInThree())]
  } finally {
    await h.close()
  }
}
