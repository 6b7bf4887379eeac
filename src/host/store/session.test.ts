// Sessions over connections that end, or say nothing any more, just when they are used: a proxy in front of PostgreSQL cuts them or swallows the answers.
// Whatever becomes of one transaction, its connection comes back to the pool or is gone, and the pool of one goes on.
import assert from 'node:assert/strict'
import { once } from 'node:events'
import { connect, createServer, type Server, type Socket } from 'node:net'
import { join } from 'node:path'
import { after, afterEach, before, beforeEach, describe, it } from 'node:test'
import { CompiledQuery, type RawBuilder, sql } from 'kysely'
import { migratedDatabase, nobodysOrg } from '../../../test/harness/database.ts'
import type { Tx } from '../../kernel/index.ts'
import type { DatabaseConnection } from '../postgres/connection.ts'
import { openStore, type Store, type StoreOptions } from './store.ts'
import { StoreUnavailable } from './unavailable.ts'

/** PostgreSQL behind a proxy on loopback. */
class Between {
  readonly #server: Server
  /** Every connection that was ever made, in order. */
  readonly connections: Socket[] = []
  /** Cuts the next connections as soon as something is asked on them, as one does that PostgreSQL ended long ago. */
  cuts = 0
  isSilent = false

  constructor({ host, port }: DatabaseConnection) {
    this.#server = createServer((inner) => {
      this.connections.push(inner)
      const outer = host.startsWith('/') ? connect(join(host, `.s.PGSQL.${port}`)) : connect(port, host)
      inner.on('data', (bytes) => {
        if (this.cuts === 0) return outer.write(bytes)
        this.cuts--
        return inner.destroy()
      })
      outer.on('data', (bytes) => this.isSilent || inner.write(bytes))
      inner.on('error', () => outer.destroy()).on('close', () => outer.destroy())
      outer.on('error', () => inner.destroy()).on('close', () => this.isSilent || inner.destroy())
    })
  }

  async listen(): Promise<number> {
    this.#server.listen(0, '127.0.0.1')
    await once(this.#server, 'listening')
    const address = this.#server.address()
    assert.ok(address !== null && typeof address === 'object')
    return address.port
  }

  close(): void {
    this.#server.close()
    for (const one of this.connections) one.destroy()
  }
}

const number = (query: RawBuilder<{ n: number }>, tx: Tx) => query.execute(tx).then(({ rows }) => rows[0]?.n)
const one = sql<{ n: number }>`select 1 as n`
const two = sql<{ n: number }>`select 2 as n`

