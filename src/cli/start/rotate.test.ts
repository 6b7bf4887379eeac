// New key-encryption keys, and whom they are kept from: a server that still seals under the old ones.
import assert from 'node:assert/strict'
import { readdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { openKeys } from '../../host/keys/open-keys.ts'
import { freshDatabase } from '../../host/postgres/temporary.ts'
import { throwAwayFolder } from '../../host/postgres/throw-away-folder.ts'
import { migrate } from '../../host/store/migrate.ts'
import { openStore } from '../../host/store/store.ts'
import { afterRotation, rotateKeys } from './rotate.ts'

const folder = throwAwayFolder()
after(() => rmSync(folder, { recursive: true, force: true }))

test('keys are replaced while no other server is signed in to the database, and not beside one', async () => {
  const keys = join(folder, 'keys')
  openKeys({ folder: keys, mayCreate: true })
  const connection = await freshDatabase()
  await migrate(connection)
  const store = openStore({ connection, role: 'twinlock_app', log: () => undefined })
  await store.organizations()
  const before = readFileSync(join(keys, 'production.kek'))
  await assert.rejects(rotateKeys({ sides: ['production'], keys, connection }), { code: 'database_in_use', message: /Stop every server/ })
  assert.deepEqual(readFileSync(join(keys, 'production.kek')), before)
  await rotateKeys({ sides: [], keys: 'nowhere', connection })
  await store.close()
  await rotateKeys({ sides: ['production'], keys, connection })
  assert.notDeepEqual(readFileSync(join(keys, 'production.kek')), before)
  assert.deepEqual(readdirSync(keys).sort(), ['ledger.kek', 'production.kek', 'production.older.kek', 'simulation.kek'])
})

test('whoever rotated is told what to copy, and nobody else is', () => {
  assert.equal(afterRotation({ sides: [], keys: '/keys' }), undefined)
  assert.match(afterRotation({ sides: ['ledger', 'ledger'], keys: '/keys' }) ?? '', /\(ledger\) are in \/keys.*copy that folder again/)
})
