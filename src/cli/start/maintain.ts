// `twinlock status`, `stop`, `backup` and `restore`: what whoever runs the server does beside it. They work on the data folder and the database themselves, with the
// rights of the person at this machine, and through no door: nothing of an organization is decided here.
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { backUp } from '../../host/backup/backup.ts'
import { readFacts, restore } from '../../host/backup/restore.ts'
import { sha256 } from '../../host/crypto/system-ports.ts'
import { chooseDataFolder, type DataFolder, resolveDataFolder } from '../../host/data-folder.ts'
import { loadKeyRing } from '../../host/keys/key-ring.ts'
import { clusterPath } from '../../host/postgres/cluster.ts'
import type { DatabaseConnection } from '../../host/postgres/connection.ts'
import { resolveDatabaseUser } from '../../host/postgres/database-user.ts'
import { requireNoOtherServer } from '../../host/postgres/other-servers.ts'
import { parseDatabaseUrl, resolveDatabase } from '../../host/postgres/resolve-database.ts'
import { endLeftover, runningConnection } from '../../host/postgres/running.ts'
import { serverOf } from '../../host/postgres/server-lock.ts'
import { migrate } from '../../host/store/migrate.ts'
import { hex, utf8 } from '../../kernel/index.ts'
import { status } from './status.ts'
import { whyItFailed } from './thrown.ts'

const clone = join(import.meta.dirname, '..', '..', '..')
const defaultPort = 8484

const helps: Readonly<Record<string, string>> = {
  status: `twinlock status [--port N]

Says what runs on this data folder: the server, its database, and whether it is ready. Ends with 0 where it is, with 1 where it is not.

  --port N  where the server listens, if it was started with --port; else TWINLOCK_PORT, or ${defaultPort}`,
  stop: `twinlock stop

Asks the server of this data folder to stop, and waits until it has: requests under way are answered, runs are ended, PostgreSQL last. Ends the PostgreSQL that a
killed server left running. A server over an external database is stopped by its signal.`,
  backup: `twinlock backup <folder>

Writes every row and every blob into a new folder, as of one moment, beside a server that runs or without one. Nothing that opens anything is in it: keep the
key folder, and the folders starter and workloads of the data folder, somewhere else. A restore needs both.`,
  restore: `twinlock restore <folder>

Brings a backup back into an empty data folder or database, with the server stopped and the key folder in its place. The logs go on under new origins.`,
}

const lacks: Readonly<Record<string, string>> = {
  status: 'Nothing but --port is named here.',
  stop: 'Nothing is named here: TWINLOCK_DATA says which data folder is meant.',
  backup: 'Name one folder, which is not there yet.',
  restore: 'Name one folder, which holds a backup.',
}

/** Where the lines of a command go: what was asked for, and everything else. */
export interface Speaker {
  out(line: string): void
  warn(line: string): void
}

const speaker: Speaker = {
  out: (line) => void process.stdout.write(`${line}\n`),
  warn: (line) => void process.stderr.write(`${line}\n`),
}

const lookMs = 100
// A frozen database is given up after half of that.
const stopSecondsMax = 120

async function ended(isOver: () => boolean): Promise<boolean> {
  for (let looks = 0; looks < (stopSecondsMax * 1000) / lookMs; looks++) {
    if (isOver()) return true
    await new Promise((resolve) => setTimeout(resolve, lookMs))
  }
  return isOver()
}

/** Whether the database is not ours to start and stop. */
function isExternal(): boolean {
  const { TWINLOCK_DATABASE_URL: url = '' } = process.env
  return url.trim() !== ''
}

async function stopWhatIsLeft({ root, postgres }: DataFolder, { out, warn }: Speaker): Promise<number> {
  const left = isExternal() ? undefined : await endLeftover(postgres)
  if (left !== undefined) {
    out(`No server ran on ${root}; its PostgreSQL (pid ${left}), which a killed server had left running, has stopped.`)
    return 0
  }
  warn(
    isExternal()
      ? `Which server uses an external database cannot be told from ${root}: stop it by its signal, \`kill -TERM <pid>\`.`
      : `No server runs on ${root}. TWINLOCK_DATA says which data folder is meant.`,
  )
  return 1
}

async function stop(folder: DataFolder, to: Speaker): Promise<number> {
  const server = serverOf(folder.postgres)
  if (server === undefined) return stopWhatIsLeft(folder, to)
  process.kill(server.pid, 'SIGTERM')
  if (await ended(() => serverOf(folder.postgres)?.pid !== server.pid)) {
    to.out(`The server (pid ${server.pid}) has stopped.`)
    return 0
  }
  to.warn(
    `The server (pid ${server.pid}) has not stopped within ${stopSecondsMax} s. \`kill -9 ${server.pid}\` loses nothing that was acknowledged; the next start does what is left.`,
  )
  return 1
}

