// Law 10: what was not assessed is shown as not assessed, and blocks where the gate asks for it.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { gateChecks } from '../../src/promotion/index.ts'
import { rowsOf } from '../harness/database.ts'
import { inReview, proveKey, requestPromotion, sealedRun } from '../harness/live-run.ts'
import { asSystem, refused, type SignedIn, signIn } from '../harness/signed-in.ts'
import { type Harness, openStarter } from '../harness/twinlock.ts'

let h: Harness
let operator: SignedIn
let reviewer: SignedIn
before(async () => {
  h = await openStarter({ runsMax: 0 })
  operator = await signIn(h, 'operator')
  reviewer = await signIn(h, 'reviewer')
})
after(() => h.close())

interface Checked {
  readonly state: string
  readonly checks: readonly { name: string; result: string; blocking: boolean }[]
}

/** What the action's output schema has checked, as its parts. */
const asChecked = (result: Record<string, unknown>) => result as unknown as Checked // the schema of `promotion:check`

const checkOf = ({ checks }: Checked, name: string) => checks.find((one) => one.name === name)

test('law 10, unknown is not passed: every check of the gate is shown with one of three results, none is left out', async () => {
  const { id, checked } = await inReview(h, operator, (await sealedRun(h)).artifact)
  const shown = asChecked(checked)
  assert.deepEqual(new Set(shown.checks.map((one) => one.name)), new Set(gateChecks.map((one) => one.name)))
  assert.ok(shown.checks.every((one) => ['passed', 'failed', 'not_assessed'].includes(one.result)))
  assert.equal(checkOf(shown, 'entitlements-reviewed')?.result, 'not_assessed', 'what nobody looked at does not pass for looked at')
  assert.equal(checkOf(shown, 'separate-key-hosts')?.result, 'failed', 'one machine with both keys is said aloud')
  assert.equal(shown.state, 'in_review')
  const kept = await rowsOf(h.twinlock, 'select name, result from promotion_check where promotion_id = $1', [id])
  assert.equal(kept.length, gateChecks.length)
})

/** The two connections of the scenario in the sandbox, without counterparts in production. */
async function connectSandbox(): Promise<void> {
  const { environments, people } = h.starter
  const { staging } = h.upstreams
  for (const [slug, access, baseUrl] of [
    ['accounts-data', 'read', staging.accounts.url],
    ['payments-api', 'write', staging.payments.url],
  ])
    await asSystem(h, 'starter')('connection:create', {
      environment: environments.sandbox,
      slug,
      access,
      baseUrl,
      sensitivity: 'internal',
      owner: people.owner,
    })
}

test('law 10, unknown is not passed: calls without a counterpart are not assessed, and stop the gate, the review and the crossing', async () => {
  await connectSandbox()
  const { artifact } = await sealedRun(h, { by: operator, environment: h.starter.environments.sandbox })
  const { id, checked } = await inReview(h, operator, artifact)
  const shown = asChecked(checked)
  assert.deepEqual(checkOf(shown, 'replay'), { ...checkOf(shown, 'replay'), result: 'not_assessed', blocking: true })
  assert.equal(shown.state, 'checked', 'it does not go into review')
  await refused(reviewer.act('promotion:approve', { promotion: id }), 'gate_failed')
  await refused((await signIn(h, 'deployer')).act('promotion:cross', { promotion: id }), 'wrong_state')
})

test('law 10, unknown is not passed: nobody can review what the gate was never asked about, or whose key was never proved', async () => {
  const asked = await requestPromotion(h, operator, (await sealedRun(h)).artifact)
  await refused(reviewer.act('promotion:approve', { promotion: asked.id }), 'gate_failed')
  const unproved = asChecked(await asSystem(h, 'gate')('promotion:check', { promotion: asked.id }))
  assert.equal(checkOf(unproved, 'key-proved')?.result, 'failed')
  assert.equal(unproved.state, 'checked')
  await refused(reviewer.act('promotion:approve', { promotion: asked.id }), 'gate_failed')
  await proveKey(h, asked)
  await refused(reviewer.act('promotion:approve', { promotion: asked.id }), 'gate_failed')
  assert.equal((await asSystem(h, 'gate')('promotion:check', { promotion: asked.id })).state, 'in_review')
})

test('law 10, unknown is not passed: a run that is not closed, or did not succeed, or left nothing, is not promoted', async () => {
  const { run, artifact } = await sealedRun(h)
  const tamper = (sql: string) => rowsOf(h.twinlock, sql, [run.id])
  await tamper(`update run set state = 'running' where id = $1`)
  const asked = await requestPromotion(h, operator, artifact)
  await proveKey(h, asked)
  const open = asChecked(await asSystem(h, 'gate')('promotion:check', { promotion: asked.id }))
  assert.deepEqual(
    { result: checkOf(open, 'run-credentials-ended')?.result, state: open.state },
    { result: 'not_assessed', state: 'checked' },
  )
  await tamper(`update run set state = 'ended', outcome = 'failed' where id = $1`)
  const failedRun = asChecked(await asSystem(h, 'gate')('promotion:check', { promotion: asked.id }))
  assert.deepEqual({ result: checkOf(failedRun, 'run-succeeded')?.result, state: failedRun.state }, { result: 'failed', state: 'checked' })
})
