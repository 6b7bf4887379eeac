// A pool whose queries have an end: PostgreSQL's own timeouts do not count while its process is frozen or the network swallows what it says. A connection
// that gave no answer in time is destroyed, so that nothing that it may still say is taken for the answer to something else.
import type { PostgresPool, PostgresPoolClient } from 'kysely'
import type pg from 'pg'
import { NoAnswer } from './unavailable.ts'

type Query = (text: string, values: readonly unknown[]) => Promise<unknown>

// PostgreSQL parses and plans a named statement once for each connection. Texts are the product's own, but for the length of their lists: past the limit
// they stay without a name.
const namesMax = 500

/** The names of statements by their text. */
class Names {
  readonly #known = new Map<string, string>()

  of(text: string): string | undefined {
    const known = this.#known.get(text)
    if (known !== undefined || this.#known.size >= namesMax) return known
    const name = `s${this.#known.size}`
    this.#known.set(text, name)
    return name
  }
}

/** Asks once. What takes no values may be several statements in one message; the last one's answer counts. */
async function send(client: pg.PoolClient, text: string, values: readonly unknown[], names: Names): Promise<unknown> {
  const name = values.length === 0 ? undefined : names.of(text)
  const answer: unknown = await client.query(name === undefined ? { text, values: [...values] } : { name, text, values: [...values] })
  return Array.isArray(answer) ? answer.at(-1) : answer
}

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

function bounded(client: pg.PoolClient, limitMs: number, names: Names): PostgresPoolClient {
  let isDestroyed = false
  const destroy = (error: NoAnswer): void => {
    if (isDestroyed) return
    isDestroyed = true
    client.release(error)
  }
  const ask: Query = (text, values) =>
    isDestroyed
      ? Promise.reject(new NoAnswer('This connection was given up.'))
      : within(send(client, text, values, names), limitMs, destroy)
  return {
    query: ask as PostgresPoolClient['query'], // cursors, its other overload, are never asked for
    release: () => {
      if (!isDestroyed) client.release()
    },
  }
}

/** A pool for Kysely whose every query is answered within `limitMs`, or fails with `NoAnswer` and loses its connection. */
export function boundedPool(pool: pg.Pool, limitMs: number): PostgresPool {
  const names = new Names()
  return {
    connect: async () => bounded(await pool.connect(), limitMs, names),
    end: () => pool.end(),
    options: pool.options,
  }
}
