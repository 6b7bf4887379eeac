// Law 8: promotion never carries an identity across; it makes a new one, never broader than was used. As a property of narrowing, with a seed, judged by the
// same policy engine that enforces it; and end to end: the run's identity and the service's have nothing in common.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { pathContext, permissionPolicy, wouldAllow } from '../../src/access/index.ts'
import { createDecider } from '../../src/app/deciding.ts'
import { actingWith } from '../../src/app/starter/people.ts'
import { type Call, callConnectionCapability } from '../../src/egress/index.ts'
import type { OrgId, Principal } from '../../src/kernel/index.ts'
import { narrow, type Proposal } from '../../src/promotion/index.ts'
import { rowsOf } from '../harness/database.ts'
import { callAs, closed, crossOver, inReview, type LiveRun, liveRun, refusesEverything } from '../harness/live-run.ts'
import { type Seeded, seeded } from '../harness/seeded.ts'
import { asSystem, refused, signIn, tokenFor } from '../harness/signed-in.ts'
import { baseUrl, type Harness, openStarter } from '../harness/twinlock.ts'

const org = 'org_00000000000000000000000001' as OrgId // the form is the brand's
const service = 'svc_00000000000000000000000001'
const environment = { id: 'env_00000000000000000000000001', class: 'production' as const }

interface Request {
  readonly connection: string
  readonly method: string
  readonly path: string
}

const methods = ['GET', 'HEAD', 'POST', 'PUT', 'DELETE']
const words = ['accounts', 'payments', 'invoices', 'admin', 'export']

function someRequest(chance: Seeded): Request {
  const segments = Array.from({ length: 1 + chance.below(3) }, () => (chance.once(2) ? chance.pick(words) : String(chance.below(4) + 1)))
  return { connection: `con_${chance.below(2)}`, method: chance.pick(methods), path: `/${segments.join('/')}` }
}

const recorded = ({ connection, method, path }: Request, at: number, decision: 'allowed' | 'denied'): Call => ({
  org_id: org,
  id: `cal_${at}`,
  holder_id: 'run_1',
  number: at,
  connection_id: connection,
  connection,
  method,
  path,
  decision,
  code: decision === 'allowed' ? null : 'denied',
  state: 'settled',
  status: 200,
  request_digest: '',
  response_digest: null,
  response_bytes: 0,
  duration_ms: 0,
  entry_id: '',
  at: new Date(0),
})

const counterparts = new Map([
  ['con_0', 'con_production_0'],
  ['con_1', 'con_production_1'],
])

const decider = createDecider()
const principal: Principal = {
  kind: 'service',
  id: service,
  org,
  name: 'service',
  clearance: 3,
  chain: [service],
  environment: environment.id,
}

/** Whether the proposed permissions let the service make the counterpart of a request, by the policy engine itself. */
function allows(proposal: Proposal, { connection, method, path }: Request): boolean {
  const policies = proposal.rules.flatMap((rule, at) =>
    rule.connection === null
      ? []
      : [
          permissionPolicy('Service', {
            org_id: org,
            holder_id: service,
            number: at,
            connection_id: rule.connection,
            methods: [...rule.methods],
            path: rule.path,
            origin_id: 'prm_1',
          }),
        ],
  )
  const resource = {
    type: 'Connection',
    id: counterparts.get(connection) ?? '',
    attributes: { access: 'write', sensitivity: 0 },
    parents: [],
  }
  const located = { resource, environment, context: { method, ...pathContext(path) }, found: undefined }
  return wouldAllow(decider, { capability: callConnectionCapability, principal, located, policies, version: 0, now: 0 }).allowed
}

/** What was used, as reviewers read it: the call itself, with segments that look like ids open to other ids of calls of the same shape. */
function wasUsed(used: readonly Request[], asked: Request): boolean {
  const shape = (path: string) =>
    path
      .split('/')
      .map((part) => (/\d/.test(part) ? '#' : part))
      .join('/')
  const alike = used.filter(
    (one) =>
      one.connection === asked.connection && one.method === asked.method && one.path.split('/').length === asked.path.split('/').length,
  )
  return alike.some((one) =>
    shape(one.path)
      .split('/')
      .every((part, at) => part === '#' || part === asked.path.split('/')[at]),
  )
}

