// One transaction on a connection of a pool. What is known to belong together goes in one message: the opening with the first
// question, the last statements with the commit. Every question has an end: PostgreSQL's own timeouts do not count while its process is frozen or the
// network swallows what it says. A connection that gave no answer in time is destroyed, so that nothing that it may still say is taken for another's answer.
import {
  type DatabaseConnection,
  DefaultQueryExecutor,
  type Dialect,
  type Driver,
  Kysely,
  PostgresAdapter,
  PostgresIntrospector,
  PostgresQueryCompiler,
  type QueryResult,
} from 'kysely'
import type pg from 'pg'
import type { Tables, Tx } from '../../kernel/index.ts'
import { systemErrorCode } from '../postgres/errors.ts'
import { type Answered, Outbox, type Statement } from './message.ts'
import type { StatementNames } from './statement-names.ts'
import { NoAnswer, wasEnded } from './unavailable.ts'

export type { Statement } from './message.ts'

const statement = (sql: string): Statement => ({ sql, parameters: [] })
const commit = statement('commit')
const rollback = statement('rollback')
/** What PostgreSQL says to everything that is asked of a transaction in which something failed. */
const aborted = '25P02'
const changing: ReadonlySet<string> = new Set(['INSERT', 'UPDATE', 'DELETE', 'MERGE'])

const over = (): Error => new Error('This transaction is over.')

function within<T>(answer: Promise<T>, limitMs: number, giveUp: (error: NoAnswer) => void): Promise<T> {
  const { promise, resolve, reject } = Promise.withResolvers<T>()
  const timer = setTimeout(() => {
    const error = new NoAnswer(`The database gave no answer in ${limitMs} ms.`)
    reject(error)
    giveUp(error)
  }, limitMs)
  answer.then(resolve, reject).finally(() => clearTimeout(timer))
  return promise
}

/** What the sessions of one pool share. */
export interface SessionParts {
  /** A connection of the pool. Throws where there is none to be had. */
  connect(): Promise<pg.PoolClient>
  readonly names: StatementNames
  /** How long a question may stay without an answer. */
  readonly limitMs: number
  /** How many connections may turn out to have been ended before the store is taken to be away. */
  readonly attemptsMax: number
}

/** A transaction on a connection of its own. Whoever keeps it past its end finds that nothing can be asked through it any more. */
export class Session implements DatabaseConnection {
  /** For the rooms: what is asked through it is asked here. */
  readonly tx: Tx
  readonly #parts: SessionParts
  #client: pg.PoolClient | undefined
  #outbox: Outbox | undefined
  /** What opens the transaction, until it was sent. */
  #opening: Statement | undefined
  /** Resolves with the connection on which the opening was answered; with nothing where there is none. */
  #opened: Promise<pg.PoolClient | undefined> | undefined
  /** Whether the opening is on its way to another connection than the first. */
  #isReopening = false
  #isBegun = false
  #isOver = false
  /** The last failure of something that was asked. */
  #failure: unknown

  /** `opening`, where there is one, goes to the database with the first question. */
  constructor(parts: SessionParts, client: pg.PoolClient, opening?: Statement) {
    this.#parts = parts
    this.#take(client)
    this.#opening = opening
    this.tx = kyselyOver(this)
  }

