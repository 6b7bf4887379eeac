// What is left of a sponsor who left, through the door: nobody answers for his engagements and guests until somebody else does, and coming back gives him none of it.
import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { type Act, actWith, at, codeOf, listAt, sessionOf, textAt } from '../../../test/harness/acting.ts'
import { openWorld, type World } from '../../../test/harness/world.ts'

const reason = 'A test needs it.'

let world: World
let admin: Act

before(async () => {
  world = await openWorld({ isIdle: true })
  admin = await world.as('admin')
})
after(() => world.close())

const until = () => new Date(world.clock.now() + 9 * 86_400_000).toISOString()
const signedIn = async (person: string): Promise<Act> =>
  actWith(world.twinlock.door, await sessionOf(world.twinlock.door, world.org, person))
const told = async (who: Act, id: string) =>
  listAt(await who('attention:list'), 'items')
    .filter((one) => at(one, 'subject', 'id') === id)
    .map((one) => textAt(one, 'kind'))
const comesBack = (person: string) => world.tamper(`update person set state = 'active' where id = $1`, [person])

async function sponsor(slug: string): Promise<{ readonly id: string; readonly act: Act }> {
  const id = textAt(await admin('person:create', { slug, name: slug, email: `${slug}@here.example` }), 'id')
  return { id, act: await signedIn(id) }
}

describe('a sponsor who left and is here again', () => {
  it('confirms, prolongs and sees nothing of his engagement, confirmed before or not, until an administrator names him anew', async () => {
    const { id, act } = await sponsor('comes-back')
    const made = (slug: string) =>
      admin('engagement:create', { slug, name: slug, sponsor: id, projects: [world.starter.project], until: until(), reason })
    const [confirmed, waiting] = [textAt(await made('confirmed'), 'id'), textAt(await made('waiting'), 'id')]
    await act('engagement:confirm', { engagement: confirmed, reason })
    await admin('person:offboard', { person: id })
    const leaving = await admin('person:leaving', { person: id })
    const line = listAt(leaving, 'lines').find((one) => at(one, 'what') === 'engagements')
    assert.deepEqual([at(line, 'outcome'), at(line, 'count'), at(line, 'remaining')], ['stopped', 2, 0])
    await comesBack(id)
    const back = await signedIn(id)
    for (const engagement of [confirmed, waiting]) {
      assert.equal(await codeOf(back('engagement:confirm', { engagement, reason })), 'denied')
      assert.equal(await codeOf(back('engagement:extend', { engagement, until: until(), reason })), 'denied')
      assert.equal(await codeOf(back('engagement:show', { engagement })), 'denied')
      assert.deepEqual(await told(back, engagement), [])
      assert.deepEqual(await told(admin, engagement), ['engagement_paused'])
      assert.equal((await admin('engagement:show', { engagement })).sponsorLeft, true)
    }
    assert.deepEqual(listAt(await back('engagement:list', { mine: true }), 'items'), [])
    await admin('engagement:sponsor', { engagement: confirmed, sponsor: id, reason })
    assert.deepEqual(await told(admin, confirmed), [])
    assert.deepEqual(await told(back, confirmed), ['engagement_to_confirm'])
    assert.equal((await back('engagement:confirm', { engagement: confirmed, reason })).state, 'active')
  })

  it('lets no guest of his in again by himself', async () => {
    const { id, act } = await sponsor('guests-of')
    const { project, people } = world.starter
    const invitation = { slug: 'his-guest', name: 'His guest', address: 'his-guest@partner.example', role: 'observer', projects: [project] }
    const made = await admin('guest:invite', { ...invitation, sponsor: id, until: until(), reason })
    const guest = textAt(made, 'id')
    await act('guest:accept', { guest })
    await admin('person:offboard', { person: id })
    await comesBack(id)
    const back = await signedIn(id)
    assert.equal(await codeOf(back('guest:sponsor', { guest, sponsor: id, reason })), 'denied')
    assert.equal(await codeOf(back('guest:accept', { guest })), 'denied')
    assert.deepEqual([await told(back, guest), await told(admin, guest)], [[], ['guest_paused']])
    await assert.rejects(signedIn(textAt(made, 'person')), /waits for somebody to answer/)
    await admin('guest:sponsor', { guest, sponsor: people.owner, reason })
    await (await world.as('owner'))('guest:accept', { guest })
    assert.ok(await signedIn(textAt(made, 'person')))
  })
})
