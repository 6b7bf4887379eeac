// What is held, kept in the memory of servers: whatever is given or taken away, by whichever server, and whether it is committed or not, what a server remembers is
// what the tables say. Told from reading them: two servers with memories, a third memory that is always too small, and one reader who remembers nothing.
import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { sql } from 'kysely'
import pg from 'pg'
import { changesHolding, createGuardrails, HeldMemory, type Policy, takeawayVersion } from '../../src/access/index.ts'
import { catalogue } from '../../src/app/catalogue.ts'
import { policiesHeld } from '../../src/app/door/hear.ts'
import type { OpenedTwinlock } from '../../src/app/index.ts'
import { isCoded, type OrgId, type Ports, type Principal, type Tx } from '../../src/kernel/index.ts'
import { type Act, actWith, codeOf, listAt, sessionOf, textAt } from '../harness/acting.ts'
import { type Seeded, seeded } from '../harness/seeded.ts'
import { until } from '../harness/signed-in.ts'
import { openWorld, type World } from '../harness/world.ts'

const seed = Number(process.env.TWINLOCK_HOLDING_SEED ?? 20_260_718)
const steps = Number(process.env.TWINLOCK_HOLDING_STEPS ?? 36)

let world: World
let other: OpenedTwinlock
let admin: Act
let number = 0
let elapsedMs = 0
const clock = { monotonic: () => elapsedMs }
before(async () => {
  world = await openWorld({ isIdle: true })
  other = await world.another()
  admin = await world.as('admin')
})
after(() => world.close())

/** Whoever holds something, as far as what he holds is concerned. */
const holder = (kind: Principal['kind'], id: string): Principal => ({ kind, id, org: world.org }) as unknown as Principal

/** What a port that reads of what is held needs; a memory, where there is one. */
const portsWith = (held?: HeldMemory): Ports => ({ guardrails: createGuardrails(catalogue), ...(held && { held }) }) as unknown as Ports

const texts = (policies: readonly Policy[]): readonly string[] => policies.map(({ id, text }) => `${id} ${text}`).sort()

/** What a server says that somebody holds, in a transaction of its own that begins as every other does. */
const heldBy = (server: OpenedTwinlock, ports: Ports, who: Principal): Promise<readonly string[]> =>
  server.outside.store.transact(world.org, async (tx) => texts(await policiesHeld(tx, ports, who, await takeawayVersion(tx))))

async function person(): Promise<{ readonly id: string; readonly act: Act; readonly there: Act }> {
  const slug = `held-${++number}`
  const id = textAt(await admin('person:create', { slug, name: slug, email: `${slug}@people.example`, clearance: 'confidential' }), 'id')
  const session = await sessionOf(world.twinlock.door, world.org, id)
  return { id, act: actWith(world.twinlock.door, session), there: actWith(other.door, session) }
}

const group = async (): Promise<string> =>
  textAt(await admin('group:create', { slug: `held-${++number}`, name: 'A group', owner: world.starter.people.owner }), 'id')

const give = (input: object, as: Act = admin) => as('grant:create', { reason: 'A test needs it.', ...input })

async function may(act: Act, action = 'run:launch'): Promise<boolean> {
  const input = { scenario: world.starter.scenario, environment: world.starter.environments.staging }
  const [answer] = listAt(await act('access:check', { questions: [{ action, input }] }), 'answers')
  return (answer as { allowed: boolean }).allowed // its schema has checked it
}

const insertGrant = (tx: Tx, id: string, to: string) =>
  tx
    .insertInto('grant')
    .values({
      org_id: world.org,
      id,
      principal_type: 'Person',
      principal_id: to,
      role: 'admin',
      scope_type: 'Organization',
      scope_id: world.org,
      environments: [],
      not_before: null,
      expires_at: null,
      given_by: to,
      created_at: new Date(0),
      revoked_at: null,
    })
    .execute()

