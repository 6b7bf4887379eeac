import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { CodedError, isCoded } from '../../src/kernel/index.ts'
import { actWith, at, codeOf, listAt, refusalOf, textAt } from '../harness/acting.ts'
import { askToPromote, check, type PromotedTo, prove, request } from '../harness/promoting.ts'
import { type InsideCell, write } from '../harness/scripted-cells.ts'
import { openWorld, type World } from '../harness/world.ts'

let world: World
before(async () => {
  world = await openWorld()
})
after(() => world.close())

const payments = (): PromotedTo => ({ service: world.starter.services.payments, key: world.keys.payments, channel: 'payments' })
const assembly = (): PromotedTo => ({ service: world.starter.services.assembly, key: world.keys.assembly, channel: 'line' })

/** A run that calls accounts and payments, writes one file and passes; answers its artifact. */
async function artifactOf(content: string, script?: (cell: InsideCell) => Promise<void>): Promise<string> {
  world.cells.next(async (cell) => {
    for (const [connection, method, path] of [
      ['accounts-data', 'GET', '/accounts?limit=1'],
      ['accounts-data', 'GET', '/accounts/7/invoices'],
      ['accounts-data', 'GET', '/accounts/8/invoices'],
      ['payments-api', 'POST', '/payments'],
      ['accounts-data', 'GET', '/elsewhere'],
    ] as const) {
      await cell.ask({ type: 'call', connection, method, path })
    }
    await script?.(cell)
    await write(cell, 'policy.txt', content)
    cell.say({ type: 'finish', verdict: 'passed', summary: null })
  })
  const run = await world.launch()
  await world.ended(run)
  return String((await world.rows('select id from artifact where run_id = $1', [run]))[0]?.id)
}

const operator = () => world.as('operator')
const gate = (promotion: string) => check(world.twinlock.door, world.starter, promotion)
const underReview = async (artifact: string, to = payments()) =>
  askToPromote(world.twinlock.door, await operator(), world.starter, artifact, to)
const stateOf = async (promotion: string) => (await world.rows('select state from promotion where id = $1', [promotion]))[0]?.state

/** Approves and crosses a promotion as the people whose business that is; whoever is faster, the deployer's request or a crosser, completes it. */
async function across(promotion: string): Promise<Record<string, unknown>> {
  await (await world.as('reviewer'))('promotion:approve', { promotion })
  await (await world.as('deployer'))('promotion:cross', { promotion }).catch((error: unknown) => {
    if (!isCoded(error, 'wrong_state')) throw error
  })
  const completed = await world.rows(
    `select body from entry where resource_id = $1 and action = 'promotion:complete' and outcome = 'done'`,
    [promotion],
  )
  assert.equal(completed.length, 1)
  return { state: await stateOf(promotion), ...Object(at(JSON.parse(String(completed[0]?.body)), 'facts')) }
}

/** The checks that stop a promotion, after the gate looked again. */
async function stops(promotion: string): Promise<string[]> {
  const checked = await gate(promotion)
  const stopping = listAt(checked, 'checks').filter((one) => at(one, 'blocking') === true && at(one, 'result') !== 'passed')
  assert.equal(checked.state, stopping.length === 0 ? 'in_review' : 'checked')
  return stopping.map((one) => `${textAt(one, 'name')}: ${textAt(one, 'detail')}`).sort()
}

