import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { type Credential, tokenEndpoint } from '../../src/app/index.ts'
import { sha256 } from '../../src/host/crypto/system-ports.ts'
import { ed25519Verify } from '../../src/host/crypto/verify-signatures.ts'
import { canonicalText, utf8 } from '../../src/kernel/index.ts'
import { parseVerifierKey, verifyExport, verifyReceipt } from '../../src/ledger/index.ts'
import { type Act, actWith, at, codeOf, listAt, refusalOf, sessionOf, textAt } from '../harness/acting.ts'
import { askToPromote } from '../harness/promoting.ts'
import { baseUrl, type Harness, openStarter } from '../harness/twinlock.ts'

type Walked = Awaited<ReturnType<Harness['walk']>>

let house: Harness
let walked: Walked
let plain: Awaited<ReturnType<typeof runPlainly>>
let artifact: string
let promotion: string
let handedOverBefore: number
const acting = new Map<string, Act>()

async function as(person: keyof Harness['starter']['people']): Promise<Act> {
  const known = acting.get(person)
  if (known !== undefined) return known
  const { twinlock, starter } = house
  const act = actWith(twinlock.door, await sessionOf(twinlock.door, starter.org, starter.people[person]))
  acting.set(person, act)
  return act
}

const service = async (): Promise<Credential> => {
  const { starter, keys, twinlock } = house
  const audience = tokenEndpoint(baseUrl, starter.org, starter.environments.production)
  const token = await keys.payments.assertion(audience, starter.services.payments.spiffeId)
  const issued = await actWith(twinlock.door, { kind: 'assertion', token, org: starter.org, audience })('token:issue')
  return { kind: 'token', token: textAt(issued, 'accessToken') }
}

const traced = async (id: string): Promise<readonly unknown[]> => listAt(await (await as('auditor'))('ledger:trace', { id }), 'entries')
const actionsOf = (entries: readonly unknown[]): string[] =>
  entries.map((entry) => `${String(at(entry, 'action'))} ${String(at(entry, 'outcome'))}`)

/** A second run of the same scenario that stays within what it may, for the promotion. */
async function runPlainly(): Promise<{ run: string; artifact: string; digest: string }> {
  const { twinlock, starter, keys } = house
  const audience = tokenEndpoint(baseUrl, starter.org, starter.environments.staging)
  const token = await keys.pipeline.assertion(audience, starter.pipeline.spiffeId)
  const issued = await actWith(twinlock.door, { kind: 'assertion', token, org: starter.org, audience })('token:issue')
  const pipeline = actWith(twinlock.door, { kind: 'token', token: textAt(issued, 'accessToken') })
  const run = textAt(
    await pipeline('run:launch', { scenario: starter.scenario, environment: starter.environments.staging, parameters: { accounts: 6 } }),
    'id',
  )
  const { promise, resolve } = Promise.withResolvers<void>()
  const stop = twinlock.onAct((act) => (act.action === 'run:close' && act.resource === run ? resolve() : undefined))
  await promise
  stop()
  const items = listAt(await (await as('operator'))('artifact:list'), 'items')
  const made = items.find((one) => at(one, 'run') === run)
  return { run, artifact: textAt(made, 'id'), digest: textAt(made, 'digest') }
}

/** How many questions of this process cedar-wasm decided instead of compiled policies. */
function handedOver(): number {
  const { requestFallbacks = 0, policyFallbacks = 0 } = house.twinlock.decider.engine.counts?.() ?? {}
  return requestFallbacks + policyFallbacks
}

before(async () => {
  house = await openStarter()
  handedOverBefore = handedOver()
  walked = await house.walk()
  const { twinlock, starter, keys } = house
  plain = await runPlainly()
  artifact = plain.artifact
  const to = { service: starter.services.payments, key: keys.payments, channel: 'payments' }
  promotion = await askToPromote(twinlock.door, await as('operator'), starter, artifact, to)
})
after(() => house.close())