class Undone extends Error {}

/** Does something in a transaction that is rolled back. */
const undone = (work: (tx: Tx) => Promise<unknown>): Promise<unknown> =>
  assert.rejects(
    world.twinlock.outside.store.transact(world.org, async (tx) => {
      await work(tx)
      throw new Undone()
    }),
    Undone,
  )

describe('what is held', () => {
  it('moves its name with every table that it is read from: inserted, updated and deleted rows, whatever else is switched off', async () => {
    const { rows: triggers } = await world.twinlock.outside.store.transact(world.org, triggersOf)
    const read = new Set<string>()
    for (const kind of ['person', 'pipeline', 'agent', 'service', 'run', 'directory'] as const)
      await world.twinlock.outside.store.transact(world.org, async (tx) => {
        await policiesHeld(tx, portsWith(), holder(kind, world.starter.people.operator), 0)
        for (const table of await tablesReadIn(tx)) read.add(table)
      })
    assert.ok(read.size >= 7, `what is held is read from ${[...read].join(', ')}`)
    for (const table of read) {
      const events = triggers.filter((one) => one.table === table && one.always).reduce((bits, one) => bits | one.events, 0)
      assert.equal(
        events & movesAll,
        movesAll,
        `${table} is read to find out what somebody holds, and nothing says when it changes: see moves_holding`,
      )
    }
  })

  it(`is remembered as it is, whatever is given and taken away, committed or not: ${steps} steps from seed ${seed}`, async (test) => {
    const random = seeded(seed)
    const memories = [new HeldMemory(clock), new HeldMemory(clock), new HeldMemory(clock, 12)]
    const it = await cast(memories)
    const servers = [world.twinlock, other, other].map((server, at) => ({ server, ports: portsWith(memories[at]) }))
    const done = new Map<string, number>()
    for (let step = 0; step < steps; step++) {
      const what = await change(it, random)
      done.set(what, (done.get(what) ?? 0) + 1)
      for (let look = 0; look < 3; look++) {
        const who = random.pick(it.holders)
        const said = await heldBy(world.twinlock, portsWith(), who)
        for (const [at, { server, ports }] of servers.entries())
          assert.deepEqual(await heldBy(server, ports, who), said, `seed ${seed}, step ${step} (${what}), memory ${at}, ${who.id}`)
      }
    }
    const counts = memories.map((one) => one.counts)
    test.diagnostic(`${[...done].map(([what, times]) => `${times} × ${what}`).join(', ')}; ${JSON.stringify(counts)}`)
    for (const { hits, reads } of counts) assert.ok(hits > 0 && reads > 0, 'it remembered, and it read')
    assert.ok((counts[2]?.policies ?? 99) <= 12, 'one that is small stays small')
  })

  it('is what another server gave, and is no more what it took away, at the very next act', async () => {
    const one = await person()
    assert.deepEqual([await may(one.act), await may(one.there)], [false, false])
    const there = actWith(other.door, await world.credentialOf('admin'))
    for (let round = 0; round < 3; round++) {
      const given = textAt(await give({ principal: one.id, role: 'operator' }, there), 'id')
      assert.deepEqual([await may(one.act), await may(one.there)], [true, true], `round ${round}`)
      await admin('grant:revoke', { grant: given, reason: 'A test needs it.' })
      assert.deepEqual([await may(one.there), await may(one.act)], [false, false], `round ${round}`)
    }
  })

  it('is never what a transaction gave that was rolled back, nor what it would give while it lasts', async () => {
    const one = await person()
    const memory = new HeldMemory(clock)
    const look = (tx: Tx) => policiesHeld(tx, portsWith(memory), holder('person', one.id), 0)
    const before = await heldBy(world.twinlock, portsWith(), holder('person', one.id))
    // Read first, written by itself, and read again: as an act that asks what would come of it does.
    await undone(async (tx) => {
      await takeawayVersion(tx)
      await insertGrant(tx, 'grt_undone_1', one.id)
      assert.ok(
        (await look(tx)).some(({ id }) => id === 'grt_undone_1'),
        'whoever gives sees what he gives',
      )
    })
    assert.deepEqual(memory.counts.policies, 0, 'nothing was kept of it')
    assert.deepEqual(await heldBy(world.twinlock, portsWith(memory), holder('person', one.id)), before)
    // What was kept before does not stand in the way of what an act gives itself.
    await undone(async (tx) => {
      await takeawayVersion(tx)
      changesHolding(tx)
      await insertGrant(tx, 'grt_undone_2', one.id)
      assert.ok((await look(tx)).some(({ id }) => id === 'grt_undone_2'))
    })
    assert.deepEqual(await heldBy(world.twinlock, portsWith(memory), holder('person', one.id)), before)
    assert.equal(await may(one.act), false)
  })

  it('is not kept where it changed while it was read', async () => {
    const one = await person()
    const memory = new HeldMemory(clock)
    const who = holder('person', one.id)
    const meanwhile = await world.twinlock.outside.store.transact(world.org, async (tx) => {
      await takeawayVersion(tx)
      return memory.of(tx, who, async () => {
        const read = await policiesHeld(tx, portsWith(), who, 0)
        await give({ principal: one.id, role: 'operator' }, actWith(other.door, await world.credentialOf('admin')))
        return read
      })
    })
    assert.equal(meanwhile.length, (await heldBy(other, portsWith(), who)).length - 1, 'it was given after it was read')
    assert.equal(memory.counts.policies, 0)
  })

  it('makes room in a memory by the organization that was longest not asked about, and of the one that is asked about by who was longest not met', async () => {
    const memory = new HeldMemory(clock, 6)
    const read: string[] = []
    await world.twinlock.outside.store.transact(world.org, async (tx) => {
      await takeawayVersion(tx)
      // Each who holds one policy weighs two: three of them fit.
      const ask = (one: string) => {
        const [org = '', id = ''] = one.split('/')
        const made = async () => {
          read.push(one)
          return [{ id, text: 'permit(principal, action, resource);' }]
        }
        return memory.of(tx, { org: org as OrgId, id }, made) // a memory looks at no more than whether two are the same
      }
      for (const one of ['a/x', 'b/y', 'a/x', 'c/z', 'c/w', 'a/x', 'b/y', 'a/v', 'a/u', 'a/t', 'a/u', 'a/x']) await ask(one)
    })
    assert.deepEqual(read, ['a/x', 'b/y', 'c/z', 'c/w', 'b/y', 'a/v', 'a/u', 'a/t', 'a/x'])
    assert.equal(memory.counts.policies, 6)
  })

  it('forgets whoever was not met for a minute, and an organization of which nobody was', async () => {
    const memory = new HeldMemory(clock)
    const read: string[] = []
    await world.twinlock.outside.store.transact(world.org, async (tx) => {
      await takeawayVersion(tx)
      const askAt = async (second: number, org: string, id: string) => {
        elapsedMs = 1000 * second
        const made = async () => {
          read.push(`${second} ${org}/${id}`)
          return [{ id, text: 'permit(principal, action, resource);' }]
        }
        await memory.of(tx, { org: org as OrgId, id }, made) // a memory looks at no more than whether two are the same
      }
      await askAt(0, 'a', 'ended')
      await askAt(0, 'a', 'lives')
      await askAt(0, 'b', 'ended')
      await askAt(5, 'c', 'rests')
      await askAt(50, 'a', 'lives')
      assert.equal(memory.counts.policies, 8)
      // Each weighs two. Whoever is new shows who is gone.
      await askAt(61, 'a', 'begins')
      assert.equal(memory.counts.policies, 6)
      for (const [org, id] of [
        ['a', 'lives'],
        ['c', 'rests'],
        ['a', 'ended'],
        ['b', 'ended'],
      ] as const)
        await askAt(62, org, id)
    })
    assert.deepEqual(read, ['0 a/ended', '0 a/lives', '0 b/ended', '5 c/rests', '61 a/begins', '62 a/ended', '62 b/ended'])
  })

  it('can be named by nobody but the database: the product’s own role cannot bring an old name back', async () => {
    for (const statement of [
      'update holding set version = gen_random_uuid()',
      'delete from holding',
      `insert into holding values ('${world.org}', gen_random_uuid())`,
    ])
      await assert.rejects(
        world.twinlock.outside.store.transact(world.org, (tx) => sql.raw(statement).execute(tx)),
        { code: '42501' },
        statement,
      )
  })

  it('is remembered for nobody who lost it between the decision and its record', async () => {
    const one = await person()
    const given = textAt(await give({ principal: one.id, role: 'admin' }), 'id')
    const create = () => one.act('project:create', { slug: `held-${++number}`, name: 'A project', owner: world.starter.people.owner })
    await create()
    const [taken, acted] = await inLine(
      () => admin('grant:revoke', { grant: given, reason: 'A test needs it.' }),
      () => create(),
    )
    assert.deepEqual([taken, acted], ['done', 'denied'], 'the act was decided by what was remembered, and not admitted by it')
    assert.equal(await codeOf(create()), 'denied')
  })
})

