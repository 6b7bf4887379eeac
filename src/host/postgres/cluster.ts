// The cluster: PostgreSQL's own files. It is made beside its place and gets its name by rename, so a cluster that is there is complete. Belongs to
// the database's user; the folder around it belongs to the server's user, which therefore never follows a link that PostgreSQL could have made.
import { spawn } from 'node:child_process'
import { chownSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Binaries } from './binaries.ts'
import { DATABASE_ENVIRONMENT, type DatabaseUser, spawnAs } from './database-user.ts'
import { HostError, reasonOf } from './errors.ts'

const OUTPUT_CHARACTERS_MAX = 4_000
const CREATE_MILLISECONDS_MAX = 120_000

/** The name of the superuser that initdb makes; only the server knows its password. */
export const SUPERUSER = 'twinlock'

/** Where the cluster of a database folder is. */
export const clusterPath = (folder: string): string => join(folder, 'cluster')

/** Whether the folder holds a cluster; throws `cluster_version` when another major version of PostgreSQL wrote it. */
export const hasCluster = (folder: string, binaries: Binaries): boolean => {
  const path = join(clusterPath(folder), 'PG_VERSION')
  if (!existsSync(path)) return false
  const found = readFileSync(path, 'utf8').trim()
  const expected = binaries.version.split('.')[0]
  if (found === expected) return true
  throw new HostError(
    'cluster_version',
    `The database in ${clusterPath(folder)} was written by PostgreSQL ${found}, and this Twinlock brings PostgreSQL ${expected}, which cannot read it. ` +
      'Start the Twinlock version that wrote it and export, or set TWINLOCK_DATA to a new folder.',
  )
}

const run = (program: string, args: readonly string[], user: DatabaseUser): Promise<{ code: number | null; output: string }> =>
  new Promise((resolve, reject) => {
    const child = spawn(program, args, {
      ...spawnAs(user),
      cwd: '/',
      env: DATABASE_ENVIRONMENT,
      stdio: ['ignore', 'pipe', 'pipe'],
      timeout: CREATE_MILLISECONDS_MAX,
    })
    let output = ''
    const keep = (chunk: Buffer): void => {
      output = (output + chunk.toString('utf8')).slice(-OUTPUT_CHARACTERS_MAX)
    }
    child.stdout.on('data', keep)
    child.stderr.on('data', keep)
    child.once('error', reject)
    child.once('close', (code) => resolve({ code, output }))
  })

const initdbArguments = (target: string, passwordFile: string, durable: boolean): string[] => [
  `--pgdata=${target}`,
  `--username=${SUPERUSER}`,
  `--pwfile=${passwordFile}`,
  '--auth=scram-sha-256',
  '--encoding=UTF8',
  '--locale=C',
  '--data-checksums',
  ...(durable ? [] : ['--no-sync']),
]

const creationFailed = (folder: string, reason: string, cause?: unknown): HostError =>
  new HostError(
    'cluster_creation_failed',
    `PostgreSQL could not make its database in ${folder}: ${reason}. Check free space and permissions there, then start again.`,
    { cause },
  )

/** Removes what an interrupted `createCluster` left, the copy of the password above all. Call it under the server's lock. */
export const discardUnfinished = (folder: string): void => {
  for (const path of [`${clusterPath(folder)}.new`, join(folder, 'password.initdb')]) rmSync(path, { recursive: true, force: true })
}

/**
 * Makes the cluster with initdb: UTF-8, C locale, checksums, SCRAM. Throws `cluster_creation_failed`. `durable: false` skips the final sync
 * (throw-away databases).
 */
export const createCluster = async (
  folder: string,
  binaries: Binaries,
  user: DatabaseUser,
  password: string,
  durable: boolean,
): Promise<void> => {
  const draft = `${clusterPath(folder)}.new`
  // initdb reads the password from a file, and runs as the database's user: this copy is for that user alone and lives as long as initdb.
  const passwordCopy = join(folder, 'password.initdb')
  discardUnfinished(folder)
  mkdirSync(draft, { mode: 0o700 })
  writeFileSync(passwordCopy, password, { flag: 'wx', mode: 0o600 })
  try {
    if (user.lent) for (const path of [draft, passwordCopy]) chownSync(path, user.uid, user.gid)
    const { code, output } = await run(binaries.initdb, initdbArguments(draft, passwordCopy, durable), user)
    if (code !== 0) throw creationFailed(folder, output.trim())
    renameSync(draft, clusterPath(folder))
  } catch (error) {
    rmSync(draft, { recursive: true, force: true })
    throw error instanceof HostError ? error : creationFailed(folder, reasonOf(error), error)
  } finally {
    rmSync(passwordCopy, { force: true })
  }
}
