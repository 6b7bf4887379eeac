// Receipts: what one proves, and that no changed one proves anything.
import assert from 'node:assert/strict'
import { before, test } from 'node:test'
import { exampleEntries, logOf, origin, receiptOf, seenAtSeconds, trust, witness } from './fixtures/example-log.test.ts'
import { crypto, sha256, utf8 } from './fixtures/node-crypto.test.ts'
import { flipBit } from './fixtures/seeded-random.ts'
import { decodeNote } from './note.ts'
import { formatReceipt, parseReceipt, RECEIPT_LENGTH_MAX } from './receipt.ts'
import { hashLeaf, hashNode } from './tree-hash.ts'
import { verifyReceipt } from './verify-receipt.ts'

const log = logOf(exampleEntries(13))
let receiptText: string
before(async () => {
  receiptText = await receiptOf(log, 3)
})
const entryAt = (index: number): Uint8Array => log.entries[index] ?? assert.fail(`there is no entry ${index}`)

test('every entry has a receipt that verifies, and says where it is and who saw it', async () => {
  for (const [index, entry] of log.entries.entries()) {
    const verified = verifyReceipt(crypto, await receiptOf(log, index), entry, trust)
    assert.equal(verified.index, index)
    assert.equal(verified.checkpoint.size, 13)
    assert.equal(verified.checkpoint.origin, origin)
    assert.ok(verified.signatures.some(({ key, seenAtSeconds: at }) => key.name === witness.key.name && at === seenAtSeconds))
  }
})

test('a receipt is written as the specification shows it', async () => {
  const receipt = await receiptOf(log, 0)
  assert.match(receipt, /^c2sp\.org\/tlog-proof@v1\nindex 0\n([A-Za-z0-9+/]{43}=\n){4}\nledger\.example\/org\n13\n/)
  assert.equal(formatReceipt(parseReceipt(receipt)), receipt)
  const lonely = logOf(exampleEntries(1))
  const alone = formatReceipt({ index: 0, proof: [], checkpoint: lonely.checkpoint })
  assert.ok(alone.startsWith('c2sp.org/tlog-proof@v1\nindex 0\n\nledger.example/org\n1\n'))
  assert.equal(verifyReceipt(crypto, alone, exampleEntries(1)[0] ?? assert.fail(), trust).index, 0)
})

test('a receipt with any single bit changed proves nothing', async () => {
  const bytes = utf8(await receiptOf(log, 6))
  for (let bit = 0; bit < bytes.length * 8; bit++) {
    const open = () => verifyReceipt(crypto, decodeNote(flipBit(bytes, bit)), entryAt(6), trust)
    assert.throws(open, { name: 'LedgerError' }, `bit ${bit}`)
  }
})

test('an entry with any single bit changed is not the one of the receipt', async () => {
  const receipt = await receiptOf(log, 6)
  for (let bit = 0; bit < entryAt(6).length * 8; bit++) {
    assert.throws(() => verifyReceipt(crypto, receipt, flipBit(entryAt(6), bit), trust), { code: 'inclusion-mismatch' }, `bit ${bit}`)
  }
  assert.throws(() => verifyReceipt(crypto, receipt, entryAt(7), trust), { code: 'inclusion-mismatch' })
  assert.throws(() => verifyReceipt(crypto, receipt, new Uint8Array(65_536), trust), { code: 'entry-too-large' })
})

test('an inner node cannot pass for an entry', () => {
  const leaf = (index: number): Uint8Array => hashLeaf(sha256, entryAt(index))
  const pair = logOf([entryAt(0), entryAt(1)])
  const node = new Uint8Array([...leaf(0), ...leaf(1)])
  assert.notDeepEqual(hashLeaf(sha256, node), hashNode(sha256, leaf(0), leaf(1)))
  const receipt = formatReceipt({ index: 0, proof: [], checkpoint: pair.checkpoint })
  assert.throws(() => verifyReceipt(crypto, receipt, node, trust), { code: 'inclusion-mismatch' })
})

