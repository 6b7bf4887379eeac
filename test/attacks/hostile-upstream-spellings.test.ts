// An upstream that gives the broker's credential back in spellings that a run can read as easily as the plain one.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { Answer, Exchange } from '../../src/egress/index.ts'
import { type LiveRun, liveRun } from '../harness/live-run.ts'
import { type Harness, openStarter } from '../harness/twinlock.ts'

const json = { 'content-type': 'application/json' }
let answer: (exchange: Exchange) => Answer = () => ({ status: 200, headers: json, body: new Uint8Array() })
const asked: Exchange[] = []
const upstream = {
  async exchange(exchange: Exchange) {
    asked.push(exchange)
    return answer(exchange)
  },
}

let h: Harness
let run: LiveRun
before(async () => {
  h = await openStarter({ runsMax: 0, upstream })
  run = await liveRun(h)
})
after(() => h.close())

const sent = () => asked.at(-1)?.headers['x-api-key'] ?? ''
const call = () => run.call({ connection: 'accounts-data', path: '/accounts?limit=1' })

const spellings: readonly [string, (key: string) => Buffer][] = [
  ['inside of a Basic credential', (key) => Buffer.from(Buffer.from(`user:${key}`).toString('base64'))],
  ['in hexadecimal', (key) => Buffer.from(Buffer.from(key).toString('hex'))],
  ['as UTF-16', (key) => Buffer.from(key, 'utf16le')],
]

for (const [how, spell] of spellings) {
  test(`a credential that comes back ${how} is taken out`, async () => {
    answer = (it) => ({ status: 200, headers: { 'content-type': 'text/plain' }, body: spell(it.headers['x-api-key'] ?? '') })
    const { body } = await call()
    assert.equal(Buffer.from(body).includes(spell(sent())), false)
  })
}
