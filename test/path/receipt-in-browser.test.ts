// What the console does with a receipt, with the offline verifier (sdk/verify) and the platform's Web Cryptography alone: nothing of the product is asked.
import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { commitText, type LogTrust, sha256, trustIn, verifyReceiptInBrowser } from '../../sdk/verify/index.ts'
import { type Act, at, listAt, textAt } from '../harness/acting.ts'
import { openWorld, type World } from '../harness/world.ts'

describe('a receipt in a browser', () => {
  let world: World
  let auditor: Act
  let answer: { receipt: string; body: string }
  let index: unknown
  let trust: LogTrust

  before(async () => {
    world = await openWorld({ isIdle: true })
    auditor = await world.as('auditor')
    const found = await world.rows(`select id from entry where action = 'grant:create' order by id limit 1`)
    const receipt = await auditor('ledger:receipt', { entry: found[0]?.id })
    answer = { receipt: textAt(receipt, 'receipt'), body: textAt(receipt, 'body') }
    index = receipt.index
    trust = trustIn(textAt(receipt, 'verifierKey'))
    assert.equal(receipt.origin, trust.origin)
  })
  after(() => world.close())

  it('verifies: the entry is at its place in the log, under a checkpoint that the log signed', async () => {
    const { index: proved, checkpoint, signatures } = await verifyReceiptInBrowser(answer, trust)
    assert.equal(proved, index)
    assert.ok(checkpoint.size > proved)
    assert.equal(signatures.length, 1)
  })

  it('does not verify for another entry, another place, another log or another signature', async () => {
    const code = async (change: Partial<typeof answer>, other = trust) =>
      verifyReceiptInBrowser({ ...answer, ...change }, other).then(
        () => 'held',
        (error: unknown) => at(error, 'code'),
      )
    assert.equal(await code({ body: answer.body.replace('"done"', '"gone"') }), 'inclusion-mismatch')
    assert.equal(await code({ receipt: answer.receipt.replace(/^index \d+$/m, `index ${Number(index) + 1}`) }), 'inclusion-mismatch')
    assert.notEqual(await code({}, { ...trust, origin: 'twinlock.internal/log/org_other' }), 'held')
    const lines = answer.receipt.trimEnd().split('\n')
    const signature = Buffer.from(lines.at(-1)?.split(' ').at(-1) ?? '', 'base64')
    signature[10] = (signature[10] ?? 0) ^ 1
    const forged = `${lines.slice(0, -1).join('\n')}\n${lines.at(-1)?.split(' ').slice(0, -1).join(' ')} ${signature.toString('base64')}\n`
    assert.notEqual(await code({ receipt: forged }), 'held')
    assert.equal(await code({ receipt: 'no receipt at all' }), 'receipt-malformed')
  })

  it('and its salt show that a text beside an entry is the one that was committed to', async () => {
    const [row] = await world.rows(`select entry_id from sidecar where name = 'reason' order by entry_id limit 1`)
    const [text] = listAt(await auditor('ledger:show', { entry: row?.entry_id }), 'texts')
    assert.equal(commitText(sha256, textAt(text, 'salt'), textAt(text, 'content')), at(text, 'commitment'))
    assert.notEqual(commitText(sha256, textAt(text, 'salt'), `${textAt(text, 'content')}.`), at(text, 'commitment'))
  })
})