describe('a run that a pipeline started', () => {
  it('has three identities that are never mixed, under its environment’s own trust domain', () => {
    const { starter } = house
    const { identities } = walked.ended
    assert.partialDeepStrictEqual(identities, {
      operator: { kind: 'person', id: starter.people.operator, spiffeId: null },
      orchestrator: { kind: 'pipeline', id: starter.pipeline.id, spiffeId: starter.pipeline.spiffeId },
      twin: { kind: 'run', id: walked.run, ends: walked.ended.deadline },
    })
    assert.match(
      textAt(identities, 'twin', 'spiffeId'),
      new RegExp(`^spiffe://staging\\.starter\\.[a-z0-9]{5}\\.twinlock\\.internal/twin/payments/run/${walked.run}$`),
    )
  })

  it('succeeded, is closed, and says how long its end took', () => {
    assert.partialDeepStrictEqual(walked.ended, { state: 'ended', outcome: 'succeeded', reason: 'the run passed', progress: null })
    const { admissionMs, cellMs, tokens, callsUnknown } = walked.ended.closed as Record<string, number>
    assert.ok(
      Number(admissionMs) > 0 && Number(cellMs) >= Number(admissionMs) && Number(cellMs) < 300_000,
      'milliseconds, since the end began',
    )
    assert.deepEqual([tokens, callsUnknown], [1, 0])
  })

  it('was refused everything that it may not, by the platform or by its cell, and nothing got through', async () => {
    const { summary } = await (await as('operator'))('run:read', { run: walked.run })
    const attempts = listAt(summary, 'attempts').map((one) => [at(one, 'what'), at(one, 'refusedBy'), at(one, 'code')])
    assert.deepEqual(attempts, [
      ['read production accounts', 'platform', 'denied'],
      ['call an undeclared connection', 'platform', 'undeclared_connection'],
      ['reach the metadata address through a declared connection', 'platform', 'path_refused'],
      ['leave the declared paths by dot segments', 'platform', 'path_refused'],
      ['act with a token of another run', 'platform', 'foreign_token'],
      ['obtain a credential of another subject', 'platform', 'foreign_subject'],
      ['write through a read connection', 'platform', 'denied'],
      ['connect to the network directly', 'cell', 'ERR_ACCESS_DENIED'],
      ['read a file of the machine', 'cell', 'ERR_ACCESS_DENIED'],
      ['start a process', 'cell', 'ERR_ACCESS_DENIED'],
    ])
  })

  it('has every call on its tape, numbered, each with an entry, and none undecided', async () => {
    const tape = listAt(await (await as('operator'))('run:tape', { run: walked.run, limit: 200 }), 'items')
    assert.equal(tape.length, walked.allowed + walked.denied)
    assert.deepEqual(
      tape.map((call) => at(call, 'number')),
      tape.map((_, index) => index + 1),
    )
    assert.ok(tape.every((call) => at(call, 'state') === 'settled'))
    const denied = tape
      .filter((call) => at(call, 'decision') === 'denied')
      .map((call) => `${String(at(call, 'connection'))} ${String(at(call, 'code'))}`)
    assert.deepEqual(
      denied.sort(),
      [
        'accounts-data denied',
        'accounts-data foreign_token',
        'accounts-data path_refused',
        'accounts-data path_refused',
        'accounts-data-production denied',
        'metadata undeclared_connection',
      ].sort(),
    )
    const upstreams = [...house.upstreams.staging.accounts.requests, ...house.upstreams.staging.payments.requests]
    const { allowed } = await (await as('operator'))('run:tape', { run: plain.run, limit: 1 })
    assert.equal(upstreams.length, walked.allowed + Number(allowed), 'what the upstreams saw is what was allowed, and nothing else')
    assert.equal(house.upstreams.production.accounts.requests.length + house.upstreams.production.payments.requests.length, 0)
  })

  it('left an artifact in quarantine, with provenance, as sensitive as what it touched, without any key in it', async () => {
    const reviewer = await as('reviewer')
    const made = walked.artifact?.id
    const shown = await reviewer('artifact:show', { artifact: made })
    assert.partialDeepStrictEqual(shown, {
      state: 'quarantined',
      sensitivity: 'internal',
      findings: [],
      digest: walked.artifact?.digest ?? '',
    })
    assert.deepEqual(
      listAt(shown, 'files').map((file) => at(file, 'name')),
      ['report.md', 'settlement-policy.json', 'settlements.csv'],
    )
    assert.deepEqual(
      listAt(shown, 'attestations').map((one) => at(one, 'predicateType')),
      ['https://slsa.dev/provenance/v1'],
    )
    for (const file of ['report.md', 'settlement-policy.json', 'settlements.csv']) {
      const content = Buffer.from(textAt(await reviewer('artifact:read', { artifact: made, file }), 'content'), 'base64').toString()
      for (const key of house.apiKeys) assert.equal(content.includes(key), false, file)
    }
  })

  it('can be authenticated by nothing any more', async () => {
    const { twinlock, starter } = house
    for (const epoch of [0, 1, 2]) {
      const channel = { kind: 'channel', org: starter.org, run: walked.run as never, epoch } as const // what its supervisor would have said
      assert.equal(await codeOf(actWith(twinlock.door, channel)('run:credential', { run: walked.run, audience: 'x' })), 'unauthenticated')
      assert.equal(
        await codeOf(
          twinlock.broker.call({
            credential: channel,
            connection: 'accounts-data',
            method: 'GET',
            path: '/accounts',
            headers: {},
            body: undefined,
            requestId: 'late',
          }),
        ),
        'unauthenticated',
      )
    }
  })
})

