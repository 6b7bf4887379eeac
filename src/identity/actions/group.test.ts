// Groups at the door: circles, depth, strangers, leavers.
import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { type Act, asPart, at, codeOf, listAt, refusalOf, textAt } from '../../../test/harness/acting.ts'
import { openWorld, type World } from '../../../test/harness/world.ts'
import { newId } from '../../kernel/index.ts'
import { groupDepthMax } from '../groups.ts'

let world: World
let admin: Act
before(async () => {
  world = await openWorld({ isIdle: true })
  admin = await world.as('admin')
})
after(() => world.close())

let made = 0
const group = async () =>
  textAt(await admin('group:create', { slug: `g${++made}`, name: 'A group', owner: world.starter.people.owner }), 'id')
const add = (to: string, member: string) => admin('group:add', { group: to, member })

describe('a group', () => {
  it('says who is in it, and holds each once', async () => {
    const id = await group()
    const { operator } = world.starter.people
    assert.deepEqual((await add(id, operator)).members, [operator])
    assert.equal(await codeOf(add(id, operator)), 'conflict')
    assert.deepEqual((await admin('group:remove', { group: id, member: operator })).members, [])
    assert.equal(await codeOf(admin('group:remove', { group: id, member: operator })), 'invalid')
  })

  it('is never in itself, however long the way round', async () => {
    const [a, b, c] = [await group(), await group(), await group()]
    assert.equal(await codeOf(add(a, a)), 'conflict')
    await add(a, b)
    await add(b, c)
    for (const [to, member] of [
      [b, a],
      [c, a],
      [c, b],
    ] as const)
      assert.equal((await refusalOf(add(to, member))).message, 'The group would be in itself.')
    await add(a, c)
  })

  it('is nested only so deep, and the refusal says how deep', async () => {
    const chain = [await group()]
    for (let depth = 1; depth < groupDepthMax; depth++) {
      const next = await group()
      await add(chain[depth - 1] ?? '', next)
      chain.push(next)
    }
    const { code, message } = await refusalOf(add(chain.at(-1) ?? '', await group()))
    assert.deepEqual([code, message], ['too_large', `Groups would be nested ${groupDepthMax + 1} deep; at most ${groupDepthMax}.`])
    assert.equal(await codeOf(add(await group(), chain[0] ?? '')), 'too_large', 'nor does it grow at its top')
  })

  it('that a circle was forced upon at the store still ends every walk', async () => {
    const [a, b] = [await group(), await group()]
    await add(a, b)
    const member = 'insert into group_member (org_id, group_id, member_id, added_at) values ($1, $2, $3, now())'
    await world.tamper(member, [world.org, b, a])
    await add(b, world.starter.people.reviewer)
    assert.ok((await (await world.as('reviewer'))('session:show')).id)
  })

  it('takes nobody who left, is unknown, or is of another organization, and is hidden from those', async () => {
    const id = await group()
    const gone = textAt(await admin('person:create', { slug: 'gone', name: 'Gone', email: 'gone@people.example' }), 'id')
    await add(id, gone)
    await admin('person:offboard', { person: gone })
    assert.deepEqual(
      listAt(await admin('group:list', { limit: 100 }), 'items').find((one) => textAt(one, 'id') === id),
      {
        id,
        slug: `g${made}`,
        name: 'A group',
        owner: world.starter.people.owner,
        members: [],
        memberCount: 0,
        ownerName: 'Starter Owner',
        directory: null,
      },
    )
    const { outside, door } = world.twinlock
    const stranger = asPart(door, newId('org', outside), 'starter')
    await stranger('organization:create', { slug: 'elsewhere', name: 'Elsewhere' })
    const theirs = textAt(await stranger('person:create', { slug: 'theirs', name: 'Theirs', email: 'theirs@elsewhere.example' }), 'id')
    for (const member of [gone, theirs, newId('per', outside), newId('svc', outside), newId('grp', outside)])
      assert.equal((await refusalOf(add(id, member))).notes.pointer, '/member', member)
    assert.equal(await codeOf(add(newId('grp', outside), world.starter.people.operator)), 'not_found')
  })

  it('is changed and listed by administrators alone', async () => {
    const id = await group()
    const { owner, operator } = world.starter.people
    const author = await world.as('author')
    assert.equal(await codeOf(author('group:create', { slug: 'mine', name: 'Mine', owner })), 'denied')
    assert.equal(await codeOf(author('group:add', { group: id, member: operator })), 'denied')
    assert.equal(await codeOf(author('group:remove', { group: id, member: operator })), 'denied')
    assert.equal(await codeOf(author('group:list')), 'denied')
    assert.equal(await codeOf(author('group:show', { group: id })), 'denied')
    assert.equal(await codeOf(author('group:members', { group: id })), 'denied')
    assert.ok(listAt(await (await world.as('auditor'))('group:list'), 'items').length > 0)
  })

  it('is looked at page by page, by name and kind, with what it is in, and is found by words that are no pattern', async () => {
    const [outer, inner] = [await group(), await group()]
    const { operator, reviewer, auditor } = world.starter.people
    await add(outer, inner)
    for (const member of [operator, reviewer, world.starter.pipeline.id]) await add(inner, member)
    await add(inner, await group())
    const shown = await admin('group:show', { group: inner })
    assert.deepEqual([shown.counts, shown.memberCount, shown.everybody], [{ people: 2, workloads: 1, groups: 1 }, 4, 3])
    assert.deepEqual(shown.within, [{ id: outer, name: 'A group', isDirect: true }])
    assert.deepEqual((await admin('group:show', { group: outer })).everybody, 3)
    const names = async (input: object) =>
      listAt(await admin('group:members', { group: inner, ...input }), 'items').map((one) => textAt(one, 'member'))
    const pages: string[] = []
    for (let after: string | undefined; ; ) {
      const { items, next } = await admin('group:members', { group: inner, limit: 1, ...(after === undefined ? {} : { after }) })
      pages.push(...(items as { member: string }[]).map(({ member }) => member)) // by the action's output schema
      if (typeof next !== 'string') break
      after = next
    }
    assert.deepEqual([pages.length, new Set(pages)], [4, new Set(await names({}))])
    assert.deepEqual(await names({ kind: 'workload' }), [world.starter.pipeline.id])
    assert.deepEqual(await names({ find: 'OPERATOR start' }), [operator])
    for (const find of ['%', '_', auditor, "' or true --"]) assert.deepEqual(await names({ find }), [], find)
    const found = await admin('group:list', { find: `g${made}`, brief: true })
    assert.deepEqual(
      listAt(found, 'items').map((one) => [at(one, 'slug'), at(one, 'members')]),
      [[`g${made}`, []]],
    )
  })
})