describe('a request to promote', () => {
  it('is refused where the target, the service, the twin or the hand is wrong', async () => {
    const artifact = await artifactOf('requests')
    const { environments, services } = world.starter
    const asked = { artifact, environment: environments.production, service: services.payments.id, channel: 'payments' }
    const ask = async (change: object) => refusalOf((await operator())('promotion:request', { ...asked, ...change }))
    for (const [change, code, pointer] of [
      [{ environment: environments.staging }, 'invalid', '/service'],
      [{ service: `svc_${'0'.repeat(26)}` }, 'invalid', '/service'],
      [{ artifact: `art_${'0'.repeat(26)}` }, 'not_found', undefined],
      [{ environment: `env_${'0'.repeat(26)}` }, 'not_found', undefined],
      [{ channel: 'Not A Slug' }, 'invalid', '/channel'],
      [{ days: 366 }, 'invalid', '/days'],
      [{ days: 0 }, 'invalid', '/days'],
    ] as const) {
      const refusal = await ask(change)
      assert.deepEqual([refusal.code, refusal.notes.pointer], [code, pointer], JSON.stringify(change))
    }
    for (const person of ['author', 'reviewer', 'deployer', 'owner', 'auditor', 'admin'] as const)
      assert.equal(await codeOf((await world.as(person))('promotion:request', asked)), 'denied', person)
    const pipeline = actWith(world.twinlock.door, await world.tokenOf('pipeline'))
    assert.equal(textAt(await pipeline('promotion:request', asked), 'state'), 'requested', 'the pipeline that ran it may ask')
  })

  it('fixes the hands that made it: author, operator, pipeline, run, the owners, the service and who asked', async () => {
    const artifact = await artifactOf('hands')
    const promotion = await request(await operator(), world.starter, artifact, payments())
    const [row] = await world.rows('select makers, run_id from promotion where id = $1', [promotion])
    const { people, pipeline, services } = world.starter
    assert.deepEqual(
      listAt(row, 'makers').map(String).sort(),
      [people.author, people.operator, people.owner, pipeline.id, services.payments.id, String(row?.run_id)].sort(),
    )
  })
})

describe('the proof of a key', () => {
  it('holds for one promotion, one nonce and the service that would be made', async () => {
    const artifact = await artifactOf('proofs')
    const promotion = await request(await operator(), world.starter, artifact, payments())
    const { door } = world.twinlock
    const proving = async (to: PromotedTo, nonce?: string) => prove(door, await operator(), world.starter, promotion, to, nonce)
    assert.equal(await codeOf(proving(payments(), 'AAAA')), 'key_not_proved')
    assert.equal(await codeOf(proving(assembly())), 'denied')
    assert.equal(await codeOf(proving({ ...payments(), key: world.keys.assembly })), 'token_signature')
    assert.deepEqual(await stops(promotion), ['key-proved: The service has not proved its key for this promotion.'])
    await proving(payments())
    assert.deepEqual(await stops(promotion), [])
    const other = await request(await operator(), world.starter, artifact, payments())
    const nonce = textAt(await (await operator())('promotion:show', { promotion: other }), 'nonce')
    const audience = `http://twinlock.test/v1/promotions/${promotion}/prove-key#${nonce}`
    const token = await world.keys.payments.assertion(audience, world.starter.services.payments.spiffeId)
    const forOther = {
      kind: 'assertion',
      token,
      org: world.org,
      audience: `http://twinlock.test/v1/promotions/${other}/prove-key#${nonce}`,
    } as const
    assert.equal(await codeOf(actWith(door, forOther)('promotion:prove-key', { promotion: other, nonce })), 'token_audience')
  })
})

