// One message to PostgreSQL: what is asked in one moment, with one end to all of it. PostgreSQL answers at that end, so a message costs both sides one system call,
// however many questions are in it; after the first that fails it answers none of the others. Trusts what it is given to send; the answers are the database's.
import pg from 'pg'
import { asParameter } from './as-parameter.ts'
import type { StatementNames } from './statement-names.ts'

/** A statement: its text, and the values that it takes. */
export interface Statement {
  readonly sql: string
  readonly parameters: readonly unknown[]
  /** Whether the text holds several statements, which take no values; the last one's answer counts. */
  readonly isSeveral?: true
}

/** What a statement came to. */
export interface Answered {
  /** The word that PostgreSQL says of it: `SELECT`, `INSERT`, `COMMIT`. */
  readonly command: string
  readonly rowCount: number
  readonly rows: readonly Record<string, unknown>[]
}

/** A question on its way. */
interface Question {
  readonly sql: string
  readonly values: readonly unknown[]
  /** What its text is called among all texts: it is read and planned once for each connection. Without a name it is read each time. */
  readonly name: string | undefined
  readonly isSeveral: boolean
  resolve(answer: Answered): void
  reject(error: unknown): void
}

/** A column of a statement's rows. PostgreSQL says them once for each connection: were they ever others, it would refuse the statement. */
interface Column {
  readonly name: string
  readonly at: number
  parse(text: string): unknown
}

/** A named text on one connection. */
interface Named {
  /** The message that it was sent with: within that, it need not be sent again. */
  readonly sentWith: Message
  /** Whether it was answered. One that was not may be there all the same, or not. */
  isThere: boolean
  columns: readonly Column[] | undefined
}

/** What `pg` keeps of a connection, and hands to whoever sends something on it. */
interface Wire {
  parse(it: { name: string; text: string }): void
  bind(it: { statement: string; values: readonly unknown[]; valueMapper: (value: unknown) => unknown }): void
  describe(it: { type: 'P'; name: string }): void
  close(it: { type: 'S'; name: string }): void
  execute(it: undefined): void
  sync(): void
}

interface Field {
  readonly name: string
  readonly dataTypeID: number
}

const { prepareValue } = (pg as unknown as { readonly utils: { prepareValue(value: unknown): unknown } }).utils // typed nowhere

const texts = new WeakMap<pg.PoolClient, Map<string, Named>>()

function textsOf(client: pg.PoolClient): Map<string, Named> {
  const known = texts.get(client) ?? new Map<string, Named>()
  texts.set(client, known)
  return known
}

/** `pg` sends what is a query of its own; what one does is all replaced below. */
const OwnQuery = pg.Query as unknown as new (text: string) => object

/** The questions of one message, and the one whose answer comes next. */
class Message extends OwnQuery {
  readonly #client: pg.PoolClient
  readonly #questions: readonly Question[]
  readonly #texts: Map<string, Named>
  #at = 0
  #rows: Record<string, unknown>[] = []
  #columns: readonly Column[] | undefined

  constructor(client: pg.PoolClient, questions: readonly Question[]) {
    super('')
    this.#client = client
    this.#questions = questions
    this.#texts = textsOf(client)
  }

  submit(wire: Wire): void {
    for (const { sql, name, values } of this.#questions) {
      const named = this.#named(wire, sql, name)
      wire.bind({ statement: name ?? '', values, valueMapper: prepareValue })
      if (named?.columns === undefined) wire.describe({ type: 'P', name: '' })
      wire.execute(undefined)
    }
    wire.sync()
  }