/** The bits of inserting, deleting and updating in `pg_trigger`. */
const movesAll = 4 | 8 | 16

const triggersOf = async (tx: Tx) =>
  sql<{ table: string; events: number; always: boolean }>`
    select c.relname as table, t.tgtype::int as events, t.tgenabled = 'A' as always from pg_trigger t join pg_class c on c.oid = t.tgrelid
    where t.tgfoid in ('note_holding'::regproc, 'note_holding_of_others'::regproc)`.execute(tx)

/** The tables that this transaction has read so far: it holds a lock on each of them. */
async function tablesReadIn(tx: Tx): Promise<string[]> {
  const { rows } = await sql<{ table: string }>`
    select distinct c.relname as table from pg_locks l join pg_class c on c.oid = l.relation join pg_namespace n on n.oid = c.relnamespace
    where l.pid = pg_backend_pid() and l.locktype = 'relation' and c.relkind in ('r', 'p') and n.nspname = 'public'`.execute(tx)
  return rows.map(({ table }) => table)
}

/** Runs two acts that both wait for the counter before either goes on; the first is first in line. Answers what became of each: `done`, or a code. */
async function inLine(first: () => Promise<unknown>, second: () => Promise<unknown>): Promise<[string, string]> {
  const became = (work: Promise<unknown>) =>
    work.then(
      () => 'done',
      (error: unknown) => (isCoded(error) ? error.code : String(error)),
    )
  const [holds, looks] = [new pg.Client(world.connection), new pg.Client(world.connection)]
  await Promise.all([holds.connect(), looks.connect()])
  const waiting = async (wanted: number): Promise<boolean> => {
    const { rows } = await looks.query(
      `select count(*) as n from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock' and usename = 'twinlock_app'`,
    )
    return Number(rows[0].n) >= wanted
  }
  try {
    await holds.query('begin')
    await holds.query('select from takeaway where org_id = $1 for update', [world.org])
    const one = became(first())
    await until('the first waits in line', () => waiting(1))
    const two = became(second())
    await until('both wait in line', () => waiting(2))
    await holds.query('commit')
    return [await one, await two]
  } finally {
    await Promise.all([holds.end(), looks.end()])
  }
}

