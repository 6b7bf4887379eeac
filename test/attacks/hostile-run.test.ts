// A run that tries everything: tokens of others, actions of others, connections and paths that it was not given. It is refused, each try is on its tape with
// the code, and its own identity is good for itself alone. And upstreams that hand back the credential which they were sent: it never reaches the run.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { catalogue } from '../../src/app/catalogue.ts'
import { actingWith } from '../../src/app/starter/people.ts'
import type { Answer, Exchange } from '../../src/egress/index.ts'
import { isCoded } from '../../src/kernel/index.ts'
import { rowsOf } from '../harness/database.ts'
import { callAs, type LiveRun, liveRun, type RunCall } from '../harness/live-run.ts'
import { pipeline, refused, signIn } from '../harness/signed-in.ts'
import { baseUrl, type Harness, openStarter } from '../harness/twinlock.ts'

const json = { 'content-type': 'application/json' }
const plain: Answer = { status: 200, headers: json, body: new TextEncoder().encode('{"accounts":[]}') }
let answer: (exchange: Exchange) => Answer = () => plain
const asked: Exchange[] = []
const upstream = {
  async exchange(exchange: Exchange) {
    asked.push(exchange)
    return answer(exchange)
  },
}

let h: Harness
let run: LiveRun
let other: LiveRun
before(async () => {
  h = await openStarter({ runsMax: 0, upstream })
  run = await liveRun(h)
  other = await liveRun(h)
})
after(() => h.close())

const allowed: RunCall = { connection: 'accounts-data', path: '/accounts?limit=1' }

test('a token of another live run, of the pipeline or of nobody, brought along on a call, is refused before anything is called', async () => {
  const before = asked.length
  const foreign = [
    await other.token(),
    (await pipeline(h)).token,
    (await signIn(h, 'admin')).token,
    'not-a-token',
    'a.b.c',
    `${'e'.repeat(20)}.${Buffer.from('{"jti":""}').toString('base64url')}.x`,
  ]
  for (const bearer of foreign) await refused(run.call({ ...allowed, bearer }), 'foreign_token')
  assert.equal(asked.length, before)
  assert.equal((await run.call({ ...allowed, bearer: await run.token() })).status, 200, 'its own is not in the way')
})

test('every refused call is on the tape in its place, with its code, and with the entry that says so', async () => {
  const subject = await liveRun(h)
  const tries: [RunCall, string][] = [
    [{ connection: 'accounts-data-production', path: '/accounts?limit=1' }, 'denied'],
    [{ connection: 'metadata', path: '/latest/meta-data/' }, 'undeclared_connection'],
    [{ connection: 'accounts-data', path: 'http://169.254.169.254/latest/meta-data/' }, 'path_refused'],
    [{ connection: 'accounts-data', path: '/accounts/../admin' }, 'path_refused'],
    [{ connection: 'accounts-data', path: '/accounts/%2e%2e/admin' }, 'path_refused'],
    [{ connection: 'accounts-data', path: '//169.254.169.254/x' }, 'path_refused'],
    [{ connection: 'accounts-data', path: '/admin' }, 'denied'],
    [{ connection: 'accounts-data', path: '/accounts/1/2/invoices' }, 'denied'],
    [{ connection: 'accounts-data', method: 'DELETE', path: '/accounts' }, 'denied'],
    [{ connection: 'accounts-data', method: 'POST', path: '/accounts' }, 'denied'],
    [{ connection: 'line-historian', path: '/' }, 'denied'],
    [{ ...allowed, bearer: 'not-its-own' }, 'foreign_token'],
  ]
  for (const [call, code] of tries) await refused(subject.call(call), code)
  await subject.call(allowed)
  const tape = await rowsOf(
    h.twinlock,
    `select c.number, c.connection, c.decision, c.code, e.outcome, e.action from call c join entry e on e.org_id = c.org_id and e.id = c.entry_id where holder_id = $1 order by number`,
    [subject.id],
  )
  assert.deepEqual(
    tape.map((row) => [row.number, row.connection, row.decision, row.code]),
    [...tries.map(([call, code], at) => [at + 1, call.connection, 'denied', code]), [tries.length + 1, 'accounts-data', 'allowed', null]],
  )
  for (const row of tape) assert.equal(row.outcome, row.decision === 'allowed' ? 'done' : row.code === 'denied' ? 'denied' : 'failed')
  const shown = await (await signIn(h, 'operator')).act('run:tape', { run: subject.id })
  assert.deepEqual({ allowed: shown.allowed, denied: shown.denied }, { allowed: 1, denied: tries.length })
})

test('a header that could say who calls is refused, and on the tape; the credential of the connection is the broker’s alone', async () => {
  const before = asked.length
  for (const name of [
    'authorization',
    'Authorization',
    'cookie',
    'x-api-key',
    'X-API-Key',
    'host',
    'x-forwarded-for',
    'proxy-authorization',
    'connection',
    'transfer-encoding',
  ]) {
    await refused(run.call({ ...allowed, headers: { [name]: 'mine' } }), 'header_refused')
  }
  assert.equal(asked.length, before, 'no upstream heard of it')
  const tape = await rowsOf(h.twinlock, `select count(*) as count from call where holder_id = $1 and code = 'header_refused'`, [run.id])
  assert.equal(Number(tape[0]?.count), 10)
  await run.call(allowed)
  assert.ok(h.apiKeys.includes(asked.at(-1)?.headers['x-api-key'] ?? ''))
})

