// Backup and restore, over real databases: what was there is there again, sealed secrets open, and the log goes on under another name.
import assert from 'node:assert/strict'
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { openTwinlock } from '../../src/app/index.ts'
import { backUp, rowsFile } from '../../src/host/backup/backup.ts'
import { restore } from '../../src/host/backup/restore.ts'
import { openBlobs } from '../../src/host/blobs/open-blobs.ts'
import { openKeys } from '../../src/host/keys/open-keys.ts'
import { type DatabaseConnection, withClient } from '../../src/host/postgres/connection.ts'
import { freshDatabase } from '../../src/host/postgres/temporary.ts'
import { migrate } from '../../src/host/store/migrate.ts'
import { isCoded } from '../../src/kernel/index.ts'
import { actWith, listAt, sessionOf, textAt } from '../harness/acting.ts'
import { until } from '../harness/signed-in.ts'
import { baseUrl } from '../harness/twinlock.ts'
import { openWorld, type World } from '../harness/world.ts'

let world: World
let folder: string
let restored: DatabaseConnection
const at = new Date('2026-01-01T00:00:00Z')

async function emptyDatabase(): Promise<DatabaseConnection> {
  const connection = await freshDatabase()
  await migrate(connection)
  return connection
}

const rowsIn = (connection: DatabaseConnection, query: string): Promise<Record<string, unknown>[]> =>
  withClient(connection, async (client) => (await client.query<Record<string, unknown>>(query)).rows)

/** The paths of the blobs that are kept, below their folder. */
function blobsOf({ folders }: World): string[] {
  return readdirSync(folders.blobs, { recursive: true })
    .map(String)
    .filter((path) => /^..\/..\/[0-9a-f]{64}$/.test(path))
}

const restoreInto = (connection: DatabaseConnection, from: string) =>
  restore({ connection, blobs: join(folder, 'restored-blobs'), from, suffix: 'r1' })

before(async () => {
  folder = mkdtempSync(join(tmpdir(), 'twinlock-backup-'))
  world = await openWorld()
  await world.ended(await world.launch())
  await world.until(async () => (await world.rows('select 1 from entry_lot where seq is null')).length === 0)
  // From here on nothing is written, so that what is restored can be compared with what is there.
  await world.twinlock.stop()
  for (const byte of [1, 2]) await openBlobs({ folder: world.folders.blobs }).put(new Uint8Array(8).fill(byte))
  await backUp({ connection: world.connection, blobs: world.folders.blobs, into: join(folder, 'backup'), at })
  restored = await emptyDatabase()
  await restoreInto(restored, join(folder, 'backup'))
})
after(async () => {
  await world.close()
  rmSync(folder, { recursive: true, force: true })
})

describe('a restored backup', () => {
  it('holds every row of every table, but for checkpoints and the names of logs and of what is held', async () => {
    const tables = await rowsIn(
      world.connection,
      `select relname as name from pg_class where relnamespace = 'public'::regnamespace and relkind = 'r' order by 1`,
    )
    let compared = 0
    for (const { name } of tables.filter(
      (one) => !['checkpoint', 'log_head', 'holding', 'twinlock_migration', 'entry', 'entry_lot'].includes(String(one.name)),
    )) {
      const sums = `select count(*)::int as count, md5(coalesce(string_agg(t::text, chr(10) order by t::text), '')) as sum from "${name}" t`
      const [was] = await rowsIn(world.connection, sums)
      const [is] = await rowsIn(restored, sums)
      assert.deepEqual(is, was, String(name))
      if (Number(was?.count) > 0) compared++
    }
    assert.ok(compared > 20, `${compared} tables with rows`)
    const entries = 'select id, at, action, outcome, actor_id, resource_id, body, seq from numbered_entry order by id'
    assert.deepEqual(await rowsIn(restored, entries), await rowsIn(world.connection, entries))
  })

  it('works with the keys of the old one: people sign in, and the log goes on under a new origin, with the same entries', async () => {
    const twinlock = await openTwinlock({
      connection: restored,
      folders: { blobs: join(folder, 'restored-blobs'), keys: world.folders.keys },
      baseUrl,
      log: () => undefined,
      replace: { cells: world.cells },
    })
    try {
      assert.equal(twinlock.isEmpty, false)
      twinlock.start()
      const auditor = actWith(twinlock.door, await sessionOf(twinlock.door, world.org, world.starter.people.auditor))
      const exported = await until('its first checkpoint is there', () =>
        auditor('ledger:export', { from: 0, limit: 5 }).catch((error: unknown) => {
          if (isCoded(error) && error.code === 'not_found') return undefined
          throw error
        }),
      )
      assert.match(textAt(exported, 'verifierKey'), /^twinlock\.internal\/log\/org_\w+\/restored\/r1\+/)
      assert.match(textAt(exported, 'checkpoint'), /^twinlock\.internal\/log\/org_\w+\/restored\/r1\n/)
      const old = await (await world.as('auditor'))('ledger:export', { from: 0, limit: 5 })
      assert.deepEqual(listAt(exported, 'entries'), listAt(old, 'entries'))
    } finally {
      await twinlock.close()
    }
  })
})