  async executeQuery<R>(query: Statement): Promise<QueryResult<R>> {
    // Behind what is asked again on another connection, so that it overtakes nothing.
    if (this.#isReopening) await this.#opened
    if (this.#isOver) throw over()
    const { command, rowCount, rows } = await this.#ask([query])
    // What stands in a row is known to whoever wrote the statement.
    return { rows: rows as R[], ...(changing.has(command) ? { numAffectedRows: BigInt(rowCount) } : {}) }
  }

  // biome-ignore lint/correctness/useYield: the interface wants a generator; nothing here is read through a cursor.
  async *streamQuery(): AsyncIterableIterator<never> {
    throw new Error('Rows are read whole.')
  }

  /** Commits, after the last statements, which nobody has to wait for first: when one of them fails, nothing is committed. */
  async commit(last: readonly Statement[]): Promise<void> {
    this.#isOver = true
    if (!this.#isBegun && last.length === 0) return
    const { command } = await this.#ask([...last, commit])
    if (command !== 'COMMIT') throw new Error('A statement of this transaction failed, so it was rolled back.')
  }

  /** Rolls back, unless nothing was begun. A connection that cannot even do that is destroyed. */
  async rollback(): Promise<void> {
    this.#isOver = true
    if (this.#client === undefined || !this.#isBegun) return
    await this.#ask([rollback]).catch((error: unknown) => this.#destroy(error))
  }

  /** Gives the connection back, unless it was destroyed. */
  release(): void {
    this.#client?.release()
    this.#client = undefined
  }

  #take(client: pg.PoolClient): void {
    this.#client = client
    this.#outbox = new Outbox(client, this.#parts.names)
  }

  /** Gives up a transaction that does not end: whatever it still asks is refused. */
  abandon(): void {
    this.#isOver = true
    this.#destroy(new NoAnswer('The store was closed before this transaction ended.'))
  }

  /** Ends the connection at once: `pg` by itself would wait for the answers to what it was asked, which may never come. */
  #destroy(error: unknown): void {
    const client = this.#client
    if (client === undefined) return
    this.#client = undefined
    client.release(error instanceof Error ? error : new Error(String(error)))
    this.#outbox?.destroy()
  }

  /** Asks in this order; answers the last one's answer. Throws the first failure. */
  async #ask(statements: readonly Statement[]): Promise<Answered> {
    const opening = this.#opening
    this.#opening = undefined
    if (opening !== undefined) return this.#open(opening, statements)
    const client = this.#client
    try {
      return await this.#askOnce(statements)
    } catch (error) {
      if (this.#isOver || !wasEnded(error)) throw error
      // It went out behind an opening that found its connection ended: it is asked again behind the one that was answered, if that is another one.
      const open = await this.#opened
      if (this.#isOver || open === undefined || open === client) throw error
      return this.#askOnce(statements)
    }
  }

  /**
   * Opens the transaction with its first question. A pooled connection may have been ended by PostgreSQL while nobody used it: an opening that finds that is
   * sent on another one, unless the commit went with it. One that was answered is not repeated, whatever became of the question.
   */
  async #open(opening: Statement, statements: readonly Statement[]): Promise<Answered> {
    const opened = Promise.withResolvers<pg.PoolClient | undefined>()
    this.#opened = opened.promise
    try {
      for (let attempt = 1; ; attempt++) {
        const client = this.#client
        let isOpen = false
        const answered = (): void => {
          isOpen = true
          this.#isReopening = false
          opened.resolve(client)
        }
        try {
          return await this.#askOnce([opening, ...statements], answered)
        } catch (error) {
          if (isOpen || statements.includes(commit) || attempt >= this.#parts.attemptsMax || !wasEnded(error)) throw error
          await this.#goElsewhere(error)
        }
      }
    } finally {
      this.#isReopening = false
      opened.resolve(undefined)
    }
  }

  /** Takes another connection. Where the transaction is over by then, nobody would give it back: that is done here. */
  async #goElsewhere(error: unknown): Promise<void> {
    this.#isReopening = true
    this.#destroy(error)
    const client = await this.#parts.connect()
    if (!this.#isOver) this.#take(client)
    else {
      client.release()
      throw over()
    }
  }

  /** `answered` is called when the first statement has its answer. */
  async #askOnce(statements: readonly Statement[], answered?: () => void): Promise<Answered> {
    const outbox = this.#outbox
    if (this.#client === undefined || outbox === undefined) throw new NoAnswer('This connection was given up.')
    this.#isBegun = true
    const asked = statements.map((one) => outbox.ask(one).catch((error: unknown) => this.#fail(error)))
    if (answered !== undefined) asked[0]?.then(answered, () => undefined) // a failure is told below
    const answer = (await within(Promise.all(asked), this.#parts.limitMs, (error) => this.#destroy(error))).at(-1)
    if (answer === undefined) throw new Error('Nothing was asked.')
    return answer
  }

  /** Throws a failure; in place of what is said to whatever comes behind one, that one: whoever is told it may have asked in the same moment. */
  #fail(error: unknown): never {
    if (systemErrorCode(error) !== aborted) this.#failure = error
    throw this.#failure ?? error
  }
}

const adapter = new PostgresAdapter()
const compiler = new PostgresQueryCompiler()
const never = async (): Promise<never> => {
  throw new Error('A transaction opens no other one.')
}
/** What Kysely wants beside the executor; for a connection that is there already, nothing of it is ever called. */
const driver: Driver = {
  init: never,
  acquireConnection: never,
  releaseConnection: never,
  beginTransaction: never,
  commitTransaction: never,
  rollbackTransaction: never,
  destroy: never,
}
const dialect: Dialect = {
  createDriver: () => driver,
  createAdapter: () => adapter,
  createQueryCompiler: () => compiler,
  createIntrospector: (db) => new PostgresIntrospector(db),
}

/**
 * Kysely over one connection that is there already. INVARIANT: a question is handed over in the call that executes it. Kysely's own provider of connections
 * lets some turns of the event loop's queue pass first, in which a later question could overtake an earlier one.
 */
function kyselyOver(connection: DatabaseConnection): Tx {
  const executor = new DefaultQueryExecutor(compiler, adapter, { provideConnection: (consumer) => consumer(connection) })
  // A transaction is a Kysely that opens no other one; the rooms are given no more than that.
  return new Kysely<Tables>({ config: { dialect }, driver, executor, dialect }) as Tx
}
