// The life of an organization through the door: what it sets for itself, what it takes along, and how it ends: by two people, after a grace, with everything but a
// tombstone.
import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { asSuperuser, connectionOf, rowsOf, withConnection } from '../../../test/harness/database.ts'
import { launch, liveRun } from '../../../test/harness/live-run.ts'
import { asSystem, grant, newPerson, refused, type SignedIn, signIn, signInAs, tokenFor, until } from '../../../test/harness/signed-in.ts'
import { type Harness, openStarter, workloadKey } from '../../../test/harness/twinlock.ts'
import { strangerBeside } from '../../../test/harness/two-organizations.ts'
import { startWorker } from '../runs/worker.ts'
import { leftOut } from './organization-data.ts'

let h: Harness
let stranger: Harness
let offsetMs = 0
const reason = 'A test needs it.'
const hour = 3_600_000

before(async () => {
  h = await openStarter({ runsMax: 0, clock: { now: () => Date.now() + offsetMs, monotonic: () => performance.now() } })
  stranger = await strangerBeside(h)
})
after(() => h.close())

type Row = Readonly<Record<string, unknown>>

/** An administrator of an organization, of the starter’s where no other is named, who was one before anything was asked for. */
async function administrator(of: Harness, slug: string): Promise<SignedIn> {
  return newPerson(of, slug, 'admin')
}

/** An agent whose key follows the clock of this file. */
async function newAgent(of: Harness) {
  const key = workloadKey(() => Date.now() + offsetMs)
  const { environments, people } = of.starter
  const input = {
    kind: 'agent',
    slug: 'by-the-clock',
    environment: environments.staging,
    owner: people.owner,
    clearance: 'restricted',
    jwk: key.jwk,
  }
  const made = await asSystem(of, 'starter')('workload:create', input)
  return { id: String(made.id), token: () => tokenFor(of, key, { spiffeId: String(made.spiffeId) }, environments.staging) }
}