// Each of these would wait for ever if a connection were lost.
describe('a pool of one', { timeout: 120_000 }, () => {
  let database: DatabaseConnection
  let proxy: Between
  let port: number
  let store: Store
  const lines: string[] = []

  const open = (options: Partial<StoreOptions> = {}) => {
    const connection = { ...database, host: '127.0.0.1', port }
    return openStore({ connection, role: 'twinlock_app', poolMax: 1, log: (line) => lines.push(line), ...options })
  }
  const ask = (work: (tx: Tx) => Promise<unknown> = (tx) => number(one, tx)) => store.transact(nobodysOrg, work)

  before(async () => {
    database = await migratedDatabase()
  })
  beforeEach(async () => {
    proxy = new Between(database)
    port = await proxy.listen()
    store = open()
    await ask()
  })
  afterEach(async () => {
    await store.close()
    proxy.close()
  })

  it('asks everything again that went out with an opening which found its connection ended', async () => {
    proxy.cuts = 1
    assert.deepEqual(await ask((tx) => Promise.all([number(one, tx), number(two, tx)])), [1, 2])
    assert.equal(proxy.connections.length, 2)
    assert.equal(await ask(), 1)
  })

  it('takes lists as they are, whatever stands in them', async () => {
    const texts = ['', 'NULL', '{}', 'a,b', ' ', '"', '\\', '\\"', '{"a":"b\\n\\"c"}', 'line\nline\ttab\u0001"\\', 'é€😀\u2028\u007f', null]
    const numbers = [0, -1, 2.5, 2 ** 40, null]
    const asked = sql<{ texts: unknown; numbers: unknown }>`select ${texts}::text[] as texts, ${numbers}::float8[] as numbers`
    assert.deepEqual(await ask(async (tx) => (await asked.execute(tx)).rows), [{ texts, numbers }])
    const lists = [texts, [], [null], ['x'.repeat(100_000), 'é'], Array.from({ length: 2000 }, (_, at) => String(at))]
    for (const list of lists) {
      const one = sql<{ list: unknown; length: number }>`select ${list}::text[] as list, cardinality(${list}::text[]) as length`
      assert.deepEqual(await ask(async (tx) => (await one.execute(tx)).rows), [{ list, length: list.length }])
    }
  })

  it('sends a list as what the statement says that it is: one that stands there as something else as well is not taken for texts', async () => {
    const twice = CompiledQuery.raw('select $1::int[] as numbers, $1::text[] as texts', [['1', '2']])
    assert.deepEqual(await ask(async (tx) => (await tx.executeQuery(twice)).rows), [{ numbers: [1, 2], texts: ['1', '2'] }])
  })

  it('refuses a text with a zero character in a list', async () => {
    const zero = sql`select ${['a\u0000b']}::text[]`
    await assert.rejects(
      ask((tx) => zero.execute(tx)),
      /invalid byte sequence/,
    )
  })

  // What is decided stands on it: the version that counts what was taken away is asked for first, and answered with what is asked beside it.
  it('is asked in the order in which it is called, however little later and however it is written', async () => {
    const now = sql<Date>`clock_timestamp()`
    const built = (tx: Tx) => tx.selectNoFrom(now.as('at')).executeTakeFirstOrThrow()
    const raw = (tx: Tx) =>
      sql<{ at: Date }>`select ${now} as at from pg_sleep(0.002)`.execute(tx).then(({ rows }) => rows[0] ?? assert.fail())
    for (const order of [
      [built, raw, built],
      [raw, built, raw],
    ]) {
      for (let turns = 0; turns < 8; turns++) {
        const work = async (tx: Tx) => {
          const answers: Promise<{ at: Date }>[] = []
          for (const question of order) {
            answers.push(question(tx))
            for (let turn = 0; turn < turns; turn++) await undefined
          }
          return Promise.all(answers)
        }
        const times = (await store.transact(nobodysOrg, work)).map(({ at }) => at.getTime())
        assert.deepEqual(
          times,
          times.toSorted((a, b) => a - b),
          `${turns} turns apart`,
        )
      }
    }
  })

  it('asks on the other connection what comes while that is being taken', async () => {
    proxy.cuts = 1
    const work = async (tx: Tx) => {
      const first = number(one, tx)
      while (proxy.connections.length < 2) await new Promise(setImmediate)
      return Promise.all([first, number(two, tx)])
    }
    assert.deepEqual(await ask(work), [1, 2])
  })

  it('gets the connection back that was taken for a transaction which failed meanwhile', async () => {
    proxy.cuts = 1
    const failing = ask(async (tx) => {
      const asked = number(one, tx)
      await Promise.race([asked, Promise.reject(new Error('something else'))])
    })
    await assert.rejects(failing, /something else/)
    assert.equal(await ask(), 1)
  })

  it('tells whoever asked behind a question that failed what failed, and not that something did', async () => {
    const failing = ask(async (tx) => {
      const first = sql`select 1 / 0`.execute(tx)
      first.catch(() => undefined)
      return number(two, tx)
    })
    await assert.rejects(failing, { code: '22012' })
  })

  it('asks a question once that ends its own connection: the opening was answered', async () => {
    await store.close()
    store = open({ poolMax: 3 })
    const before = proxy.connections.length
    await assert.rejects(
      ask((tx) => sql`select pg_terminate_backend(pg_backend_pid())`.execute(tx)),
      StoreUnavailable,
    )
    assert.equal(proxy.connections.length, before + 1)
    assert.equal(await ask(), 1)
  })

  it('ends a connection that gave no answer at once, and waits for none of its answers', async () => {
    await store.close()
    store = open({ queryMs: 300 })
    await ask()
    const silenced = proxy.connections.at(-1)
    assert.ok(silenced !== undefined)
    const isClosed = once(silenced, 'close')
    proxy.isSilent = true
    await assert.rejects(ask(), StoreUnavailable)
    await isClosed
    proxy.isSilent = false
    assert.equal(await ask(), 1)
  })

  it('is closed in time, however long a transaction goes on, and what goes on is refused', async () => {
    await store.close()
    store = open({ closeMs: 50 })
    const goesOn = Promise.withResolvers<void>()
    const begun = Promise.withResolvers<void>()
    const endless = ask(async (tx) => {
      await number(one, tx)
      begun.resolve()
      await goesOn.promise
      return number(two, tx)
    })
    await begun.promise
    await store.close()
    goesOn.resolve()
    await assert.rejects(endless, /This transaction is over/)
    assert.ok(lines.includes('database: 1 transactions did not end when the store was closed, and were cut off'))
    store = open()
  })

  after(() => assert.equal(lines.length, 1, lines.join('\n')))
})
