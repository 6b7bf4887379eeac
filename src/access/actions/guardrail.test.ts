// Guardrails of an organization's own: what may be one, what it forbids and from when on, what it can never forbid, and the examples that hold it to its word.
import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { after, before, describe, it } from 'node:test'
import { type Act, at, codeOf, listAt, refusalOf, textAt } from '../../../test/harness/acting.ts'
import { openWorld, type World } from '../../../test/harness/world.ts'
import type { BlobStore, Digest } from '../../kernel/index.ts'

let world: World
let admin: Act
let names = 0
const reason = 'A test needs it.'

/** What happens while bytes are being kept. */
let keeping: (() => Promise<void>) | undefined

before(async () => {
  const kept = new Map<string, Uint8Array>()
  const blobs: BlobStore = {
    async put(bytes) {
      await keeping?.()
      const digest: Digest = `sha256:${createHash('sha256').update(bytes).digest('hex')}`
      kept.set(digest, bytes)
      return digest
    },
    get: async (digest) => kept.get(digest) ?? assert.fail(`${digest} was not kept`),
  }
  world = await openWorld({ isIdle: true, replace: { blobs } })
  admin = await world.as('admin')
})
after(() => world.close())

const draft = async (policy: string, more: object = {}) =>
  textAt(await admin('guardrail:create', { slug: `g${++names}`, title: 'Of a test', policy, reason, ...more }), 'guardrail')
const activate = (guardrail: string) => admin('guardrail:activate', { guardrail, reason })
const retire = (guardrail: string) => admin('guardrail:retire', { guardrail, reason })
const example = (more: object) => admin('example:add', { slug: `e${++names}`, ...more })
const launch = async (as: Act, environment = world.starter.environments.staging) =>
  as('run:launch', { scenario: world.starter.scenario, environment })

/** In force for the time of some work. */
async function during(policy: string, work: (guardrail: string) => Promise<unknown>, more: object = {}): Promise<void> {
  const guardrail = await draft(policy, more)
  await activate(guardrail)
  try {
    await work(guardrail)
  } finally {
    await retire(guardrail)
  }
}

const noLaunch = 'forbid(principal, action == Action::"run:launch", resource);'
const everything = 'forbid(principal, action, resource);'

describe('a guardrail that is drafted', () => {
  it('forbids something besides the way out', async () => {
    for (const action of ['guardrail:retire', 'grant:revoke'])
      assert.match((await refusalOf(draft(`forbid(principal, action == Action::"${action}", resource);`))).message, /forbid nothing/)
  })

  it('names nothing of another organization, nothing that is not there, and no group', async () => {
    const { org } = world
    const other = `org_${org.slice(4, -1)}${org.endsWith('0') ? '1' : '0'}`
    const bad = [
      `forbid(principal, action == Action::"run:launch", resource in Organization::"${other}");`,
      `forbid(principal, action, resource) when { resource in Organization::"${other}" || context.minute > 0 };`,
      `forbid(principal == Person::"per_${'0'.repeat(26)}", action, resource);`,
      `forbid(principal, action, resource in Twin::"twn_\\u{30}${'0'.repeat(25)}");`,
      `forbid(principal, action, resource) when { principal in Group::"grp_${'0'.repeat(26)}" || context.minute > 0 };`,
      'forbid(principal == System::"reaper", action, resource);',
    ]
    for (const policy of bad) {
      const { code, notes, message } = await refusalOf(draft(policy))
      assert.deepEqual([code, typeof notes.facts?.line], ['invalid', 'number'], message)
    }
    const { people, twins, project } = world.starter
    await retire(
      await draft(
        `forbid(principal == Person::"${people.operator}", action == Action::"run:launch", resource in Organization::"${org}") when { !(resource in Project::"${project}") || resource in Twin::"${twins.payments}" };`,
      ),
    )
  })

  it('is kept by administrators alone', async () => {
    const guardrail = await draft(noLaunch)
    for (const who of ['operator', 'author', 'auditor'] as const) {
      const act = await world.as(who)
      assert.equal(await codeOf(act('guardrail:create', { slug: 'theirs', title: 'T', policy: everything, reason })), 'denied')
      assert.equal(await codeOf(act('example:add', { slug: 'x', guardrail, action: 'run:launch', expected: 'denied' })), 'denied')
      assert.equal(await codeOf(act('role:create', { slug: 'mine', title: 'T', actions: ['grant:create'], reason })), 'denied')
      assert.equal(await codeOf(act('guardrail:activate', { guardrail, reason })), 'denied')
    }
  })
})

