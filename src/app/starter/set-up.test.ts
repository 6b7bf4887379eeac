// Further organizations of a deployment, as whoever has the machine asks for them.
import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { actWith, codeOf, listAt, textAt } from '../../../test/harness/acting.ts'
import { openWorld, type World } from '../../../test/harness/world.ts'
import { setUpAnother } from './set-up.ts'
import { linksFor } from './walk.ts'

let world: World
before(async () => {
  world = await openWorld({ isIdle: true })
})
after(() => world?.close())

const ask = (slug: string) => setUpAnother(world.twinlock.door, world.twinlock.outside, slug)

describe('another organization', () => {
  it('has an administrator of its own, who sees nothing of the others, and is asked for until he has come', async () => {
    const made = await ask('acme')
    assert.ok(made)
    assert.notEqual(made.org, world.org)
    assert.deepEqual(await ask('acme'), made, 'nobody has come yet: it is the same one')
    const { door } = world.twinlock
    const { admin: link = '' } = await linksFor(door, made)
    const session = await actWith(door, { kind: 'link', token: link })('session:create')
    const act = actWith(door, { kind: 'session', token: textAt(session, 'token') })
    assert.deepEqual(
      listAt(await act('person:list'), 'items').map((one) => textAt(one, 'id')),
      [made.people.admin],
    )
    assert.equal(await codeOf(act('person:show', { person: world.starter.people.admin })), 'not_found')
    await act('person:create', { slug: 'second', name: 'Second', email: 'second@acme.example' })
    assert.equal(await ask('acme'), undefined, 'from now on it is its own administrators’')
    assert.deepEqual(await world.rows(`select slug from organization order by slug`), [{ slug: 'acme' }, { slug: 'starter' }])
  })

  it('is none of those that people use already, whoever has the machine', async () => {
    await world.as('admin')
    const people = () => world.rows('select count(*)::int as people, count(distinct org_id)::int as organizations from person')
    const [count] = await people()
    assert.equal(await ask('starter'), undefined)
    assert.deepEqual(await people(), [count])
  })

  it('has a short name that can be one', async () => {
    assert.equal(await codeOf(ask('No Such Name').then(() => ({}))), 'invalid')
  })

  it('is set up to its end by a start after one that was interrupted', async () => {
    const first = await ask('begun')
    assert.ok(first)
    await world.tamper(`delete from "grant" where principal_id = $1`, [first.people.admin])
    assert.deepEqual(await ask('begun'), first)
    const [grants] = await world.rows(`select count(*)::int as grants from "grant" where principal_id = $1 and role = 'admin'`, [
      first.people.admin,
    ])
    assert.deepEqual(grants, { grants: 1 })
  })
})
