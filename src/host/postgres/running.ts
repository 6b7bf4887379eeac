// The embedded database that another process of this machine runs: for a backup beside a server. Whoever can read the password file may use it.
import { SUPERUSER } from './cluster.ts'
import type { DatabaseConnection } from './connection.ts'
import { resolveDatabaseUser } from './database-user.ts'
import { readPassword } from './password-file.ts'
import { findLeftover } from './postmaster.ts'
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
