import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { type Digest, fail, newId, type Ports } from '../../kernel/index.ts'
import type { OutputMessage } from '../../runs/index.ts'
import type { Broker } from '../broker.ts'
import type { Answer, Door } from '../door/govern.ts'
import { type AnswerParts, RunAnswers } from './answers.ts'
import { FreezeGate } from './freeze-gate.ts'

const random = { bytes: (count: number) => new Uint8Array(count) }
const outside = { clock: { now: () => 0, monotonic: () => 0 }, random }
const ports = { blobs: { put: async () => 'sha256:0' as Digest } } as unknown as AnswerParts['ports'] & Ports // nothing else is asked of them here
const [org, run] = [newId('org', outside), newId('run', outside)]
const outputs = { filesMax: 40, bytesMax: 4_000 }

const output = (id: number): OutputMessage => ({
  type: 'output',
  id,
  name: `file-${id}`,
  mediaType: 'text/plain',
  offset: 0,
  body: 'AAAA',
  last: true,
})

/** A run over a door that does as it is told. */
function answering(govern: (name: unknown) => Promise<Answer>, look: () => Promise<void> = async () => undefined) {
  const gate = new FreezeGate(1, look)
  const door: Door = { catalogue: [], govern: ({ input }) => govern(Object(input).name) }
  const broker: Broker = { call: () => Promise.reject(new Error('Nothing is called here.')) }
  return { gate, answers: new RunAnswers({ door, broker, ports }, { org, run, gate, assets: [], outputs }) }
}

const done: Answer = { result: {}, entry: null }
/** Lets everything happen that waits for nothing outside. */
const turn = () => new Promise<void>((resolve) => setImmediate(resolve))

describe('a run that finishes many files at once', () => {
  it('has them kept one after the other, in their order, and holds no more of the store than one connection', async () => {
    const kept: unknown[] = []
    let [underWay, most] = [0, 0]
    const { answers } = answering(async (name) => {
      most = Math.max(most, ++underWay)
      await turn()
      underWay--
      kept.push(name)
      return done
    })
    const asked = Array.from({ length: 32 }, (_, at) => output(at + 1))
    await Promise.all(asked.map((one) => answers.answer(one)))
    assert.deepEqual([most, kept], [1, asked.map(({ name }) => name)])
  })

  it('is told which one was refused, and has the others kept', async () => {
    const { answers } = answering((name) => (name === 'file-2' ? Promise.reject(fail('conflict', 'It is there.')) : Promise.resolve(done)))
    const became = await Promise.allSettled([1, 2, 3].map((id) => answers.answer(output(id))))
    assert.deepEqual(
      became.map(({ status }) => status),
      ['fulfilled', 'rejected', 'fulfilled'],
    )
  })
})

describe('a run whose store cannot serve', () => {
  const away = (undone: boolean) => fail('unavailable', 'The store does not answer at the moment.', { facts: { undone } })
  const standing = { isFrozen: false, epoch: 1 }

  /** The door of a store that is away a few times; `asked` counts. */
  function away3(undone = true) {
    const it = { asked: 0 }
    return { it, ...answering(() => (++it.asked <= 3 ? Promise.reject(away(undone)) : Promise.resolve(done))) }
  }

  it('waits with what it asked for until the store says again how it stands, and is not failed by it', async () => {
    const { it: door, gate, answers } = away3()
    let isAnswered = false
    const answered = answers.answer(output(1)).then(() => {
      isAnswered = true
    })
    for (const times of [1, 2, 3]) {
      await turn()
      assert.deepEqual([door.asked, isAnswered], [times, false])
      gate.hear(standing)
    }
    await answered
    assert.equal(door.asked, 4)
  })

  it('waits as well where the store cannot even say whether it is frozen', async () => {
    let [asked, looked] = [0, 0]
    const { gate, answers } = answering(
      () => (++asked === 1 ? Promise.reject(fail('run_frozen', 'It is frozen.')) : Promise.resolve(done)),
      () => (++looked === 1 ? Promise.reject(away(true)) : Promise.resolve()),
    )
    const answered = answers.answer(output(1))
    await turn()
    gate.hear(standing)
    await answered
    assert.deepEqual([asked, looked], [2, 1])
  })

  it('is not asked again for what may have been done', async () => {
    const { it: door, answers } = away3(false)
    await assert.rejects(answers.answer(output(1)), { code: 'unavailable' })
    assert.equal(door.asked, 1)
  })

  it('waits no longer than it lives', async () => {
    const { it: door, gate, answers } = away3()
    const refused = assert.rejects(answers.answer(output(1)), { code: 'unavailable' })
    await turn()
    gate.open()
    await refused
    assert.equal(door.asked, 2)
  })
})
