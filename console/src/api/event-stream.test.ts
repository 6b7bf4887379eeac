// Events are the same however the network cuts them, and comments are none.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { EventReader } from './event-stream.ts'

const text = ': keep-alive\n\nid: 7\nevent: call\ndata: {"a":1}\ndata: 2\n\nretry: 500\ndata: x\n\n'
const whole = [
  { event: 'call', data: '{"a":1}\n2', id: '7' },
  { event: 'message', data: 'x', id: '7' },
]

test('a stream in one piece', () => assert.deepEqual(new EventReader().read(text), whole))

test('a stream cut anywhere, with any line ending', () => {
  for (const ending of ['\n', '\r\n', '\r']) {
    const same = text.replaceAll('\n', ending)
    for (let size = 1; size < 9; size += 1) {
      const reader = new EventReader()
      const found = same.match(new RegExp(`[^]{1,${size}}`, 'g'))?.flatMap((piece) => reader.read(piece)) ?? []
      found.push(...reader.read(ending === '\r' ? '\n' : ''))
      assert.deepEqual(found, whole, `${JSON.stringify(ending)} in pieces of ${size}`)
      assert.equal(reader.retryMs, 500)
    }
  }
})

test('an event without data is none, and half of one is not answered', () => {
  const reader = new EventReader()
  assert.deepEqual(reader.read('event: run\nid: 3\n\ndata: half'), [])
  assert.deepEqual(reader.read('\n\n'), [{ event: 'message', data: 'half', id: '3' }])
})

test('an event that does not end is refused', () => {
  const reader = new EventReader()
  reader.read(`data: ${'x'.repeat(3_000_000)}`)
  assert.throws(() => reader.read('x'.repeat(2_000_000)), /more than 4000000 characters/)
})
