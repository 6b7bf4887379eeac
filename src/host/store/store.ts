// The store: transactions that are bound to one organization by row-level security, under a role that owns nothing.
// Trust: an attacker who holds this connection can read and write one organization at a time, and cannot change or remove ledger entries.
import { CompiledQuery, Kysely, PostgresDialect, PostgresDriver, sql } from 'kysely'
import pg from 'pg'
import { isId, type OrgId, type Tables, type Tx } from '../../kernel/index.ts'
import type { DatabaseConnection } from '../postgres/connection.ts'
import { boundedPool } from './bounded-pool.ts'
import { connectionOf, type StoreRole } from './roles.ts'
import { isUnavailable, mayBeCommitted, StoreUnavailable, wasEnded } from './unavailable.ts'

/** A pool of connections under one role. */
export interface Store {
  /** Runs `work` in one transaction bound to `org`; commits when it returns, rolls back when it throws. Throws `StoreUnavailable` where the store cannot serve. */
  transact<T>(org: OrgId, work: (tx: Tx) => Promise<T>): Promise<T>
  /** The ids of all organizations, for the parts that look after each of them. */
  organizations(): Promise<OrgId[]>
  close(): Promise<void>
}

const int8 = 20
// A transaction ends after 15 s by PostgreSQL's own clock; a query that has no answer a little later has nobody who answers.
const transactionMs = 15_000
const queryMs = 17_000
const connectMs = 5_000
const types = {
  getTypeParser: (oid: number, format?: 'text' | 'binary') => (oid === int8 ? Number : pg.types.getTypeParser(oid, format)),
}

/** Options of a store. */
export interface StoreOptions {
  readonly connection: DatabaseConnection
  readonly role: StoreRole
  readonly poolMax?: number
  /** How long a transaction may last by PostgreSQL’s clock; 15 s where it is left out. */
  readonly transactionMs?: number
  /** How long a query may stay without an answer; a little longer than a transaction may last, where it is left out. */
  readonly queryMs?: number
  /** A pooled connection that fails while idle reports here instead of crashing the process. */
  readonly log: (line: string) => void
}

/** Sends no `begin` of its own: a transaction is opened and bound to its organization by one statement, in one round trip. */
class OpeningDriver extends PostgresDriver {
  override beginTransaction(): Promise<void> {
    return Promise.resolve()
  }
}

class OpeningDialect extends PostgresDialect {
  readonly #pool: ReturnType<typeof boundedPool>

  constructor(pool: ReturnType<typeof boundedPool>) {
    super({ pool })
    this.#pool = pool
  }

  override createDriver(): PostgresDriver {
    return new OpeningDriver({ pool: this.#pool })
  }
}

/** Opens a transaction for an organization. Two statements in one message take no parameters, so the id is held to its form: nothing in it needs quoting. */
function opening(org: OrgId): CompiledQuery {
  if (!isId('org', org)) throw new Error('A transaction is opened for one organization, named by its id.')
  return CompiledQuery.raw(`begin; select set_config('twinlock.org', '${org}', true)`)
}

const notOpened = Symbol('a transaction that was not opened')

/** Opens a pool under a role. Nothing is connected before the first transaction. */
export function openStore(options: StoreOptions): Store {
  const poolMax = options.poolMax ?? 12
  const pool = new pg.Pool({
    ...connectionOf(options.connection, options.role),
    max: poolMax,
    options: `-c transaction_timeout=${options.transactionMs ?? transactionMs} -c lock_timeout=10000`,
    types: types as pg.CustomTypesConfig, // pg's own type wants every overload of getTypeParser; only these two arguments are ever used
    connectionTimeoutMillis: connectMs,
  })
  let isClosed = false
  // PostgreSQL may say goodbye to a connection that was closed a moment ago; that is no failure.
  pool.on('error', (error) => isClosed || options.log(`database: an idle connection failed: ${error.message}`))
  // A connection that breaks while it is used fails the query that waits on it, which is where it is told; without a listener it would end the process.
  pool.on('connect', (client) => client.on('error', () => undefined))
  const db = new Kysely<Tables>({ dialect: new OpeningDialect(boundedPool(pool, options.queryMs ?? queryMs)) })

  /** One transaction. A pooled connection may have been ended by PostgreSQL while nobody used it; whoever finds that at its opening has asked for nothing yet. */
  async function once<T>(org: OrgId, work: (tx: Tx) => Promise<T>): Promise<T | typeof notOpened> {
    let isOpened = false
    let isCommitting = false
    try {
      return await db.transaction().execute(async (tx) => {
        await tx.executeQuery(opening(org))
        isOpened = true
        const done = await work(tx)
        isCommitting = true
        return done
      })
    } catch (error) {
      if (!isOpened && wasEnded(error)) return notOpened
      if (!isUnavailable(error)) throw error
      throw new StoreUnavailable(!(isCommitting && mayBeCommitted(error)), error)
    }
  }

  return {
    async transact(org, work) {
      for (let number = 0; number < poolMax; number++) {
        const done = await once(org, work)
        if (done !== notOpened) return done
      }
      throw new StoreUnavailable(true, new Error('Every connection was ended by the database.'))
    },
    async organizations() {
      try {
        const found = await sql<{ id: OrgId }>`select organizations() as id`.execute(db)
        return found.rows.map((row) => row.id)
      } catch (error) {
        throw isUnavailable(error) ? new StoreUnavailable(true, error) : error
      }
    },
    close: () => {
      isClosed = true
      return db.destroy()
    },
  }
}