describe('a restored backup beside other keys', () => {
  const opening = async (keys: string): Promise<void> => {
    const folders = { blobs: join(folder, 'restored-blobs'), keys }
    await (await openTwinlock({ connection: restored, folders, baseUrl, log: () => undefined })).close()
  }

  it('is not served with the keys of another installation, under which what came would be lost', async () => {
    const foreign = join(folder, 'foreign-keys')
    openKeys({ folder: foreign, mayCreate: true })
    await assert.rejects(opening(foreign), { code: 'key_foreign', message: /\(.*ledger.*\).*TWINLOCK_KEYS/ })
    const mixed = join(folder, 'mixed-keys')
    cpSync(world.folders.keys, mixed, { recursive: true })
    cpSync(join(foreign, 'production.kek'), join(mixed, 'production.kek'))
    await assert.rejects(opening(mixed), { code: 'key_foreign', message: /\(production\)/ })
  })

  it('is not served without keys, and none are made', async () => {
    const none = join(folder, 'no-keys')
    await assert.rejects(opening(none), { code: 'key_missing' })
    assert.deepEqual(readdirSync(none), [])
  })
})

describe('a backup', () => {
  it('is for its owner alone, and holds no key that opens what is sealed in it', () => {
    assert.equal(statSync(join(folder, 'backup')).mode & 0o077, 0)
    assert.equal(statSync(join(folder, 'backup', rowsFile)).mode & 0o077, 0)
    const text = readFileSync(join(folder, 'backup', rowsFile), 'utf8')
    for (const key of ['staging-accounts-key-0123456789', 'production-payments-key-0123456789']) assert.equal(text.includes(key), false)
  })

  it('is never written over another', async () => {
    const again = backUp({ connection: world.connection, blobs: world.folders.blobs, into: join(folder, 'backup'), at })
    await assert.rejects(again, /exists already/)
  })

  it('that was changed, cut short or is not whole restores nothing', async () => {
    const empty = await emptyDatabase()
    const spoil = (name: string, change: (text: string) => string, file = rowsFile): string => {
      const copy = join(folder, name)
      cpSync(join(folder, 'backup'), copy, { recursive: true })
      writeFileSync(join(copy, file), change(readFileSync(join(copy, file), 'utf8')))
      return copy
    }
    await assert.rejects(
      restoreInto(
        empty,
        spoil('changed', (text) => text.replace('"admin"', '"adm1n"')),
      ),
      /was changed/,
    )
    await assert.rejects(
      restoreInto(
        empty,
        spoil('cut', (text) => text.slice(0, -100)),
      ),
      /was changed, or is not whole/,
    )
    await assert.rejects(
      restoreInto(
        empty,
        spoil('format', (text) => text.replace('"format": 1', '"format": 2'), 'backup.json'),
      ),
      /not one that this version reads/,
    )
    await assert.rejects(
      restoreInto(
        empty,
        spoil('older', (text) => text.replace(/("0001-foundation\.sql": ")\w{4}/, '$10000'), 'backup.json'),
      ),
      /another version/,
    )
    await assert.rejects(restoreInto(empty, folder), /no whole backup/)
    assert.deepEqual(await rowsIn(empty, 'select * from organization'), [])
  })

  it('that could not be written whole leaves nothing in the way of the next try', async () => {
    const into = join(folder, 'interrupted')
    // A folder in the place of a blob, which cannot be copied.
    const blobs = join(folder, 'unreadable-blobs')
    mkdirSync(join(blobs, 'aa', 'bb', 'c'.repeat(64)), { recursive: true })
    await assert.rejects(backUp({ connection: world.connection, blobs, into, at }))
    assert.equal(existsSync(into), false)
    await backUp({ connection: world.connection, blobs: world.folders.blobs, into, at })
    rmSync(join(into, 'backup.json'))
    await assert.rejects(backUp({ connection: world.connection, blobs: world.folders.blobs, into, at }), /is no whole backup.*or remove it/)
  })

  it('holds the blobs that are kept, and nothing of what is being written meanwhile', async () => {
    const [blobs, into] = [join(folder, 'busy-blobs'), join(folder, 'of-busy-blobs')]
    const digest = await openBlobs({ folder: blobs }).put(new Uint8Array(9))
    writeFileSync(join(blobs, 'new', 'half-written'), 'half')
    await backUp({ connection: world.connection, blobs, into, at })
    assert.deepEqual(await openBlobs({ folder: join(into, 'blobs') }).get(digest), new Uint8Array(9))
    assert.equal(existsSync(join(into, 'blobs', 'new', 'half-written')), false)
  })

  it('is restored with its blobs or not at all, and without those that are spoiled, which are named', async () => {
    const empty = await emptyDatabase()
    const [spoiled = '', ...others] = blobsOf(world)
    assert.ok(others.length > 0)
    const copy = join(folder, 'spoiled')
    cpSync(join(folder, 'backup'), copy, { recursive: true })
    writeFileSync(join(copy, 'blobs', spoiled), 'spoiled')
    const inTheWay = join(folder, 'a-file-in-the-way')
    writeFileSync(inTheWay, '')
    await assert.rejects(restore({ connection: empty, blobs: inTheWay, from: copy, suffix: 'r2' }))
    assert.deepEqual(await rowsIn(empty, 'select * from organization'), [])
    const blobs = join(folder, 'blobs-again')
    const { spoiledBlobs } = await restore({ connection: empty, blobs, from: copy, suffix: 'r2' })
    assert.deepEqual(spoiledBlobs, [`sha256:${spoiled.slice(-64)}`])
    assert.equal(existsSync(join(blobs, spoiled)), false)
    for (const path of others) assert.deepEqual(readFileSync(join(blobs, path)), readFileSync(join(world.folders.blobs, path)))
  })

  it('is not restored over what is there', async () => {
    await assert.rejects(restoreInto(restored, join(folder, 'backup')), /holds an organization already/)
  })

  it('names its logs anew each time, and never by something else than letters and digits', async () => {
    const order = { connection: restored, blobs: folder, from: join(folder, 'backup') }
    for (const suffix of ['', 'a/b', 'x\ny', 'A', 'x'.repeat(41)])
      await assert.rejects(restore({ ...order, suffix }), /letters and digits/, suffix)
  })
})