describe('the promotion that waits', () => {
  it('shows a diff of identities and permissions, narrower than what was granted', async () => {
    const shown = await (await as('reviewer'))('promotion:show', { promotion })
    assert.partialDeepStrictEqual(shown, { state: 'in_review', channel: 'payments', digest: plain.digest })
    assert.notEqual(textAt(shown, 'test', 'trustDomain'), textAt(shown, 'production', 'trustDomain'))
    assert.match(textAt(shown, 'test', 'spiffeId'), new RegExp(`/twin/payments/run/${plain.run}$`))
    assert.equal(textAt(shown, 'production', 'spiffeId'), house.starter.services.payments.spiffeId)
    const rules = listAt(shown, 'permissions', 'rules').map((rule) => `${listAt(rule, 'methods').join()} ${textAt(rule, 'path')}`)
    assert.deepEqual(rules.sort(), ['GET /accounts', 'GET /accounts/{id}/invoices', 'GET /payments/{id}', 'POST /payments'])
    assert.deepEqual(listAt(shown, 'permissions', 'unmapped'), [])
  })

  it('passed every check that blocks, and says what nobody assessed', async () => {
    const checks = listAt(await (await as('reviewer'))('promotion:show', { promotion }), 'checks')
    assert.equal(checks.length, 18)
    for (const check of checks)
      if (at(check, 'blocking') === true)
        assert.equal(at(check, 'result'), 'passed', `${textAt(check, 'name')}: ${textAt(check, 'detail')}`)
    const rest = checks
      .filter((check) => at(check, 'result') !== 'passed')
      .map((check) => `${textAt(check, 'name')} ${textAt(check, 'result')}`)
    assert.deepEqual(rest.sort(), [
      'entitlements-reviewed not_assessed',
      'no-shared-deployment-roles not_assessed',
      'separate-key-hosts failed',
    ])
  })

  it('cannot be approved by the hands that made it, nor by those without the role', async () => {
    for (const person of ['operator', 'author', 'owner', 'deployer', 'auditor', 'admin'] as const) {
      assert.equal(await codeOf((await as(person))('promotion:approve', { promotion })), 'denied', person)
    }
  })

  it('cannot cross before it is approved, nor be fetched before it crossed', async () => {
    assert.equal(await codeOf((await as('deployer'))('promotion:cross', { promotion })), 'wrong_state')
    assert.equal(await codeOf(service()), 'not_promoted')
  })

  it('is approved by a reviewer, once', async () => {
    const reviewer = await as('reviewer')
    assert.equal((await refusalOf(reviewer('promotion:approve', { promotion, version: 1 }))).code, 'changed_since')
    assert.equal((await reviewer('promotion:approve', { promotion, reason: 'It does what it says.' })).state, 'approved')
    assert.equal(await codeOf(reviewer('promotion:approve', { promotion })), 'wrong_state')
  })

  it('is not carried across by the reviewer, the operator or the author, but by the deployer', async () => {
    for (const person of ['reviewer', 'operator', 'author', 'owner'] as const)
      assert.equal(await codeOf((await as(person))('promotion:cross', { promotion })), 'denied', person)
    const crossed = await (await as('deployer'))('promotion:cross', { promotion })
    assert.partialDeepStrictEqual(crossed, { state: 'crossed', superseded: null, rules: 4 })
    assert.equal(await codeOf((await as('deployer'))('promotion:cross', { promotion })), 'wrong_state')
  })
})