describe('a guardrail', () => {
  it('decides nothing as a draft, holds over every grant from the moment that it is active, and no more when it is retired', async () => {
    const operator = await world.as('operator')
    const guardrail = await draft(noLaunch)
    await launch(operator)
    await activate(guardrail)
    const { code, notes } = await refusalOf(launch(operator))
    assert.deepEqual([code, notes.facts?.policies], ['denied', [`organization/${guardrail}`]])
    const told = await operator('access:explain', {
      action: 'run:launch',
      input: { scenario: world.starter.scenario, environment: world.starter.environments.staging },
    })
    assert.deepEqual([at(told, 'policies', 0, 'kind'), at(told, 'policies', 0, 'meaning')], ['guardrail', 'Of a test'])
    await retire(guardrail)
    await launch(operator)
    assert.equal(await codeOf(activate(guardrail)), 'conflict')
    assert.equal(await codeOf(admin('guardrail:change', { guardrail, title: 'Again', reason })), 'conflict')
  })

  it('speaks of its classes of environments and of its sensitivities alone', async () => {
    const operator = await world.as('operator')
    await during(
      noLaunch,
      async (guardrail) => {
        assert.equal(await codeOf(launch(operator)), 'denied')
        await admin('guardrail:change', { guardrail, environmentClasses: ['sandbox'], reason })
        await launch(operator)
        await admin('guardrail:change', { guardrail, environmentClasses: [], sensitivity: 'restricted', reason })
        await launch(operator)
        await admin('guardrail:change', { guardrail, sensitivity: 'public', reason })
        assert.equal(await codeOf(launch(operator)), 'denied')
      },
      { environmentClasses: ['staging', 'preproduction'] },
    )
  })

  it('that is changed while it is active forbids the new thing at once, and the record says which text', async () => {
    const operator = await world.as('operator')
    await during(noLaunch, async (guardrail) => {
      await admin('guardrail:change', { guardrail, policy: 'forbid(principal, action == Action::"twin:create", resource);', reason })
      await launch(operator)
      await admin('guardrail:change', { guardrail, policy: noLaunch, reason })
      assert.equal(await codeOf(launch(operator)), 'denied')
      const entries = await world.rows(
        `select body from entry where action = 'guardrail:change' and body like '%"${guardrail}"%' order by id`,
      )
      assert.equal(new Set(entries.map(({ body }) => /"policy":"(sha256:[0-9a-f]{64})"/.exec(String(body))?.[1])).size, 2)
    })
  })

  it('denies what it cannot decide, and still leaves the way out open', async () => {
    const operator = await world.as('operator')
    await during('forbid(principal, action, resource) when { context.now * 9223372036854775807 > 0 };', async () => {
      assert.equal(await codeOf(launch(operator)), 'denied')
      assert.equal(await codeOf(admin('person:create', { slug: 'x', name: 'X', email: 'x@x.example' })), 'denied')
    })
  })

  it('can lock nobody out: signing in, looking, ending, taking away and retiring the guardrail itself go on', async () => {
    const operator = await world.as('operator')
    const { id: run } = await launch(operator)
    const grant = textAt(await admin('grant:create', { principal: world.starter.people.owner, role: 'observer', reason }), 'id')
    const leaver = textAt(await admin('person:create', { slug: 'leaver', name: 'L', email: 'l@people.example' }), 'id')
    const kept = await draft(noLaunch)
    const link = textAt(await admin('person:link', { person: world.starter.people.admin }), 'token')
    await during(everything, async (guardrail) => {
      for (const [act, action, input] of [
        [admin, 'person:create', { slug: 'y', name: 'Y', email: 'y@y.example' }],
        [admin, 'guardrail:create', { slug: 'y', title: 'Y', policy: noLaunch, reason }],
        [operator, 'twin:list', {}],
      ] as const)
        assert.equal(await codeOf(act(action, input)), 'denied', action)
      const { result } = await world.twinlock.door.govern({
        action: 'session:create',
        credential: { kind: 'link', token: link },
        input: {},
        requestId: 'test',
      })
      assert.ok(result)
      assert.equal(at(await admin('guardrail:show', { guardrail }), 'state'), 'active')
      await operator('run:cancel', { run, reason })
      await admin('grant:revoke', { grant, reason })
      await admin('person:offboard', { person: leaver })
      await admin('guardrail:retire', { guardrail: kept, reason })
      // parts of the product end what has to end: no guardrail of an organization speaks of them
      await world
        .part('reaper')('run:close', { run })
        .catch((error: unknown) => assert.notEqual(at(error, 'code'), 'denied'))
    })
  })

  it('is one of at most fifty that are in force', async () => {
    const kept = await draft(noLaunch)
    const copies = 'from guardrail, generate_series(1, 50) as n where slug = $1'
    await world.tamper(
      `insert into guardrail (org_id, slug, title, policy, environment_classes, sensitivity, state, version, created_by, created_at, activated_at)
       select org_id, 'copy-' || n, title, policy, environment_classes, sensitivity, 'active', 2, created_by, created_at, created_at ${copies}`,
      [kept],
    )
    const { code, message } = await refusalOf(activate(kept))
    assert.deepEqual([code, /At most 50 guardrails/.test(message)], ['too_large', true])
    await world.tamper(`delete from guardrail where slug like 'copy-%'`)
    await activate(kept)
    await retire(kept)
  })

  it('is exact at admission: what was decided before it is not done after it', async () => {
    const author = await world.as('author')
    const { project, people } = world.starter
    const guardrail = await draft('forbid(principal, action == Action::"asset:add", resource);')
    const asset = { project, mediaType: 'text/csv', sensitivity: 'internal', owner: people.owner, content: 'YSxiCg==' }
    await author('asset:add', { ...asset, slug: 'before' })
    let decided = 0
    // decided and performing, and not recorded yet: the moment that an attacker would wait for
    keeping = async () => {
      if (decided++ === 0) await activate(guardrail)
    }
    const { code, notes } = await refusalOf(author('asset:add', { ...asset, slug: 'after' }))
    keeping = undefined
    assert.deepEqual([code, notes.facts?.policies, decided], ['denied', [`organization/${guardrail}`], 1])
    assert.deepEqual(await world.rows(`select slug from asset where slug in ('before', 'after')`), [{ slug: 'before' }])
    await retire(guardrail)
  })
})

