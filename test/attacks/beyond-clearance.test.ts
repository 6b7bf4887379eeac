// Who is not cleared for what crosses sees nothing of it by the steps that change something, and says nothing of it that counts: nobody approves what he may not see.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { catalogue } from '../../src/app/catalogue.ts'
import { asSuperuser, rowsOf } from '../harness/database.ts'
import { inReview, sealedRun } from '../harness/live-run.ts'
import { asSystem, grant, refused, type SignedIn, signIn, signInAs } from '../harness/signed-in.ts'
import { type Harness, openStarter } from '../harness/twinlock.ts'

let h: Harness
let promotion: string
let uncleared: SignedIn
before(async () => {
  h = await openStarter({ runsMax: 0 })
  const { artifact } = await sealedRun(h)
  promotion = (await inReview(h, await signIn(h, 'operator'), artifact)).id
  await asSuperuser(h.twinlock, async (client) => {
    await client.query(`set session_replication_role = 'replica'`) // or the store would ask for an entry
    await client.query(`update artifact set sensitivity = 'confidential' where id = $1`, [artifact])
  })
  const asked = { slug: 'uncleared', name: 'Uncleared', email: 'uncleared@people.example', clearance: 'internal' }
  const { id } = await asSystem(h, 'starter')('person:create', asked)
  for (const role of ['reviewer', 'operator']) await grant(h, String(id), role)
  uncleared = await signInAs(h.twinlock.door, h.starter.org, String(id))
})
after(() => h.close())

test('a check of the gate shows a promotion to nobody to whom showing it does not', async () => {
  for (const action of ['promotion:show', 'promotion:deciders', 'promotion:check']) {
    const { notes } = await refused(uncleared.act(action, { promotion }), 'denied')
    assert.deepEqual(notes.facts?.policies, ['guardrail/clearance'], action)
  }
  await asSystem(h, 'gate')('promotion:check', { promotion })
})

test('nobody approves what he is not cleared to see; to reject it he need not see it', async () => {
  const { notes } = await refused(uncleared.act('promotion:approve', { promotion }), 'denied')
  assert.deepEqual(notes.facts?.policies, ['guardrail/clearance'])
  assert.deepEqual(await rowsOf(h.twinlock, 'select person_id from approval where promotion_id = $1', [promotion]), [])
  assert.equal((await uncleared.act('promotion:reject', { promotion })).state, 'rejected')
})

const fieldsOf = ({ output }: (typeof catalogue)[number]) =>
  Object.keys('shape' in output ? Object(output.shape) : {}).filter((field) => field !== 'items' && field !== 'next')

test('no action answers all that one which shows content answers of the same thing, without asking for the same clearance', () => {
  const isShowing = ({ effect, goesOnShowing }: (typeof catalogue)[number]) => effect === 'content' || goesOnShowing === true
  const content = catalogue.filter(
    (one) => one.effect === 'content' && one.resource.attributes.sensitivity === 'Long' && fieldsOf(one).length > 0,
  )
  assert.ok(content.length > 8, String(content.length))
  for (const one of catalogue.filter((other) => !isShowing(other) && other.effect !== 'consequence' && other.roles.length > 0)) {
    const said = new Set(fieldsOf(one))
    for (const shown of content.filter(({ noun }) => noun === one.noun))
      assert.ok(
        fieldsOf(shown).some((field) => !said.has(field)),
        `${one.name} answers everything that ${shown.name} does`,
      )
  }
})