describe('what was promoted', () => {
  it('is fetched by the service with its own key, byte for byte, with a summary that says it was verified', async () => {
    const pulled = await actWith(house.twinlock.door, await service())('artifact:pull', { channel: 'payments@production' })
    assert.deepEqual([pulled.artifact, pulled.digest, pulled.promotion], [artifact, plain.digest, promotion])
    for (const file of listAt(pulled, 'files')) {
      const bytes = Buffer.from(textAt(file, 'content'), 'base64')
      assert.equal(`sha256:${Buffer.from(sha256(bytes)).toString('hex')}`, textAt(file, 'digest'))
    }
    const types = listAt(pulled, 'attestations').map((one) => textAt(one, 'predicateType'))
    assert.deepEqual(types, ['https://slsa.dev/provenance/v1', 'https://slsa.dev/verification_summary/v1'])
  })

  it('is fetched by nobody else', async () => {
    const { starter, keys, twinlock } = house
    const audience = tokenEndpoint(baseUrl, starter.org, starter.environments.staging)
    const token = await keys.pipeline.assertion(audience, starter.pipeline.spiffeId)
    const issued = await actWith(twinlock.door, { kind: 'assertion', token, org: starter.org, audience })('token:issue')
    assert.equal(
      await codeOf(
        actWith(twinlock.door, { kind: 'token', token: textAt(issued, 'accessToken') })('artifact:pull', {
          channel: 'payments@production',
        }),
      ),
      'denied',
    )
    for (const person of ['owner', 'operator', 'deployer', 'admin'] as const)
      assert.equal(await codeOf((await as(person))('artifact:pull', { channel: 'payments@production' })), 'denied', person)
  })

  it('lets the service call production, through the broker, with exactly what was proposed', async () => {
    const credential = await service()
    const call = (connection: string, method: string, path: string) =>
      house.twinlock.broker.call({ credential, connection, method, path, headers: {}, body: undefined, requestId: 'live' })
    assert.equal((await call('accounts-data-production', 'GET', '/accounts?limit=1')).status, 200)
    assert.equal(house.upstreams.production.accounts.requests.length, 1)
    for (const [connection, method, path] of [
      ['accounts-data-production', 'GET', '/admin'],
      ['accounts-data-production', 'DELETE', '/accounts/1'],
      ['accounts-data', 'GET', '/accounts'],
      ['payments-api-production', 'PUT', '/payments'],
    ] as const) {
      assert.equal(await codeOf(call(connection, method, path)), 'denied', `${method} ${connection}${path}`)
    }
    assert.equal(house.upstreams.production.accounts.requests.length, 1)
  })
})