test('a run’s own JWT-SVID speaks for that run alone: every action of others is denied to it', async () => {
  const svid = { kind: 'token', token: await run.token() } as const
  const act = actingWith(h.twinlock.door, svid)
  assert.equal((await act('session:show', {})).id, run.id)
  assert.equal((await act('run:show', { run: run.id })).id, run.id)
  await refused(act('run:show', { run: other.id }), 'denied')
  await refused(act('run:credential', { run: other.id, audience: baseUrl }), 'denied')
  await refused(act('run:credential', { run: run.id, audience: baseUrl, subject: other.spiffeId }), 'foreign_subject')
  await refused(
    act('artifact:write', { run: other.id, name: 'planted', mediaType: 'text/plain', digest: `sha256:${'0'.repeat(64)}` }),
    'denied',
  )
  const own = new Set(['session:show', 'run:show', 'run:credential', 'connection:call', 'artifact:write'])
  let tried = 0
  for (const { name } of catalogue.filter((one) => !own.has(one.name))) {
    const code = await act(name, {}).then(
      () => 'done',
      (error: unknown) => (isCoded(error) ? error.code : Promise.reject(error)),
    )
    assert.match(code, /^(denied|invalid|unauthenticated)$/, name)
    tried++
  }
  const inputs: [string, Record<string, unknown>][] = [
    ['run:list', {}],
    ['person:list', {}],
    ['run:cancel', { run: other.id, reason: 'no' }],
    ['run:tape', { run: run.id }],
    ['run:end', { run: other.id, cause: 'exit_code' }],
    ['run:launch', { scenario: h.starter.scenario, environment: h.starter.environments.staging }],
    ['grant:create', { principal: h.starter.people.author, role: 'admin', reason: 'no' }],
    ['ledger:export', {}],
    ['project:create', { slug: 'x', name: 'X', owner: h.starter.people.owner }],
  ]
  for (const [name, input] of inputs) await refused(act(name, input), 'denied')
  assert.ok(tried > 35)
})

test('a JWT-SVID for another audience is nobody here, and one that was changed is nobody anywhere', async () => {
  const elsewhere = await run.token('https://bucket.example')
  await refused(actingWith(h.twinlock.door, { kind: 'token', token: elsewhere })('session:show', {}), 'token_audience')
  const [header = '', claims = '', signature = ''] = (await run.token()).split('.')
  const change = (more: object) =>
    Buffer.from(JSON.stringify({ ...JSON.parse(Buffer.from(claims, 'base64url').toString()), ...more })).toString('base64url')
  const none = Buffer.from('{"alg":"none"}').toString('base64url')
  for (const made of [
    `${header}.${change({ sub: other.spiffeId })}.${signature}`,
    `${header}.${change({ exp: 4_000_000_000 })}.${signature}`,
    `${none}.${claims}.`,
    `${header}.${claims}.${signature.slice(0, -2)}AA`,
  ]) {
    await refused(actingWith(h.twinlock.door, { kind: 'token', token: made })('session:show', {}), /^token_/)
  }
})

/** The credential that the broker sent with an exchange. */
const sent = (exchange: Exchange) => exchange.headers['x-api-key'] ?? ''
const bytes = (text: string) => new TextEncoder().encode(text)
const base64 = (text: string) => Buffer.from(text).toString('base64')

/** Everything that the run was told of an answer, as one text. */
async function told(call: RunCall = allowed): Promise<string> {
  const { headers, body, status } = await callAs(h, run.credential, call)
  return `${status} ${JSON.stringify(headers)} ${Buffer.from(body).toString('latin1')} ${Buffer.from(body).toString('utf8')}`
}

const echoes: readonly [string, (exchange: Exchange) => Answer][] = [
  ['in a text', (it) => ({ ...plain, headers: { 'content-type': 'text/plain' }, body: bytes(`you sent ${sent(it)}, did you not?`) })],
  ['in JSON', (it) => ({ ...plain, body: bytes(JSON.stringify({ you: { sent: [sent(it), { [sent(it)]: 1 }] } })) })],
  ['as base64 in JSON', (it) => ({ ...plain, body: bytes(JSON.stringify({ you: base64(sent(it)) })) })],
  ['percent-encoded', (it) => ({ ...plain, body: bytes(encodeURIComponent(sent(it))) })],
  [
    'among bytes that are no text',
    (it) => ({
      ...plain,
      headers: { 'content-type': 'application/octet-stream' },
      body: Buffer.concat([Buffer.from([255, 254, 0]), bytes(sent(it)), Buffer.from([0, 255])]),
    }),
  ],
  [
    'in a header that is passed on',
    (it) => ({ ...plain, headers: { ...json, etag: `"${sent(it)}"`, link: `<https://x.example/${sent(it)}>` } }),
  ],
  [
    'in headers that are not passed on',
    (it) => ({ ...plain, headers: { ...json, 'x-api-key': sent(it), 'set-cookie': `key=${sent(it)}`, authorization: sent(it) } }),
  ],
  ['with an error', (it) => ({ status: 401, headers: json, body: bytes(`{"error":"bad key ${sent(it)}"}`) })],
]

for (const [how, echo] of echoes) {
  test(`an upstream that hands the credential back ${how} does not get it to the run`, async () => {
    answer = echo
    const text = await told()
    answer = () => plain
    const secret = sent(asked.at(-1) ?? ({ headers: {} } as Exchange))
    assert.ok(h.apiKeys.includes(secret), 'the upstream did get it')
    for (const spelling of [secret, base64(secret), base64(secret).replace(/=+$/, '')]) assert.equal(text.includes(spelling), false, text)
  })
}