/** Who holds something in the property, and what there is to take away. */
interface Cast {
  readonly holders: readonly Principal[]
  readonly people: readonly string[]
  readonly groups: readonly string[]
  readonly grants: string[]
  readonly members: [group: string, member: string][]
  readonly guardrails: string[]
  readonly memories: readonly HeldMemory[]
}

async function cast(memories: readonly HeldMemory[]): Promise<Cast> {
  const people = [await person(), await person(), await person()].map(({ id }) => id)
  const groups = [await group(), await group(), await group()]
  const workloads = [holder('pipeline', world.starter.pipeline.id)]
  return {
    memories,
    people,
    groups,
    grants: [],
    members: [],
    guardrails: [],
    holders: [...people.map((id) => holder('person', id)), ...workloads],
  }
}

const roles = ['operator', 'observer', 'author', 'auditor'] as const

/** One change, by one of the servers, or by somebody at the store, or none that lasts; answers what it was, or what it was refused with. */
async function change(it: Cast, random: Seeded): Promise<string> {
  const act = actWith(random.pick([world.twinlock, other]).door, await world.credentialOf('admin'))
  const reason = 'A test needs it.'
  const to = random.pick([...it.people, ...it.groups, world.starter.pipeline.id])
  const changes: Record<string, () => Promise<unknown>> = {
    async give() {
      const { environments, project } = world.starter
      const where = random.once(2) ? { scopeType: 'Project', scope: project } : {}
      const when = random.once(2) ? { expiresAt: new Date(world.clock.now() + 3_600_000 * (1 + random.below(9))).toISOString() } : {}
      const within = random.once(3) ? { environments: [environments.staging] } : {}
      it.grants.push(
        textAt(await act('grant:create', { principal: to, role: random.pick(roles), ...where, ...when, ...within, reason }), 'id'),
      )
    },
    async take() {
      const [grant] = it.grants.splice(random.below(Math.max(it.grants.length, 1)), 1)
      if (grant !== undefined) await act('grant:revoke', { grant, reason })
    },
    async join() {
      const pair: [string, string] = [random.pick(it.groups), random.pick([...it.people, ...it.groups])]
      await act('group:add', { group: pair[0], member: pair[1] })
      it.members.push(pair)
    },
    async leave() {
      const [pair] = it.members.splice(random.below(Math.max(it.members.length, 1)), 1)
      if (pair !== undefined) await act('group:remove', { group: pair[0], member: pair[1] })
    },
    async forbid() {
      const slug = `held-${++number}`
      const policy = 'forbid(principal, action == Action::"run:launch", resource) when { context.environmentClass == "sandbox" };'
      await act('guardrail:create', { slug, title: 'Held', policy, reason })
      await act('guardrail:activate', { guardrail: slug, reason })
      it.guardrails.push(slug)
    },
    async retire() {
      const guardrail = it.guardrails.pop()
      if (guardrail !== undefined) await act('guardrail:retire', { guardrail, reason })
    },
    /** Given and looked at, and never committed. */
    undone: () =>
      undone(async (tx) => {
        await takeawayVersion(tx)
        await insertGrant(tx, `grt_undone_${++number}`, random.pick(it.people))
        await policiesHeld(tx, portsWith(random.pick(it.memories)), random.pick(it.holders), 0)
      }),
    /** By somebody at the store, past the door. */
    async tamper() {
      const grant = it.grants.at(-1)
      if (grant !== undefined) await world.tamper(`update "grant" set environments = '{env_tampered}' where id = $1`, [grant])
    },
    async rules() {
      await world.tamper(
        `insert into permission (org_id, holder_id, number, connection_id, methods, path, origin_id) values ($1, $2, $3, 'con_x', '{GET}', '/a', 'prm_x')`,
        [world.org, world.starter.pipeline.id, ++number],
      )
    },
  }
  const name = random.once(12)
    ? random.pick(['forbid', 'retire'])
    : random.pick(['give', 'give', 'give', 'take', 'take', 'join', 'join', 'leave', 'undone', 'tamper', 'rules'])
  try {
    await changes[name]?.()
    return name
  } catch (error) {
    if (isCoded(error, 'conflict')) return `${name}, refused`
    throw error
  }
}
