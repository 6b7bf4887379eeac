// Starts the embedded PostgreSQL of a data folder: lock, programs, password, cluster, socket, postmaster, sign-in. A postmaster that a killed
// server left is taken over when it is exactly what would be started, else ended and replaced. Owns everything below `<data>/postgres`.
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { prepareFolder } from '../data-folder.ts'
import { type Binaries, prepareBinaries } from './binaries.ts'
import { clusterPath, createCluster, discardUnfinished, hasCluster, SUPERUSER } from './cluster.ts'
import { askServer, connectFailure, type DatabaseConnection, ensureDatabase, isSignInRefused } from './connection.ts'
import { type DatabaseUser, resolveDatabaseUser } from './database-user.ts'
import { HostError, reasonOf } from './errors.ts'
import { logPath, trimLog } from './log-file.ts'
import { createPassword, passwordPath, readPassword } from './password-file.ts'
import { endPostmaster, findLeftover, IMPATIENT, spawnPostmaster, waitUntilReady } from './postmaster.ts'
import { isAlive, type ProcessIdentity } from './process-identity.ts'
import { type ServerLock, takeServerLock } from './server-lock.ts'
import { type Settings, settingsFor } from './settings.ts'
import { prepareSocketFolder, SOCKET_PORT } from './socket-folder.ts'

/** The name of the embedded database. */
export const DATABASE_NAME = 'twinlock'
const LOOK_MILLISECONDS = 500
const LOOKS_PER_TRIM = 120
const RESTART_MILLISECONDS_MIN = 500
const RESTART_MILLISECONDS_MAX = 30_000

/** What starting needs: the folder that the database owns, and where its news go, one line each. */
export interface StartOptions {
  /** `postgres`: an absolute path, made by `resolveDataFolder`. */
  readonly dataFolder: { readonly postgres: string }
  readonly log: (line: string) => void
  /** Settings on top of the shipped ones; `fsync=off` only for throw-away databases. */
  readonly settings?: Settings
  /** Done while the database comes up in its own process; what it throws fails the start. Not called where it runs already. */
  readonly meanwhile?: () => Promise<unknown>
}

/** A database that answers. `adopted`: it was running already. `stop` returns when nothing of it is left running; calling it again waits too. */
export interface RunningPostgres {
  readonly connection: DatabaseConnection
  readonly adopted: boolean
  /** The postmaster's pid, another one after it ended by itself and was started again; `undefined` for a database that is not ours to stop. */
  readonly pid: number | undefined
  stop(): Promise<void>
}

interface Ground {
  readonly folder: string
  readonly user: DatabaseUser
  readonly binaries: Binaries
  readonly connection: DatabaseConnection
  readonly settings: Settings
  readonly log: (line: string) => void
}

const missingPassword = (folder: string): HostError =>
  new HostError(
    'password_file_missing',
    `There is a database in ${clusterPath(folder)}, but its password file ${passwordPath(folder)} is gone. ` +
      'Put the file back from a backup, or set TWINLOCK_DATA to a new folder.',
  )

const prepareCluster = async (folder: string, binaries: Binaries, user: DatabaseUser, durable: boolean): Promise<string> => {
  discardUnfinished(folder)
  const present = hasCluster(folder, binaries)
  const known = readPassword(folder)
  if (present && known === undefined) throw missingPassword(folder)
  const password = known ?? createPassword(folder)
  if (!present) await createCluster(folder, binaries, user, password, durable)
  return password
}

const prepareGround = async ({ dataFolder, log, settings }: StartOptions, user: DatabaseUser): Promise<Ground> => {
  const folder = dataFolder.postgres
  const binaries = prepareBinaries(folder, user, (path) => prepareFolder(path, user.lent ? 0o711 : 0o700))
  const password = await prepareCluster(folder, binaries, user, settings?.fsync !== 'off')
  const socketFolder = prepareSocketFolder(folder, user)
  const connection = { host: socketFolder, port: SOCKET_PORT, user: SUPERUSER, password, database: DATABASE_NAME }
  return { folder, user, binaries, connection, settings: settingsFor(socketFolder, binaries.version, settings), log }
}

const isWhatWeWouldStart = async ({ connection, settings, log }: Ground): Promise<boolean> => {
  if (!existsSync(join(connection.host, `.s.PGSQL.${SOCKET_PORT}`))) return false
  try {
    return (await askServer({ ...connection, database: 'postgres' })).clusterName === settings.cluster_name
  } catch (error) {
    log(`the database that was left running does not answer: ${connectFailure(error)}`)
    return false
  }
}

const adoptOrEnd = async (ground: Ground): Promise<ProcessIdentity | undefined> => {
  const leftover = findLeftover(ground.folder, ground.user)
  if (leftover === undefined) return undefined
  if (await isWhatWeWouldStart(ground)) {
    ground.log(`took over the database that was left running (pid ${leftover.pid})`)
    return leftover
  }
  ground.log(`ending the database that was left running (pid ${leftover.pid})`)
  await endPostmaster(leftover, IMPATIENT)
  return undefined
}