describe('the gate', () => {
  it('stops for each reason by its own name, and lets through what is put right', async () => {
    const artifact = await artifactOf('gate')
    const promotion = await underReview(artifact)
    assert.equal(await stateOf(promotion), 'in_review')
    const [{ run_id: run } = {}] = await world.rows('select run_id from promotion where id = $1', [promotion])
    const { payments: service } = world.starter.services
    const cases: { stop: RegExp; spoil: [string, unknown[]]; mend: [string, unknown[]] }[] = [
      {
        stop: /^run-succeeded: The run ended as `failed`/,
        spoil: [`update run set outcome = 'failed' where id = $1`, [run]],
        mend: [`update run set outcome = 'succeeded' where id = $1`, [run]],
      },
      {
        stop: /^digest: The manifest is not the one/,
        spoil: [`update artifact set manifest = jsonb_set(manifest, '{outcome}', '"failed"') where id = $1`, [artifact]],
        mend: [`update artifact set manifest = jsonb_set(manifest, '{outcome}', '"succeeded"') where id = $1`, [artifact]],
      },
      {
        stop: /^provenance: The tape is not the one/,
        spoil: [`update call set status = 201 where holder_id = $1 and number = 1`, [run]],
        mend: [`update call set status = 200 where holder_id = $1 and number = 1`, [run]],
      },
      {
        stop: /^provenance: The provenance does not verify/,
        spoil: [`update attestation set envelope = jsonb_set(envelope, '{payload}', '"e30="') where subject_id = $1`, [artifact]],
        mend: [
          `update attestation set envelope = jsonb_set(envelope, '{payload}', $2::jsonb) where subject_id = $1`,
          [
            artifact,
            JSON.stringify(
              (await world.rows(`select envelope->>'payload' as payload from attestation where subject_id = $1`, [artifact]))[0]?.payload,
            ),
          ],
        ],
      },
      {
        stop: /^no-secret-inside: The scan found 1 places/,
        spoil: [`update artifact set findings = '[{}]' where id = $1`, [artifact]],
        mend: [`update artifact set findings = '[]' where id = $1`, [artifact]],
      },
      {
        stop: /^run-credentials-ended: 1 credentials of the run are alive/,
        spoil: [
          `insert into credential select org_id, 'kept', $1, source_id, 'x', now(), now(), null from promotion where id = $2`,
          [run, promotion],
        ],
        mend: [`delete from credential where id = 'kept'`, []],
      },
      {
        stop: /^run-credentials-ended: The run has not been closed yet/,
        spoil: [`update run set state = 'ending', ending_at = now() + interval '1 day' where id = $1`, [run]],
        mend: [`update run set state = 'ended' where id = $1`, [run]],
      },
      {
        stop: /^sensitivity: The artifact is `restricted`, the service is cleared for `confidential`/,
        spoil: [`update artifact set sensitivity = 'restricted' where id = $1`, [artifact]],
        mend: [`update artifact set sensitivity = 'internal' where id = $1`, [artifact]],
      },
      {
        stop: /^separation-of-duties: 1 reviewers are needed who did not make it, and 0/,
        spoil: [`update "grant" set revoked_at = now() where role = 'reviewer'`, []],
        mend: [`update "grant" set revoked_at = null where role = 'reviewer'`, []],
      },
      {
        stop: /^owner: The owner of the service has left/,
        spoil: [`update person set state = 'left' where id = $1`, [world.starter.people.owner]],
        mend: [`update person set state = 'active' where id = $1`, [world.starter.people.owner]],
      },
      {
        stop: /^key-proved: The service has another key now/,
        spoil: [`update workload set thumbprint = 'other' where id = $1`, [service.id]],
        mend: [`update workload set thumbprint = (select thumbprint from promotion where id = $2) where id = $1`, [service.id, promotion]],
      },
      {
        stop: /^expiry: The proposed identity would have expired/,
        spoil: [`update promotion set expires_at = now() - interval '1 day' where id = $1`, [promotion]],
        mend: [`update promotion set expires_at = now() + interval '90 days' where id = $1`, [promotion]],
      },
      {
        stop: /^expiry: The identity would live 400 days/,
        spoil: [`update promotion set expires_at = now() + interval '400 days' where id = $1`, [promotion]],
        mend: [`update promotion set expires_at = now() + interval '90 days' where id = $1`, [promotion]],
      },
      {
        stop: /^no-shared-keys: Both environments seal their keys under the same/,
        spoil: [
          `update signing_key set side = 'simulation' where environment_id = $1 and purpose = 'provenance'`,
          [world.starter.environments.production],
        ],
        mend: [
          `update signing_key set side = 'production' where environment_id = $1 and purpose = 'provenance'`,
          [world.starter.environments.production],
        ],
      },
      {
        stop: /^no-shared-credentials: The same upstream credential/,
        spoil: [`update secret set fingerprint = 'same' where id in (select secret_id from connection where slug = 'accounts-data')`, []],
        mend: [`update secret set fingerprint = 'other' where id in (select secret_id from connection where slug = 'accounts-data')`, []],
      },
      {
        stop: /^no-shared-hosts: Both sides reach `127.0.0.1:2001`/,
        spoil: [`update connection set base_url = 'http://127.0.0.1:2001' where slug = 'accounts-data-production'`, []],
        mend: [`update connection set base_url = 'http://127.0.0.1:3001' where slug = 'accounts-data-production'`, []],
      },
      {
        stop: /^replay: \d+ calls went to connections without a counterpart, the first: GET accounts-data\/accounts/,
        spoil: [`update connection set counterpart_id = null where slug = 'accounts-data'`, []],
        mend: [
          `update connection set counterpart_id = (select id from connection where slug = 'accounts-data-production') where slug = 'accounts-data'`,
          [],
        ],
      },
      {
        stop: /^replay: 1 recorded calls would be refused, the first: POST payments-api\/payments/,
        spoil: [
          `update promotion set proposal = jsonb_set(proposal, '{rules}', (select jsonb_agg(r) from jsonb_array_elements(proposal->'rules') r where r->>'path' <> '/payments')) where id = $1`,
          [promotion],
        ],
        mend: [
          `update promotion set proposal = $2::jsonb where id = $1`,
          [promotion, JSON.stringify((await world.rows('select proposal from promotion where id = $1', [promotion]))[0]?.proposal)],
        ],
      },
      {
        stop: /^replay: 1 calls that were refused would be allowed, the first: GET accounts-data\/elsewhere/,
        spoil: [`update promotion set proposal = jsonb_set(proposal, '{rules,0,path}', '"/**"') where id = $1`, [promotion]],
        mend: [
          `update promotion set proposal = $2::jsonb where id = $1`,
          [promotion, JSON.stringify((await world.rows('select proposal from promotion where id = $1', [promotion]))[0]?.proposal)],
        ],
      },
    ]
    // The other side of a shared credential must show the same fingerprint without failing to be read back.
    const [{ fingerprint } = {}] = await world.rows(
      `select s.fingerprint from secret s join connection c on c.secret_id = s.id where c.slug = 'accounts-data-production'`,
    )
    for (const { stop, spoil, mend } of cases) {
      const [statement, parameters] = spoil
      await world.tamper(statement.replace(`'same'`, `'${String(fingerprint)}'`), parameters)
      const found = await stops(promotion)
      await world.tamper(...mend)
      assert.equal(found.length, 1, `only ${stop} stops it: ${found.join(' | ')}`)
      assert.match(found[0] ?? '', stop)
    }
    assert.deepEqual(await stops(promotion), [], 'put right, it waits for review again')
  })

  it('finds a file that was changed or lost where it is kept, and a production credential that cannot be read back', async () => {
    const artifact = await artifactOf('kept bytes')
    const promotion = await underReview(artifact)
    const [{ manifest } = {}] = await world.rows('select manifest from artifact where id = $1', [artifact])
    const digest = textAt(manifest, 'files', 0, 'digest')
    const { blobs } = world.twinlock.outside
    const get = blobs.get.bind(blobs)
    const lying = async (answer: () => Promise<Uint8Array>) => {
      Object.assign(blobs, { get: (asked: typeof digest) => (asked === digest ? answer() : get(asked as never)) }) // the digest is the manifest's own
      const found = await stops(promotion)
      Object.assign(blobs, { get })
      return found
    }
    assert.match((await lying(async () => new TextEncoder().encode('kept byteS'))).join(), /^digest: The file `policy.txt` is not the one/)
    assert.match(
      (await lying(async () => Promise.reject(new CodedError('internal', 'It is gone.')))).join(),
      /^digest: The file `policy.txt` cannot be read: It is gone/,
    )
    assert.deepEqual(await stops(promotion), [])
  })

  it('does not let a run that failed across', async () => {
    world.cells.next(async (cell) => {
      await write(cell, 'half.txt', 'half')
      cell.say({ type: 'finish', verdict: 'failed', summary: null })
    })
    const run = await world.launch()
    await world.ended(run)
    const artifact = String((await world.rows('select id from artifact where run_id = $1', [run]))[0]?.id)
    const promotion = await underReview(artifact)
    assert.match((await stops(promotion)).join(), /^run-succeeded: The run ended as `failed`: the run says that it failed/)
    assert.equal(await codeOf((await world.as('reviewer'))('promotion:approve', { promotion })), 'gate_failed')
  })

  it('finds what looks like a secret in what a run wrote', async () => {
    const token = ['ghp', `${'a1B2c3D4e5'.repeat(3)}f6G7h8`].join('_')
    const promotion = await underReview(
      await artifactOf(`aws_secret_access_key = "${['wJalrXUtnFEMI/K7MDENG', 'bPxRfiCYzzzzKEYzz9'].join('/')}" ${token}`),
    )
    assert.match((await stops(promotion)).join(), /^no-secret-inside: The scan found [12] places/)
  })
})

