// Answers hold texts that anybody may have written; a terminal obeys what it is shown.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { genericLines } from './generic.ts'
import { createPaint } from './paint.ts'

// The one-character form of an escape sequence's beginning, and a turn of the direction of writing: JSON leaves both as they are.
const [sequence, turned] = ['\u009b1m', '\u202e']

test('what an answer holds commands no terminal, wherever it stands in it', () => {
  const hostile = `a${sequence}b${turned}`
  const answers = [
    { name: hostile },
    { names: [hostile] },
    { [hostile]: 'a name' },
    { parts: [[hostile]] },
    { parts: [{ name: hostile }] },
    { items: [{ name: hostile, parts: [{ name: hostile }] }] },
    { items: [{ [hostile]: 1 }] },
  ]
  for (const answer of answers) {
    const printed = genericLines(answer, createPaint(false)).join('\n')
    assert.ok(printed.includes('a\ufffd1mb\ufffd'), `${JSON.stringify(answer)} is printed`)
    assert.doesNotMatch(printed, /[\u0080-\u009f\u202e]/, JSON.stringify(answer))
  }
})
