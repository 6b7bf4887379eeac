// The store: transactions that are bound to one organization by row-level security, under a role that owns nothing.
// Trust: an attacker who holds this connection can read and write one organization at a time, and cannot change or remove ledger entries.
import pg from 'pg'
import { isId, type OrgId, type Sendable, type Tx } from '../../kernel/index.ts'
import type { DatabaseConnection } from '../postgres/connection.ts'
import { connectionOf, type StoreRole } from './roles.ts'
import { Session, type SessionParts, type Statement } from './session.ts'
import { StatementNames } from './statement-names.ts'
import { isUnavailable, mayBeCommitted, StoreUnavailable } from './unavailable.ts'

/** What is done in one transaction; `last` takes statements that go with the commit. */
type Work<T> = (tx: Tx, last: (statement: Sendable) => void) => Promise<T>

/** A pool of connections under one role. */
export interface Store {
  /**
   * Runs `work` in one transaction bound to `org`; commits when it returns, rolls back when it throws. What it gives to `last` goes to the database with the
   * commit, in one message: when a statement of it fails, nothing is committed. Throws `StoreUnavailable` where the store cannot serve.
   */
  transact<T>(org: OrgId, work: Work<T>): Promise<T>
  /** Runs `work` in one transaction bound to `org` that can change nothing, so that nobody waits for its end. Throws `StoreUnavailable` where the store cannot serve. */
  glance<T>(org: OrgId, work: (tx: Tx) => Promise<T>): Promise<T>
  /** The ids of all organizations. */
  organizations(): Promise<OrgId[]>
  /** The ids of those in which there is some of a chore: of one that comes with time, of those where it is due at `due`, in milliseconds since 1970. */
  organizationsWith(chore: string, due?: number): Promise<OrgId[]>
  /** Waits for what is under way, and cuts off what does not end in time. */
  close(): Promise<void>
}

const int8 = 20
// A transaction ends after 15 s by PostgreSQL's own clock; a query that has no answer a little later has nobody who answers.
const transactionMs = 15_000
const queryMs = 17_000
const lockMs = 10_000
const connectMs = 5_000
// What is under way when the store is closed may take as long as a transaction may.
const closeMs = transactionMs
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
  /** How long a statement waits for what another transaction holds; 10 s where it is left out. */
  readonly lockMs?: number
  /** How long to wait for a connection; 5 s where it is left out. */
  readonly connectMs?: number
  /** How long closing waits for the transactions under way before it cuts them off; as long as one may last, where it is left out. */
  readonly closeMs?: number
  /** A pooled connection that fails while idle reports here instead of crashing the process. */
  readonly log: (line: string) => void
}

/**
 * Opens a transaction for an organization. Two statements in one message take no parameters, so the id is held to its form: nothing in it needs quoting. Neither
 * of them is planned, nor answers a row.
 */
function opening(org: OrgId, begin: 'begin' | 'begin read only' = 'begin'): Statement {
  if (!isId('org', org)) throw new Error('A transaction is opened for one organization, named by its id.')
  return { sql: `${begin}; set local twinlock.org = '${org}'`, parameters: [], isSeveral: true }
}

/** Throws `StoreUnavailable` where a failure means that, otherwise the failure itself. */
function away(error: unknown, isUndone = true): never {
  throw isUnavailable(error) ? new StoreUnavailable(isUndone, error) : error
}

function openPool(options: StoreOptions, max: number): pg.Pool {
  const pool = new pg.Pool({
    ...connectionOf(options.connection, options.role),
    max,
    options: `-c transaction_timeout=${options.transactionMs ?? transactionMs} -c lock_timeout=${options.lockMs ?? lockMs}`,
    types: types as pg.CustomTypesConfig, // pg's own type wants every overload of getTypeParser; only these two arguments are ever used
    connectionTimeoutMillis: options.connectMs ?? connectMs,
    pipeline: true,
  })
  // PostgreSQL may say goodbye to a connection that was closed a moment ago; that is no failure.
  pool.on('error', (error) => pool.ending || options.log(`database: an idle connection failed: ${error.message}`))
  // A connection that breaks while it is used fails the query that waits on it, which is where it is told; without a listener it would end the process.
  pool.on('connect', (client) => client.on('error', () => undefined))
  return pool
}

/** The sessions of one pool that are under way. */
class Sessions {
  readonly underWay = new Set<Session>()
  readonly #parts: SessionParts

  constructor(parts: SessionParts) {
    this.#parts = parts
  }

  /** Opens one on a connection. Throws `StoreUnavailable` where the store cannot serve. */
  async open(begin: Statement | undefined): Promise<Session> {
    const session = new Session(this.#parts, await this.#parts.connect().catch(away), begin)
    this.underWay.add(session)
    return session
  }

  giveBack(session: Session): void {
    this.underWay.delete(session)
    session.release()
  }

  /** Does something on a connection. Throws `StoreUnavailable` where the store cannot serve. */
  async using<T>(begin: Statement | undefined, work: (session: Session) => Promise<T>): Promise<T> {
    const session = await this.open(begin)
    try {
      return await work(session)
    } finally {
      this.giveBack(session)
    }
  }

  /** Reads. Its end is on its way when the answer is given: a connection that does not come to it is not used again. */
  async glance<T>(begin: Statement, work: (tx: Tx) => Promise<T>): Promise<T> {
    const session = await this.open(begin)
    try {
      return await work(session.tx).catch(away)
    } finally {
      void session.rollback().finally(() => this.giveBack(session))
    }
  }
}

/** Opens a pool under a role. Nothing is connected before the first transaction. */
export function openStore(options: StoreOptions): Store {
  const poolMax = options.poolMax ?? 12
  const pool = openPool(options, poolMax)
  // Each connection of the pool may have been ended; the one after them is new.
  const attemptsMax = poolMax + 1
  const sessions = new Sessions({
    connect: () => pool.connect(),
    names: new StatementNames(),
    limitMs: options.queryMs ?? queryMs,
    attemptsMax,
  })

  async function ids(statement: Statement): Promise<OrgId[]> {
    const { rows } = await sessions.using(undefined, (session) => session.executeQuery<{ id: OrgId }>(statement).catch(away))
    return rows.map(({ id }) => id)
  }

  function cutOff(): void {
    options.log(`database: ${sessions.underWay.size} transactions did not end when the store was closed, and were cut off`)
    for (const session of sessions.underWay) session.abandon()
  }

  return {
    transact: (org, work) =>
      sessions.using(opening(org), async (session) => {
        const lasts: Statement[] = []
        let isCommitting = false
        try {
          const done = await work(session.tx, (statement) => lasts.push(statement.compile(session.tx)))
          isCommitting = true
          await session.commit(lasts)
          return done
        } catch (error) {
          await session.rollback()
          return away(error, !(isCommitting && mayBeCommitted(error)))
        }
      }),
    glance: (org, work) => sessions.glance(opening(org, 'begin read only'), work),
    organizations: () => ids({ sql: 'select organizations() as id', parameters: [] }),
    organizationsWith: (chore, due) =>
      ids({ sql: 'select organizations_with($1, $2) as id', parameters: [chore, due === undefined ? null : new Date(due)] }),
    async close() {
      const timer = setTimeout(cutOff, options.closeMs ?? closeMs)
      await pool.end().finally(() => clearTimeout(timer))
    },
  }
}