describe('review', () => {
  it('is of exactly what was seen, and ends with a rejection', async () => {
    const promotion = await underReview(await artifactOf('rejected'))
    const reviewer = await world.as('reviewer')
    const { version } = await reviewer('promotion:show', { promotion })
    assert.equal(await codeOf(reviewer('promotion:reject', { promotion, version: Number(version) - 1 })), 'changed_since')
    for (const person of ['operator', 'author', 'owner', 'deployer'] as const)
      assert.equal(await codeOf((await world.as(person))('promotion:reject', { promotion })), 'denied', person)
    assert.equal((await reviewer('promotion:reject', { promotion, version, reason: 'Not like this.' })).state, 'rejected')
    for (const action of ['promotion:approve', 'promotion:reject'])
      assert.equal(await codeOf(reviewer(action, { promotion })), 'wrong_state')
    assert.equal(await codeOf((await world.as('deployer'))('promotion:cross', { promotion })), 'wrong_state')
    assert.equal(await codeOf(gate(promotion)), 'wrong_state')
    assert.equal(await codeOf(prove(world.twinlock.door, await operator(), world.starter, promotion, payments())), 'wrong_state')
  })

  it('needs two people where the run held control over something', async () => {
    const promotion = await underReview(await artifactOf('control'))
    await world.tamper('update promotion set approvals_needed = 2 where id = $1', [promotion])
    assert.equal((await (await world.as('reviewer'))('promotion:approve', { promotion })).state, 'in_review')
    assert.equal(await codeOf((await world.as('reviewer'))('promotion:approve', { promotion })), 'conflict')
    assert.equal(await codeOf((await world.as('deployer'))('promotion:cross', { promotion })), 'wrong_state')
  })

  it('keeps its reviewers from carrying it across, whatever they were granted since', async () => {
    const promotion = await underReview(await artifactOf('both hats'))
    await (await world.as('reviewer'))('promotion:approve', { promotion })
    await (await world.as('admin'))('grant:create', {
      principal: world.starter.people.reviewer,
      role: 'deployer',
      reason: 'One hat too many.',
    })
    const refusal = await refusalOf((await world.as('reviewer'))('promotion:cross', { promotion }))
    assert.deepEqual([refusal.code, refusal.notes.facts?.policies], ['denied', ['guardrail/reviewer-is-not-deployer']])
  })
})

