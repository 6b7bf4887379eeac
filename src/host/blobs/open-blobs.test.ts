import assert from 'node:assert/strict'
import {
  appendFileSync,
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { type Digest, digestOf, type ErrorCode, isCoded, utf8 } from '../../kernel/index.ts'
import { sha256 } from '../crypto/system-ports.ts'
import { openBlobs } from './open-blobs.ts'

const asRoot = process.geteuid?.() === 0

function folderFor(t: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), 'twinlock-blobs-'))
  t.after(() => rmSync(folder, { recursive: true, force: true }))
  return join(folder, 'blobs')
}

function pathIn(folder: string, digest: Digest): string {
  const name = digest.slice(7)
  return join(folder, name.slice(0, 2), name.slice(2, 4), name)
}

const refused = (code: ErrorCode) => (error: unknown) => isCoded(error, code)
const bytes = utf8('what is kept')

test('bytes come back as they were put, under their own digest, in files that nobody else can read', async (t) => {
  const folder = folderFor(t)
  const blobs = openBlobs({ folder })
  for (const one of [bytes, new Uint8Array(0), new Uint8Array(3 * 1024 * 1024 + 1).fill(7)]) {
    const digest = await blobs.put(one)
    assert.equal(digest, digestOf(one, sha256))
    assert.deepEqual(await blobs.get(digest), one)
    assert.equal(statSync(pathIn(folder, digest)).mode & 0o777, 0o600)
    assert.equal(statSync(dirname(pathIn(folder, digest))).mode & 0o777, 0o700)
  }
})

test('a view of a larger buffer is kept as the view alone', async (t) => {
  const blobs = openBlobs({ folder: folderFor(t) })
  const digest = await blobs.put(utf8('xxkeptxx').subarray(2, 6))
  assert.deepEqual(await blobs.get(digest), utf8('kept'))
})

test('putting the same bytes many times at once keeps them once and leaves nothing aside', async (t) => {
  const folder = folderFor(t)
  const blobs = openBlobs({ folder })
  const digests = await Promise.all(Array.from({ length: 40 }, (_, at) => blobs.put(utf8(`blob ${at % 4}`))))
  assert.equal(new Set(digests).size, 4)
  assert.deepEqual(readdirSync(join(folder, 'new')), [])
  assert.equal(
    digests.every((digest) => existsSync(pathIn(folder, digest))),
    true,
  )
})

test('blobs are there when the folder is opened again', async (t) => {
  const folder = folderFor(t)
  const digest = await openBlobs({ folder }).put(bytes)
  assert.deepEqual(await openBlobs({ folder }).get(digest), bytes)
})

test('what a crash left aside is removed when it is an hour old, and was never a blob', async (t) => {
  const folder = folderFor(t)
  const kept = await openBlobs({ folder }).put(bytes)
  writeFileSync(join(folder, 'new', 'half-written'), 'half')
  const earlier = new Date(Date.now() - 3_600_001)
  utimesSync(join(folder, 'new', 'half-written'), earlier, earlier)
  const blobs = openBlobs({ folder })
  assert.deepEqual(readdirSync(join(folder, 'new')), [])
  assert.deepEqual(await blobs.get(kept), bytes)
  await assert.rejects(blobs.get(digestOf(utf8('half'), sha256)), refused('blob_missing'))
})

test('what another server is writing into the same folder is left to it', async (t) => {
  const folder = folderFor(t)
  openBlobs({ folder })
  writeFileSync(join(folder, 'new', 'being-written'), 'half')
  openBlobs({ folder })
  assert.deepEqual(readdirSync(join(folder, 'new')), ['being-written'])
})

test('a digest under which nothing is kept is said to be missing', async (t) => {
  await assert.rejects(openBlobs({ folder: folderFor(t) }).get(digestOf(bytes, sha256)), refused('blob_missing'))
})

test('a text that is no digest never becomes a path', async (t) => {
  const folder = folderFor(t)
  const blobs = openBlobs({ folder })
  writeFileSync(join(folder, 'secret'), 'secret')
  for (const text of ['sha256:../../secret', `sha256:${'A'.repeat(64)}`, 'secret', '', `sha256:${'a'.repeat(63)}/`]) {
    await assert.rejects(blobs.get(text as Digest), refused('malformed'))
  }
})

const spoilings: Record<string, (path: string) => void> = {
  'changed in one byte': (path) => writeFileSync(path, Buffer.from(readFileSync(path).map((byte, at) => (at === 5 ? byte ^ 1 : byte)))),
  'cut short': (path) => truncateSync(path, 4),
  emptied: (path) => truncateSync(path, 0),
  extended: (path) => appendFileSync(path, 'x'),
  'replaced by a folder': (path) => {
    rmSync(path)
    mkdirSync(path)
  },
  'replaced by a link to the same bytes': (path) => {
    writeFileSync(`${path}-elsewhere`, bytes)
    rmSync(path)
    symlinkSync(`${path}-elsewhere`, path)
  },
}
for (const [title, spoil] of Object.entries(spoilings)) {
  test(`a blob that was ${title} is refused`, async (t) => {
    const folder = folderFor(t)
    const blobs = openBlobs({ folder })
    const digest = await blobs.put(bytes)
    spoil(pathIn(folder, digest))
    await assert.rejects(blobs.get(digest), refused('blob_changed'))
  })
}

test('putting bytes again heals a blob that was changed', async (t) => {
  const folder = folderFor(t)
  const blobs = openBlobs({ folder })
  const digest = await blobs.put(bytes)
  truncateSync(pathIn(folder, digest), 3)
  assert.equal(await blobs.put(bytes), digest)
  assert.deepEqual(await blobs.get(digest), bytes)
})

test('the limit holds at its byte, and the refusal names it', async (t) => {
  const folder = folderFor(t)
  const blobs = openBlobs({ folder, bytesMax: 10 })
  const digest = await blobs.put(new Uint8Array(10))
  assert.equal((await blobs.get(digest)).length, 10)
  await assert.rejects(blobs.put(new Uint8Array(11)), (error) => isCoded(error, 'too_large') && /10 bytes/.test(error.message))
  assert.deepEqual(readdirSync(join(folder, 'new')), [])
})

test('a disk that takes nothing is an error, and leaves nothing aside', async (t) => {
  const folder = folderFor(t)
  const blobs = openBlobs({ folder })
  const name = digestOf(bytes, sha256).slice(7)
  writeFileSync(join(folder, name.slice(0, 2)), 'a file in the way of a folder')
  await assert.rejects(blobs.put(bytes), refused('internal'))
  assert.deepEqual(readdirSync(join(folder, 'new')), [])
})

test('a folder that cannot be read is an error and not a missing blob', { skip: asRoot ? 'root reads everything' : false }, async (t) => {
  const folder = folderFor(t)
  const blobs = openBlobs({ folder })
  const digest = await blobs.put(bytes)
  chmodSync(pathIn(folder, digest), 0)
  await assert.rejects(blobs.get(digest), refused('internal'))
})
