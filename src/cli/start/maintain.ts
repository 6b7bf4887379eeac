// `twinlock stop`, `backup` and `restore`: what whoever runs the server does beside it. They work on the data folder and the database themselves, with the
// rights of the person at this machine, and through no door: nothing of an organization is decided here.
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { backUp } from '../../host/backup/backup.ts'
import { restore } from '../../host/backup/restore.ts'
import { sha256 } from '../../host/crypto/system-ports.ts'
import { type DataFolder, resolveDataFolder } from '../../host/data-folder.ts'
import type { DatabaseConnection } from '../../host/postgres/connection.ts'
import { parseDatabaseUrl, resolveDatabase } from '../../host/postgres/resolve-database.ts'
import { runningConnection } from '../../host/postgres/running.ts'
import { serverOf } from '../../host/postgres/server-lock.ts'
import { migrate } from '../../host/store/migrate.ts'
import { hex, utf8 } from '../../kernel/index.ts'

const clone = join(import.meta.dirname, '..', '..', '..')

const helps: Readonly<Record<string, string>> = {
  stop: `twinlock stop

Asks the server of this data folder to stop, and waits until it has: requests under way are answered, runs are ended, PostgreSQL last.`,
  backup: `twinlock backup <folder>

Writes every row and every blob into a new folder, as of one moment, beside a server that runs or without one. Nothing that opens anything is in it: keep the
key folder, and the folders starter and workloads of the data folder, somewhere else. A restore needs both.`,
  restore: `twinlock restore <folder>

Brings a backup back into an empty data folder or database, with the server stopped and the key folder in its place. The logs go on under new origins.`,
}

const out = (line: string): void => void process.stdout.write(`${line}\n`)
const warn = (line: string): void => void process.stderr.write(`${line}\n`)

const lookMs = 100
const stopSecondsMax = 60

async function ended(isOver: () => boolean): Promise<boolean> {
  for (let looks = 0; looks < (stopSecondsMax * 1000) / lookMs; looks++) {
    if (isOver()) return true
    await new Promise((resolve) => setTimeout(resolve, lookMs))
  }
  return isOver()
}

async function stop(folder: DataFolder): Promise<number> {
  const server = serverOf(folder.postgres)
  if (server === undefined) {
    warn(`No server runs on ${folder.root}.`)
    return 1
  }
  process.kill(server.pid, 'SIGTERM')
  if (await ended(() => serverOf(folder.postgres)?.pid !== server.pid)) {
    out(`The server (pid ${server.pid}) has stopped.`)
    return 0
  }
  warn(`The server (pid ${server.pid}) has not stopped within ${stopSecondsMax} s.`)
  return 1
}

async function withDatabase<T>(folder: DataFolder, use: (connection: DatabaseConnection) => Promise<T>): Promise<T> {
  const database = await resolveDatabase({ dataFolder: folder, environment: process.env, log: warn })
  try {
    return await use(database.connection)
  } finally {
    await database.stop()
  }
}

async function backup(folder: DataFolder, into: string): Promise<number> {
  const url = process.env.TWINLOCK_DATABASE_URL?.trim()
  const write = (connection: DatabaseConnection) => backUp({ connection, blobs: folder.blobs, into, at: new Date() })
  const running = url === undefined || url === '' ? runningConnection(folder.postgres) : parseDatabaseUrl(url)
  const { tables, sha256: digest } = running === undefined ? await withDatabase(folder, write) : await write(running)
  const rows = Object.values(tables).reduce((sum, count) => sum + count, 0)
  out(`${rows} rows of ${Object.keys(tables).length} tables and the blobs are in ${into}; sha256:${digest}.`)
  out(`Nothing that opens anything is: keep ${folder.keys}, ${join(folder.root, 'starter')} and ${folder.workloads} somewhere else.`)
  return 0
}

async function bringBack(folder: DataFolder, from: string): Promise<number> {
  const facts = await withDatabase(folder, async (connection) => {
    await migrate(connection)
    const suffix = hex(sha256(utf8(`${Date.now()} ${from}`))).slice(0, 12)
    return restore({ connection, blobs: folder.blobs, from, suffix })
  })
  out(`The backup of ${facts.at} is back in ${folder.root}. Its logs go on under new origins: tell those who hold verifier keys.`)
  return 0
}

/** Runs one of `stop`, `backup` and `restore`. Returns the exit code: 0 done, 1 failed, 2 usage. */
export async function maintain(verb: string, args: readonly string[]): Promise<number> {
  try {
    const { values, positionals } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: { help: { type: 'boolean', short: 'h' } },
    })
    const [place, ...more] = positionals
    if (values.help === true) {
      out(helps[verb] ?? '')
      return 0
    }
    if (more.length > 0 || (place === undefined) !== (verb === 'stop')) {
      warn(`See \`twinlock ${verb} --help\`.`)
      return 2
    }
    const folder = resolveDataFolder({ clone, environment: process.env })
    if (place === undefined) return await stop(folder)
    return verb === 'backup' ? await backup(folder, place) : await bringBack(folder, place)
  } catch (error) {
    warn(`twinlock ${verb}: ${error instanceof Error ? error.message : String(error)}`)
    return error instanceof TypeError && 'code' in error ? 2 : 1
  }
}