async function withDatabase<T>(folder: DataFolder, log: Speaker['warn'], use: (connection: DatabaseConnection) => Promise<T>): Promise<T> {
  const database = await resolveDatabase({ dataFolder: folder, environment: process.env, log })
  try {
    return await use(database.connection)
  } finally {
    await database.stop()
  }
}

async function backup(folder: DataFolder, into: string, { out, warn }: Speaker): Promise<number> {
  const write = (connection: DatabaseConnection) => backUp({ connection, blobs: folder.blobs, into, at: new Date() })
  const url = process.env.TWINLOCK_DATABASE_URL?.trim() ?? ''
  if (url === '' && !existsSync(clusterPath(folder.postgres))) {
    warn(`There is no database in ${folder.root}, so there is nothing to back up. TWINLOCK_DATA says which data folder is meant.`)
    return 1
  }
  const running = url === '' ? runningConnection(folder.postgres) : parseDatabaseUrl(url)
  const { tables, sha256: digest } = running === undefined ? await withDatabase(folder, warn, write) : await write(running)
  const rows = Object.values(tables).reduce((sum, count) => sum + count, 0)
  out(`${rows} rows of ${Object.keys(tables).length} tables and the blobs are in ${into}; sha256:${digest}.`)
  out(`Nothing that opens anything is: keep ${folder.keys}, ${join(folder.root, 'starter')} and ${folder.workloads} somewhere else.`)
  return 0
}

/** What is still to be done before the first start. */
function warnOfKeys(folder: DataFolder, { warn }: Speaker): void {
  try {
    loadKeyRing({ folder: folder.keys, mayCreate: false })
  } catch (error) {
    warn(`Before the first start: ${whyItFailed(error)}`)
  }
}

async function bringBack(folder: DataFolder, from: string, to: Speaker): Promise<number> {
  // Looked at first: a folder that is no backup is not worth a database.
  readFacts(from)
  const facts = await withDatabase(folder, to.warn, async (connection) => {
    if (isExternal()) await requireNoOtherServer(connection, 'a restore would change its data under it')
    await migrate(connection)
    const suffix = hex(sha256(utf8(`${Date.now()} ${from}`))).slice(0, 12)
    return restore({ connection, blobs: folder.blobs, from, suffix })
  })
  to.out(`The backup of ${facts.at} is back in ${folder.root}. Its logs go on under new origins: tell those who hold verifier keys.`)
  for (const digest of facts.spoiledBlobs)
    to.warn(`The blob ${digest} is spoiled in the backup and was left out: reading it fails with blob_missing until it is put back.`)
  warnOfKeys(folder, to)
  return 0
}

/** The data folder; only a restore makes one. */
function folderFor(verb: string): DataFolder {
  const options = { clone, environment: process.env }
  const chosen = chooseDataFolder(options, resolveDatabaseUser())
  if (verb !== 'restore' && !existsSync(chosen))
    throw new Error(`There is no data folder ${chosen}. Set TWINLOCK_DATA to the one that is meant, as where the server was started.`)
  return resolveDataFolder(options)
}

interface Line {
  readonly place: string | undefined
  readonly port: number
}

function run(verb: string, { place = '', port }: Line, to: Speaker): Promise<number> {
  const folder = folderFor(verb)
  if (verb === 'status') return status(folder, { port, isExternal: isExternal(), out: to.out })
  if (verb === 'stop') return stop(folder, to)
  return verb === 'backup' ? backup(folder, place, to) : bringBack(folder, place, to)
}

/** Runs one of `status`, `stop`, `backup` and `restore`. Returns the exit code: 0 done, 1 failed, 2 usage. */
export async function maintain(verb: string, args: readonly string[], to: Speaker = speaker): Promise<number> {
  const { out, warn } = to
  try {
    const { values, positionals } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: { help: { type: 'boolean', short: 'h' }, ...(verb === 'status' ? { port: { type: 'string' } as const } : {}) },
    })
    const [place, ...more] = positionals
    if (values.help === true) {
      out(helps[verb] ?? '')
      return 0
    }
    const port = Number(values.port ?? process.env.TWINLOCK_PORT ?? defaultPort)
    const takesPlace = verb === 'backup' || verb === 'restore'
    if (more.length > 0 || (place === undefined) === takesPlace || !Number.isInteger(port)) {
      warn(`${lacks[verb]} See \`twinlock ${verb} --help\`.`)
      return 2
    }
    return await run(verb, { place, port }, to)
  } catch (error) {
    warn(`twinlock ${verb}: ${whyItFailed(error)}`)
    return error instanceof TypeError && 'code' in error ? 2 : 1
  }
}