describe('examples', () => {
  it('hold a guardrail to its word before it is active and ever after', async () => {
    const guardrail = await draft('forbid(principal, action == Action::"artifact:export", resource) when { resource.sensitivity >= 2 };')
    const about = { guardrail, holds: ['exporter'], action: 'artifact:export', environmentClass: 'staging' }
    const stays = await example({ ...about, sensitivity: 'confidential', expected: 'denied' })
    const leaves = await example({ ...about, sensitivity: 'internal', expected: 'allowed', note: 'Reports go to the customer.' })
    assert.deepEqual([stays.holds, leaves.holds], [true, true])
    await activate(guardrail)
    const wider = { guardrail, policy: 'forbid(principal, action == Action::"artifact:export", resource);', reason }
    const { code, notes } = await refusalOf(admin('guardrail:change', wider))
    const { example: broken, expected, decided, policies } = notes.facts ?? {}
    assert.equal(code, 'example_broken')
    assert.deepEqual([broken, expected, decided, policies], [leaves.example, 'allowed', 'denied', [`organization/${guardrail}`]])
    const narrower = {
      ...wider,
      policy: 'forbid(principal, action == Action::"artifact:export", resource) when { resource.sensitivity >= 3 };',
    }
    assert.equal(at((await refusalOf(admin('guardrail:change', narrower))).notes.facts, 'example'), stays.example)
    await admin('example:remove', { example: leaves.example, reason })
    await admin('guardrail:change', wider)
    assert.equal(listAt(await admin('example:list', { guardrail }), 'items').length, 1)
    await retire(guardrail)
    const recorded = await world.rows(
      `select action from entry where body like '%"${String(leaves.example)}"%' and outcome = 'done' order by id`,
    )
    assert.deepEqual(
      recorded.map(({ action }) => action),
      ['example:add', 'example:remove'],
    )
  })

  it('of one guardrail stop another that would break them', async () => {
    const guardrail = await draft(noLaunch, { environmentClasses: ['production'] })
    const saved = await example({ guardrail, holds: ['operator'], action: 'run:launch', environmentClass: 'sandbox', expected: 'allowed' })
    await activate(guardrail)
    const another = await draft(noLaunch)
    assert.equal(at((await refusalOf(activate(another))).notes.facts, 'example'), saved.example)
    assert.equal(at(await admin('guardrail:show', { guardrail: another }), 'state'), 'draft')
    await retire(guardrail)
    await activate(another)
    await retire(another)
  })

  it('that expect a refusal are refused by their own guardrail, not by chance', async () => {
    const guardrail = await draft(noLaunch, { environmentClasses: ['staging'] })
    const chance = await example({ guardrail, holds: ['observer'], action: 'run:launch', environmentClass: 'sandbox', expected: 'denied' })
    assert.deepEqual([chance.decided, chance.holds], ['denied', false])
    assert.equal(await codeOf(activate(guardrail)), 'example_broken')
    await admin('example:remove', { example: chance.example, reason })
    await activate(guardrail)
    assert.equal(
      await codeOf(example({ guardrail, holds: ['operator'], action: 'run:launch', environmentClass: 'sandbox', expected: 'denied' })),
      'example_broken',
    )
    await retire(guardrail)
  })

  it('ask about what there is, and are about one thing', async () => {
    const guardrail = await draft(noLaunch)
    for (const [bad, pointer] of [
      [{ guardrail, action: 'run:fly' }, '/action'],
      [{ guardrail, action: 'run:launch', known: { weight: 3 } }, '/known/weight'],
      [{ guardrail, action: 'run:launch', known: { sensitivity: 'high' } }, '/known/sensitivity'],
      [{ guardrail, action: 'run:launch', context: { method: 'GET' } }, '/context/method'],
      [{ guardrail, action: 'person:create', sensitivity: 'internal' }, '/sensitivity'],
      [{ guardrail, action: 'run:launch', on: { type: 'Twin', id: 'twn_none' } }, '/on'],
      [{ guardrail, role: 'x', action: 'run:launch' }, '/guardrail'],
      [{ action: 'run:launch' }, '/guardrail'],
    ] as const)
      assert.equal((await refusalOf(example({ expected: 'denied', ...bad }))).notes.pointer, pointer, pointer)
    await retire(guardrail)
  })
})

