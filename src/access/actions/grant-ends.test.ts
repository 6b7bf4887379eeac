// What begins and ends a grant: the entry that it was given with says the whole of it, and so does whatever shows the grant, until it is over and after.
import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { type Act, at, codeOf, listAt, textAt } from '../../../test/harness/acting.ts'
import { openWorld, type World } from '../../../test/harness/world.ts'

type Json = Readonly<Record<string, unknown>>

let world: World
let admin: Act
let operator: Act
before(async () => {
  world = await openWorld({ isIdle: true })
  admin = await world.as('admin')
  operator = await world.as('operator')
})
after(() => world.close())

const reason = 'A test needs it.'
let people = 0
async function person(): Promise<string> {
  const slug = `e${++people}`
  return textAt(await admin('person:create', { slug, name: slug, email: `${slug}@people.example` }), 'id')
}
const give = (input: Json) => admin('grant:create', { principal: world.starter.people.author, role: 'operator', reason, ...input })
const inHours = (hours: number) => new Date(Math.floor(world.clock.now() / 1000) * 1000 + hours * 3_600_000).toISOString()
const launching = () => ({ scenario: world.starter.scenario, environment: world.starter.environments.staging })

/** What the entries of an action on a grant say of it. */
async function factsOf(action: string, grant: unknown): Promise<Json> {
  const rows = await world.rows(
    `select e.body::jsonb -> 'facts' as facts from entry e join entry_ref r on r.entry_id = e.id
      where e.action = $1 and r.ref_id = $2 and r.rel = 'grant' and e.body::jsonb -> 'related' @> jsonb_build_array(jsonb_build_object('rel', 'grant', 'id', $2::text))`,
    [action, grant],
  )
  assert.equal(rows.length, 1, `${action} of ${String(grant)} is recorded once`)
  return rows[0]?.facts as Json // the column holds the facts of the entry
}

async function shownEverywhere(grant: unknown): Promise<readonly Json[]> {
  const listed = listAt(await admin('grant:list', { principal: world.starter.people.author, limit: 100 }), 'items') as Json[] // its schema has checked it
  return [await admin('grant:show', { grant }), ...listed.filter(({ id }) => id === grant)]
}

async function engagement(until: string): Promise<string> {
  const { people: known, project } = world.starter
  const asked = { slug: `works-${++people}`, name: 'Works', sponsor: known.owner, projects: [project], until, reason }
  return textAt(await admin('engagement:create', asked), 'id')
}

describe('what begins and ends a grant is recorded with it and shown:', () => {
  it('from when to when', async () => {
    const [notBefore, expiresAt] = [inHours(1), inHours(2)]
    const given = await give({ notBefore, expiresAt })
    const facts = await factsOf('grant:create', given.id)
    assert.deepEqual([facts.notBefore, facts.expiresAt], [notBefore, expiresAt])
    assert.ok(!('untilRun' in facts || 'untilBatch' in facts || 'untilEngagement' in facts), 'and nothing that does not end it')
  })

  it('a run, a batch and an engagement, and once more when it is taken away', async () => {
    const run = textAt(await operator('run:launch', launching()), 'id')
    const batch = textAt(await operator('batch:launch', { ...launching(), seeds: '1,2' }), 'id')
    const until = inHours(48)
    const bound = await engagement(until)
    for (const [ends, expiresAt] of [
      [{ untilRun: run }, null],
      [{ untilBatch: batch }, null],
      [{ untilEngagement: bound }, until],
    ] as const) {
      const [[name, id]] = Object.entries(ends) as [[string, string]] // each names one
      const given = await give(ends)
      assert.deepEqual([given[name], given.expiresAt], [id, expiresAt])
      const { facts, others } = { facts: await factsOf('grant:create', given.id), others: await shownEverywhere(given.id) }
      assert.deepEqual([facts[name], facts.expiresAt], [id, expiresAt], name)
      assert.equal(others.length, 2)
      for (const shown of others) assert.equal(shown[name], id, name)
      const revoked = await admin('grant:revoke', { grant: given.id, reason })
      assert.equal(revoked[name], id)
      assert.equal((await factsOf('grant:revoke', given.id))[name], id)
    }
  })

  it('the invitation of a guest, and the mapping that gave it', async () => {
    const words = { slug: 'visitor', name: 'Visitor', address: 'visitor@partner.example', until: inHours(24), reason }
    const guest = await admin('guest:invite', { ...words, role: 'auditor', projects: [world.starter.project] })
    const invited = listAt(await admin('grant:list', { principal: guest.person }), 'items')
    assert.deepEqual(
      invited.map((one) => [at(one, 'untilGuest'), at(one, 'untilEngagement'), at(one, 'mapping')]),
      [[guest.id, null, null]],
    )
    const member = await person()
    const group = textAt(await admin('group:create', { slug: 'mapped', name: 'M', owner: world.starter.people.owner }), 'id')
    await admin('group:add', { group, member })
    const mapping = await admin('mapping:create', { slug: 'mapped', title: 'M', group, gives: [{ role: 'observer' }], reason })
    const mapped = listAt(await admin('grant:list', { principal: group }), 'items')
    assert.deepEqual(
      mapped.map((one) => [at(one, 'mapping'), at(one, 'untilGuest')]),
      [[mapping.id, null]],
    )
  })

  it('and a list narrowed by what is no id is refused, not empty', async () => {
    assert.equal(await codeOf(admin('grant:list', { principal: 'author' })), 'invalid')
  })

  it('also where it stands behind a decision or a path', async () => {
    const run = textAt(await operator('run:launch', launching()), 'id')
    const given = await give({ untilRun: run })
    const why = await admin('access:explain', { principal: world.starter.people.author, action: 'run:launch', input: launching() })
    const behind = listAt(why, 'policies').find((one) => at(one, 'id') === given.id)
    assert.deepEqual([at(behind, 'grant', 'untilRun'), at(behind, 'grant', 'untilBatch')], [run, null])
    const paths = listAt(await admin('access:paths', { target: world.starter.twins.payments }), 'paths')
    const grants = paths.flatMap((path) => listAt(path, 'grants')).filter((one) => at(one, 'id') === given.id)
    assert.ok(grants.length > 0 && grants.every((one) => at(one, 'untilRun') === run))
  })
})
