import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { CellExit } from './cell.ts'
import { exitRecord, lastWordsMax, recordOfExit, recordOfRefusal } from './exit.ts'

const crashed = { reason: 'crashed', code: 1, signal: null, stderrTail: '', stderrCut: false } as const satisfies CellExit
const of = (exit: Partial<CellExit>) => recordOfExit({ ...crashed, ...exit })
const jwt = [
  'eyJhbGciOiJFUzI1NiIsInR5cCI6IkpXVCJ9',
  'eyJzdWIiOiJzcGlmZmU6Ly94L3kiLCJleHAiOjE3MDAwMDAwMDB9',
  'c2lnbmF0dXJlc2lnbmF0dXJlc2lnbmF0dXJl',
].join('.')

describe('what is kept of how a cell ended', () => {
  it('is what may be kept, whatever the program wrote', () => {
    const texts = [
      '',
      '\n\n',
      '\ud800',
      '\u0000'.repeat(4096),
      '\u{e0001}\u202e\r',
      '\u2028x',
      'a'.repeat(4096),
      '\ud83d\ude00'.repeat(1024),
      `${jwt}\n`.repeat(30),
    ]
    for (const stderrTail of texts)
      for (const stderrCut of [true, false]) {
        const record = of({ stderrTail, stderrCut })
        assert.deepEqual(exitRecord.parse(record), record)
        assert.ok(record.words !== null && record.words.length <= lastWordsMax && record.words.isWellFormed())
      }
  })

  it('leaves out the beginning of a line that was cut, which may be the rest of a secret', () => {
    assert.equal(of({ stderrTail: 'rest-of-a-token\nnext', stderrCut: true }).words, 'next')
    assert.equal(of({ stderrTail: 'rest-of-a-token without an end', stderrCut: true }).words, '')
    assert.equal(of({ stderrTail: 'whole\nnext' }).words, 'whole\nnext')
  })

  it('has no token in it that the program printed', () => {
    const { words, redacted } = of({ stderrTail: `Authorization: Bearer ${jwt}\nover` })
    assert.doesNotMatch(words ?? '', /eyJ/)
    assert.match(words ?? '', /\[redacted\]\nover$/)
    assert.equal(redacted, 1)
  })

  it('ends where there are more secrets than are looked for: the rest was not assessed', () => {
    const { words, redacted } = of({ stderrTail: `${`${jwt}\n`.repeat(60)}the end` })
    assert.equal(redacted, 50)
    assert.doesNotMatch(words ?? '', /eyJ|the end/)
  })

  it('does not pass our own signal off as the program’s end', () => {
    for (const reason of ['killed', 'protocol', 'memory'] as const)
      assert.partialDeepStrictEqual(of({ reason, code: null, signal: 'SIGKILL' }), { code: null, signal: null })
    assert.partialDeepStrictEqual(of({ code: null, signal: 'SIGSEGV' }), { code: null, signal: 'SIGSEGV' })
  })

  it('is our own sentence where there never was a cell', () => {
    assert.partialDeepStrictEqual(exitRecord.parse(recordOfRefusal('x'.repeat(400))), { detail: 'x'.repeat(300), words: null })
  })
})