const seed = 8_080_808

test(`law 8, promotion never carries an identity across: narrowed permissions suffice for what was used and allow nothing else (seed ${seed})`, () => {
  const chance = seeded(seed)
  let allowedElse = 0
  for (let round = 0; round < 30; round++) {
    const used = Array.from({ length: 1 + chance.below(8) }, () => someRequest(chance))
    const tried = Array.from({ length: chance.below(4) }, () => someRequest(chance))
    const calls = [...used.map((one, at) => recorded(one, at, 'allowed')), ...tried.map((one, at) => recorded(one, 100 + at, 'denied'))]
    const proposal = narrow([], calls, counterparts)
    for (const one of used) assert.ok(allows(proposal, one), `round ${round}: ${JSON.stringify(one)} was used and is refused`)
    for (let probe = 0; probe < 12; probe++) {
      const asked = someRequest(chance)
      if (!allows(proposal, asked)) continue
      assert.ok(
        wasUsed(used, asked),
        `round ${round}: ${JSON.stringify(asked)} was never used and is allowed by ${JSON.stringify(proposal.rules)}`,
      )
      allowedElse++
    }
    for (const rule of proposal.rules) {
      const sources = used.filter((one) => one.connection === rule.from && rule.methods.includes(one.method))
      assert.ok(sources.length >= 1 && rule.methods.length === 1)
      assert.equal(rule.path.includes('**'), false)
      assert.equal(
        rule.generalised > 1,
        rule.path.includes('*'),
        'a place is opened only where several values were used, and that is counted',
      )
    }
  }
  assert.ok(allowedElse > 0, 'some probes were among what was used, so that the property was tried')
})

test('law 8, promotion never carries an identity across: what was refused, and what has no counterpart, gives no permission', () => {
  const used = { connection: 'con_0', method: 'GET', path: '/accounts' }
  assert.deepEqual(narrow([], [recorded(used, 1, 'denied')], counterparts).rules, [])
  const proposal = narrow([], [recorded(used, 1, 'allowed')], new Map([['con_0', null]]))
  assert.deepEqual(proposal.unmapped, ['con_0'])
  assert.equal(allows(proposal, used), false)
})

let h: Harness
let run: LiveRun
let before1: { token: string }
let promotion: string

before(async () => {
  h = await openStarter({ runsMax: 0 })
  run = await liveRun(h)
  before1 = { token: await run.token() }
  await run.call({ connection: 'accounts-data', path: '/accounts?limit=2' })
  await run.call({ connection: 'accounts-data', path: '/accounts/a-1/invoices' }).catch(() => undefined)
  await refused(run.call({ connection: 'accounts-data', method: 'GET', path: '/secrets' }), 'denied')
  await run.write('policy.json', '{}')
  await run.end('succeeded')
  await closed(h, run.id)
  const [artifact] = await rowsOf(h.twinlock, 'select id from artifact where run_id = $1', [run.id])
  promotion = (await inReview(h, await signIn(h, 'operator'), String(artifact?.id))).id
  await (await signIn(h, 'reviewer')).act('promotion:approve', { promotion })
})
after(() => h.close())

test('law 8, promotion never carries an identity across: until it has crossed, the service has no identity, no permission and no channel', async () => {
  const { environments, services } = h.starter
  await refused(tokenFor(h, h.keys.payments, services.payments, environments.production), 'not_promoted')
  assert.deepEqual(await rowsOf(h.twinlock, 'select holder_id from permission where holder_id = $1', [services.payments.id]), [])
  assert.deepEqual(await rowsOf(h.twinlock, 'select slug from channel where org_id = $1', [h.starter.org]), [])
})