test('extra data is carried, but nothing follows from it', async () => {
  const parsed = parseReceipt(await receiptOf(log, 2))
  const receipt = formatReceipt({ ...parsed, extra: utf8('context') })
  assert.ok(receipt.startsWith(`c2sp.org/tlog-proof@v1\nextra ${utf8('context').toBase64()}\nindex 2\n`))
  assert.deepEqual(parseReceipt(receipt).extra, utf8('context'))
  assert.equal('extra' in verifyReceipt(crypto, receipt, entryAt(2), trust), false)
})

test('a receipt of another log is refused', async () => {
  const other = { ...trust, origin: 'ledger.example/other', logKeys: [] }
  assert.throws(() => verifyReceipt(crypto, receiptText, entryAt(3), other), { code: 'origin-mismatch' })
})

test('an index outside the tree is refused', () => {
  for (const index of ['13', '9007199254740991']) {
    assert.throws(() => verifyReceipt(crypto, receiptText.replace('index 3', `index ${index}`), entryAt(3), trust), { code: 'proof-range' })
  }
})

test('malformed receipts are refused', () => {
  const hash = `${new Uint8Array(32).toBase64()}\n`
  const changes: readonly [string, string][] = [
    ['c2sp.org/tlog-proof@v1', 'c2sp.org/tlog-proof@v2'],
    ['c2sp.org/tlog-proof@v1', ' c2sp.org/tlog-proof@v1'],
    ['c2sp.org/tlog-proof@v1\n', 'c2sp.org/tlog-proof@v1\r\n'],
    ['index 3\n', ''],
    ['index 3', 'index 03'],
    ['index 3', 'index -3'],
    ['index 3', 'index  3'],
    ['index 3', 'index 3 '],
    ['index 3', 'index'],
    ['index 3', 'index 9007199254740992'],
    ['index 3', 'index 3\nindex 3'],
    ['index 3', 'extra\nindex 3'],
    ['index 3', 'extra \nindex 3'],
    ['index 3', 'extra !!\nindex 3'],
    ['index 3', 'extra AA==\nextra AA==\nindex 3'],
    ['index 3', 'index 3\nextra AA=='],
    ['index 3', `extra ${new Uint8Array(65_537).toBase64()}\nindex 3`],
    ['index 3\n', `index 3\n${hash.repeat(60)}`],
    ['index 3\n', `index 3\n${hash.slice(1)}`],
    ['index 3\n', `index 3\n${new Uint8Array(33).toBase64()}\n`],
    ['index 3\n', 'index 3\n\n'],
    ['\n\nledger', '\nledger'],
  ]
  for (const [from, to] of changes) {
    const code = /^(receipt|note)-malformed$/
    assert.throws(
      () => verifyReceipt(crypto, receiptText.replace(from, to), entryAt(3), trust),
      { name: 'LedgerError' },
      JSON.stringify(to.slice(0, 80)),
    )
    if (!to.endsWith('\n\n')) assert.throws(() => parseReceipt(receiptText.replace(from, to)), { code }, JSON.stringify(to.slice(0, 80)))
  }
  for (const text of [
    '',
    '\n\n',
    'c2sp.org/tlog-proof@v1\n\n',
    'c2sp.org/tlog-proof@v1\nindex 0\n\n',
    'x'.repeat(RECEIPT_LENGTH_MAX + 1),
  ]) {
    assert.throws(() => parseReceipt(text), { code: /^(receipt|note)-malformed$/ })
  }
})

test('a receipt that could not be read again is not written', () => {
  const parts = parseReceipt(receiptText)
  for (const wrong of [
    { index: -1 },
    { index: 0.5 },
    { proof: [new Uint8Array(31)] },
    { checkpoint: 'text\n' },
    { extra: new Uint8Array(0) },
  ]) {
    assert.throws(() => formatReceipt({ ...parts, ...wrong }), { code: /^(receipt|note)-malformed$/ })
  }
})
