// The life of one postmaster: found, spawned, awaited, ended. `postmaster.pid` is written by the database's user, so its pid is a claim: it is
// signalled only when the process that has it runs as that user and was started on this cluster. The worst a forged one does is end a process of the
// user that forged it.
import { type ChildProcess, spawn } from 'node:child_process'
import { readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import type { Binaries } from './binaries.ts'
import { clusterPath } from './cluster.ts'
import { DATABASE_ENVIRONMENT, type DatabaseUser, spawnAs } from './database-user.ts'
import { HostError, systemErrorCode } from './errors.ts'
import { logTail, withLogFile } from './log-file.ts'
import {
  childrenOf,
  commandLineOf,
  identifyProcess,
  isAlive,
  ownerOf,
  type ProcessIdentity,
  signalProcess,
  waitUntilEnded,
} from './process-identity.ts'
import { type Settings, settingsArguments } from './settings.ts'

const POLL_MILLISECONDS = 5
// A start after a crash replays the log; it may take long, and is left alone as long as the process lives.
const START_MILLISECONDS_MAX = 300_000
const KILL_MILLISECONDS_MAX = 5_000
const STATUS_LINE = 7

interface PidFile {
  readonly pid: number
  readonly status: string
}

const readPidFile = (folder: string): PidFile | undefined => {
  try {
    const lines = readFileSync(join(clusterPath(folder), 'postmaster.pid'), 'utf8').split('\n')
    return { pid: Number(lines[0]), status: lines[STATUS_LINE]?.trim() ?? '' }
  } catch (error) {
    if (systemErrorCode(error) === 'ENOENT') return undefined
    throw error
  }
}

/** Whether a process is a postmaster of this cluster: by its owner and its command line, which are readable without any privilege. */
const servesCluster = (pid: number, folder: string, user: DatabaseUser): boolean => {
  const words = commandLineOf(pid)
  return ownerOf(pid) === user.uid && [`-D\0${clusterPath(folder)}\0`, `-D ${clusterPath(folder)} `].some((text) => words.includes(text))
}

/** The postmaster that a past server left on this cluster, or `undefined`. Removes a pid file that names an unrelated process. */
export const findLeftover = (folder: string, user: DatabaseUser): ProcessIdentity | undefined => {
  const claim = readPidFile(folder)
  const found = claim && identifyProcess(claim.pid)
  if (claim === undefined || found === undefined) return undefined
  if (servesCluster(found.pid, folder, user)) return found
  // The pid was used again by something else. PostgreSQL would refuse to start; its own check on shared memory still guards the cluster.
  rmSync(join(clusterPath(folder), 'postmaster.pid'), { force: true })
  return undefined
}

/** A postmaster that this process spawned. */
export interface SpawnedPostmaster {
  readonly child: ChildProcess
  readonly identity: ProcessIdentity
}

const failedStart = (folder: string, what: string): HostError =>
  new HostError(
    'database_start_failed',
    `PostgreSQL ${what}. The last lines of its log, ${join(folder, 'postgres.log')}:\n${logTail(folder)}`,
  )

/** Spawns the postmaster detached, so that Ctrl-C on the terminal does not end it before the server has written its last. */
export const spawnPostmaster = async (
  folder: string,
  binaries: Binaries,
  user: DatabaseUser,
  settings: Settings,
): Promise<SpawnedPostmaster> => {
  const args = ['-D', clusterPath(folder), ...settingsArguments(settings)]
  const child = withLogFile(folder, (log) =>
    spawn(binaries.postgres, args, { ...spawnAs(user), cwd: '/', env: DATABASE_ENVIRONMENT, detached: true, stdio: ['ignore', log, log] }),
  )
  await new Promise<void>((resolve, reject) => {
    child.once('spawn', resolve)
    child.once('error', (error) => reject(failedStart(folder, `could not be started (${error.message})`)))
  })
  const identity = child.pid === undefined ? undefined : identifyProcess(child.pid)
  if (identity === undefined) throw failedStart(folder, 'ended as soon as it was started')
  child.unref()
  return { child, identity }
}

/** Waits until the postmaster accepts connections. Throws `database_start_failed` with the end of its log, or `database_start_timeout`. */
export const waitUntilReady = async (folder: string, { child, identity }: SpawnedPostmaster): Promise<void> => {
  const deadline = performance.now() + START_MILLISECONDS_MAX
  for (;;) {
    if (child.exitCode !== null || child.signalCode !== null || !isAlive(identity)) throw failedStart(folder, 'ended while it was starting')
    const found = readPidFile(folder)
    if (found?.pid === identity.pid && found.status === 'ready') return
    if (performance.now() > deadline) {
      throw new HostError(
        'database_start_timeout',
        `PostgreSQL was not ready after ${START_MILLISECONDS_MAX / 1000} s. The end of its log:\n${logTail(folder)}`,
      )
    }
    await delay(POLL_MILLISECONDS)
  }
}

const killFamily = async (postmaster: ProcessIdentity): Promise<void> => {
  // Each backend is in a session of its own, so there is no process group to signal.
  const family = [postmaster, ...childrenOf(postmaster.pid)]
  for (const member of family) signalProcess(member, 'SIGKILL')
  for (const member of family) {
    if (await waitUntilEnded(member, KILL_MILLISECONDS_MAX)) continue
    throw new HostError(
      'database_stop_failed',
      `PostgreSQL's process ${member.pid} did not end after SIGKILL. It may hang in a disk operation; end it before starting again.`,
    )
  }
}

/** How long each way of ending gets before the next one, in milliseconds. */
export interface Patience {
  readonly fast: number
  readonly immediate: number
}

/** For a database in use: its last checkpoint may take a while. */
const PATIENT: Patience = { fast: 30_000, immediate: 5_000 }

/** For one that is of no use: it is given a moment to write its last, and recovers what is missing at the next start. */
export const IMPATIENT: Patience = { fast: 5_000, immediate: 2_000 }

/** Ends a postmaster and all it started: a fast shutdown, then an immediate one, then SIGKILL. Throws `database_stop_failed`. */
export const endPostmaster = async (postmaster: ProcessIdentity, { fast, immediate }: Patience = PATIENT): Promise<void> => {
  signalProcess(postmaster, 'SIGINT')
  if (await waitUntilEnded(postmaster, fast)) return
  signalProcess(postmaster, 'SIGQUIT')
  if (await waitUntilEnded(postmaster, immediate)) return
  await killFamily(postmaster)
}
