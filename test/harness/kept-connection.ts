// Superuser's connections of tests that stay at hand between questions: signing in takes both sides longer than most questions do. One that is busy is not shared:
// who comes meanwhile gets another. One that was ended is not used again. None of them holds a process open.
import { Socket } from 'node:net'
import pg from 'pg'
import type { DatabaseConnection } from '../../src/host/postgres/connection.ts'

interface Kept {
  readonly client: pg.Client
  readonly socket: Socket
  isEnded: boolean
}

/** By database, and by the statement that prepared them. */
const idle = new Map<string, Map<string, Kept>>()

const ofDatabase = ({ host, port, database }: DatabaseConnection): string => JSON.stringify([host, port, database])

async function open(connection: DatabaseConnection, prepare: string): Promise<Kept> {
  const socket = new Socket()
  const client = new pg.Client({ ...connection, stream: () => socket })
  const kept: Kept = { client, socket, isEnded: false }
  // A server that ends a connection on purpose is what some tests ask for.
  client.on('error', () => undefined)
  client.on('end', () => {
    kept.isEnded = true
  })
  await client.connect()
  await client.query(prepare)
  return kept
}

/** Puts a connection away until the next question, unless there is one already. */
async function putAway(connection: DatabaseConnection, prepare: string, kept: Kept): Promise<void> {
  if (kept.isEnded) return
  const others = idle.get(ofDatabase(connection)) ?? new Map<string, Kept>()
  if (others.has(prepare)) return kept.client.end()
  idle.set(ofDatabase(connection), others.set(prepare, kept))
  kept.socket.unref()
}

/** Takes one that is idle, and was not ended meanwhile. */
function take(connection: DatabaseConnection, prepare: string): Kept | undefined {
  const others = idle.get(ofDatabase(connection))
  const kept = others?.get(prepare)
  others?.delete(prepare)
  if (kept === undefined || kept.isEnded) return undefined
  kept.socket.ref()
  return kept
}

/** Answers one statement as the superuser. `prepare` is asked once of each connection: it sets what statements of this kind need, and they change nothing of it. */
export async function askKept(
  connection: DatabaseConnection,
  prepare: string,
  sql: string,
  values: readonly unknown[] = [],
): Promise<pg.QueryResult<Record<string, unknown>>> {
  const ask = async (kept: Kept) => {
    try {
      return await kept.client.query<Record<string, unknown>>(sql, [...values])
    } finally {
      await putAway(connection, prepare, kept)
    }
  }
  const kept = take(connection, prepare)
  if (kept === undefined) return ask(await open(connection, prepare))
  // One that was ended while it was idle, and has not said so yet, ran nothing.
  const isAlive = await kept.client.query('select').then(
    () => true,
    () => false,
  )
  return ask(isAlive ? kept : await open(connection, prepare))
}

/** Ends what is kept of a database. */
export async function endKept(connection: DatabaseConnection): Promise<void> {
  const all = idle.get(ofDatabase(connection))
  idle.delete(ofDatabase(connection))
  await Promise.all([...(all?.values() ?? [])].map(({ client, isEnded }) => (isEnded ? undefined : client.end())))
}
