// A pool whose queries have an end: PostgreSQL's own timeouts do not count while its process is frozen or the network swallows what it says. A connection
// that gave no answer in time is destroyed, so that nothing that it may still say is taken for the answer to something else.
import type { PostgresPool, PostgresPoolClient } from 'kysely'
import type pg from 'pg'
import { NoAnswer } from './unavailable.ts'

type Query = (text: string, values: readonly unknown[]) => Promise<unknown>

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

function bounded(client: pg.PoolClient, limitMs: number): PostgresPoolClient {
  let isDestroyed = false
  const destroy = (error: NoAnswer): void => {
    if (isDestroyed) return
    isDestroyed = true
    client.release(error)
  }
  const ask: Query = (text, values) =>
    isDestroyed ? Promise.reject(new NoAnswer('This connection was given up.')) : within(client.query(text, [...values]), limitMs, destroy)
  return {
    query: ask as PostgresPoolClient['query'], // cursors, its other overload, are never asked for
    release: () => {
      if (!isDestroyed) client.release()
    },
  }
}

/** A pool for Kysely whose every query is answered within `limitMs`, or fails with `NoAnswer` and loses its connection. */
export function boundedPool(pool: pg.Pool, limitMs: number): PostgresPool {
  return {
    connect: async () => bounded(await pool.connect(), limitMs),
    end: () => pool.end(),
    options: pool.options,
  }
}