test('law 8, promotion never carries an identity across: the new identity has another trust domain, another key, an owner, an end and only what was used', async () => {
  await crossOver(h, await signIn(h, 'deployer'), promotion)
  const { environments, services, people } = h.starter
  const shown = await (await signIn(h, 'reviewer')).act('promotion:show', { promotion })
  // The action's output schema has just checked it.
  const { test: tested, production } = shown as unknown as { test: Record<string, string>; production: Record<string, string> }
  assert.equal(tested.spiffeId, run.spiffeId)
  assert.equal(production.spiffeId, services.payments.spiffeId)
  assert.notEqual(production.trustDomain, tested.trustDomain)
  assert.notEqual(production.key, tested.key)
  assert.equal(production.owner, people.owner)
  assert.ok(new Date(String(production.ends)).getTime() > Date.now())
  const held = await rowsOf(
    h.twinlock,
    `select c.slug, c.environment_id, p.methods, p.path from permission p join connection c on c.org_id = p.org_id and c.id = p.connection_id where holder_id = $1 order by path`,
    [services.payments.id],
  )
  assert.deepEqual(held, [
    { slug: 'accounts-data-production', environment_id: environments.production, methods: ['GET'], path: '/accounts' },
    { slug: 'accounts-data-production', environment_id: environments.production, methods: ['GET'], path: '/accounts/a-1/invoices' },
  ])
  const token = await tokenFor(h, h.keys.payments, services.payments, environments.production)
  assert.equal((await callAs(h, token.credential, { connection: 'accounts-data-production', path: '/accounts?limit=1' })).status, 200)
  for (const path of ['/accounts/a-2/invoices', '/accounts/a-1', '/'])
    await refused(callAs(h, token.credential, { connection: 'accounts-data-production', path }), 'denied')
  for (const method of ['HEAD', 'POST'])
    await refused(callAs(h, token.credential, { connection: 'accounts-data-production', method, path: '/accounts' }), 'denied')
  await refused(callAs(h, token.credential, { connection: 'payments-api-production', method: 'POST', path: '/payments' }), 'denied')
  await refused(callAs(h, token.credential, { connection: 'accounts-data', path: '/accounts' }), 'denied')
})

test('law 8, promotion never carries an identity across: the run’s own identity is refused everything afterwards, the fetch included', async () => {
  await refusesEverything(h, run, before1.token)
  for (const credential of [run.credential, { kind: 'token', token: before1.token } as const]) {
    await refused(
      actingWith(h.twinlock.door, credential)('artifact:pull', { channel: 'payments@production' }),
      /^(unauthenticated|token_revoked)$/,
    )
  }
  const other = await liveRun(h)
  await refused(other.act('artifact:pull', { channel: 'payments@production' }), 'denied')
  const pulled = await (await tokenFor(h, h.keys.payments, h.starter.services.payments, h.starter.environments.production)).act(
    'artifact:pull',
    { channel: 'payments@production' },
  )
  assert.equal(pulled.promotion, promotion)
})

test('law 8, promotion never carries an identity across: another production service cannot fetch it, nor use its assertion', async () => {
  const { environments, org: home, services } = h.starter
  const audience = `${baseUrl}/o/${home}/e/${environments.production}/token`
  const token = await h.keys.assembly.assertion(audience, services.payments.spiffeId)
  await refused(actingWith(h.twinlock.door, { kind: 'assertion', token, org: home, audience })('token:issue', {}), 'token_signature')
  await refused(tokenFor(h, h.keys.assembly, services.assembly, environments.production), 'not_promoted')
})

test('law 8, promotion never carries an identity across: rolled back, the identity ends with its permissions and its channel', async () => {
  const service = await tokenFor(h, h.keys.payments, h.starter.services.payments, h.starter.environments.production)
  await (await signIn(h, 'deployer')).act('promotion:roll-back', { promotion, reason: 'It was a mistake.' })
  await refused(service.act('artifact:pull', { channel: 'payments@production' }), /^(unauthenticated|token_revoked)$/)
  await refused(
    callAs(h, service.credential, { connection: 'accounts-data-production', path: '/accounts?limit=1' }),
    /^(unauthenticated|token_revoked)$/,
  )
  await refused(
    tokenFor(h, h.keys.payments, h.starter.services.payments, h.starter.environments.production),
    /^(unauthenticated|not_promoted)$/,
  )
  assert.deepEqual(await rowsOf(h.twinlock, 'select holder_id from permission where holder_id = $1', [h.starter.services.payments.id]), [])
  await refused(asSystem(h, 'crosser')('promotion:complete', { promotion }), 'wrong_state')
})