const startNew = async (
  { folder, binaries, user, settings, log }: Ground,
  meanwhile?: StartOptions['meanwhile'],
): Promise<ProcessIdentity> => {
  trimLog(folder)
  const spawned = await spawnPostmaster(folder, binaries, user, settings)
  try {
    await Promise.all([meanwhile?.(), waitUntilReady(folder, spawned)])
  } catch (error) {
    await endPostmaster(spawned.identity, IMPATIENT)
    throw error
  }
  log(`PostgreSQL ${binaries.version} is ready (pid ${spawned.identity.pid})`)
  return spawned.identity
}

const checkSignIn = async ({ folder, connection }: Ground): Promise<void> => {
  try {
    await ensureDatabase(connection)
  } catch (error) {
    if (!isSignInRefused(error))
      throw new HostError('database_start_failed', `PostgreSQL runs but does not answer: ${connectFailure(error)}`, { cause: error })
    throw new HostError(
      'password_refused',
      `PostgreSQL does not accept the password in ${passwordPath(folder)}: the file and the database in ${clusterPath(folder)} are not from the same time. ` +
        'Put both back from one backup, or set TWINLOCK_DATA to a new folder.',
      { cause: error },
    )
  }
}

const restartPause = (failures: number): number => Math.min(RESTART_MILLISECONDS_MAX, RESTART_MILLISECONDS_MIN * 2 ** failures)

/** Looks after a running database: cuts its log once a minute, and starts it again when it has ended by itself. */
class Keeper {
  readonly #ground: Ground
  #postmaster: ProcessIdentity
  #timer: NodeJS.Timeout | undefined
  #looks = 0
  #failures = 0
  #looking: Promise<void> = Promise.resolve()
  #stopped = false

  constructor(ground: Ground, postmaster: ProcessIdentity) {
    this.#ground = ground
    this.#postmaster = postmaster
    this.#lookAgainIn(LOOK_MILLISECONDS)
  }

  get pid(): number {
    return this.#postmaster.pid
  }

  #lookAgainIn(milliseconds: number): void {
    if (this.#stopped) return
    this.#timer = setTimeout(() => {
      this.#looking = this.#look()
    }, milliseconds).unref()
  }

  async #look(): Promise<void> {
    if (this.#looks++ % LOOKS_PER_TRIM === 0) this.#trim()
    if (isAlive(this.#postmaster)) return this.#lookAgainIn(LOOK_MILLISECONDS)
    const { folder, log } = this.#ground
    log(`PostgreSQL (pid ${this.#postmaster.pid}) has ended by itself; ${logPath(folder)} may say why. Starting it again.`)
    try {
      this.#postmaster = (await adoptOrEnd(this.#ground)) ?? (await startNew(this.#ground))
      this.#failures = 0
      this.#lookAgainIn(LOOK_MILLISECONDS)
    } catch (error) {
      const pause = restartPause(this.#failures++)
      log(`PostgreSQL could not be started again, the next try is in ${pause} ms: ${reasonOf(error)}`)
      this.#lookAgainIn(pause)
    }
  }

  #trim(): void {
    try {
      trimLog(this.#ground.folder)
    } catch (error) {
      this.#ground.log(`the database's log could not be cut: ${reasonOf(error)}`)
    }
  }

  /** Stops looking and ends the database; a start that is under way is awaited first. */
  async end(): Promise<void> {
    this.#stopped = true
    clearTimeout(this.#timer)
    await this.#looking
    await endPostmaster(this.#postmaster)
  }
}

const running = (ground: Ground, postmaster: ProcessIdentity, adopted: boolean, lock: ServerLock): RunningPostgres => {
  const keeper = new Keeper(ground, postmaster)
  const end = async (): Promise<void> => {
    await keeper.end()
    lock.release()
  }
  let ended: Promise<void> | undefined
  return {
    connection: ground.connection,
    adopted,
    get pid() {
      return keeper.pid
    },
    stop: () => {
      ended ??= end()
      return ended
    },
  }
}

const startLocked = async (options: StartOptions, user: DatabaseUser, lock: ServerLock): Promise<RunningPostgres> => {
  const ground = await prepareGround(options, user)
  const leftover = await adoptOrEnd(ground)
  const postmaster = leftover ?? (await startNew(ground, options.meanwhile))
  try {
    await checkSignIn(ground)
  } catch (error) {
    await endPostmaster(postmaster)
    throw error
  }
  return running(ground, postmaster, leftover !== undefined, lock)
}

/**
 * Starts the embedded PostgreSQL, or takes over the one that a killed server left. Throws `HostError`: `already_running` with the pid that holds
 * the data folder, and the codes of binaries, password file, cluster, socket folder and start. After a failure nothing is left running.
 */
export const startPostgres = async (options: StartOptions): Promise<RunningPostgres> => {
  const user = resolveDatabaseUser()
  prepareFolder(options.dataFolder.postgres, user.lent ? 0o711 : 0o700)
  const lock = takeServerLock(options.dataFolder.postgres)
  try {
    return await startLocked(options, user, lock)
  } catch (error) {
    lock.release()
    throw error
  }
}