describe('limits of sessions', () => {
  it('hold by role, at once for what is open, and never beyond what the product sets for whoever can change what others may', async () => {
    const [admin, idle] = [await administrator(h, 'limiter'), await newPerson(h, 'idler', 'observer')]
    const set = (role: string, idleMinutes: number, absoluteMinutes: number) =>
      admin.act('organization:change-settings', { sessions: [{ role, idleMinutes, absoluteMinutes }], reason })
    assert.equal((await refused(set('admin', 60, 1000), 'invalid')).notes.pointer, '/sessions/0/absoluteMinutes')
    assert.equal((await refused(set('reviewer', 600, 400), 'invalid')).notes.pointer, '/sessions/0/idleMinutes')
    await refused(idle.act('organization:change-settings', { name: 'Mine', reason }), 'denied')
    const { sessions, sessionsShortened } = await set('observer', 10, 60)
    assert.ok(Number(sessionsShortened) >= 1)
    assert.deepEqual(
      (sessions as Row[]).find(({ role }) => role === 'observer'),
      { role: 'observer', idleMinutes: 10, absoluteMinutes: 60, isOwn: true },
    )
    await idle.act('session:show', {})
    offsetMs += hour / 4
    await refused(idle.act('session:show', {}), 'unauthenticated')
    assert.ok(await admin.act('session:show', {}), 'others go on')
  })

  it('stand beside how long requests for access wait and what they ask for lasts, where they do not say', async () => {
    const [admin, asker] = [await administrator(h, 'waiter'), await newPerson(h, 'asker', 'observer')]
    const ask = async (more: object = {}) => {
      const made = await asker.act('request:create', { role: 'operator', reason, ...more })
      return [made.minutes, (Date.parse(String(made.expiresAt)) - Date.parse(String(made.createdAt))) / 60_000]
    }
    assert.deepEqual(await ask(), [60, 1_440])
    const { requestOpenMinutes, requestMinutes, deletionGraceDays } = await admin.act('organization:change-settings', {
      requestOpenMinutes: 30,
      requestMinutes: 15,
      reason,
    })
    assert.deepEqual([requestOpenMinutes, requestMinutes, deletionGraceDays], [30, 15, 30])
    assert.deepEqual(await ask(), [15, 30])
    assert.deepEqual(await ask({ minutes: 20, openMinutes: 40 }), [20, 40])
    for (const wrong of [{ requestOpenMinutes: 4 }, { requestMinutes: 10_081 }])
      await refused(admin.act('organization:change-settings', { ...wrong, reason }), 'invalid')
    await refused(asker.act('organization:change-settings', { requestMinutes: 10_080, reason }), 'denied')
  })

  it('are set at once however many sessions are open: each is as short as the shortest role of its person', async () => {
    const admin = await administrator(h, 'hurried')
    const { org } = h.starter
    await asSuperuser(h.twinlock, async (client) => {
      await client.query('set session_replication_role = replica')
      await client.query(
        `insert into session (org_id, id, hash, person_id, created_at, expires_at, idle_seconds)
         select $1, 'ses_' || lpad(n::text, 26, '0'), n, 'per_' || lpad(n::text, 26, '0'), now(), now() + interval '12 hours', 21600
         from generate_series(1, 3000) n`,
        [org],
      )
    })
    const { sessionsShortened } = await admin.act('organization:change-settings', {
      sessions: [{ role: 'everybody', idleMinutes: 350, absoluteMinutes: 700 }],
      reason,
    })
    assert.ok(Number(sessionsShortened) >= 3000)
    const [left] = await rowsOf(
      h.twinlock,
      `select max(idle_seconds) as idle, max(extract(epoch from expires_at - created_at)) as ttl from session where org_id = '${org}' and hash in ('1', '3000')`,
    )
    assert.deepEqual([Number(left?.idle), Math.round(Number(left?.ttl))], [21_000, 42_000])
  })

  it('follow what somebody is given while his session is open', async () => {
    const person = await newPerson(h, 'risen')
    offsetMs += 2 * hour + hour / 2
    assert.ok(await person.act('session:show', {}), 'two and a half hours unused are nothing to somebody without a role')
    await grant(h, person.id, 'admin')
    offsetMs += 120_000
    assert.ok(await person.act('session:show', {}))
    offsetMs += 2 * hour + 60_000
    await refused(person.act('session:show', {}), 'unauthenticated')
  })

  it('and each session says its network and its family of devices', async () => {
    const admin = await administrator(h, 'looker')
    const [session] = (await admin.act('person:sessions', { person: admin.id })).items as Row[]
    assert.deepEqual([session?.network, session?.place, session?.family], ['unknown', null, 'Unknown'])
  })
})

async function exported(who: SignedIn, limit = 500): Promise<Row[]> {
  const rows: Row[] = []
  let after: unknown
  for (let pages = 0; after !== null && pages < 200; pages++) {
    const page = await who.act('organization:export', { limit, ...(after === undefined ? {} : { after }) })
    rows.push(...(page.rows as Row[]))
    after = page.next
  }
  return rows
}

