import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { isCoded } from '../../kernel/index.ts'
import type { ChildMessage } from './child-messages.ts'
import { encodeChildMessage } from './codec.ts'
import { openSupervisorSide } from './supervisor-side.ts'

const ask = (id: number): ChildMessage => ({ type: 'credential', id, audience: 'a' })

describe('the end of a channel that a supervisor holds', () => {
  it('yields what was said rightly before it throws for what was not', () => {
    const side = openSupervisorSide()
    const heard: ChildMessage[] = []
    const bytes = Buffer.concat([encodeChildMessage(ask(1)), encodeChildMessage(ask(1))])
    assert.throws(
      () => {
        for (const { message } of side.receive(bytes)) heard.push(message)
      },
      (error) => isCoded(error, 'malformed'),
    )
    assert.deepEqual(heard, [ask(1)])
  })

  it('lets a number be used again once it was answered', () => {
    const side = openSupervisorSide()
    assert.equal([...side.receive(encodeChildMessage(ask(1)))].length, 1)
    side.encode({ type: 'reply', id: 1, ok: true, value: null })
    assert.equal([...side.receive(encodeChildMessage(ask(1)))].length, 1)
  })

  it('answers no request that is not open, and none twice', () => {
    const side = openSupervisorSide()
    const reply = { type: 'reply', id: 1, ok: false, problem: { code: 'denied', detail: 'No.' } } as const
    assert.throws(
      () => side.encode(reply),
      (error) => isCoded(error, 'conflict'),
    )
    assert.equal([...side.receive(encodeChildMessage(ask(1)))].length, 1)
    side.encode(reply)
    assert.throws(
      () => side.encode(reply),
      (error) => isCoded(error, 'conflict'),
    )
  })

  it('keeps a request open when its answer did not fit, so that a problem can be sent instead', () => {
    const side = openSupervisorSide()
    assert.equal([...side.receive(encodeChildMessage(ask(1)))].length, 1)
    const value = 'x'.repeat(2 ** 20)
    assert.throws(
      () => side.encode({ type: 'reply', id: 1, ok: true, value }),
      (error) => isCoded(error, 'too_large'),
    )
    assert.ok(
      side.encode({ type: 'reply', id: 1, ok: false, problem: { code: 'too_large', detail: 'The answer has more than fits.' } }).length > 4,
    )
  })

  it('knows when it is in the middle of a frame', () => {
    const side = openSupervisorSide()
    const bytes = encodeChildMessage(ask(1))
    assert.deepEqual([...side.receive(bytes.subarray(0, 9))], [])
    assert.equal(side.isMidFrame, true)
    assert.equal([...side.receive(bytes.subarray(9))].length, 1)
    assert.equal(side.isMidFrame, false)
  })
})
