import assert from 'node:assert/strict'
import { createHash, generateKeyPairSync, sign, verify } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { fail } from '../kernel/index.ts'
import { appendLeaves, EMPTY_TREE, formatVerifierKey, hashLeaf, signCheckpoint, treeRoot, verifierKey } from '../ledger/index.ts'
import { type Answers, type FakeTwinlock, fakeId, fakeLinkToken, fakeOrg, startFake } from './fixtures/fake-twinlock.ts'

const running: FakeTwinlock[] = []
after(async () => {
  for (const one of running) await one.stop()
})

async function signedIn(answers: Answers = {}): Promise<FakeTwinlock> {
  const one = await startFake(answers)
  running.push(one)
  assert.equal((await one.run('login', fakeLinkToken)).exit, 0)
  return one
}

const digest = (text: string): string => `sha256:${createHash('sha256').update(text).digest('hex')}`
const at = '2026-11-22T05:00:00.000Z'
const spiffe = (path: string): string => `spiffe://staging.x.twinlock.internal/${path}`

const promotion = {
  id: fakeId('prm', 1),
  artifact: fakeId('art', 1),
  run: fakeId('run', 1),
  twin: fakeId('twn', 1),
  state: 'in_review',
  channel: 'payments',
  requestedAt: at,
  crossedAt: null,
  version: 3,
}
const detail = {
  ...promotion,
  digest: digest('x'),
  sensitivity: 'internal',
  test: {
    spiffeId: spiffe('twin/payments/run/r'),
    trustDomain: 'staging.x',
    environment: 'staging',
    key: 'none',
    owner: fakeId('per', 1),
    ends: 'with the run',
  },
  production: {
    spiffeId: 'spiffe://production.x/service/settler',
    trustDomain: 'production.x',
    environment: 'production',
    key: 'thumb',
    owner: fakeId('per', 2),
    ends: at,
  },
  permissions: {
    granted: [
      { connection: fakeId('con', 1), methods: ['GET'], path: '/accounts', used: true },
      { connection: fakeId('con', 1), methods: ['POST'], path: '/refunds', used: false },
    ],
    rules: [{ from: fakeId('con', 1), connection: fakeId('con', 2), methods: ['GET'], path: '/accounts', calls: 1, generalised: 1 }],
    unmapped: [],
  },
  checks: [
    { name: 'digest', result: 'passed', blocking: true, detail: 'It holds.', facts: {} },
    { name: 'replay', result: 'failed', blocking: true, detail: 'One call would be refused.', facts: {} },
    { name: 'key-hosts', result: 'not_assessed', blocking: false, detail: 'Nobody looked.', facts: {} },
  ],
  approvals: { needed: 2, given: [{ person: fakeId('per', 3), decision: 'approved', at }] },
  makers: [fakeId('per', 1), fakeId('run', 1)],
  requestedBy: fakeId('per', 1),
  nonce: 'n'.repeat(32),
}
const connections = {
  'connection:list': () => ({
    items: [
      { id: fakeId('con', 1), slug: 'accounts-data' },
      { id: fakeId('con', 2), slug: 'accounts-data-production' },
    ],
    next: null,
  }),
}

test('a promotion is shown as a diff of identities and permissions, with every check, who made it, and what comes next', async () => {
  const one = await signedIn({ ...connections, 'promotion:show': () => detail })
  const { out, err, exit } = await one.run('promotion', 'show', promotion.id)
  assert.equal(exit, 0, err)
  for (const said of [
    /Promotion prm_0+1 {2}in review {2}version 3/,
    new RegExp(detail.digest),
    /- spiffe:\/\/staging\.x\.twinlock\.internal\/twin\/payments\/run\/r\n +\+ spiffe:\/\/production\.x\/service\/settler/,
    /granted +✓ used +accounts-data con_0+1 +GET \/accounts/,
    /granted +– not used +accounts-data con_0+1 +POST \/refunds/,
    /proposed +from 1 call +accounts-data-production con_0+2 +GET \/accounts/,
    /✓ +digest +It holds/,
    /✗ +replay +stops it +One call would be refused/,
    /– +key-hosts +does not stop it +Nobody looked/,
    /1 of 2 approvals/,
    /per_0+1 \(operator\) \(asked for it\)/,
  ])
    assert.match(out, said)
  assert.match(err, /Next: twinlock promotion approve prm_0+1/)
})

