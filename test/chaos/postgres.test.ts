// PostgreSQL goes away in every way that it can, under a real server process that is asked over HTTP: each answer is a coded 503 within the server's own
// limits, nothing is admitted meanwhile, and the server goes on by itself when the database is back.
import assert from 'node:assert/strict'
import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { chownSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import pg from 'pg'
import { systemRandom } from '../../src/host/crypto/system-ports.ts'
import type { DatabaseConnection } from '../../src/host/postgres/connection.ts'
import { logPath } from '../../src/host/postgres/log-file.ts'
import { childrenOf } from '../../src/host/postgres/process-identity.ts'
import { type RunningPostgres, startPostgres } from '../../src/host/postgres/start-postgres.ts'
import { throwAwayFolder } from '../../src/host/postgres/throw-away-folder.ts'
import { newId, type OrgId } from '../../src/kernel/index.ts'
import { asPart, sessionOf, textAt } from '../harness/acting.ts'
import { until } from '../harness/signed-in.ts'
import { Victim } from './victim.ts'

const [connectMs, queryMs] = [2_500, 1_500]
// The longest that a request may take while the database is away: for a connection, then for an answer; the rest is for a slow machine.
const answerMsMax = connectMs + queryMs + 6_000
const baseUrl = 'http://twinlock.test'
const clock = { now: () => Date.now(), monotonic: () => performance.now() }

interface Served {
  readonly victim: Victim
  readonly org: OrgId
  /** Reads something; answers the status and the problem's code. */
  read(): Promise<{ status: number; code: unknown; ms: number; retryAfter: string | null }>
  /** Changes something. */
  change(): Promise<{ status: number; code: unknown; ms: number; entry: string | null }>
  close(): Promise<void>
}

/** A server process over a database, with one organization and its administrator signed in. */
async function serve(connection: DatabaseConnection): Promise<Served> {
  const folder = mkdtempSync(join(tmpdir(), 'twinlock-away-'))
  const victim = new Victim()
  const folders = { blobs: join(folder, 'blobs'), keys: join(folder, 'keys') }
  const port = await victim.open({
    connection,
    folders,
    baseUrl,
    worker: 'only',
    offsetMs: 0,
    port: 0,
    runsMax: 0,
    limits: { connectMs, queryMs },
  })
  const org = newId('org', { clock, random: systemRandom })
  const act = asPart(victim.door, org, 'starter')
  await act('organization:create', { slug: 'main', name: 'Main' })
  const person = textAt(await act('person:create', { slug: 'admin', name: 'Admin', email: 'admin@main.example' }), 'id')
  await act('grant:create', { principal: person, role: 'admin', reason: 'Somebody has to.' })
  const session = await sessionOf(victim.door, org, person)
  assert.ok(session.kind === 'session')
  const headers = { authorization: `Bearer ${session.token}`, 'content-type': 'application/json' }
  let number = 0
  const ask = async (method: 'GET' | 'POST', path: string, body?: object) => {
    const began = performance.now()
    const answer = await fetch(`http://127.0.0.1:${port}${path}`, {
      method,
      headers,
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })
    const said: unknown = await answer.json()
    const code = typeof said === 'object' && said !== null && 'code' in said ? said.code : undefined
    return {
      status: answer.status,
      code,
      ms: performance.now() - began,
      entry: answer.headers.get('twinlock-entry'),
      retryAfter: answer.headers.get('retry-after'),
    }
  }
  return {
    victim,
    org,
    read: () => ask('GET', '/v1/projects'),
    change: () => {
      const slug = `p-${number++}`
      return ask('POST', '/v1/people', { slug, name: 'Some Body', email: `${slug}@people.example` })
    },
    async close() {
      await victim.kill()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

const asOwner = async <T>(connection: DatabaseConnection, use: (client: pg.Client) => Promise<T>): Promise<T> => {
  const client = new pg.Client(connection)
  client.on('error', () => undefined)
  await client.connect()
  try {
    return await use(client)
  } finally {
    await client.end().catch(() => undefined) // the server may have ended it already
  }
}

/** Every answer while the database is away is the same coded 503, and comes in time: one that is late is late again, unless it was the machine. */
async function refusesEverything(served: Served, tries = 3): Promise<void> {
  const answers = await Promise.all([served.read(), served.change(), served.read(), served.change()])
  for (const answer of answers) assert.deepEqual([answer.status, answer.code], [503, 'unavailable'], JSON.stringify(answer))
  const late = answers.find(({ ms }) => ms >= answerMsMax)
  if (late !== undefined && tries > 1) return refusesEverything(served, tries - 1)
  assert.equal(late, undefined, `answered after ${late?.ms} ms`)
  assert.equal((await served.read()).retryAfter, '3')
}

async function goesOn(served: Served): Promise<void> {
  await until('the server serves again', async () => (await served.read()).status === 200 && (await served.change()).status === 200)
}

/** A change that is acknowledged, however often a machine that stands still makes the server give up before: its entry. */
const acknowledge = (served: Served): Promise<string> =>
  until('a change is acknowledged', async () => {
    const { status, entry } = await served.change()
    return status === 200 && entry !== null && entry
  })

/** A backend may have ended since it was listed. */
function signalIfThere(pid: number, signal: 'SIGSTOP' | 'SIGCONT'): void {
  try {
    process.kill(pid, signal)
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error
  }
}

/** How many acts are on the record. */
const recorded = (connection: DatabaseConnection): Promise<number> =>
  asOwner(connection, async (client) =>
    Number((await client.query(`select count(*) as n from entry where action = 'person:create'`)).rows[0].n),
  )

describe('a server whose PostgreSQL goes away', { timeout: 600_000 }, () => {
  let folder: string
  let postgres: RunningPostgres
  let served: Served
  const lines: string[] = []

  before(async () => {
    folder = throwAwayFolder()
    const settings = { max_connections: '30', superuser_reserved_connections: '3' }
    postgres = await startPostgres({ dataFolder: { postgres: join(folder, 'postgres') }, log: (line) => lines.push(line), settings })
    served = await serve(postgres.connection)
    await goesOn(served)
  })
  after(async () => {
    await served.close()
    await postgres.stop()
    rmSync(folder, { recursive: true, force: true })
  })

  it('answers 503 while every process of it is frozen, and goes on when they resume', async () => {
    const before = await recorded(postgres.connection)
    const postmaster = postgres.pid ?? 0
    process.kill(postmaster, 'SIGSTOP') // first, so that it starts no other
    const pids = [postmaster, ...childrenOf(postmaster).map(({ pid }) => pid)]
    try {
      for (const pid of pids) signalIfThere(pid, 'SIGSTOP')
      await refusesEverything(served)
    } finally {
      for (const pid of pids) signalIfThere(pid, 'SIGCONT')
    }
    await goesOn(served)
    // What was sent before the freeze may have been done, as the answer says; what was answered 503 with `undone` was not.
    assert.ok((await recorded(postgres.connection)) >= before)
  })

  it('answers 503 after it was killed, while the embedded one is started again, and goes on', async () => {
    const acknowledged = await acknowledge(served)
    const pid = postgres.pid ?? 0
    process.kill(pid, 'SIGKILL')
    await until('another postmaster runs', async () => {
      const answer = await served.read()
      assert.ok(answer.status === 200 || answer.code === 'unavailable', JSON.stringify(answer))
      return postgres.pid !== pid
    })
    await goesOn(served)
    const kept = await asOwner(postgres.connection, (client) => client.query('select from entry where id = $1', [acknowledged]))
    assert.equal(kept.rowCount, 1, 'what was acknowledged is there')
    assert.ok(lines.some((line) => /has ended by itself/.test(line)))
  })

  it('goes on by itself after a restart that cut every connection', async () => {
    await asOwner(postgres.connection, (client) =>
      client.query('select pg_terminate_backend(pid) from pg_stat_activity where pid <> pg_backend_pid()'),
    )
    const first = await served.change()
    assert.ok(first.status === 200 || first.code === 'unavailable', JSON.stringify(first))
    process.kill(postgres.pid ?? 0, 'SIGINT')
    await goesOn(served)
  })

  it('answers 503 to a change of which somebody cancels a query, which is then not done', async () => {
    const before = await recorded(postgres.connection)
    const answer = await asOwner(postgres.connection, async (client) => {
      await client.query('begin')
      await client.query('lock table person in share mode')
      const changing = served.change()
      const waiting = await until('the change waits', async () => {
        const asked = `select pid from pg_stat_activity where usename = 'twinlock_app' and wait_event_type = 'Lock'`
        return (await client.query(asked)).rows[0]
      })
      await client.query('select pg_cancel_backend($1)', [waiting.pid])
      const answered = await changing
      await client.query('commit')
      return answered
    })
    assert.deepEqual([answer.status, answer.code], [503, 'unavailable'], JSON.stringify(answer))
    assert.equal(await recorded(postgres.connection), before, 'nothing of it was done')
    await goesOn(served)
  })

  it('goes on after one of its processes was killed, whereupon PostgreSQL ends all others', async () => {
    const acknowledged = await acknowledge(served)
    const rows = await asOwner(postgres.connection, async (client) => {
      const held = `select pid from pg_stat_activity where usename = 'twinlock_app' and backend_type = 'client backend'`
      return (await client.query(held)).rows
    })
    process.kill(rows[0]?.pid ?? assert.fail('the server holds a connection'), 'SIGKILL')
    await goesOn(served)
    const kept = await asOwner(postgres.connection, (client) => client.query('select from entry where id = $1', [acknowledged]))
    assert.equal(kept.rowCount, 1, 'what was acknowledged is there')
  })

  it('keeps what was acknowledged when a sync of its files fails: PostgreSQL ends at once and comes back by its log', async (t) => {
    const acknowledged = await acknowledge(served)
    // A file that PostgreSQL has written and not yet synced becomes one that no kernel can sync: a pipe. The checkpoint meets a real failure of fsync.
    const file = await asOwner(postgres.connection, async (client) => {
      await client.query('create table synced as select n from generate_series(1, 10000) n')
      await client.query('checkpoint')
      await client.query('create index synced_n on synced (n)')
      const { rows } = await client.query(`select current_setting('data_directory') || '/' || pg_relation_filepath('synced_n') as path`)
      return String(rows[0].path)
    })
    const aside = `${file}.aside`
    const { uid, gid } = statSync(file)
    renameSync(file, aside)
    const isPipe = spawnSync('mkfifo', ['-m', '600', file]).status === 0
    try {
      if (!isPipe) return t.skip('This machine has no mkfifo.')
      chownSync(file, uid, gid)
      await assert.rejects(asOwner(postgres.connection, (client) => client.query('checkpoint')))
    } finally {
      renameSync(aside, file)
    }
    await goesOn(served)
    assert.match(readFileSync(logPath(join(folder, 'postgres')), 'utf8'), /PANIC: {2}could not fsync file/)
    const kept = await asOwner(postgres.connection, (client) => client.query('select from entry where id = $1', [acknowledged]))
    assert.equal(kept.rowCount, 1, 'what was acknowledged is there')
  })

  it('answers 503 while there is no connection left, and goes on when there is one', async () => {
    const holders: pg.Client[] = []
    try {
      await asOwner(postgres.connection, async (client) => {
        // Not a superuser, so that the reserved connections stay free; the server's own ones are cut until none is its any more.
        await client.query(`create role crowd login password 'crowd'`)
        // One refusal proves nothing: a connection that is being cut keeps its place for a moment after it has left the list.
        let refusedInARow = 0
        await until('every connection is taken', async () => {
          await client.query(`select pg_terminate_backend(pid) from pg_stat_activity where usename like 'twinlock\\_%'`)
          const holder = new pg.Client({ ...postgres.connection, user: 'crowd', password: 'crowd' })
          holder.on('error', () => undefined)
          try {
            await holder.connect()
            holders.push(holder)
            refusedInARow = 0
          } catch {
            const { rows } = await client.query(`select count(*) as n from pg_stat_activity where usename like 'twinlock\\_%'`)
            refusedInARow = Number(rows[0].n) === 0 ? refusedInARow + 1 : 0
          }
          return refusedInARow === 5
        })
        await refusesEverything(served)
      })
    } finally {
      await Promise.all(holders.map((holder) => holder.end()))
    }
    await goesOn(served)
  })

  it('answers 503 to every change while it is read-only, still reads, and goes on', async () => {
    await asOwner(postgres.connection, async (client) => {
      await client.query('alter system set default_transaction_read_only = on')
      await client.query('select pg_reload_conf()')
    })
    const refused = await until('it is read-only', async () => {
      const answer = await served.change()
      return answer.status !== 200 && answer
    })
    assert.deepEqual([refused.status, refused.code], [503, 'unavailable'])
    assert.equal((await served.read()).status, 200)
    const before = await recorded(postgres.connection)
    for (let number = 0; number < 5; number++) assert.equal((await served.change()).code, 'unavailable')
    assert.equal(await recorded(postgres.connection), before, 'nothing was admitted')
    await asOwner(postgres.connection, async (client) => {
      await client.query('set default_transaction_read_only = off')
      await client.query('alter system reset default_transaction_read_only')
      await client.query('select pg_reload_conf()')
    })
    await goesOn(served)
  })
})

describe('a server whose PostgreSQL has a full disk', { timeout: 280_000 }, () => {
  const megabytes = 110
  let folder: string
  let disk: ChildProcess | undefined
  let served: Served | undefined

  const mayMount = () => spawnSync('unshare', ['--mount', 'mount', '-t', 'tmpfs', 'none', folder]).status === 0
  const said = (child: ChildProcess) =>
    new Promise<unknown>((resolve, reject) => {
      child.once('message', resolve)
      child.once('exit', () => reject(new Error('The process with the small disk ended.')))
    })

  before(() => {
    // A path so long that the database's socket is put elsewhere: the disk is seen by its own processes alone.
    folder = join(throwAwayFolder(), 'd'.repeat(90))
    mkdirSync(folder, { mode: 0o711 })
  })
  after(async () => {
    await served?.close()
    disk?.disconnect()
    rmSync(join(folder, '..'), { recursive: true, force: true })
  })

  it('answers 503 to changes, admits nothing, and goes on when there is room', async (t) => {
    if (!mayMount()) return t.skip('This machine does not let a test mount a disk in a namespace of its own.')
    const program = join(import.meta.dirname, 'postgres-process.ts')
    const args = ['--mount', process.execPath, program, folder, String(megabytes)]
    disk = spawn('unshare', args, { stdio: ['ignore', 'ignore', 'inherit', 'ipc'], serialization: 'advanced' })
    const connection = (await said(disk)) as DatabaseConnection // what postgres-process.ts says first
    served = await serve(connection)
    const { change } = served
    await goesOn(served)
    disk.send('fill')
    await said(disk)
    const acknowledged: (string | null)[] = []
    // What is left in files that have their room already is used up first.
    const refused = await until('there is no room left', async () => {
      const answer = await change()
      if (answer.status === 200) acknowledged.push(answer.entry)
      return answer.status !== 200 && answer
    })
    assert.deepEqual([refused.status, refused.code], [503, 'unavailable'], JSON.stringify(refused))
    disk.send('empty')
    await said(disk)
    await goesOn(served)
    const kept = await asOwner(connection, (client) => client.query('select id from entry where id = any($1)', [acknowledged]))
    assert.equal(kept.rowCount, acknowledged.length, 'everything that was acknowledged is there')
  })
})