describe('crossing', () => {
  it('asks the gate once more, as late as it can', async () => {
    const artifact = await artifactOf('late')
    const promotion = await underReview(artifact)
    await (await world.as('reviewer'))('promotion:approve', { promotion })
    await world.tamper(`update artifact set findings = '[{}]' where id = $1`, [artifact])
    const refusal = await refusalOf((await world.as('deployer'))('promotion:cross', { promotion }))
    assert.deepEqual([refusal.code, refusal.notes.facts?.checks], ['gate_failed', ['no-secret-inside']])
    assert.equal(await stateOf(promotion), 'approved')
    await world.tamper(`update artifact set findings = '[]' where id = $1`, [artifact])
  })

  it('that stopped between decision and effect took no effect, and is completed by whoever comes next', async () => {
    const artifact = await artifactOf('interrupted')
    const promotion = await underReview(artifact, assembly())
    await (await world.as('reviewer'))('promotion:approve', { promotion })
    const credential = await world.credentialOf('deployer')
    await world.twinlock.stop()
    let ticks = 0
    // This instance may not number entries, and its patience is over at its second look: as if it had gone away after the decision was committed.
    const broken = await world.another({
      sequencerStore: world.twinlock.outside.store,
      clock: { ...world.clock, monotonic: () => (ticks += 60_000) },
    })
    assert.equal(await codeOf(actWith(broken.door, credential)('promotion:cross', { promotion })), 'busy')
    assert.equal(await stateOf(promotion), 'crossing')
    const crosser = actWith(broken.door, { kind: 'system', org: world.org, part: 'crosser' })
    assert.equal(await codeOf(crosser('promotion:complete', { promotion })), 'wrong_state', 'the decision is in no checkpoint')
    assert.equal((await world.rows('select state from artifact where id = $1', [artifact]))[0]?.state, 'quarantined')
    assert.equal(await codeOf(world.tokenOf('assembly')), 'not_promoted')
    const next = await world.another({ worker: 'next' })
    next.start()
    await world.until(async () => (await stateOf(promotion)) === 'crossed', [next])
    const pulled = await actWith(next.door, await world.tokenOf('assembly'))('artifact:pull', { channel: 'line@production' })
    assert.equal(pulled.artifact, artifact)
    assert.equal(
      (await world.rows(`select 1 from entry where resource_id = $1 and action = 'promotion:complete' and outcome = 'done'`, [promotion]))
        .length,
      1,
    )
  })

  it('makes a production identity that ends at its time, and with it what it holds', async () => {
    const promotion = await underReview(await artifactOf('first'))
    assert.partialDeepStrictEqual(await across(promotion), { state: 'crossed', rules: 3, superseded: null })
    const service = actWith(world.twinlock.door, await world.tokenOf('payments'))
    assert.equal((await service('artifact:pull', { channel: 'payments@production' })).promotion, promotion)
    for (const channel of ['line@production', 'payments@staging', 'nothing@production'])
      assert.ok(['denied', 'not_found'].includes(await codeOf(service('artifact:pull', { channel }))), channel)
  })

  it('of the next one on the same channel supersedes it', async () => {
    const [{ id: before } = {}] = await world.rows(`select id from promotion where state = 'crossed' and channel = 'payments'`)
    const promotion = await underReview(await artifactOf('second'))
    assert.partialDeepStrictEqual(await across(promotion), { state: 'crossed', superseded: before ?? '' })
    assert.equal(await stateOf(String(before)), 'superseded')
    const service = actWith(world.twinlock.door, await world.tokenOf('payments'))
    assert.equal((await service('artifact:pull', { channel: 'payments@production' })).promotion, promotion)
  })
})

