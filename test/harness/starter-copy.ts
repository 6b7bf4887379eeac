// What was set up once and is copied from then on: a database with the folder of keys and blobs that belongs to it. A test that begins with a starter is no test of
// setting one up, which takes some forty acts through the door; a copy is what an earlier server left when it was stopped in order.
import { randomUUID } from 'node:crypto'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, relative } from 'node:path'
import type { DatabaseConnection } from '../../src/host/postgres/connection.ts'
import { copiedDatabase, migrated } from './database.ts'

// The processes of one run share what was set up. A process that no run started has its own: what sets it up may have changed since another's.
const run = process.env.TWINLOCK_TEST_RUN ?? randomUUID().slice(-12)

interface Kept {
  readonly left: unknown
  readonly files: readonly { readonly path: string; readonly mode: number; readonly base64: string }[]
}

const filesIn = (folder: string): Kept['files'] =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => join(parentPath, name))
    .map((file) => ({ path: relative(folder, file), mode: statSync(file).mode & 0o777, base64: readFileSync(file).toString('base64') }))

function writeInto(folder: string, files: Kept['files']): void {
  for (const { path, mode, base64 } of files) {
    mkdirSync(dirname(join(folder, path)), { recursive: true, mode: 0o700 })
    writeFileSync(join(folder, path), Buffer.from(base64, 'base64'), { mode, flag: 'wx' })
  }
}

/** A copy: its database, its folder, and what the set-up answered. */
export interface Copy<T> {
  readonly connection: DatabaseConnection
  readonly folder: string
  readonly left: T
}

/** Copies what `setUp` leaves in a migrated database and a folder. It is asked once for each name; what it answers has to be what JSON can say. */
export async function copyOf<T>(name: string, setUp: (connection: DatabaseConnection, folder: string) => Promise<T>): Promise<Copy<T>> {
  const fill = async (connection: DatabaseConnection): Promise<string> => {
    const folder = mkdtempSync(join(tmpdir(), 'twinlock-set-up-'))
    try {
      const left = await setUp(connection, folder)
      return JSON.stringify({ left, files: filesIn(folder) } satisfies Kept)
    } finally {
      rmSync(folder, { recursive: true, force: true })
    }
  }
  const { connection, note } = await copiedDatabase({ name: `test_${name}_${run}_${migrated.name.slice(-24)}`, over: migrated, fill })
  const { left, files } = JSON.parse(note) as Kept & { left: T } // it was said by `fill`, of this run
  const folder = mkdtempSync(join(tmpdir(), 'twinlock-harness-'))
  writeInto(folder, files)
  return { connection, folder, left }
}
