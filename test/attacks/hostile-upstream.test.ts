// Upstreams that spell the credential which they were sent in a way that a run can read as easily as the plain one, or put personal fields behind the limit
// of what redaction looks at.
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
const bytes = (text: string) => new TextEncoder().encode(text)
const call = () => run.call({ connection: 'accounts-data', path: '/accounts?limit=1' })

test('a credential that comes back as base64 in a header which is passed on is taken out, as it is in a body', async () => {
  answer = (it) => ({
    status: 200,
    headers: { ...json, etag: `"${Buffer.from(it.headers['x-api-key'] ?? '').toString('base64')}"` },
    body: bytes('{}'),
  })
  const { headers } = await call()
  assert.equal(JSON.stringify(headers).includes(Buffer.from(sent()).toString('base64')), false)
})

test('a credential that comes back in JSON with escapes is taken out: the run parses JSON', async () => {
  answer = (it) => ({
    status: 200,
    headers: json,
    body: bytes(
      `{"k":"${[...(it.headers['x-api-key'] ?? '')].map((one) => `\\u${one.charCodeAt(0).toString(16).padStart(4, '0')}`).join('')}"}`,
    ),
  })
  const { body } = await call()
  assert.notEqual(JSON.parse(Buffer.from(body).toString()).k, sent())
})

test('an answer with more values than redaction looks at is refused, and not passed on with its personal fields', async () => {
  answer = () => ({ status: 200, headers: json, body: bytes(`{"fill":[${'0,'.repeat(120_000)}0],"email":"somebody@people.example"}`) })
  const text = await call().then(
    ({ body }) => Buffer.from(body).toString(),
    () => 'refused',
  )
  assert.equal(text.includes('somebody@people.example'), false)
})

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