describe('rolling back', () => {
  it('is the deployer’s, ends the production identity at once and says what it does not undo', async () => {
    const [{ id: promotion } = {}] = await world.rows(`select id from promotion where state = 'crossed' and channel = 'line'`)
    const credential = await world.tokenOf('assembly')
    const reason = 'It was wrong.'
    for (const person of ['operator', 'author', 'owner', 'auditor'] as const)
      assert.equal(await codeOf((await world.as(person))('promotion:roll-back', { promotion, reason })), 'denied', person)
    const back = await (await world.as('deployer'))('promotion:roll-back', { promotion, reason })
    assert.partialDeepStrictEqual(back, { state: 'rolled_back', channelNow: null })
    assert.ok(Number(back.tokensEnded) >= 1)
    assert.equal(listAt(back, 'notUndone').length, 2)
    assert.equal(await codeOf(actWith(world.twinlock.door, credential)('artifact:pull', { channel: 'line@production' })), 'token_revoked')
    assert.equal(await codeOf(world.tokenOf('assembly')), 'not_promoted')
    assert.deepEqual(await world.rows('select 1 from permission where holder_id = $1', [world.starter.services.assembly.id]), [])
    assert.equal(await codeOf((await world.as('deployer'))('promotion:roll-back', { promotion, reason })), 'wrong_state')
  })

  it('moves the channel back to what it pointed at before', async () => {
    const [{ id: promotion } = {}] = await world.rows(`select id from promotion where state = 'crossed' and channel = 'payments'`)
    const [{ artifact_id: before } = {}] = await world.rows(
      `select artifact_id from promotion where state = 'superseded' and channel = 'payments'`,
    )
    assert.partialDeepStrictEqual(await (await world.as('deployer'))('promotion:roll-back', { promotion, reason: 'Back.' }), {
      channelNow: before ?? '',
    })
  })
})

it('the twin that is retired takes its promotions with it', async () => {
  const promotion = await request(await operator(), world.starter, await artifactOf('retired'), payments())
  const retired = await (await world.as('author'))('twin:retire', { twin: world.starter.twins.payments })
  assert.ok(Number(at(retired, 'ended', 'promotions')) >= 1)
  assert.equal(await stateOf(promotion), 'revoked')
  await assert.rejects(world.launch(), (error) => error instanceof CodedError && error.code === 'twin_retired')
  assert.equal(await codeOf((await world.as('reviewer'))('promotion:approve', { promotion })), 'wrong_state')
})