describe('organization:export', () => {
  it('holds every row of every table but those with a reason, in pages, and no secret', async () => {
    const owner = await administrator(h, 'exporting')
    const rows = await exported(owner, 37)
    const tables = new Set(rows.map(({ table }) => table))
    await asSuperuser(h.twinlock, async (client) => {
      const { rows: all } = await client.query(
        `select relname as name from pg_class where relnamespace = 'public'::regnamespace and relkind = 'r' order by relname`,
      )
      for (const { name } of all) {
        if (leftOut[name] !== undefined) continue
        const { rows: counted } = await client.query(`select count(*)::int as count from "${name}" where org_id = $1`, [h.starter.org])
        assert.equal(rows.filter(({ table }) => table === name).length, counted[0].count, name)
      }
    })
    assert.ok(tables.has('person') && tables.has('twin') && tables.has('sidecar'))
    const text = JSON.stringify(rows)
    for (const secret of h.apiKeys) assert.ok(!text.includes(secret))
    for (const { row } of rows)
      for (const column of ['hash', 'wrapped', 'sealed', 'fingerprint']) assert.ok(!(column in (row as Row)), column)
    assert.ok(!text.includes(stranger.starter.org), 'nothing of another organization')
  })

  it('goes on after whatever row a page ends with, and its place tells no hash and takes no lie', async () => {
    const owner = await administrator(h, 'placing')
    await asSuperuser(h.twinlock, async (client) => {
      await client.query('set session_replication_role = replica')
      for (const subject of ['a', 'b'])
        await client.query(
          `insert into sso_identity (org_id, sso_id, subject, person_id, created_at) values ($1, 'sso_00000000000000000000000001', $2, $3, now())`,
          [h.starter.org, subject.repeat(320), `per_${subject}`],
        )
    })
    const after = (t: string, k: readonly string[] = []) => owner.act('organization:export', { limit: 1, after: JSON.stringify({ t, k }) })
    const first = await after('sso_identity')
    const second = await owner.act('organization:export', { limit: 1, after: first.next })
    assert.deepEqual(
      [first, second].map(({ rows }) => (rows as { row: Row }[])[0]?.row.subject),
      ['a'.repeat(320), 'b'.repeat(320)],
    )
    const links = await rowsOf(h.twinlock, `select hash from one_time_link where org_id = '${h.starter.org}'`)
    const { next } = await after('one_time_link')
    assert.ok(links.length > 1 && String(next).includes('one_time_link'))
    assert.ok(!links.some(({ hash }) => String(next).includes(String(hash))))
    assert.ok((await owner.act('organization:export', { limit: 1, after: next })).rows)
    for (const k of [
      [h.starter.org, 'x', 'no number'],
      ["'; select 1; --", 'x', 'y'],
    ])
      assert.ok((await after('permission', k)).rows)
    await refused(after('permission', [h.starter.org, 'x\0', '1']), 'invalid')
  })

  it('is recorded, and is for an administrator who is cleared and no workload of his', async () => {
    await refused((await signIn(h, 'operator')).act('organization:export', {}), 'denied')
    const uncleared = await signIn(h, 'admin')
    await asSuperuser(h.twinlock, (client) => client.query(`update twin set sensitivity = 'restricted' where org_id = $1`, [h.starter.org]))
    await refused(uncleared.act('organization:export', {}), 'denied')
    const before = await rowsOf(
      h.twinlock,
      `select count(*)::int as count from entry where action = 'organization:export' and outcome = 'done'`,
    )
    await (await administrator(h, 'cleared')).act('organization:export', { limit: 1 })
    const afterwards = await rowsOf(
      h.twinlock,
      `select count(*)::int as count from entry where action = 'organization:export' and outcome = 'done'`,
    )
    assert.equal(Number(afterwards[0]?.count), Number(before[0]?.count) + 1)
    const agent = await newAgent(h)
    await grant(h, agent.id, 'admin')
    await refused((await agent.token()).act('organization:export', {}), 'denied')
    const contractor = await administrator(h, 'contractor')
    await asSuperuser(h.twinlock, async (client) => {
      await client.query('set session_replication_role = replica')
      await client.query(
        `insert into guest (org_id, id, person_id, sponsor_id, role, projects, environments, until, state, invited_by, created_at)
         values ($1, 'gst_00000000000000000000000001', $2, $3, 'observer', $4, '{}', now() + interval '9 days', 'active', $3, now())`,
        [h.starter.org, contractor.id, h.starter.people.owner, [h.starter.project]],
      )
    })
    await refused(contractor.act('organization:export', {}), 'denied')
    const page = { after: 'nowhere' }
    await refused((await administrator(h, 'lost')).act('organization:export', page), 'invalid')
  })
})