test('where connections may not be listed, a promotion is shown with their ids', async () => {
  const one = await signedIn({ 'promotion:show': () => detail })
  assert.match((await one.run('promotion', 'show', promotion.id)).out, /✓ used +con_0+1/)
})

test('an approval says how many there are now, and what comes next', async () => {
  const one = await signedIn({ 'promotion:approve': () => ({ ...promotion, state: 'approved' }), 'promotion:show': () => detail })
  const { out, err } = await one.run('promotion', 'approve', promotion.id)
  assert.match(out, /in review → approved/)
  assert.match(out, /approvals +1 of 2/)
  assert.match(err, /promotion cross prm_/)
})

test('an approval that was refused looks at nothing and prints nothing', async () => {
  const one = await signedIn({ 'promotion:show': () => detail })
  const { out, exit } = await one.run('promotion', 'approve', promotion.id)
  assert.equal(exit, 3)
  assert.equal(out, '')
  assert.equal(one.asked.at(-1)?.action, 'promotion:approve')
})

test('a crossing says which identity ended and which began', async () => {
  const crossed = { ...promotion, state: 'crossed', crossedAt: at, tokensEnded: 1, superseded: null, rules: 2 }
  const one = await signedIn({ 'promotion:cross': () => crossed, 'promotion:show': () => ({ ...detail, state: 'crossed' }) })
  const { out, err } = await one.run('promotion', 'cross', promotion.id)
  assert.match(out, /approved → crossed/)
  assert.match(out, /ended +spiffe:\/\/staging\.x/)
  assert.match(out, /began +spiffe:\/\/production\.x/)
  assert.match(out, /2 rules, none broader than was used/)
  assert.match(err, /artifact pull payments@production/)
})

test('crossing what waits for approval ends with the code that says so, and crossing what crossed does not', async () => {
  const wrong = (state: string): Answers => ({
    'promotion:cross': () => {
      throw fail('wrong_state', `This promotion is ${state}; only an approved one crosses.`)
    },
  })
  assert.equal((await (await signedIn(wrong('in_review'))).run('promotion', 'cross', promotion.id)).exit, 7)
  assert.equal((await (await signedIn(wrong('crossed'))).run('promotion', 'cross', promotion.id)).exit, 6)
})

const run = {
  id: fakeId('run', 1),
  twin: fakeId('twn', 1),
  scenario: fakeId('scn', 1),
  environment: fakeId('env', 1),
  state: 'queued',
  outcome: null,
  reason: null,
  identities: { operator: fakeId('per', 1), orchestrator: 'scheduler', twin: spiffe('twin/payments/run/r') },
  sensitivity: 'internal',
  seed: 1,
  queuedAt: at,
  startedAt: null,
  deadline: at,
  endedAt: null,
  closed: null,
}

