// The offline verifier: an honest export holds, and whatever is done to one is found and named.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { signCheckpoint } from './checkpoint.ts'
import type { LedgerErrorCode } from './errors.ts'
import { exampleEntries, logOf, logSigner, origin, trust } from './fixtures/example-log.test.ts'
import { crypto, streamOf, utf8 } from './fixtures/node-crypto.test.ts'
import { flipBit, SeededRandom } from './fixtures/seeded-random.ts'
import { type ExportVerdict, verifyExport } from './verify-export.ts'

const seed = Number(process.env.TWINLOCK_TEST_SEED ?? 20260901)

type Log = ReturnType<typeof logOf>
type Entries = readonly Uint8Array[]

const tilesOf = (log: Log): Uint8Array[] =>
  log.tiles.names.filter((name) => name.startsWith('0/')).map((name) => log.tiles.get(0, Number(name.split('/')[1])))

const verify = (log: Log, entries: Entries): Promise<ExportVerdict> =>
  verifyExport(crypto, { checkpoint: log.checkpoint, entries: streamOf(entries) }, trust)

const verifyWithTiles = (log: Log, entries: Entries, tiles: Entries = tilesOf(log)): Promise<ExportVerdict> =>
  verifyExport(crypto, { checkpoint: log.checkpoint, entries: streamOf(entries), leafTiles: streamOf(tiles) }, trust)

const fault = (verdict: ExportVerdict): { code: LedgerErrorCode; entryIndex?: number } => {
  if (verdict.holds) return assert.fail('the export was believed')
  const { code, entryIndex } = verdict
  return entryIndex === undefined ? { code } : { code, entryIndex }
}

const log = logOf(exampleEntries(600))
const entry = utf8('{"entry":"another"}')

test('an honest export of any size holds, with its tiles and without', async () => {
  for (const size of [0, 1, 2, 255, 256, 257, 600]) {
    const honest = logOf(exampleEntries(size))
    for (const verdict of [await verify(honest, honest.entries), await verifyWithTiles(honest, honest.entries)]) {
      assert.ok(verdict.holds, `size ${size}`)
      assert.deepEqual(verdict.head, { origin, size, root: honest.root, extensions: [] })
      assert.equal(verdict.signatures.length, 2)
    }
  }
})

test('a changed, missing, inserted or moved entry is named when the tiles came along', async () => {
  const { entries } = log
  const [a, b] = [entries[300], entries[301]]
  assert.ok(a && b)
  const cases: readonly [Entries, LedgerErrorCode, number][] = [
    [entries.with(300, entry), 'entry-changed', 300],
    [entries.toSpliced(300, 1), 'entry-missing', 300],
    [entries.slice(0, 599), 'entry-missing', 599],
    [[], 'entry-missing', 0],
    [entries.toSpliced(300, 0, entry), 'entry-extra', 300],
    [[...entries, entry], 'entry-extra', 600],
    [entries.toSpliced(300, 2, b, a), 'entry-reordered', 300],
    [[...entries].reverse(), 'entry-reordered', 0],
    [entries.with(300, entries[400] ?? a), 'entry-missing', 300],
    [entries.toSpliced(300, 1).toSpliced(500, 0, entry), 'entry-missing', 300],
    [entries.toSpliced(300, 2, entry), 'entry-missing', 300],
    [entries.toSpliced(300, 0, entry).slice(0, 600), 'entry-extra', 300],
    [entries.toSpliced(300, 0, entry).slice(0, 500), 'entry-extra', 300],
    [[...entries.toSpliced(300, 1), entry, a], 'entry-reordered', 300],
    [[...entries.toSpliced(300, 1), entry, entry, a], 'entry-reordered', 300],
  ]
  for (const [changed, code, entryIndex] of cases) assert.deepEqual(fault(await verifyWithTiles(log, changed)), { code, entryIndex })
})

test('without tiles no more is said than can be known', async () => {
  const { entries } = log
  assert.deepEqual(fault(await verify(log, entries.with(300, entry))), { code: 'root-mismatch' })
  assert.deepEqual(fault(await verify(log, entries.slice(0, 599))), { code: 'size-mismatch' })
  assert.deepEqual(fault(await verify(log, [])), { code: 'size-mismatch' })
  assert.deepEqual(fault(await verify(log, entries.toSpliced(300, 0, entry))), { code: 'size-mismatch' })
  assert.deepEqual(fault(await verify(log, [...entries, entry])), { code: 'entry-extra', entryIndex: 600 })
  assert.deepEqual(fault(await verify(log, [...entries].reverse())), { code: 'root-mismatch' })
})

test('tiles that are not those of the log never put the blame on an entry', async () => {
  const tiles = tilesOf(log)
  const [first] = tiles
  assert.ok(first)
  const forged = tiles.with(0, flipBit(first, 8 * 32 * 7))
  assert.deepEqual(fault(await verifyWithTiles(log, log.entries, forged)), { code: 'tile-mismatch', entryIndex: 7 })
  assert.deepEqual(fault(await verifyWithTiles(log, log.entries.with(300, entry), forged)), { code: 'root-mismatch' })
  assert.deepEqual(fault(await verifyWithTiles(log, log.entries, tiles.slice(0, 2))), { code: 'tile-mismatch', entryIndex: 512 })
  assert.deepEqual(fault(await verifyWithTiles(log, log.entries, [...tiles, new Uint8Array(32)])), {
    code: 'tile-mismatch',
    entryIndex: 600,
  })
  assert.deepEqual(fault(await verifyWithTiles(log, log.entries, [])), { code: 'tile-mismatch', entryIndex: 0 })
  assert.deepEqual(fault(await verifyWithTiles(log, log.entries, [first.slice(1)])), { code: 'tile-malformed' })
  // Entries and tiles that were both changed alike agree with each other, and still not with the signature.
  const rewritten = logOf(log.entries.with(300, entry))
  assert.deepEqual(fault(await verifyWithTiles(log, rewritten.entries, tilesOf(rewritten))), { code: 'root-mismatch' })
})

