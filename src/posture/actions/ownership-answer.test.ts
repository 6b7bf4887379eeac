// What becomes of an offer that nobody takes, and of what a guest answers for, through the door: whoever asked is told, and nothing goes on in the name of somebody
// who is not here.
import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { launch } from '../../../test/harness/live-run.ts'
import { asSystem, newPerson, refused, type SignedIn, signIn, signInAs, tokenFor } from '../../../test/harness/signed-in.ts'
import { type Harness, openStarter, workloadKey } from '../../../test/harness/twinlock.ts'

let h: Harness
let admin: SignedIn
let operator: SignedIn
let offsetMs = 0
const reason = 'A test needs it.'
const dayMs = 86_400_000

before(async () => {
  h = await openStarter({ runsMax: 0, clock: { now: () => Date.now() + offsetMs, monotonic: () => performance.now() } })
  admin = await signIn(h, 'admin')
  operator = await signIn(h, 'operator')
})
after(() => h.close())

type Row = Readonly<Record<string, unknown>>
const items = (result: Record<string, unknown>): Row[] => result.items as Row[] // the action's schema has checked it

async function newTwin(owner: string, slug: string): Promise<string> {
  const twin = { project: h.starter.project, slug, kind: 'process', program: 'payments', owner, sensitivity: 'internal' }
  return String((await asSystem(h, 'starter')('twin:create', twin)).id)
}

/** What somebody is told of a thing under "Needs you": kinds, and why. */
async function toldOf(who: SignedIn, id: string): Promise<string[][]> {
  const all = items(await who.act('attention:list', {}))
  return all.filter(({ subject }) => (subject as Row).id === id).map(({ kind, why }) => [String(kind), String(why)])
}

/** How an offer of a thing stands in the list of whoever owns it. */
async function listed(who: SignedIn, id: string): Promise<Row | undefined> {
  return items(await who.act('ownership:list', { person: who.id })).find((one) => one.id === id)
}

describe('an offer that is declined', () => {
  it('is told whoever offered it and whoever answers for it, with the reason, and nobody else', async () => {
    const [owner, asked, other] = [await newPerson(h, 'owner-1'), await newPerson(h, 'asked-1'), await newPerson(h, 'other-1')]
    const twin = await newTwin(owner.id, 'unwanted')
    await admin.act('ownership:offer', { things: [twin], to: asked.id, reason })
    assert.deepEqual(await toldOf(owner, twin), [])
    await asked.act('ownership:decline', { things: [twin], reason: 'I build another one.' })
    const why = 'asked-1 declined to answer for it: I build another one.'
    assert.deepEqual(await toldOf(owner, twin), [['ownership_declined', `${why} You go on answering for it.`]])
    assert.deepEqual(await toldOf(admin, twin), [['ownership_declined', `${why} owner-1 goes on answering for it.`]])
    assert.deepEqual([await toldOf(asked, twin), await toldOf(other, twin)], [[], []])
    const { offer, declined } = (await listed(owner, twin)) ?? {}
    assert.equal(offer, null)
    assert.deepEqual(
      { ...(declined as Row), at: '' },
      { by: { id: asked.id, name: 'asked-1' }, at: '', reason: 'I build another one.', hasLeft: false },
    )
  })

  it('is told no more when somebody else is asked, and an owner who took it over is told nothing of what was asked before him', async () => {
    const [owner, asked, heir] = [await newPerson(h, 'owner-2'), await newPerson(h, 'asked-2'), await newPerson(h, 'heir-2')]
    const twin = await newTwin(owner.id, 'wanted')
    await owner.act('ownership:offer', { things: [twin], to: asked.id, reason })
    await asked.act('ownership:decline', { things: [twin], reason })
    await owner.act('ownership:offer', { things: [twin], to: heir.id, reason })
    assert.deepEqual(await toldOf(owner, twin), [])
    assert.equal((await listed(owner, twin))?.declined, null)
    await heir.act('ownership:accept', { things: [twin] })
    assert.deepEqual([await toldOf(owner, twin), await toldOf(heir, twin)], [[], []])
    assert.equal((await listed(heir, twin))?.declined, null)
  })

  it('is told for a week, and to no administrator who is none any more', async () => {
    const [owner, asked, second] = [
      await newPerson(h, 'owner-3'),
      await newPerson(h, 'asked-3'),
      await newPerson(h, 'second-admin', 'admin'),
    ]
    const twin = await newTwin(owner.id, 'told-a-week')
    await second.act('ownership:offer', { things: [twin], to: asked.id, reason })
    await asked.act('ownership:decline', { things: [twin], reason })
    assert.equal((await toldOf(second, twin)).length, 1)
    const [grant] = (await second.act('session:show', {})).grants as { id: string }[] // the action's schema has checked it
    await admin.act('grant:revoke', { grant: grant?.id, reason })
    assert.deepEqual(await toldOf(second, twin), [])
    assert.equal((await toldOf(owner, twin)).length, 1)
    offsetMs = 8 * dayMs
    assert.deepEqual(await toldOf(await signInAs(h.twinlock.door, h.starter.org, owner.id), twin), [])
    offsetMs = 0
  })

  it('is told as well when whoever was asked leaves without an answer, and not when it was taken back', async () => {
    const [owner, asked] = [await newPerson(h, 'owner-4'), await newPerson(h, 'asked-4')]
    const [twin, other] = [await newTwin(owner.id, 'unanswered'), await newTwin(owner.id, 'taken-back')]
    await owner.act('ownership:offer', { things: [twin, other], to: asked.id, reason })
    await owner.act('ownership:withdraw', { things: [other], reason })
    await admin.act('person:offboard', { person: asked.id })
    assert.deepEqual(await toldOf(owner, twin), [['ownership_declined', 'asked-4 has left without an answer. You go on answering for it.']])
    const { declined } = (await listed(owner, twin)) ?? {}
    assert.equal((declined as Row | undefined)?.hasLeft, true)
    assert.deepEqual(await toldOf(owner, other), [])
  })
})

