import assert from 'node:assert/strict'
import { execFile, execFileSync } from 'node:child_process'
import {
  chmodSync,
  chownSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { promisify } from 'node:util'
import { isCoded, utf8 } from '../../kernel/index.ts'
import { KeyFileError, type KeyFileErrorCode } from './errors.ts'
import { openKeys } from './open-keys.ts'

const asRoot = process.geteuid?.() === 0
const files = ['ledger.kek', 'production.kek', 'simulation.kek']
const binding = { org: 'org_a', environment: 'env_a', purpose: 'secret', id: 'sec_a', version: 1 }

function folderFor(t: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), 'twinlock-keys-'))
  t.after(() => rmSync(folder, { recursive: true, force: true }))
  return join(folder, 'keys')
}

function madeFor(t: TestContext): string {
  const folder = folderFor(t)
  openKeys({ folder, mayCreate: true })
  return folder
}

function refuses(folder: string, code: KeyFileErrorCode, message: RegExp, mayCreate = false): void {
  assert.throws(
    () => openKeys({ folder, mayCreate }),
    (error) => error instanceof KeyFileError && error.code === code && message.test(error.message),
  )
}

test('keys are made once, 32 bytes each and all different, in a folder and files that are ours alone', (t) => {
  const folder = madeFor(t)
  assert.deepEqual(readdirSync(folder).sort(), files)
  assert.equal(statSync(folder).mode & 0o777, 0o700)
  const keys = files.map((file) => readFileSync(join(folder, file)))
  for (const file of files) assert.equal(statSync(join(folder, file)).mode & 0o777, 0o600)
  assert.deepEqual(
    keys.map((key) => key.length),
    [32, 32, 32],
  )
  assert.equal(new Set(keys.map((key) => key.toString('hex'))).size, 3)
  openKeys({ folder, mayCreate: true })
  assert.deepEqual(
    files.map((file) => readFileSync(join(folder, file))),
    keys,
  )
})

test('a loose umask does not open the keys to others', (t) => {
  const before = process.umask(0)
  t.after(() => process.umask(before))
  const folder = madeFor(t)
  assert.equal(statSync(folder).mode & 0o777, 0o700)
  for (const file of files) assert.equal(statSync(join(folder, file)).mode & 0o777, 0o600)
})

test('what was sealed opens after the keys are read again', (t) => {
  const folder = folderFor(t)
  const sealed = openKeys({ folder, mayCreate: true }).vault.seal('production', binding, utf8('hunter2'))
  const again = openKeys({ folder, mayCreate: false })
  assert.deepEqual(again.vault.open('production', binding, sealed), utf8('hunter2'))
  assert.equal(again.keysOnOneHost, true)
})

test('what one installation sealed does not open in another', (t) => {
  const sealed = openKeys({ folder: folderFor(t), mayCreate: true }).vault.seal('production', binding, utf8('hunter2'))
  const other = openKeys({ folder: folderFor(t), mayCreate: true })
  assert.throws(
    () => other.vault.open('production', binding, sealed),
    (error) => isCoded(error, 'sealed_elsewhere'),
  )
})

test('a missing key is an error that says what to do, and no new key is made in its place', (t) => {
  const folder = madeFor(t)
  rmSync(join(folder, 'production.kek'))
  refuses(folder, 'key_missing', /production\.kek is missing.*Restore/s)
  assert.equal(existsSync(join(folder, 'production.kek')), false)
})

test('a folder that was lost is an error where sealed data may exist', (t) => {
  refuses(folderFor(t), 'key_missing', /TWINLOCK_KEYS/)
})

for (const mode of [0o640, 0o604, 0o620, 0o602, 0o610]) {
  test(`a key file of mode ${mode.toString(8)} is refused and not quietly closed`, (t) => {
    const folder = madeFor(t)
    chmodSync(join(folder, 'simulation.kek'), mode)
    refuses(folder, 'key_file_open', /chmod 600/, true)
    assert.equal(statSync(join(folder, 'simulation.kek')).mode & 0o777, mode)
  })
}

