import assert from 'node:assert/strict'
import { chmodSync, existsSync, mkdirSync, readFileSync, rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { chooseDataFolder, resolveDataFolder, systemDataFolder } from './data-folder.ts'
import { type DatabaseUser, resolveDatabaseUser } from './postgres/database-user.ts'
import { throwAwayFolder } from './postgres/throw-away-folder.ts'

const asRoot = process.geteuid?.() === 0
const passed = asRoot ? 0o711 : 0o700
const modeOf = (path: string): number => statSync(path).mode & 0o777

const cloneFor = (t: TestContext): string => {
  const folder = throwAwayFolder()
  t.after(() => rmSync(folder, { recursive: true, force: true }))
  const clone = join(folder, 'clone')
  mkdirSync(clone)
  return clone
}

test('without a setting the data lives in the clone, the keys beside it, and neither can be committed', (t) => {
  const clone = cloneFor(t)
  const data = resolveDataFolder({ clone, environment: {} })
  assert.equal(data.root, join(clone, '.twinlock'))
  assert.equal(data.keys, join(clone, '.twinlock-keys'))
  for (const folder of [data.root, data.keys]) assert.equal(readFileSync(join(folder, '.gitignore'), 'utf8'), '*\n')
})

test('folders are closed to others; as root, others may pass where another user must', (t) => {
  const data = resolveDataFolder({ clone: cloneFor(t), environment: {} })
  const modes = Object.fromEntries(Object.entries(data).map(([name, path]) => [name, modeOf(path)]))
  assert.deepEqual(modes, { root: passed, postgres: passed, blobs: 0o700, workloads: passed, exports: 0o700, keys: 0o700 })
})

test('TWINLOCK_DATA and TWINLOCK_KEYS decide, and a strict umask does not lock the database out', (t) => {
  const clone = cloneFor(t)
  const before = process.umask(0o077)
  t.after(() => process.umask(before))
  const environment = { TWINLOCK_DATA: join(clone, 'some', 'where', 'data'), TWINLOCK_KEYS: join(clone, 'vault') }
  const data = resolveDataFolder({ clone, environment })
  assert.equal(data.root, environment.TWINLOCK_DATA)
  assert.equal(data.keys, environment.TWINLOCK_KEYS)
  assert.equal(modeOf(join(clone, 'some')), 0o755)
})

test('a folder that got too open or too closed gets its mode back', (t) => {
  const clone = cloneFor(t)
  const data = resolveDataFolder({ clone, environment: {} })
  chmodSync(data.blobs, 0o755)
  chmodSync(data.postgres, 0o500)
  resolveDataFolder({ clone, environment: {} })
  assert.deepEqual([modeOf(data.blobs), modeOf(data.postgres)], [0o700, passed])
})

test('a key folder inside the data folder is refused, however it is written', (t) => {
  const clone = cloneFor(t)
  for (const keys of ['data', 'data/keys', 'other/../data/blobs']) {
    const environment = { TWINLOCK_DATA: join(clone, 'data'), TWINLOCK_KEYS: `${clone}/${keys}` }
    assert.throws(() => resolveDataFolder({ clone, environment }), { code: 'keys_inside_data' })
  }
  const environment = { TWINLOCK_DATA: join(clone, 'data'), TWINLOCK_KEYS: join(clone, 'data..keys') }
  assert.equal(resolveDataFolder({ clone, environment }).keys, environment.TWINLOCK_KEYS)
})

test('a key folder that others can read is refused and not quietly closed', (t) => {
  const clone = cloneFor(t)
  const { keys } = resolveDataFolder({ clone, environment: {} })
  chmodSync(keys, 0o750)
  assert.throws(() => resolveDataFolder({ clone, environment: {} }), { code: 'keys_folder_open', message: /chmod 700/ })
  assert.equal(modeOf(keys), 0o750)
})

test('a data folder that others can write to is refused', (t) => {
  const clone = cloneFor(t)
  const { root } = resolveDataFolder({ clone, environment: {} })
  chmodSync(root, 0o777)
  assert.throws(() => resolveDataFolder({ clone, environment: {} }), { code: 'data_folder_open', message: /chmod go-w/ })
})

test('a data folder that cannot be made says where and what to do', (t) => {
  const clone = cloneFor(t)
  const environment = { TWINLOCK_DATA: '/proc/twinlock' }
  assert.throws(() => resolveDataFolder({ clone, environment }), { code: 'data_folder_unreachable', message: /TWINLOCK_DATA/ })
})

test('a folder of another user is refused', { skip: asRoot ? 'root owns the folders that could serve' : false }, (t) => {
  assert.throws(() => resolveDataFolder({ clone: cloneFor(t), environment: { TWINLOCK_DATA: '/usr' } }), { code: 'data_folder_not_ours' })
})

const lent: DatabaseUser = { ...resolveDatabaseUser(), lent: true }

test('a clone that the database’s user cannot reach keeps its data in the system’s place, under the digest of its path', {
  skip: asRoot ? false : 'only root can run the database as another user',
}, (t) => {
  const clone = cloneFor(t)
  assert.equal(chooseDataFolder({ clone, environment: {} }, lent), join(clone, '.twinlock'))
  chmodSync(clone, 0o700)
  assert.equal(chooseDataFolder({ clone, environment: {} }, lent), systemDataFolder(clone))
  assert.match(systemDataFolder(clone), /^\/var\/lib\/twinlock\/[0-9a-f]{16}$/)
  assert.notEqual(systemDataFolder(clone), systemDataFolder(`${clone}2`))
})

test('a data folder that the database’s user cannot reach is refused with its name', {
  skip: asRoot ? false : 'only root can run the database as another user',
}, (t) => {
  const clone = cloneFor(t)
  chmodSync(clone, 0o700)
  const environment = { TWINLOCK_DATA: join(clone, 'data') }
  assert.throws(() => resolveDataFolder({ clone, environment }), { code: 'data_folder_unreachable', message: /nobody/ })
  assert.equal(existsSync(join(clone, 'data', 'postgres')), false)
})