describe('an export that is kept', () => {
  const keep = (who: SignedIn, more: object = {}) => who.act('archive:create', { reason, ...more })
  const rowsIn = async () => Number((await rowsOf(h.twinlock, 'select count(*)::int as count from archive_part'))[0]?.count)

  it('is made once and handed out to its asker alone, whole and without a secret, each part on the record', async () => {
    const [mine, other] = [await administrator(h, 'keeper'), await administrator(h, 'nosy')]
    const made = await keep(mine)
    const parts: Row[] = []
    for (let part: unknown = 0; part !== null; ) {
      const page = await mine.act('archive:fetch', { archive: made.id, part })
      parts.push(...(page.rows as Row[]))
      part = page.next
    }
    assert.equal(parts.length, made.rows)
    assert.ok(parts.some(({ table, row }) => table === 'person' && (row as Row).slug === 'keeper'))
    for (const secret of h.apiKeys) assert.ok(!JSON.stringify(parts).includes(secret))
    const [fetched] = await rowsOf(
      h.twinlock,
      `select count(*)::int as count from entry where action = 'archive:fetch' and outcome = 'done' and actor_id = $1`,
      [mine.id],
    )
    assert.equal(fetched?.count, made.parts)
    const [sealed] = await rowsOf(h.twinlock, `select encode(sealed, 'escape') as text from archive_part limit 1`)
    assert.ok(!String(sealed?.text).includes('keeper'), 'sealed where it lies')
    const { items } = await other.act('archive:list', {})
    assert.deepEqual(
      (items as Row[]).map(({ id, asker }) => [id, asker]),
      [[made.id, mine.id]],
    )
    await refused(other.act('archive:fetch', { archive: made.id }), 'not_found')
    const thief = await administrator(stranger, 'thief')
    await refused(thief.act('archive:fetch', { archive: made.id }), 'not_found')
    await refused(mine.act('archive:fetch', { archive: made.id, part: made.parts }), 'not_found')
    await refused((await signIn(h, 'auditor')).act('archive:fetch', { archive: made.id }), 'not_found')
    await refused(keep(await signIn(h, 'operator')), 'denied')
    await asSuperuser(h.twinlock, (client) => client.query('update person set clearance = 0 where id = $1', [mine.id]))
    await refused(mine.act('archive:fetch', { archive: made.id }), 'denied')
  })

  it('is gone with its time, its deletion, its asker and the person whom it speaks of; three are kept', async () => {
    const [mine, other] = [await administrator(h, 'holder'), await administrator(h, 'remover')]
    for (const { id } of (await other.act('archive:list', {})).items as Row[]) await other.act('archive:delete', { archive: id })
    assert.equal(await rowsIn(), 0)
    const made = await keep(mine, { hours: 1 })
    await keep(mine)
    await keep(mine)
    await refused(keep(mine), 'too_large')
    offsetMs += hour + 1000
    await refused(mine.act('archive:fetch', { archive: made.id }), 'not_found')
    assert.deepEqual(await asSystem(h, 'reaper')('archive:expire', {}), { deleted: 1 })
    assert.deepEqual(await asSystem(h, 'reaper')('archive:expire', {}), { deleted: 0 })
    await other.act('person:offboard', { person: mine.id })
    assert.equal(await rowsIn(), 0)
    await keep(other)
    await other.act('person:erase', { person: mine.id, reason })
    assert.equal(await rowsIn(), 0)
  })
})

/** Destroys the organization while an act in it is half done, and one of another organization stands still: that one is not waited for. */
async function destroyedAmidActs(org: string): Promise<Row> {
  const connection = await connectionOf(h.twinlock)
  return withConnection(connection, (elsewhere) =>
    withConnection(connection, async (inside) => {
      await elsewhere.query('begin; lock table entry, checkpoint, log_head, tile in row exclusive mode') // as whoever writes into them does
      await inside.query('begin')
      await inside.query('select from project where org_id = $1 for update', [org])
      const destroying = asSystem(stranger, 'reaper')('organization:destroy', {})
      await until('it waits for the act that is half done', async () => {
        const { rows } = await elsewhere.query(
          `select from pg_locks l join pg_stat_activity a using (pid) where not l.granted and a.datname = current_database() and a.usename = 'twinlock_app'`,
        )
        return rows.length > 0
      })
      // Now that act comes to its record. The two wait for each other: PostgreSQL fails one of them, which does it again or learns that all is gone.
      await inside.query('select from takeaway where org_id = $1 for share', [org]).catch(() => undefined)
      await inside.query('rollback')
      return destroying
    }),
  )
}

