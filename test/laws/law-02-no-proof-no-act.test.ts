// Law 2: effects accept values that only an earlier step can mint. What merely looks like one is refused: by the compiler where it can see it, and at run
// time where it cannot. The `@ts-expect-error` lines are tests: the type check fails when one of them compiles.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { decide, isMinted, wouldAllow } from '../../src/access/index.ts'
import { catalogue } from '../../src/app/catalogue.ts'
import { recordDone } from '../../src/app/door/record.ts'
import { composeEntry, doneDraft, type EntryDraft } from '../../src/app/entry.ts'
import type { ProductionWarrant } from '../../src/credentials/index.ts'
import { issueWarrant } from '../../src/host/keys/warrant.ts'
import { type Allowed, newId, organizationEntity, type Ports, systemPrincipal } from '../../src/kernel/index.ts'
import { rowsOf } from '../harness/database.ts'
import { asSystem, refused } from '../harness/signed-in.ts'
import { type Harness, openStarter } from '../harness/twinlock.ts'

let h: Harness
before(async () => {
  h = await openStarter({ runsMax: 0 })
})
after(() => h.close())

const capability = () => {
  const found = catalogue.find((one) => one.name === 'project:create')
  if (found === undefined) throw new Error('The catalogue has no project:create.')
  return found
}

const located = () => ({ resource: organizationEntity(h.starter.org), found: undefined })

function genuine(): Allowed<string> {
  const decision = decide(h.twinlock.decider, {
    capability: capability(),
    principal: systemPrincipal(h.starter.org, 'starter'),
    located: located(),
    policies: [],
    version: 1_000_000,
    now: Date.now(),
  })
  assert.ok(decision.kind === 'allowed')
  return decision.allowed
}

async function recordWith(allowed: Allowed<string>): Promise<void> {
  const { outside } = h.twinlock
  const entry = newId('ent', outside)
  const draft: EntryDraft = doneDraft(allowed, { result: {} }, { id: entry, at: Date.now(), request: 'test', environment: undefined })
  // Composing an entry uses sha256 and random alone.
  const act = { allowed, entry: composeEntry(draft, outside as unknown as Ports), draft }
  await outside.store.transact(h.starter.org, async (_tx, last) => recordDone(last, act, false))
}

test('law 2, no proof, no act: what decide() minted is recorded', async () => {
  const entries = async () => Number((await rowsOf(h.twinlock, 'select count(*) as count from entry'))[0]?.count)
  const before = await entries()
  await recordWith(genuine())
  assert.equal(await entries(), before + 1)
})

test('law 2, no proof, no act: an Allowed of the same shape, a copy, and a clone are refused by record, and leave nothing', async () => {
  const real = genuine()
  const forged = { action: real.action, principal: real.principal, resource: real.resource, policies: real.policies, version: real.version }
  const before = await rowsOf(h.twinlock, 'select id from entry order by id')
  for (const lookalike of [forged, { ...real }, structuredClone(real), Object.create(real), new Proxy(real, {})]) {
    assert.equal(isMinted(lookalike), false)
    await assert.rejects(recordWith(lookalike as unknown as Allowed<string>), /without a decision/) // the cast is the forgery
  }
  assert.deepEqual(await rowsOf(h.twinlock, 'select id from entry order by id'), before)
})

test('law 2, no proof, no act: an Allowed cannot be changed after it was minted', () => {
  const real = genuine()
  assert.throws(() => Object.assign(real, { action: 'grant:create' }), TypeError)
  assert.throws(() => Object.assign(real, { version: 9 }), TypeError)
})

test('law 2, no proof, no act: asking what would be decided mints nothing', async () => {
  const { decider } = h.twinlock
  const request = {
    capability: capability(),
    principal: systemPrincipal(h.starter.org, 'starter'),
    located: located(),
    policies: [],
    version: 1,
    now: Date.now(),
  }
  const answer = wouldAllow(decider, request)
  assert.equal(answer.allowed, true)
  assert.equal(isMinted(answer), false)
})

test('law 2, no proof, no act: a warrant for production is known by being issued, not by its form', () => {
  const { signers, vault } = h.twinlock.outside
  const binding = {
    org: h.starter.org,
    environment: h.starter.environments.production,
    purpose: 'identity',
    id: 'key-of-a-test',
    version: 1,
  }
  const made = signers.create('production', 'ES256', binding)
  const key = { side: 'production' as const, binding, wrapped: made.wrapped }
  const bytes = new Uint8Array([1, 2, 3])
  const warrant = issueWarrant({ promotion: 'prm_x', workload: 'svc_x' })
  assert.equal(signers.sign(key, 'ES256', bytes, warrant).length, 64)
  for (const lookalike of [undefined, { promotion: 'prm_x', workload: 'svc_x' }, { ...warrant }, structuredClone(warrant)]) {
    assert.throws(() => signers.sign(key, 'ES256', bytes, lookalike as ProductionWarrant), { code: 'not_promoted' }) // the cast is the forgery
  }
  assert.throws(
    () => vault.open('production', binding, made.wrapped),
    { code: 'sealed_elsewhere' },
    'a signing key never leaves the signer',
  )
})

test('law 2, no proof, no act: an action that is performed without the door leaves nothing', async () => {
  const { outside } = h.twinlock
  const principal = systemPrincipal(h.starter.org, 'starter')
  const ports = outside as unknown as Ports // project:create uses clock and random alone
  const input = { slug: 'sly', name: 'Sly', owner: h.starter.people.owner }
  const performed = outside.store.transact(
    h.starter.org,
    (tx) =>
      capability().perform({ allowed: {} as Allowed<string>, input, found: undefined, tx, ports, principal, entry: newId('ent', outside) }), // the cast is the forgery
  )
  await assert.rejects(performed, { code: 'TW003' })
  assert.deepEqual(await rowsOf(h.twinlock, `select id from project where slug = 'sly'`), [])
})

test('law 2, no proof, no act: raw strings do not compile where a minted value is asked for, and ids of one kind do not pass for another', async () => {
  const { outside } = h.twinlock
  const compiles = async () => {
    // @ts-expect-error an organization is not a text
    await outside.store.transact('org_made_up', async () => undefined)
    // @ts-expect-error a run is not a text
    await outside.cells.launch({ runId: 'run_made_up', program: 'payments', memoryMegabytesMax: 64 })
    // @ts-expect-error a person is not a run
    await outside.cells.launch({ runId: newId('per', outside), program: 'payments', memoryMegabytesMax: 64 })
    // @ts-expect-error an Allowed is not an object of its shape
    const forged: Allowed<'run:launch'> = {
      action: 'run:launch',
      principal: systemPrincipal(h.starter.org, 'worker'),
      resource: { type: 'Run', id: '' },
      policies: [],
      version: 1,
    }
    // @ts-expect-error an Allowed of one action is not one of another
    const other: Allowed<'run:cancel'> = genuine() as Allowed<'run:launch'>
    // @ts-expect-error a warrant is not an object of its shape
    const warrant: ProductionWarrant = { promotion: 'prm_x', workload: 'svc_x' }
    return [forged, other, warrant]
  }
  assert.equal(typeof compiles, 'function')
})

test('law 2, no proof, no act: a name that no action has, and a credential that is not the kind an action needs, are refused before anything is looked at', async () => {
  await refused(asSystem(h, 'starter')('project:conjure', {}), 'not_found')
  await refused(asSystem(h, 'starter')('token:issue', {}), 'unauthenticated')
  await refused(asSystem(h, 'starter')('session:create', {}), 'unauthenticated')
})