describe('the way of an artifact', () => {
  it('is one trail: grant, launch, calls, seal, request, check, approval, crossing, effect, fetch, and each refusal on the way', async () => {
    const actions = actionsOf(await traced(artifact))
    for (const step of [
      'grant:create done',
      'scenario:publish done',
      'run:launch done',
      'run:claim done',
      'run:begin done',
      'connection:call done',
      'run:credential done',
      'artifact:write done',
      'run:end done',
      'artifact:seal done',
      'run:close done',
      'promotion:request done',
      'promotion:prove-key done',
      'promotion:check done',
      'promotion:approve denied',
      'promotion:approve done',
      'promotion:cross denied',
      'promotion:cross done',
      'promotion:complete done',
      'artifact:pull done',
    ]) {
      assert.ok(actions.includes(step), `${step} is in the trail: ${[...new Set(actions)].join(', ')}`)
    }
    const order = [
      'run:launch done',
      'run:end done',
      'artifact:seal done',
      'promotion:request done',
      'promotion:approve done',
      'promotion:cross done',
      'promotion:complete done',
      'artifact:pull done',
    ].map((step) => actions.indexOf(step))
    assert.deepEqual(
      order,
      [...order].sort((a, b) => a - b),
      'in this order',
    )
  })

  it('holds every call that was refused, under its code', async () => {
    const refused = (await traced(walked.run)).filter(
      (entry) => at(entry, 'action') === 'connection:call' && at(entry, 'outcome') !== 'done',
    )
    assert.equal(refused.length, walked.denied)
    assert.deepEqual(refused.map((entry) => textAt(entry, 'code')).sort(), [
      'denied',
      'denied',
      'foreign_token',
      'path_refused',
      'path_refused',
      'undeclared_connection',
    ])
  })

  it('names the grant that allowed the launch, and the three identities', async () => {
    const launch = (await traced(walked.run)).find((entry) => at(entry, 'action') === 'run:launch' && at(entry, 'outcome') === 'done')
    assert.equal(at(launch, 'actor', 'id'), house.starter.pipeline.id)
    assert.equal(at(launch, 'actor', 'spiffe'), house.starter.pipeline.spiffeId)
    assert.match(String(listAt(launch, 'policies')[0]), /^grt_/)
    assert.deepEqual(
      listAt(launch, 'related').map((one) => at(one, 'rel')),
      ['run', 'twin', 'operator', 'orchestrator'],
    )
  })

  it('is proved entry by entry, and as a whole, without asking us', async () => {
    const auditor = await as('auditor')
    const entries = await traced(artifact)
    const exported = await auditor('ledger:export', {})
    const key = parseVerifierKey(sha256, textAt(exported, 'verifierKey'))
    const trust = { origin: key.name, logKeys: [key], witnessKeys: [], witnessQuorum: 0 }
    const crypto = { sha256, ed25519Verify }
    async function* bodies() {
      for (const body of listAt(exported, 'entries')) yield utf8(String(body))
    }
    const verdict = await verifyExport(crypto, { checkpoint: textAt(exported, 'checkpoint'), entries: bodies() }, trust)
    assert.ok(verdict.holds, JSON.stringify(verdict))
    for (const entry of [entries[0], entries.at(-2)]) {
      const { body, receipt } = await auditor('ledger:receipt', { entry: textAt(entry, 'id') })
      const verified = verifyReceipt(crypto, String(receipt), utf8(String(body)), trust)
      assert.equal(verified.index, at(entry, 'index'))
      assert.throws(() => verifyReceipt(crypto, String(receipt), utf8(`${String(body)} `), trust), /does not lead from leaf/)
    }
  })

  it('holds no name, no address, no key and no token', async () => {
    const exported = await (await as('auditor'))('ledger:export', {})
    const bodies = listAt(exported, 'entries').map(String)
    assert.ok(bodies.length > 150)
    for (const body of bodies) {
      assert.equal(canonicalText(JSON.parse(body)), body)
      for (const personal of ['Starter Operator', '@starter.example', 'tws_', 'twl_', 'eyJ', ...house.apiKeys])
        assert.equal(body.includes(personal), false, `${personal} in ${body}`)
    }
  })

  it('was decided by compiled policies, with nothing handed over to the reference engine', () => {
    assert.equal(handedOver(), handedOverBefore)
  })

  it('was walked without anything going wrong on our side', () => {
    assert.deepEqual(house.lines, [])
  })
})
