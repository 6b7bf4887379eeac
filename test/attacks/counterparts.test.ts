// What stands for a connection in production decides what a promotion hands over: how many look at it, whether the service may see it, whether it is there at all.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { rowsOf } from '../harness/database.ts'
import { sealedRun } from '../harness/live-run.ts'
import { check, type PromotedTo, prove, request } from '../harness/promoting.ts'
import { asSystem, type SignedIn, signIn } from '../harness/signed-in.ts'
import { type Harness, openStarter, workloadKey } from '../harness/twinlock.ts'

let h: Harness
let operator: SignedIn
before(async () => {
  h = await openStarter({ runsMax: 0 })
  operator = await signIn(h, 'operator')
})
after(() => h.close())

interface Kind {
  readonly access: 'read' | 'write' | 'control'
  readonly sensitivity: 'internal' | 'confidential' | 'restricted'
}

/** A connection of an environment; of production, where none is named. */
async function connection(
  slug: string,
  { access, sensitivity }: Kind,
  more: { environment?: string; counterpart?: string } = {},
): Promise<string> {
  const { people, environments } = h.starter
  const { staging, production } = h.upstreams
  const { environment = environments.production } = more
  const baseUrl = (environment === environments.production ? production : staging).accounts.url
  const made = await asSystem(h, 'starter')('connection:create', {
    slug,
    access,
    sensitivity,
    owner: people.owner,
    baseUrl,
    environment,
    ...more,
  })
  return String(made.id)
}

/** A promotion of a run that read from a connection which is harmless where it ran, checked by the gate. */
async function promoted(name: string, counterpart: string, to: { environment?: string } = {}): Promise<Record<string, unknown>> {
  const starter = asSystem(h, 'starter')
  const { people, environments } = h.starter
  const environment = String((await starter('environment:create', { slug: name, class: 'preproduction', owner: people.owner })).id)
  await connection('accounts-data', { access: 'read', sensitivity: 'internal' }, { environment, counterpart })
  const [payments] = await rowsOf(h.twinlock, `select id from connection where slug = 'payments-api-production'`)
  await connection('payments-api', { access: 'write', sensitivity: 'internal' }, { environment, counterpart: String(payments?.id) })
  await starter('grant:create', { principal: people.operator, role: 'operator', environments: [environment], reason: 'A test needs it.' })
  const key = workloadKey()
  const asked = {
    kind: 'service',
    slug: name,
    environment: to.environment ?? environments.production,
    owner: people.owner,
    clearance: 'internal',
  }
  const made = await starter('workload:create', { ...asked, jwk: key.jwk })
  const target: PromotedTo = { service: { id: String(made.id), spiffeId: String(made.spiffeId) }, key, channel: name }
  const { artifact } = await sealedRun(h, { by: operator, environment })
  const there = { ...h.starter, environments: { ...environments, production: asked.environment } }
  const id = await request(operator.act, there, artifact, target)
  await prove(h.twinlock.door, operator.act, there, id, target)
  return check(h.twinlock.door, there, id)
}

const found = (checked: Record<string, unknown>, name: string) =>
  (checked.checks as { name: string; result: string; detail: string }[]).find((one) => one.name === name)
const needed = (checked: Record<string, unknown>) => (checked.approvals as { needed: number }).needed

test('what gets the control of something in production takes two reviewers, however harmless it was where it was tried', async () => {
  assert.equal(needed(await promoted('harmless', await connection('only-read', { access: 'read', sensitivity: 'internal' }))), 1)
  assert.equal(needed(await promoted('controls', await connection('control-of-all', { access: 'control', sensitivity: 'internal' }))), 2)
})

test('a service is given no connection that it is not cleared for, and what is restricted takes two reviewers', async () => {
  const checked = await promoted('sees-too-much', await connection('restricted-accounts', { access: 'read', sensitivity: 'restricted' }))
  assert.equal(found(checked, 'sensitivity')?.result, 'failed')
  assert.equal(checked.state, 'checked')
  assert.equal(needed(checked), 2)
})

test('a counterpart in another environment than the one that is promoted to stands for nothing there', async () => {
  const { people } = h.starter
  const elsewhere = String(
    (await asSystem(h, 'starter')('environment:create', { slug: 'elsewhere', class: 'production', owner: people.owner })).id,
  )
  const checked = await promoted('far-away', await connection('only-here', { access: 'read', sensitivity: 'internal' }), {
    environment: elsewhere,
  })
  assert.equal(found(checked, 'replay')?.result, 'not_assessed')
})
