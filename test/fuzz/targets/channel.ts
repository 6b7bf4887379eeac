// What a run and its supervisor say to each other: frames, and the messages in them. The child is hostile; the supervisor is not, and its bytes may still
// be cut anywhere.
import assert from 'node:assert/strict'
import { frame, SupervisorReader } from '../../../sdk/run/wire.ts'
import { utf8 } from '../../../src/kernel/index.ts'
import {
  type ChildMessage,
  encodeChildMessage,
  encodeFrame,
  frameBytesMax,
  openSupervisorSide,
  parseChildMessage,
  parseSupervisorMessage,
} from '../../../src/runs/index.ts'
import type { Seeded } from '../../harness/seeded.ts'
import { spoilBytes, spoilJsonText, spoilValue } from '../hostile.ts'
import { isRefusal, type Target, target } from '../target.ts'

const messages: readonly ChildMessage[] = [
  { type: 'hello', protocol: 1 },
  {
    type: 'call',
    id: 1,
    connection: 'accounts-data',
    method: 'GET',
    path: '/accounts?limit=2',
    headers: { accept: 'text/csv' },
    body: 'YQ==',
    bearer: 'x',
  },
  { type: 'asset', id: 2, name: 'readings.csv', offset: 0, length: 512 },
  { type: 'output', id: 3, name: 'report.md', mediaType: 'text/markdown', offset: 0, body: 'YQ==', last: true },
  { type: 'credential', id: 4, audience: 'https://elsewhere.example', subject: 'spiffe://a.b/twin/x' },
  { type: 'progress', done: 1, total: 2, note: 'half of it' },
  { type: 'log', level: 'info', text: 'a line' },
  { type: 'finish', verdict: 'passed', summary: { wrote: 1 } },
]

const said = [
  { type: 'stop', reason: 'cancelled' },
  { type: 'reply', id: 1, ok: true, value: { status: 200, headers: {}, body: '' } },
  { type: 'reply', id: 2, ok: false, problem: { code: 'denied', detail: 'no' } },
] as const

/** Bytes in pieces, cut where the kernel of a machine might. */
function cut(random: Seeded, bytes: Uint8Array): Uint8Array[] {
  const pieces: Uint8Array[] = []
  for (let at = 0; at < bytes.length; ) {
    const length = 1 + random.below(random.pick([4, 60, 4_000]))
    pieces.push(bytes.subarray(at, at + length))
    at += length
  }
  return pieces
}

/** Readers of the run's channel. */
export const channelTargets: readonly Target[] = [
  target<Uint8Array[]>({
    name: 'channel',
    share: 60,
    draw(random) {
      const stream = Array.from({ length: 1 + random.below(4) }, () => {
        const message = random.pick(messages)
        return random.once(2)
          ? encodeChildMessage(message)
          : encodeFrame(utf8(spoilJsonText(random, message).slice(0, frameBytesMax / 4) || ' '))
      })
      const bytes = Buffer.concat(stream)
      return cut(random, random.once(2) ? bytes : spoilBytes(random, bytes))
    },
    put(pieces) {
      const side = openSupervisorSide()
      let heard = 0
      for (const piece of pieces) for (const { bytes } of side.receive(piece)) heard += bytes
      assert.ok(heard <= pieces.reduce((sum, piece) => sum + piece.length, 0))
    },
  }),
  target<string>({
    name: 'child-message',
    share: 50,
    draw: (random) => spoilJsonText(random, random.pick(messages)),
    put(text) {
      const message = parseChildMessage(utf8(text.toWellFormed()))
      // What was read is said again in the same words.
      assert.deepEqual(parseChildMessage(utf8(JSON.stringify(message))), message)
    },
  }),
  target<string>({
    name: 'supervisor-message',
    share: 20,
    draw: (random) => spoilJsonText(random, spoilValue(random, random.pick(said))),
    put: (text) => parseSupervisorMessage(utf8(text.toWellFormed())),
  }),
  target<Uint8Array[]>({
    name: 'run-library',
    share: 20,
    draw(random) {
      const bytes = Buffer.concat([encodeFrame(utf8(JSON.stringify(random.pick(said)))), frame({ type: 'hello', protocol: 1 })])
      return cut(random, spoilBytes(random, bytes))
    },
    put(pieces) {
      const reader = new SupervisorReader()
      for (const piece of pieces) reader.read(piece)
    },
    promises: (error) => error instanceof RangeError || error instanceof SyntaxError || isRefusal(error),
  }),
]
