// Reading a file of an artifact on the command line: its bytes are attacker-controlled, its name too.
import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, test } from 'node:test'
import { type FakeTwinlock, fakeId, fakeLinkToken, startFake } from '../fixtures/fake-twinlock.ts'

let one: FakeTwinlock | undefined
afterEach(() => one?.stop())

const digestOf = (bytes: Uint8Array): string => `sha256:${createHash('sha256').update(bytes).digest('hex')}`

/** A Twinlock whose artifact has one file with these bytes. */
async function holding(bytes: Uint8Array, digest = digestOf(bytes)): Promise<FakeTwinlock> {
  const content = Buffer.from(bytes).toString('base64')
  const fake = await startFake({
    'artifact:read': ({ file }) => ({ name: file, mediaType: 'text/plain', digest, bytes: bytes.length, content }),
  })
  one = fake
  await fake.run('login', `${fake.url}/login#${fakeLinkToken}`)
  return fake
}

const artifact = fakeId('art', 1)
const read = (fake: FakeTwinlock, ...more: string[]) => fake.run('artifact', 'read', artifact, '--file', 'report.md', ...more)

test('a text is printed as the text that it is', async () => {
  const fake = await holding(Buffer.from('# What came of it\n\tü, and a tab\n'))
  const { exit, out, err } = await read(fake)
  assert.deepEqual([exit, out], [0, '# What came of it\n\tü, and a tab\n'], err)
})

test('what is not text is never printed: neither binary bytes nor what a terminal would take for a command', async () => {
  for (const bytes of [Uint8Array.from([0x89, 0x50, 0x4e, 0x47, 0, 1, 2, 255]), Buffer.from('quiet\u001b]0;owned\u0007\n')]) {
    const fake = await holding(bytes)
    const { exit, out } = await read(fake)
    assert.equal(exit, 0)
    assert.match(out, /not text, and is not printed: write it with --out/)
    assert.equal(/[\u0000\u001b\u0007\ufffd]|owned/.test(out), false)
    await fake.stop()
  }
})

test('--out writes the bytes, whole, and overwrites nothing unasked', async () => {
  const bytes = Uint8Array.from({ length: 1000 }, (_, at) => at & 255)
  const fake = await holding(bytes)
  const { exit, out, err } = await read(fake, '--out', 'frame.bin')
  assert.equal(exit, 0, err)
  assert.match(out, /Wrote .* to frame\.bin; the digest holds/)
  assert.deepEqual(new Uint8Array(readFileSync(join(fake.folder, 'frame.bin'))), bytes)
  assert.equal((await read(fake, '--out', 'frame.bin')).exit, 2)
  assert.equal((await read(fake, '--out', 'frame.bin', '--force')).exit, 0)
  assert.deepEqual(
    readdirSync(fake.folder).filter((name) => name.startsWith('.frame')),
    [],
    'nothing is left beside it',
  )
})

test('nothing is written through a link, over a folder, or where there is no folder', async () => {
  const fake = await holding(Buffer.from('harmless'))
  writeFileSync(join(fake.folder, 'precious'), 'precious')
  symlinkSync(join(fake.folder, 'precious'), join(fake.folder, 'link'))
  mkdirSync(join(fake.folder, 'folder'))
  for (const out of ['link', 'folder', 'nowhere/file']) assert.equal((await read(fake, '--out', out, '--force')).exit, 2, out)
  assert.equal(readFileSync(join(fake.folder, 'precious'), 'utf8'), 'precious')
})

test('bytes that are not those of the digest are neither printed nor written', async () => {
  const fake = await holding(Buffer.from('forged'), digestOf(Buffer.from('sealed')))
  const { exit, out, err } = await read(fake, '--out', 'file')
  assert.deepEqual([exit, out], [9, ''], err)
  assert.match(err, /is not what its digest says/)
  assert.equal(existsSync(join(fake.folder, 'file')), false)
  assert.equal((await read(fake)).exit, 9)
})