  /** Sends a text unless it is there. */
  #named(wire: Wire, text: string, name: string | undefined): Named | undefined {
    const known = name === undefined ? undefined : this.#texts.get(name)
    if (known !== undefined && (known.isThere || known.sentWith === this)) return known
    if (known !== undefined && name !== undefined) wire.close({ type: 'S', name })
    wire.parse({ name: name ?? '', text })
    if (name === undefined) return undefined
    const named = { sentWith: this, isThere: false, columns: undefined }
    this.#texts.set(name, named)
    return named
  }

  get #current(): Named | undefined {
    const name = this.#questions[this.#at]?.name
    return name === undefined ? undefined : this.#texts.get(name)
  }

  handleRowDescription({ fields }: { readonly fields: readonly Field[] }): void {
    this.#columns = fields.map(({ name, dataTypeID }, at) => ({ name, at, parse: this.#client.getTypeParser(dataTypeID, 'text') }))
  }

  handleDataRow({ fields }: { readonly fields: readonly (string | null)[] }): void {
    const columns = this.#columns ?? this.#current?.columns
    if (columns === undefined) {
      this.handleError(new Error('A row came without its columns.'))
      return
    }
    const row: Record<string, unknown> = {}
    for (const { name, at, parse } of columns) {
      const text = fields[at] ?? null
      row[name] = text === null ? null : parse(text)
    }
    this.#rows.push(row)
  }

  handleCommandComplete({ text }: { readonly text: string }): void {
    const named = this.#current
    if (named !== undefined) {
      named.isThere = true
      named.columns ??= this.#columns ?? []
    }
    const words = text.split(' ')
    const rows = this.#rows
    this.#questions[this.#at]?.resolve({ command: words[0] ?? '', rowCount: Number(words.at(-1)) || 0, rows })
    this.#at++
    this.#rows = []
    this.#columns = undefined
  }

  handleEmptyQuery(): void {
    this.handleCommandComplete({ text: '' })
  }

  /** Whoever asked behind what failed is told the same: nothing of it was done. */
  handleError(error: unknown): void {
    for (const question of this.#questions.slice(this.#at)) question.reject(error)
    this.#at = this.#questions.length
  }

  handleReadyForQuery(): void {
    if (this.#at < this.#questions.length) this.handleError(new Error('A question was not answered.'))
  }

  handlePortalSuspended(): void {
    this.handleError(new Error('A question was answered in part.'))
  }

  handleCopyInResponse(): void {
    this.handleError(new Error('Nothing is copied.'))
  }

  handleCopyData(): void {
    this.handleCopyInResponse()
  }
}

/** What `pg` keeps of a connection beside its types: the stream that messages are written to. */
interface Written {
  readonly connection: { readonly stream: { cork(): void; uncork(): void; destroy(): void } }
}

const streamOf = (client: pg.PoolClient) => (client as unknown as Written).connection.stream // typed nowhere

/** What is asked on one connection: all of one moment goes at once, in as few messages as it can. */
export class Outbox {
  readonly #client: pg.PoolClient
  readonly #names: StatementNames
  #waiting: Question[] = []

  constructor(client: pg.PoolClient, names: StatementNames) {
    this.#client = client
    this.#names = names
  }

  ask({ sql, parameters, isSeveral }: Statement): Promise<Answered> {
    const { promise, resolve, reject } = Promise.withResolvers<Answered>()
    const known = isSeveral ? undefined : this.#names.of(sql)
    const values = parameters.map((value, at) => asParameter(value, known?.texts.has(at) === true))
    if (this.#waiting.length === 0) process.nextTick(() => this.#send())
    this.#waiting.push({ sql, values, name: known?.name, isSeveral: isSeveral === true, resolve, reject })
    return promise
  }

  /** Ends the connection at once: `pg` by itself would wait for the answers to what it was asked, which may never come. */
  destroy(): void {
    streamOf(this.#client).destroy()
  }

  #send(): void {
    const stream = streamOf(this.#client)
    stream.cork() // as `pg` itself does for the parts of one query
    let together: Question[] = []
    const sendTogether = (): void => {
      if (together.length > 0) void this.#client.query(new Message(this.#client, together) as unknown as pg.Query) // it is one, above
      together = []
    }
    for (const question of this.#waiting.splice(0)) {
      if (!question.isSeveral) together.push(question)
      else {
        sendTogether()
        this.#sendSeveral(question)
      }
    }
    sendTogether()
    stream.uncork()
  }

  #sendSeveral({ sql, resolve, reject }: Question): void {
    const answered = (error: Error | undefined, result: pg.QueryResult | pg.QueryResult[]): void => {
      const last = Array.isArray(result) ? result.at(-1) : result
      if (error || last === undefined) reject(error)
      else resolve({ command: last.command, rowCount: last.rowCount ?? 0, rows: last.rows })
    }
    this.#client.query(new pg.Query(sql, [], answered))
  }
}