describe('what a guest answers for', () => {
  const until = (ms: number) => new Date(Date.now() + offsetMs + ms).toISOString()

  /** A guest of a sponsor who can leave, with a twin that somebody else runs and a pipeline of his own. */
  async function guestWith(slug: string, ms: number) {
    const sponsor = await newPerson(h, `sponsor-${slug}`, 'admin')
    const { project, environments, scenario } = h.starter
    const invited = {
      slug,
      name: slug,
      address: `${slug}@partner.example`,
      role: 'operator',
      projects: [project],
      until: until(ms),
      reason,
    }
    const { id: guest, person } = await sponsor.act('guest:invite', invited)
    const twin = await newTwin(String(person), `twin-${slug}`)
    const starter = asSystem(h, 'starter')
    const { manifest } = await operator.act('scenario:show', { scenario })
    const its = String((await starter('scenario:publish', { twin, slug: 'settle', manifest })).id)
    const key = workloadKey(() => Date.now() + offsetMs)
    const made = { kind: 'pipeline', slug: `pipeline-${slug}`, environment: environments.staging, owner: String(person), jwk: key.jwk }
    const pipeline = await starter('workload:create', made)
    await starter('grant:create', { principal: String(pipeline.id), role: 'operator', reason })
    const token = await tokenFor(h, key, { spiffeId: String(pipeline.spiffeId) }, environments.staging)
    return { sponsor, guest: String(guest), person: String(person), twin, scenario: its, token }
  }

  it('stands still from the moment in which his sponsor leaves, is found then, and goes on when somebody else answers for him', async () => {
    const { sponsor, guest, person, twin, scenario } = await guestWith('partner-1', 9 * dayMs)
    await launch(h, { by: operator, scenario })
    await admin.act('person:offboard', { person: sponsor.id })
    await refused(launch(h, { by: operator, scenario }), 'owner_left')
    const [orphan] = items(await admin.act('ownership:list', { orphans: true, person, kind: 'twin' }))
    assert.deepEqual([orphan?.id, orphan?.isOrphan], [twin, true])
    assert.notEqual(orphan?.since, null)
    assert.deepEqual(
      (await toldOf(admin, twin)).map(([kind]) => kind),
      ['orphan_found'],
    )
    const owner = await signIn(h, 'owner')
    await admin.act('guest:sponsor', { guest, sponsor: owner.id, reason })
    await owner.act('guest:accept', { guest })
    assert.ok(await launch(h, { by: operator, scenario }))
    assert.deepEqual(await toldOf(admin, twin), [])
  })

  it('stands still at the end of his invitation by the clock, before any sweep: nobody runs his twin, and his pipeline runs nothing', async () => {
    const { scenario, token } = await guestWith('partner-2', 60_000)
    const theirs = { scenario: h.starter.scenario, environment: h.starter.environments.staging }
    assert.ok(await token.act('run:launch', theirs))
    offsetMs = 61_000
    await refused(launch(h, { by: operator, scenario }), 'owner_left')
    const refusal = await refused(token.act('run:launch', theirs), 'denied')
    assert.match(refusal.message, /owner of this pipeline has left/)
    offsetMs = 0
  })
})