describe('deleting an organization', () => {
  const slug = 'starter'

  it('takes two people: not the asker, not his own puppet, not somebody whom he signed in', async () => {
    const [asker, second] = [await administrator(stranger, 'asker'), await administrator(stranger, 'second')]
    offsetMs += 1000
    await refused(asker.act('organization:delete', { slug: 'another', reason }), 'invalid')
    await refused(second.act('organization:confirm-deletion', { slug, reason }), 'not_found')
    await asker.act('organization:delete', { slug, reason })
    await refused(asker.act('organization:confirm-deletion', { slug, reason }), 'denied')
    offsetMs += 1000
    const puppet = await administrator(stranger, 'puppet')
    await refused(puppet.act('organization:confirm-deletion', { slug, reason }), 'denied')
    const { token } = await asker.act('person:link', { person: second.id })
    const { actingWith } = await import('../starter/people.ts')
    const signedIn = await actingWith(stranger.twinlock.door, { kind: 'link', token: String(token) })('session:create', {})
    const asSecond = actingWith(stranger.twinlock.door, { kind: 'session', token: String(signedIn.token) })
    await refused(asSecond('organization:confirm-deletion', { slug, reason }), 'denied')
    assert.deepEqual(await asSystem(stranger, 'reaper')('organization:destroy', {}), { destroyed: false })
    const told = async (who: SignedIn) =>
      ((await who.act('attention:list', {})).items as Row[]).filter(({ kind }) => kind === 'organization_closing').length
    assert.deepEqual([await told(second), await told(await signIn(stranger, 'operator'))], [1, 0], 'every administrator is told')
    const policy = 'forbid(principal, action in [Action::"organization:keep", Action::"organization:settings"], resource);'
    await refused(
      asker.act('guardrail:create', { slug: 'no-way-back', title: 'No way back', policy, reason }),
      /^(invalid|policy_refused|malformed)$/,
    )
    await second.act('organization:keep', { reason })
    await refused(asker.act('organization:keep', { reason }), 'conflict')
  })

  it('is not done by one alone in the session of another: whom he let in by a link asks for nothing, and confirms nothing by what was made meanwhile', async () => {
    const [one, other] = [await administrator(stranger, 'one'), await administrator(stranger, 'other')]
    offsetMs += 1000
    const { actingWith } = await import('../starter/people.ts')
    const { door } = stranger.twinlock
    const { token } = await one.act('person:link', { person: other.id })
    const puppet = await actingWith(door, { kind: 'link', token: String(token) })('session:create', {})
    const asOther = actingWith(door, { kind: 'session', token: String(puppet.token) })
    await asOther('organization:delete', { slug, reason })
    await refused(one.act('organization:confirm-deletion', { slug, reason }), 'denied')
    await one.act('organization:keep', { reason })
    const [code] = (await asOther('person:recovery-codes', {})).codes as string[]
    offsetMs += 11 * 60_000
    await one.act('organization:delete', { slug, reason })
    const asked = { organization: stranger.starter.org, code: String(code), device: 'a test', requestId: 'test', address: '127.0.0.1' }
    const recovered = await stranger.twinlock.signIn.recoverByCode(asked)
    await refused(
      actingWith(door, { kind: 'session', token: recovered.token })('organization:confirm-deletion', { slug, reason }),
      'denied',
    )
    await one.act('organization:keep', { reason })
  })

  it('takes two who are here: what somebody asked for who has left, or is no administrator any more, nobody confirms', async () => {
    const [asker, second] = [await administrator(stranger, 'asker-who-goes'), await administrator(stranger, 'second-who-stays')]
    offsetMs += 1000
    await asker.act('organization:delete', { slug, reason })
    await second.act('person:offboard', { person: asker.id })
    const { message } = await refused(second.act('organization:confirm-deletion', { slug, reason }), 'denied')
    assert.match(message, /no administrator any more/)
    await second.act('organization:keep', { reason })
  })

  it('ends what runs, and lets nothing begin or leave, until somebody keeps it', async () => {
    const [asker, second] = [await administrator(stranger, 'asker-b'), await administrator(stranger, 'second-b')]
    offsetMs += 1000
    const operator = await signIn(stranger, 'operator')
    const run = await liveRun(stranger, { by: operator })
    const agent = await newAgent(stranger)
    const token = await agent.token()
    await asker.act('organization:delete', { slug, reason })
    const confirmed = await second.act('organization:confirm-deletion', { slug, reason })
    assert.deepEqual([confirmed.state, confirmed.runs], ['confirmed', 1])
    await refused(run.call({ connection: 'accounts-data', path: '/accounts?limit=1' }), 'unauthenticated')
    await refused(token.act('session:show', {}), 'token_revoked')
    await refused(agent.token(), 'organization_closing')
    await refused(launch(stranger, { by: operator }), 'organization_closing')
    assert.deepEqual(await asSystem(stranger, 'reaper')('organization:destroy', {}), { destroyed: false })
    await refused(operator.act('organization:keep', { reason }), 'denied')
    await second.act('organization:keep', { reason })
    assert.ok(await launch(stranger, { by: operator }))
  })

  it('leaves a tombstone after its grace and nothing else, and nothing is ever called like it again', async () => {
    const { org } = stranger.starter
    const [asker, second] = [await administrator(stranger, 'asker-c'), await administrator(stranger, 'second-c')]
    offsetMs += 1000
    await asker.act('organization:delete', { slug, reason })
    await second.act('organization:confirm-deletion', { slug, reason })
    const store = h.twinlock.outside.store
    const { sql } = await import('kysely')
    await assert.rejects(
      store.transact(stranger.starter.org, (tx) => sql`select destroy_organization()`.execute(tx)),
      { code: 'TW005' },
      'whoever holds the store alone cannot do it before its time',
    )
    for (const statement of [
      sql`insert into organization_tombstone (org_id, label, destroyed_at) values (${org}, 'a', now())`,
      sql`select label from organization_tombstone`,
    ])
      await assert.rejects(
        store.transact(stranger.starter.org, (tx) => statement.execute(tx)),
        { code: '42501' },
      )
    await asSuperuser(h.twinlock, async (client) => {
      await client.query('set session_replication_role = replica')
      await client.query(`update organization_deletion set due_at = now() - interval '1 hour' where org_id = $1`, [org])
    })
    assert.deepEqual(await destroyedAmidActs(org), { destroyed: true })
    await refused(second.act('session:show', {}), 'unauthenticated')
    const said: string[] = []
    const parts = { door: h.twinlock.door, organizations: async () => [stranger.starter.org], log: (line: string) => said.push(line) }
    // A worker in the middle of a round knows of the organization still; it gets no further than its queue.
    const worker = startWorker(parts as unknown as Parameters<typeof startWorker>[0])
    worker.wake(stranger.starter.org)
    await worker.stop()
    assert.deepEqual(said, [], 'which is no news to a worker')
    await asSuperuser(h.twinlock, async (client) => {
      const { rows: tables } = await client.query(
        `select table_name as name from information_schema.columns where table_schema = 'public' and column_name = 'org_id' group by 1 order by 1`,
      )
      const still: string[] = []
      for (const { name } of tables) {
        const { rows } = await client.query(`select count(*)::int as count from "${name}" where org_id = $1`, [org])
        if (rows[0].count > 0) still.push(name)
      }
      assert.deepEqual(still, ['organization_tombstone'])
      const { rows } = await client.query('select label, last_checkpoint from organization_tombstone where org_id = $1', [org])
      assert.match(rows[0].last_checkpoint, /^twinlock\.internal\/log\//)
    })
    await refused(asSystem(stranger, 'starter')('organization:create', { slug: 'again', name: 'Again' }), 'conflict')
    assert.ok(await signIn(h, 'admin'), 'the other organization goes on')
    assert.ok(await signInAs(h.twinlock.door, h.starter.org, h.starter.people.owner))
  })
})