describe('trying a guardrail', () => {
  it('says who would lose what, where, from which sensitivity on, and changes nothing', async () => {
    const guardrail = await draft(noLaunch, { environmentClasses: ['staging'], sensitivity: 'confidential' })
    const told = await admin('guardrail:try', { guardrail })
    const { people, environments } = world.starter
    const mine = listAt(told, 'loses').filter((one) => at(one, 'principal') === people.operator)
    assert.deepEqual(
      mine.map((one) => [at(one, 'action'), at(one, 'environments'), at(one, 'from')]),
      [['run:launch', [environments.staging], 'confidential']],
    )
    assert.deepEqual(listAt(await admin('guardrail:try', { guardrail, policy: everything }), 'gains'), [])
    assert.equal(await codeOf(admin('guardrail:try', { guardrail, policy: 'permit(principal, action, resource);' })), 'invalid')
    await launch(await world.as('operator'), environments.staging)
    await retire(guardrail)
  })

  it('shows what a change of one in force would give back', async () => {
    await during(noLaunch, async (guardrail) => {
      const told = await admin('guardrail:try', { guardrail, environmentClasses: ['production'] })
      assert.ok(
        listAt(told, 'gains').some((one) => at(one, 'action') === 'run:launch' && at(one, 'principal') === world.starter.people.operator),
      )
      assert.deepEqual(listAt(told, 'loses'), [])
    })
  })
})
