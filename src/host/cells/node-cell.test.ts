import assert from 'node:assert/strict'
import type { ChildProcess } from 'node:child_process'
import { EventEmitter } from 'node:events'
import { Duplex, Readable } from 'node:stream'
import { describe, it, type TestContext } from 'node:test'
import { type ChildMessage, openSupervisorSide } from '../../runs/index.ts'
import { NodeCell } from './node-cell.ts'

const strength = {
  kind: 'node-permission',
  uid: 'own',
  network: 'denied',
  fileSystem: 'denied',
  execution: 'denied',
  memory: 'limited',
  probed: [],
} as const
const drainMs = 2_000

function frameOf(message: ChildMessage): Buffer {
  const body = Buffer.from(JSON.stringify(message))
  const head = Buffer.alloc(4)
  head.writeUInt32BE(body.length)
  return Buffer.concat([head, body])
}

/** A cell whose process has just ended, with what it wrote still to be read; timers go by hand. */
function justEnded(t: TestContext, wasOutOfMemory?: () => boolean) {
  t.mock.timers.enable({ apis: ['setInterval', 'setTimeout'] })
  const child = Object.assign(new EventEmitter(), { exitCode: null as number | null, signalCode: null as string | null, kill: () => true })
  const channel = new Duplex({ allowHalfOpen: false, read: () => undefined, write: (_chunk, _encoding, done) => done() })
  const errors = new Readable({ read: () => undefined })
  const limit = wasOutOfMemory === undefined ? {} : { wasOutOfMemory }
  // Only what a cell asks of its process is there.
  const cell = new NodeCell({ child: child as unknown as ChildProcess, channel, errors, side: openSupervisorSide(), ...limit }, strength)
  if (wasOutOfMemory === undefined) child.exitCode = 0
  else child.signalCode = 'SIGKILL'
  child.emit('exit')
  return { cell, channel, errors }
}

/** Lets everything happen that waits for no timer. */
const turn = () => new Promise<void>((resolve) => setImmediate(resolve))

describe('a cell whose process has ended', () => {
  it('hears what it said last, however long this process stood still before it read', async (t) => {
    const { cell, channel, errors } = justEnded(t)
    await turn()
    t.mock.timers.tick(drainMs)
    channel.push(frameOf({ type: 'finish', verdict: 'passed', summary: null }))
    channel.push(null)
    errors.push(null)
    const said: string[] = []
    for await (const { type } of cell.messages) said.push(type)
    assert.deepEqual([said, (await cell.exited).reason], [['finish'], 'ended'])
  })

  it('had too little memory where the system says so, and was ended by a signal where it does not', async (t) => {
    for (const [said, reason] of [
      [true, 'memory'],
      [false, 'crashed'],
    ] as const) {
      const { cell, channel, errors } = justEnded(t, () => said)
      for (const stream of [channel, errors]) stream.push(null)
      channel.resume()
      const exit = await cell.exited
      assert.deepEqual([exit.reason, exit.signal], [reason, 'SIGKILL'])
      t.mock.timers.reset()
    }
  })

  it('is let go where nothing more comes and nobody closes its channel', async (t) => {
    const { cell } = justEnded(t)
    await turn()
    t.mock.timers.tick(drainMs)
    await turn()
    t.mock.timers.tick(drainMs)
    assert.equal((await cell.exited).code, 0)
  })
})
