// A workload carries its owner in its chain, so that separation of duties sees him. That must give it nothing of his: whoever holds a pipeline's key signs nobody
// out, takes nobody's passkey, and hands nothing over.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { wouldAllow } from '../../src/access/index.ts'
import { catalogue } from '../../src/app/catalogue.ts'
import { createDecider } from '../../src/app/deciding.ts'
import type { OrgId, Principal } from '../../src/kernel/index.ts'
import { textAt } from '../harness/acting.ts'
import { pipeline, refused, type SignedIn, signIn } from '../harness/signed-in.ts'
import { type Harness, openStarter } from '../harness/twinlock.ts'

let h: Harness
let owner: SignedIn
let owned: SignedIn
before(async () => {
  h = await openStarter({ runsMax: 0 })
  owner = await signIn(h, 'operator') // who answers for the starter's pipeline
  owned = await pipeline(h)
})
after(() => h.close())

test('a pipeline neither sees nor ends its owner’s sessions, and sees nothing of what he would leave behind', async () => {
  const session = textAt(await owner.act('person:sessions', { person: owner.id }), 'items', 0, 'id')
  for (const action of ['person:sessions', 'person:passkeys', 'person:leaving'])
    await refused(owned.act(action, { person: owner.id }), 'denied')
  await refused(owned.act('session:revoke', { session }), 'denied')
  await owner.act('session:show', {}) // he is still signed in
})

test('a pipeline hands nothing of its owner’s to somebody else', async () => {
  const { people, pipeline: ci } = h.starter
  await refused(owned.act('ownership:offer', { things: [ci.id], to: people.author, reason: 'He said so.' }), 'denied')
  await refused(owned.act('ownership:list', { person: owner.id }), 'denied')
})

const org = 'org_00000000000000000000000001' as OrgId // the form is the brand's
const person = 'per_00000000000000000000000001'
const workloads = ['pipeline', 'agent', 'service'] as const

test('no action of the catalogue that is for people alone is a workload’s because it is its owner’s own', () => {
  const decider = createDecider()
  let asked = 0
  let persons = 0
  for (const capability of catalogue.filter(({ resource, by }) => resource.attributes.self === 'String' && by.length > 0)) {
    const attributes = { self: person }
    const located = { resource: { type: capability.resource.name, id: 'thing', attributes, parents: [] }, found: undefined }
    const may = (kind: Principal['kind'], chain: readonly string[]) => {
      const principal: Principal = { kind, id: chain[0] ?? '', org, name: kind, clearance: 3, chain: [...chain], authenticatedAt: 0 }
      return wouldAllow(decider, { capability, principal, located, policies: [], version: 0, now: 0 }).allowed
    }
    if (capability.by.includes('person') && may('person', [person])) persons++
    for (const kind of workloads.filter((one) => !capability.by.includes(one))) {
      assert.equal(may(kind, [`${kind}-1`, person]), false, `${capability.name} by the owner’s ${kind}`)
      asked++
    }
  }
  assert.ok(asked > 50 && persons > 10, `${asked} asked, ${persons} are people’s own`)
})
