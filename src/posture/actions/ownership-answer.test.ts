// What becomes of an offer that nobody takes, and of what a guest answers for, through the door: whoever asked is told, and nothing goes on in the name of somebody
// who is not here.
import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { asSuperuser, rowsOf } from '../../../test/harness/database.ts'
import { launch, liveRun } from '../../../test/harness/live-run.ts'
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

describe('what a leaver answers for', () => {
  it('is not run by what others launched before he left: what had begun goes on, what had not does not begin', async () => {
    const leaver = await newPerson(h, 'owner-5')
    const [twin, other] = [await newTwin(leaver.id, 'left-waiting'), h.starter.scenario]
    const starter = asSystem(h, 'starter')
    const { manifest } = await operator.act('scenario:show', { scenario: other })
    const scenario = String((await starter('scenario:publish', { twin, slug: 'settle', manifest })).id)
    const begun = await liveRun(h, { by: operator, scenario })
    const [waiting, apart] = [await launch(h, { by: operator, scenario }), await launch(h, { by: operator, scenario: other })]
    const line = async () => (await admin.act('person:leaving', { person: leaver.id })).lines as Row[]
    const waitingRuns = async () => (await line()).find(({ what }) => what === 'waiting_runs')
    assert.deepEqual([(await waitingRuns())?.outcome, (await waitingRuns())?.count], ['would_end', 1])
    await admin.act('person:offboard', { person: leaver.id })
    const states = await rowsOf(h.twinlock, 'select id, outcome, cause from run where id = any($1) order by id', [
      [begun.id, waiting, apart],
    ])
    assert.deepEqual(states, [
      { id: begun.id, outcome: null, cause: null },
      { id: waiting, outcome: 'revoked', cause: 'owner_gone' },
      { id: apart, outcome: null, cause: null },
    ])
    assert.deepEqual([(await waitingRuns())?.outcome, (await waitingRuns())?.remaining], ['ended', 0])
    await begun.end('succeeded')
  })

  it('stops as well where it is an environment, a connection or an asset that a run waits for', async () => {
    const { environments, project, scenario } = h.starter
    const starter = asSystem(h, 'starter')
    const { twin, manifest } = await operator.act('scenario:show', { scenario })
    const owners = await Promise.all(['owner-6', 'owner-7', 'owner-8'].map((slug) => newPerson(h, slug)))
    const [ofEnvironment, ofConnection, ofAsset] = owners.map(({ id }) => id)
    const content = Buffer.from('a,b').toString('base64')
    const added = { project, slug: 'table', mediaType: 'text/csv', sensitivity: 'internal', owner: ofAsset, content }
    const asset = String((await starter('asset:add', added)).id)
    const withAsset = { ...(manifest as Row), assets: [{ name: 'table', asset }] }
    const its = String((await starter('scenario:publish', { twin, slug: 'with-a-table', manifest: withAsset })).id)
    const waiting = await launch(h, { by: operator, scenario: its })
    await asSuperuser(h.twinlock, async (client) => {
      await client.query('update environment set owner_id = $1 where id = $2', [ofEnvironment, environments.staging])
      const used = 'select connection_id from permission where holder_id = $2 limit 1'
      await client.query(`update connection set owner_id = $1 where id in (${used})`, [ofConnection, waiting])
    })
    // What earlier tests left waiting runs there as well, on the same connections, and needs no asset.
    const all = (await rowsOf(h.twinlock, `select id from run where state = 'queued'`)).length
    for (const [at, owner] of owners.entries()) {
      const { lines } = await owner.act('person:leaving', { person: owner.id })
      const line = (lines as Row[]).find(({ what }) => what === 'waiting_runs')
      assert.deepEqual([line?.outcome, line?.count], ['would_end', at === 2 ? 1 : all])
    }
    const [, , last] = owners
    assert.equal(((await admin.act('person:offboard', { person: last?.id })).ended as Row).waiting_runs, 1)
    assert.deepEqual(await rowsOf(h.twinlock, 'select outcome from run where id = $1', [waiting]), [{ outcome: 'revoked' }])
    await asSuperuser(h.twinlock, async (client) => {
      for (const table of ['environment', 'connection'])
        await client.query(`update ${table} set owner_id = $1 where owner_id = any($2)`, [
          h.starter.people.owner,
          owners.map(({ id }) => id),
        ])
    })
  })

  it('does not go on when he is here again by his own word alone', async () => {
    const leaver = await newPerson(h, 'owner-9')
    const key = workloadKey(() => Date.now() + offsetMs)
    const { environments } = h.starter
    const made = { kind: 'pipeline', slug: 'kept-by-a-leaver', environment: environments.staging, owner: leaver.id, jwk: key.jwk }
    const pipeline = await asSystem(h, 'starter')('workload:create', made)
    const things = [String(pipeline.id)]
    await admin.act('person:offboard', { person: leaver.id })
    await asSuperuser(h.twinlock, (client) => client.query(`update person set state = 'active' where id = $1`, [leaver.id]))
    const back = await signInAs(h.twinlock.door, h.starter.org, leaver.id)
    await refused(back.act('ownership:offer', { things, to: leaver.id, reason }), 'denied')
    await refused(back.act('ownership:accept', { things }), 'not_found')
    const workload = { spiffeId: String(pipeline.spiffeId) }
    await refused(tokenFor(h, key, workload, environments.staging), 'unauthenticated')
    await admin.act('ownership:offer', { things, to: leaver.id, reason })
    await back.act('ownership:accept', { things })
    assert.ok(await tokenFor(h, key, workload, environments.staging))
  })
})