for (const mode of [0o750, 0o705, 0o711, 0o770]) {
  test(`a key folder of mode ${mode.toString(8)} is refused and not quietly closed`, (t) => {
    const folder = madeFor(t)
    chmodSync(folder, mode)
    refuses(folder, 'key_folder_open', /chmod 700/, true)
    assert.equal(statSync(folder).mode & 0o777, mode)
  })
}

for (const length of [0, 31, 33, 64]) {
  test(`a key file of ${length} bytes is refused`, (t) => {
    const folder = madeFor(t)
    truncateSync(join(folder, 'ledger.kek'), length)
    refuses(folder, 'key_file_length', new RegExp(`holds ${length} bytes instead of 32`), true)
  })
}

test('a link in the place of a key file is refused, whatever it points to', (t) => {
  const folder = madeFor(t)
  const path = join(folder, 'production.kek')
  renameSync(path, join(folder, 'elsewhere'))
  symlinkSync('elsewhere', path)
  refuses(folder, 'key_file_link', /symbolic link/, true)
  rmSync(path)
  symlinkSync('nowhere', path)
  refuses(folder, 'key_file_link', /symbolic link/, true)
})

test('a folder or a pipe in the place of a key file is refused, and waited for by nobody', (t) => {
  const folder = madeFor(t)
  const path = join(folder, 'production.kek')
  rmSync(path)
  mkdirSync(path, { mode: 0o700 })
  refuses(folder, 'key_file_link', /not a regular file/, true)
  rmSync(path, { recursive: true })
  execFileSync('mkfifo', ['-m', '600', path])
  refuses(folder, 'key_file_link', /not a regular file/, true)
})

test('a link or a file in the place of the key folder is refused', (t) => {
  const folder = madeFor(t)
  const link = `${folder}-link`
  symlinkSync(folder, link)
  refuses(link, 'key_folder_link', /link or a file/, true)
  const file = `${folder}-file`
  writeFileSync(file, '')
  refuses(file, 'key_folder_link', /link or a file/, true)
})

test('a folder that cannot be made is an error that says where', () => {
  refuses('/proc/twinlock-keys', 'key_folder_unusable', /\/proc\/twinlock-keys.*TWINLOCK_KEYS/, true)
})

test('a key file or folder of another user is refused', { skip: asRoot ? false : 'only root can give files away' }, (t) => {
  const folder = madeFor(t)
  chownSync(join(folder, 'ledger.kek'), 65534, 65534)
  refuses(folder, 'key_file_not_ours', /uid 65534/, true)
  chownSync(folder, 65534, 65534)
  refuses(folder, 'key_folder_not_ours', /uid 65534/, true)
})

test('one key for both sides is refused', (t) => {
  const folder = madeFor(t)
  copyFileSync(join(folder, 'simulation.kek'), join(folder, 'production.kek'))
  refuses(folder, 'key_shared', /no key may be valid on both sides/, true)
})

test('what a crash left of an unfinished key is not taken for a key', (t) => {
  const folder = folderFor(t)
  mkdirSync(folder, { mode: 0o700 })
  writeFileSync(join(folder, '.new-key-0000000000000000'), 'half', { mode: 0o600 })
  openKeys({ folder, mayCreate: true })
  for (const file of files) assert.equal(statSync(join(folder, file)).size, 32)
})

test('of processes that make the keys at the same time, all go on with the same ones', async (t) => {
  const folder = folderFor(t)
  const script = `
    import { openKeys } from ${JSON.stringify(new URL('open-keys.ts', import.meta.url).href)}
    const { vault } = openKeys({ folder: process.argv[1], mayCreate: true })
    process.stdout.write(vault.fingerprint('org_a', new Uint8Array(1)))`
  const start = () => promisify(execFile)(process.execPath, ['--input-type=module-typescript', '-e', script, folder])
  const prints = await Promise.all([start(), start(), start()])
  assert.equal(new Set(prints.map(({ stdout }) => stdout)).size, 1)
  assert.match(prints[0].stdout, /^[0-9a-f]{64}$/)
  assert.deepEqual(readdirSync(folder).sort(), files)
})