test('a wrong signature, another origin or a missing witness is said before any entry is read', async () => {
  const unread = { [Symbol.asyncIterator]: () => assert.fail('an entry was read') }
  const check = async (checkpoint: string, code: LedgerErrorCode, trusted = trust): Promise<void> =>
    assert.deepEqual(fault(await verifyExport(crypto, { checkpoint, entries: unread }, trusted)), { code })
  const unwitnessed = signCheckpoint(logSigner, { origin, size: 600, root: log.root })
  await check(log.checkpoint.replace('\n600\n', '\n601\n'), 'signature-invalid')
  await check(log.checkpoint.replace(origin, 'ledger.example/other'), 'origin-mismatch')
  await check(log.checkpoint, 'origin-mismatch', { ...trust, origin: 'ledger.example/other', logKeys: [] })
  await check(unwitnessed, 'witness-quorum-missing')
  await check(log.checkpoint, 'note-unsigned', { ...trust, logKeys: [], witnessKeys: [], witnessQuorum: 0 })
  await check('nothing', 'note-malformed')
})

test('a faulty export says the signed head, how far it was read and the root that was found', async () => {
  const changed = log.entries.with(300, entry)
  const verdict = await verify(log, changed)
  assert.ok(!verdict.holds)
  assert.equal(verdict.head?.size, 600)
  assert.equal(verdict.entriesRead, 600)
  assert.deepEqual(verdict.root, logOf(changed).root)
  assert.match(verdict.message, /600/)
})

test('an export without end is not read beyond one entry too many', async () => {
  let given = 0
  async function* endless(): AsyncGenerator<Uint8Array> {
    for (;;) {
      given += 1
      yield entry
    }
  }
  const input = { checkpoint: log.checkpoint, entries: endless(), leafTiles: streamOf(tilesOf(log)) }
  assert.deepEqual(fault(await verifyExport(crypto, input, trust)), { code: 'entry-extra', entryIndex: 0 })
  assert.equal(given, 601)
})

test('an endless list of tiles is let go, one hash above the signed size', async () => {
  let isClosed = false
  async function* endless(): AsyncGenerator<Uint8Array> {
    try {
      for (;;) yield new Uint8Array(32)
    } finally {
      isClosed = true
    }
  }
  const input = { checkpoint: log.checkpoint, entries: streamOf(log.entries), leafTiles: endless() }
  assert.deepEqual(fault(await verifyExport(crypto, input, trust)), { code: 'tile-mismatch', entryIndex: 0 })
  assert.equal(isClosed, true)
})

test('an entry too large is a fault of the export; a file that cannot be read is not', async () => {
  assert.deepEqual(fault(await verify(log, [new Uint8Array(65_536)])), { code: 'entry-too-large' })
  async function* unreadable(): AsyncGenerator<Uint8Array> {
    yield entry
    throw new Error('the disk is gone')
  }
  await assert.rejects(verifyExport(crypto, { checkpoint: log.checkpoint, entries: unreadable() }, trust), /the disk is gone/)
})

test('whatever a seeded saboteur does to an export is found', async () => {
  const random = new SeededRandom(seed)
  const sabotage: readonly ((entries: Entries) => Entries)[] = [
    (entries) => entries.slice(0, random.below(entries.length)),
    (entries) => entries.toSpliced(random.below(entries.length), 1 + random.below(3)),
    (entries) => entries.toSpliced(random.below(entries.length + 1), 0, random.bytes(20)),
    (entries) => swapped(entries, random.below(entries.length), random.below(entries.length - 1)),
    (entries) => moved(entries, random.below(entries.length), random.below(entries.length - 1)),
    (entries) => withFlippedBit(entries, random.below(entries.length), random),
    (entries) => duplicated(entries, random.below(entries.length)),
  ]
  for (let round = 0; round < 210; round++) {
    const honest = logOf(exampleEntries(2 + random.below(400)))
    const changed = (sabotage[round % sabotage.length] ?? assert.fail())(honest.entries)
    const where = `round ${round}, size ${honest.entries.length}, seed ${seed}`
    const first = changed.findIndex((bytes, at) => Buffer.compare(bytes, honest.entries[at] ?? new Uint8Array(0)) !== 0)
    const verdict = await verifyWithTiles(honest, changed)
    assert.equal(fault(verdict).entryIndex, first < 0 ? changed.length : first, where)
    assert.match(fault(verdict).code, /^entry-(changed|missing|reordered|extra)$/, where)
    assert.match(fault(await verify(honest, changed)).code, /^(root-mismatch|size-mismatch|entry-extra)$/, where)
  }
})

// `other` is taken beside `at`, so that the two are never the same.
const swapped = (entries: Entries, at: number, other: number): Entries => {
  const to = other >= at ? other + 1 : other
  const [a, b] = [entries[at], entries[to]]
  assert.ok(a && b)
  return entries.with(at, b).with(to, a)
}

const moved = (entries: Entries, from: number, other: number): Entries => {
  const to = other >= from ? other + 1 : other
  return entries.toSpliced(from, 1).toSpliced(to, 0, entries[from] ?? assert.fail())
}

const withFlippedBit = (entries: Entries, at: number, random: SeededRandom): Entries => {
  const bytes = entries[at] ?? assert.fail()
  return entries.with(at, flipBit(bytes, random.below(bytes.length * 8)))
}

const duplicated = (entries: Entries, at: number): Entries => entries.toSpliced(at, 0, entries[at] ?? assert.fail())
