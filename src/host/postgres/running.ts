// The embedded database that another process of this machine runs, or has left running: for a backup beside a server, and for whoever stops what a killed server
// left. Whoever can read the password file may use it.
import { SUPERUSER } from './cluster.ts'
import type { DatabaseConnection } from './connection.ts'
import { resolveDatabaseUser } from './database-user.ts'
import { readPassword } from './password-file.ts'
import { endPostmaster, findLeftover } from './postmaster.ts'
import { takeServerLock } from './server-lock.ts'
import { prepareSocketFolder, SOCKET_PORT } from './socket-folder.ts'
import { DATABASE_NAME } from './start-postgres.ts'

/** How to reach the database that runs over a folder now; undefined where none does. */
export function runningConnection(folder: string): DatabaseConnection | undefined {
  const user = resolveDatabaseUser()
  if (findLeftover(folder, user) === undefined) return undefined
  const password = readPassword(folder)
  if (password === undefined) throw new Error(`The password file in ${folder} is gone.`)
  return { host: prepareSocketFolder(folder, user), port: SOCKET_PORT, user: SUPERUSER, password, database: DATABASE_NAME }
}

/** The postmaster that runs over a folder now, by its pid. */
export function runningPostmaster(folder: string): number | undefined {
  return findLeftover(folder, resolveDatabaseUser())?.pid
}

/** Ends the database that a killed server left running, and returns its pid; nothing where there is none. Throws `already_running` where a server has begun. */
export async function endLeftover(folder: string): Promise<number | undefined> {
  const lock = takeServerLock(folder)
  try {
    const leftover = findLeftover(folder, resolveDatabaseUser())
    if (leftover !== undefined) await endPostmaster(leftover)
    return leftover?.pid
  } finally {
    lock.release()
  }
}