test('a run that is frozen says until when, by whom and what that ended, and how to let it go on', async () => {
  const frozen = { until: '2026-11-22T10:00:00.000Z', by: fakeId('per', 1), reason: 'It drove \u001b[31min circles.' }
  const one = await signedIn({ 'run:freeze': () => ({ ...run, state: 'running', frozen, stopped: { credentials: 2 }, tookMs: 4.2 }) })
  const { out, err, exit } = await one.run('run', 'freeze', run.id, '--reason', 'It drove in circles.', '--minutes', '5')
  assert.equal(exit, 0, err)
  assert.match(out, /frozen +until .* by .*: It drove/)
  assert.doesNotMatch(out, /\u001b\[31min/)
  assert.match(out, /2 credentials ended in 4\.2 ms\. Nothing of the run is admitted any more\./)
  assert.match(`${out}${err}`, new RegExp(`twinlock run thaw ${run.id} --reason`))
})

test('a watched launch ends with three identities, the calls and the digest, and its progress is not data', async () => {
  const states = [
    { ...run, state: 'running', progress: { done: 2, total: 4, note: 'half' } },
    { ...run, state: 'ended', outcome: 'succeeded', endedAt: at, closed: { admissionMs: 3.2, cellMs: 80, tokens: 1 }, progress: null },
  ]
  const one = await signedIn({
    'run:launch': () => run,
    'run:show': () => (states.length > 1 ? states.shift() : states[0]),
    'run:tape': () => ({ items: [], allowed: 72, denied: 6, next: null }),
    'artifact:list': () => ({ items: [{ id: fakeId('art', 1), run: run.id, digest: digest('x') }], next: null }),
  })
  const { out, err, exit } = await one.run('run', 'launch', '--scenario', run.scenario, '--environment', run.environment, '--watch')
  assert.equal(exit, 0, err)
  for (const said of [
    /operator +per_0+1 \(operator\)/,
    /orchestrator +scheduler/,
    /twin +spiffe:/,
    /72 allowed, 6 denied/,
    new RegExp(digest('x')),
    /after 3\.2 ms · 1 credential ended/,
  ])
    assert.match(out, said)
  assert.match(err, /running: half \(2 of 4\)/)
  assert.doesNotMatch(out, /half/)
})

test('a tape is a line for each call, allowed or refused', async () => {
  const call = {
    id: 'cal_1',
    number: 1,
    connection: 'payments-api',
    method: 'POST',
    path: '/payments',
    decision: 'allowed',
    code: null,
    state: 'settled',
    status: 201,
    responseBytes: 20,
    durationMs: 5,
    entry: 'ent_1',
    at,
  }
  const one = await signedIn({
    'run:tape': () => ({
      items: [call, { ...call, number: 2, decision: 'denied', code: 'denied', status: null, responseBytes: null, durationMs: null }],
      allowed: 1,
      denied: 1,
      next: null,
    }),
  })
  const { out } = await one.run('run', 'tape', run.id)
  assert.match(out, /1 {2}05:00:00\.000 {2}✓ {2}POST {2}payments-api\/payments {2}201 +20 bytes {2}5\.0 ms/)
  assert.match(out, /2 {2}05:00:00\.000 {2}✗ {2}POST {2}payments-api\/payments {2}denied/)
  assert.match(out, /1 allowed, 1 denied/)
})

function serviceKey(
  one: FakeTwinlock,
  pulls: readonly string[],
): { readonly file: string; readonly publicKey: import('node:crypto').KeyObject } {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const folder = join(one.folder, 'data', 'workloads')
  mkdirSync(folder, { recursive: true })
  const file = join(folder, 'settler.json')
  const tokenEndpoint = `${one.url}/o/${fakeOrg}/e/${fakeId('env', 2)}/token`
  const key = {
    kind: 'service',
    slug: 'settler',
    organization: fakeOrg,
    environment: fakeId('env', 2),
    spiffeId: 'spiffe://production.x/service/settler',
    tokenEndpoint,
    audience: 'http://127.0.0.1:8484',
    jwk: privateKey.export({ format: 'jwk' }),
    pulls,
  }
  writeFileSync(file, JSON.stringify(key))
  return { file, publicKey }
}

function pulled(files: Readonly<Record<string, string>>, lie = false) {
  return {
    artifact: fakeId('art', 1),
    digest: digest('artifact'),
    promotion: promotion.id,
    files: Object.entries(files).map(([name, text]) => ({
      name,
      mediaType: 'text/plain',
      digest: digest(lie ? 'else' : text),
      bytes: text.length,
      content: Buffer.from(text).toString('base64'),
    })),
    attestations: [{ predicateType: 'https://slsa.dev/provenance/v1', envelope: {} }],
  }
}

const issue: Answers = { 'token:issue': () => ({ accessToken: 'a.b.c', expiresIn: 300, spiffeId: 'x' }) }

test('a pull acts as the service whose key file names the channel, and proves its key by an assertion for the token endpoint', async () => {
  const one = await signedIn({ ...issue, 'artifact:pull': () => pulled({ 'policy.json': '{}', 'deep/report.md': 'fine' }) })
  const { publicKey } = serviceKey(one, ['payments@production'])
  const { out, err, exit } = await one.run('artifact', 'pull', 'payments@production')
  assert.equal(exit, 0, err)
  assert.equal(readFileSync(join(one.folder, 'payments@production', 'deep', 'report.md'), 'utf8'), 'fine')
  assert.match(out, new RegExp(digest('artifact')))
  assert.deepEqual(one.asked.at(-1)?.credential, { kind: 'token', token: 'a.b.c' })
  const asked = one.asked.find((request) => request.action === 'token:issue')?.credential
  assert.ok(asked?.kind === 'assertion')
  const [header = '', claims = '', signature = ''] = asked.token.split('.')
  const signed = Buffer.from(`${header}.${claims}`)
  assert.ok(verify('sha256', signed, { key: publicKey, dsaEncoding: 'ieee-p1363' }, Buffer.from(signature, 'base64url')))
  const said = JSON.parse(Buffer.from(claims, 'base64url').toString())
  assert.equal(said.aud, `${one.url}/o/${fakeOrg}/e/${fakeId('env', 2)}/token`)
  assert.equal(said.iss, 'spiffe://production.x/service/settler')
})

test('a pull overwrites nothing unless it is told to', async () => {
  const one = await signedIn({ ...issue, 'artifact:pull': () => pulled({ 'policy.json': '{}' }) })
  serviceKey(one, ['payments@production'])
  assert.equal((await one.run('artifact', 'pull', 'payments@production')).exit, 0)
  writeFileSync(join(one.folder, 'payments@production', 'policy.json'), 'mine')
  assert.equal((await one.run('artifact', 'pull', 'payments@production')).exit, 2)
  assert.equal(readFileSync(join(one.folder, 'payments@production', 'policy.json'), 'utf8'), 'mine')
  assert.equal((await one.run('artifact', 'pull', 'payments@production', '--force')).exit, 0)
})

test('a pull writes nothing when one digest does not hold, or one name would leave the folder', async () => {
  const lying = await signedIn({ ...issue, 'artifact:pull': () => pulled({ 'policy.json': '{}' }, true) })
  serviceKey(lying, ['payments@production'])
  const lied = await lying.run('artifact', 'pull', 'payments@production')
  assert.equal(lied.exit, 9)
  assert.match(lied.err, /not what its digest says/)
  assert.equal(existsSync(join(lying.folder, 'payments@production')), false)
  for (const name of ['../escape', '/etc/passwd', 'a/../../escape', 'a\\b', '.']) {
    const one = await signedIn({ ...issue, 'artifact:pull': () => pulled({ 'policy.json': '{}', [name]: 'x' }) })
    serviceKey(one, ['payments@production'])
    assert.equal((await one.run('artifact', 'pull', 'payments@production')).exit, 9, name)
    assert.equal(existsSync(join(one.folder, 'payments@production')), false)
  }
})

test('a pull does not write through a link that lies in its folder', async () => {
  const one = await signedIn({ ...issue, 'artifact:pull': () => pulled({ 'out/policy.json': 'x' }) })
  serviceKey(one, ['payments@production'])
  mkdirSync(join(one.folder, 'payments@production'))
  mkdirSync(join(one.folder, 'elsewhere'))
  symlinkSync(join(one.folder, 'elsewhere'), join(one.folder, 'payments@production', 'out'))
  assert.equal((await one.run('artifact', 'pull', 'payments@production', '--force')).exit, 2)
  assert.equal(existsSync(join(one.folder, 'elsewhere', 'policy.json')), false)
})

test('a pull without a key says where it looked; a service that is not promoted waits for approval', async () => {
  const one = await signedIn({
    'token:issue': () => {
      throw fail('not_promoted', 'This workload is pending.')
    },
  })
  assert.match((await one.run('artifact', 'pull', 'payments@production')).err, /No key file in .*workloads/)
  const { file } = serviceKey(one, [])
  const waiting = await one.run('artifact', 'pull', 'payments@production', '--key', file)
  assert.equal(waiting.exit, 7)
  assert.match(waiting.err, /gets no token: This workload is pending/)
})

test('a key file that is not one is told by its field, and none of it is repeated', async () => {
  const one = await signedIn()
  writeFileSync(join(one.folder, 'bad.json'), JSON.stringify({ kind: 'service', jwk: { d: 'private-part' } }))
  const { exit, err } = await one.run('artifact', 'pull', 'payments@production', '--key', 'bad.json')
  assert.equal(exit, 2)
  assert.doesNotMatch(err, /private-part/)
})

test('a service proves its key with the nonce that its promotion holds', async () => {
  const one = await signedIn({
    'promotion:show': () => detail,
    'promotion:prove-key': () => ({ promotion: promotion.id, thumbprint: 'thumb' }),
  })
  const { file } = serviceKey(one, [])
  const { exit, err } = await one.run('promotion', 'prove-key', promotion.id, '--service-key', file)
  assert.equal(exit, 0, err)
  const asked = one.asked.at(-1)
  assert.deepEqual(asked?.input, { promotion: promotion.id, nonce: detail.nonce })
  assert.ok(asked?.credential?.kind === 'assertion')
  assert.equal(
    JSON.parse(Buffer.from(asked.credential.token.split('.')[1] ?? '', 'base64url').toString()).aud,
    `${one.url}/v1/promotions/${promotion.id}/prove-key#${detail.nonce}`,
  )
})

const sha256 = (bytes: Uint8Array): Uint8Array => new Uint8Array(createHash('sha256').update(bytes).digest())

/** A log of made-up entries with a checkpoint that a fresh key signed. */
async function signedLog(entries: readonly string[]) {
  const { publicKey, privateKey } = generateKeyPairSync('ed25519')
  const raw = new Uint8Array(publicKey.export({ format: 'der', type: 'spki' }).subarray(-32))
  const key = verifierKey(sha256, { name: 'example.test/log', type: 1, publicKey: raw })
  const { state } = appendLeaves(
    sha256,
    EMPTY_TREE,
    entries.map((entry) => hashLeaf(sha256, new TextEncoder().encode(entry))),
  )
  const root = treeRoot(sha256, state)
  const checkpoint = signCheckpoint(
    { key, sign: (message: Uint8Array) => new Uint8Array(sign(null, message, privateKey)) },
    { origin: key.name, size: state.size, root },
  )
  return { checkpoint, verifierKey: formatVerifierKey(key) }
}

const entries = ['{"n":0}', '{"n":1}', '{"n":2}', '{"text":"ü"}', '{"n":4}']

async function ledger(): Promise<FakeTwinlock> {
  const log = await signedLog(entries)
  return signedIn({
    'ledger:export': ({ from = 0 }) => {
      const start = Number(from)
      const end = Math.min(entries.length, start + 2)
      return { ...log, size: entries.length, from: start, entries: entries.slice(start, end), next: end < entries.length ? end : null }
    },
  })
}

test('a ledger is exported page by page and verified offline, and without a folder both', async () => {
  const one = await ledger()
  const exported = await one.run('ledger', 'export', '--out', 'evidence')
  assert.equal(exported.exit, 0, exported.err)
  assert.equal(readFileSync(join(one.folder, 'evidence', 'entries.jsonl'), 'utf8'), `${entries.join('\n')}\n`)
  const calls = one.asked.length
  const verified = await one.run('ledger', 'verify', 'evidence')
  assert.equal(verified.exit, 0, verified.err)
  assert.match(verified.out, /The ledger holds.*exactly the 5 entries/)
  assert.equal(one.asked.length, calls)
  const both = await one.run('ledger', 'verify')
  assert.equal(both.exit, 0, both.err)
  assert.match(both.err, /Exported 5 entries into .*exports/)
  assert.equal((await one.run('ledger', 'export', '--out', 'evidence')).exit, 2)
})

test('an export that was touched does not hold, whatever was touched', async () => {
  const one = await ledger()
  await one.run('ledger', 'export', '--out', 'evidence')
  const touch = async (file: string, change: (text: string) => string) => {
    const path = join(one.folder, 'evidence', file)
    const before = readFileSync(path, 'utf8')
    writeFileSync(path, change(before))
    const ran = await one.run('ledger', 'verify', 'evidence')
    writeFileSync(path, before)
    assert.equal(ran.exit, 9, `${file}: ${ran.err}`)
    assert.equal(ran.out, '')
    return ran.err
  }
  assert.match(await touch('entries.jsonl', (text) => text.replace('{"n":1}', '{"n":7}')), /not those that were signed/)
  await touch('entries.jsonl', (text) => text.split('\n').slice(1).join('\n'))
  await touch('entries.jsonl', (text) => `${text}{"n":9}\n`)
  await touch('checkpoint', (text) => text.replace('\n5\n', '\n4\n'))
  await touch('verifier.key', () => 'nonsense')
  const other = await signedLog(entries)
  writeFileSync(join(one.folder, 'trusted.key'), other.verifierKey)
  assert.equal((await one.run('ledger', 'verify', 'evidence', '--verifier-key', 'trusted.key')).exit, 9)
})

test('an export with the log’s leaf hashes names the entry that is not the one that was signed', async () => {
  const log = await signedLog(entries)
  const leaves = Buffer.concat(entries.map((text) => hashLeaf(sha256, new TextEncoder().encode(text)))).toString('base64')
  const served = entries.with(3, '{"text":"u"}')
  const one = await signedIn({
    'ledger:export': () => ({ ...log, size: served.length, from: 0, entries: served, leaves, next: null }),
  })
  assert.equal((await one.run('ledger', 'export', '--out', 'evidence')).exit, 0)
  const { exit, err } = await one.run('ledger', 'verify', 'evidence')
  assert.equal(exit, 9)
  assert.match(err, /entry-changed: Entry 3 is not the one that was signed/)
  writeFileSync(join(one.folder, 'evidence', 'leaves.tile'), Buffer.alloc(33))
  assert.equal((await one.run('ledger', 'verify', 'evidence')).exit, 9, 'leaves that are none help nobody')
})

test('a key rotates in its file: made here, sent by its public half, kept where nobody knows what became of it', async () => {
  const thumbs = { thumbprint: 'new', former: 'old', formerUntil: at, tokensEnded: 0 }
  let answer: () => object = () => ({ id: fakeId('svc', 1), ...thumbs })
  const one = await signedIn({ 'workload:rotate': () => answer() })
  const { file } = serviceKey(one, ['c@production'])
  const keyIn = (path: string) => JSON.parse(readFileSync(path, 'utf8'))
  const before = keyIn(file)
  const rotate = (...more: string[]) => one.run('workload', 'rotate', fakeId('svc', 1), '--key-file', file, ...more)
  const { exit, out, err } = await rotate()
  assert.equal(exit, 0, err)
  assert.match(out, /has the key new\.[\s\S]*The one before, old, is good until/)
  const { d, ...open } = keyIn(file).jwk
  assert.deepEqual(one.asked.at(-1)?.input, { workload: fakeId('svc', 1), jwk: open })
  assert.notEqual(d, before.jwk.d)
  assert.deepEqual({ ...keyIn(file), jwk: 0 }, { ...before, jwk: 0 })
  assert.equal(statSync(file).mode & 0o777, 0o600)
  const held = readFileSync(file, 'utf8')
  answer = () => {
    throw fail('denied', 'Only its owner.')
  }
  assert.equal((await rotate()).exit, 3)
  assert.deepEqual([readFileSync(file, 'utf8'), existsSync(`${file}.next`)], [held, false], 'a refusal changes nothing')
  answer = () => {
    throw fail('unavailable', 'The store is away.')
  }
  const unknown = await rotate()
  assert.deepEqual([unknown.exit, readFileSync(file, 'utf8')], [1, held])
  assert.match(unknown.err, /Nobody knows whether it counts\.[\s\S]*\.next/)
  assert.equal(keyIn(`${file}.next`).slug, 'settler')
  assert.equal((await rotate()).exit, 2, 'what may count is not written over')
  assert.equal((await one.run('workload', 'rotate', fakeId('svc', 1))).exit, 2)
})

test('a workload is registered with a key that is made in its own file: one that acts at once, is nowhere else, and goes where the server says no', async () => {
  const spiffeId = 'spiffe://sim.example/pipeline/ci'
  const [environment, owner] = [fakeId('env', 1), fakeId('per', 1)]
  let answer: () => object = () => ({ id: fakeId('pip', 1), kind: 'pipeline', slug: 'ci', environment, spiffeId })
  const one = await signedIn({ 'workload:create': () => answer() })
  const wish = ['workload', 'create', '--kind', 'pipeline', '--slug', 'ci', '--environment', environment, '--owner', owner]
  const { exit, err } = await one.run(...wish, '--key-file', 'ci.json')
  assert.equal(exit, 0, err)
  assert.match(err, /twinlock whoami --key ci\.json/)
  const file = join(one.folder, 'ci.json')
  const { jwk, tokenEndpoint, ...rest } = JSON.parse(readFileSync(file, 'utf8'))
  const { d, ...open } = jwk
  assert.equal(rest.spiffeId, spiffeId)
  assert.match(tokenEndpoint, new RegExp(`/o/${fakeOrg}/e/${environment}/token$`))
  assert.deepEqual(one.asked.at(-1)?.input, { kind: 'pipeline', slug: 'ci', environment, owner, jwk: open })
  assert.equal(JSON.stringify(one.asked).includes(d), false)
  assert.equal(statSync(file).mode & 0o777, 0o600)
  assert.equal((await one.run(...wish, '--key-file', 'ci.json')).exit, 2, 'no key is written over')
  assert.equal((await one.run(...wish)).exit, 2)
  answer = () => {
    throw fail('denied', 'Not his.')
  }
  assert.equal((await one.run(...wish, '--key-file', 'other.json')).exit, 3)
  assert.equal(existsSync(join(one.folder, 'other.json')), false)
})

test('a proof of a key with --key points to --service-key', async () => {
  const one = await signedIn({})
  const { exit, err } = await one.run('promotion', 'prove-key', fakeId('prm', 1), '--key', 'service.key.json')
  assert.equal(exit, 2)
  assert.match(err, /--service-key service\.key\.json/)
})

const entry = (index: number, action: string, more: object = {}) => ({
  id: fakeId('ent', index),
  index,
  at,
  action,
  outcome: 'done',
  code: null,
  actor: { type: 'Person', id: fakeId('per', 1), spiffe: null },
  resource: { type: 'Run', id: run.id },
  policies: [],
  facts: {},
  related: [],
  ...more,
})

test('a trail goes from grant to fetch, whatever order it came in, and calls that went the same way share a line', async () => {
  const call = (index: number, path: string) =>
    entry(index, 'connection:call', { facts: { connection: 'accounts', method: 'GET', path, call: `cal_${index}` } })
  const settle = (index: number, of: number) =>
    entry(index, 'call:settle', {
      resource: { type: 'Call', id: `cal_${of}` },
      facts: { status: 200 },
      actor: { type: 'System', id: 'broker', spiffe: null },
    })
  const all = [
    entry(9, 'artifact:pull', { actor: { type: 'Service', id: 'svc_1', spiffe: 'spiffe://production.x/service/settler' } }),
    entry(1, 'grant:create', { facts: { role: 'operator' } }),
    call(3, '/accounts/1'),
    call(4, '/accounts/2'),
    settle(5, 3),
    settle(6, 4),
    entry(7, 'promotion:approve', { outcome: 'denied', code: 'denied' }),
    entry(8, 'promotion:cross'),
    entry(2, 'run:launch'),
  ]
  const one = await signedIn({ 'ledger:trace': () => ({ id: fakeId('art', 1), entries: all, truncated: false }) })
  const { out, exit } = await one.run('trace', fakeId('art', 1))
  assert.equal(exit, 0)
  assert.deepEqual(
    out.split('\n').filter((line) => /^[a-z]+$/.test(line)),
    ['grant', 'run', 'calls', 'review', 'crossing', 'fetch'],
  )
  assert.match(out, /9 entries, 1 refused or failed/)
  assert.match(out, /connection:call {2}2 × GET accounts\/accounts\/\* 200 × 2 {2}#3…#6/)
  assert.match(out, /✗ {2}promotion:approve {2}denied Run run_0+1 {2}#7 {2}per_0+1 \(operator\)/)
  assert.match(out, /artifact:pull.*#9 {2}spiffe:\/\/production/)
  assert.equal((await one.run('trace', fakeId('art', 1), '--all')).out.match(/connection:call/g)?.length, 2)
})
