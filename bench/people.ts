// Directories at scale: how many users a second an identity provider can create over SCIM, by HTTP on sixteen connections as provisioners have them, each decided,
// recorded and logged, beside bare inserts of the same rows; how long filtered lists and changes of one member take among 100,000 users and in a group of 50,000; what
// a mapping of 10,000 people, a sign-in and a leaver cost. Over a temporary PostgreSQL, which does not wait for the disk.
import { actWith, textAt } from '../test/harness/acting.ts'
import { asSuperuser } from '../test/harness/database.ts'
import { openDirectory } from '../test/harness/directory.ts'
import { openWorld, type World } from '../test/harness/world.ts'
import type { Figure } from './figure.ts'
import { leaving } from './people/leaving.ts'
import { mapping } from './people/mapping.ts'
import { overHttp } from './people/over-http.ts'
import { signingIn } from './people/signing-in.ts'

const users = Number(process.env.TWINLOCK_BENCH_USERS ?? 100_000)
const memberCount = users / 2
const creates = 2_000
const atOnce = 16
const lists = 200

type Act = ReturnType<typeof actWith>

const idOf = (prefix: string, number: string) => `'${prefix}_' || lpad(${number}::text, 26, '0')`
const docOf = `jsonb_build_object('userName', 'user' || n || '@people.example', 'externalId', 'x' || n, 'displayName', 'User ' || n, 'active', true, 'title', 'Title ' || n % 100,
  'name', jsonb_build_object('givenName', 'User', 'familyName', 'N' || n), 'emails', jsonb_build_array(jsonb_build_object('value', 'user' || n || '@people.example', 'type', 'work', 'primary', true)))`

/** Puts in people, their users, and one group of half of them, past the product. */
async function fill(world: World, directory: string, group: string): Promise<void> {
  await asSuperuser(world.twinlock, async (client) => {
    await client.query('set session_replication_role = replica')
    const per = idOf('per', 'n')
    const from = `from generate_series(1, ${users}) n`
    await client.query(
      `insert into person (org_id, id, slug, name, email, clearance, state, salt, created_at) select $1, ${per}, 'user' || n, 'User ' || n, 'user' || n || '@people.example', 1, 'active', 'salt', now() ${from}`,
      [world.org],
    )
    await client.query(
      `insert into directory_user (org_id, person_id, directory_id, external_id, user_name_key, active, doc, version, created_at, updated_at)
       select $1, ${per}, $2, 'x' || n, 'user' || n || '@people.example', true, ${docOf}, 1, now(), now() ${from}`,
      [world.org, directory],
    )
    await client.query(
      `insert into directory_address (org_id, person_id, address) select $1, ${per}, 'user' || n || '@people.example' ${from}`,
      [world.org],
    )
    const some = `from generate_series(1, ${memberCount}) n`
    await client.query(`insert into directory_member (org_id, group_id, member_id) select $1, $2, ${per} ${some}`, [world.org, group])
    await client.query(`insert into group_member (org_id, group_id, member_id, added_at) select $1, $2, ${per}, now() ${some}`, [
      world.org,
      group,
    ])
    await client.query('vacuum analyze')
  })
}

const userOf = (name: string) => ({
  userName: `${name}@people.example`,
  externalId: name,
  displayName: `User ${name}`,
  active: true,
  name: { givenName: 'User', familyName: name },
  emails: [{ value: `${name}@people.example`, type: 'work', primary: true }],
})

/** Does something so many times, some at once; answers how often a second. */
async function rate(count: number, once: (number: number) => Promise<unknown>): Promise<number> {
  let next = 0
  const began = performance.now()
  const worker = async () => {
    for (let number = next++; number < count; number = next++) await once(number)
  }
  await Promise.all(Array.from({ length: atOnce }, worker))
  return (count * 1000) / (performance.now() - began)
}

async function p99(count: number, once: (number: number) => Promise<unknown>): Promise<number> {
  const times: number[] = []
  for (let number = 0; number < count; number++) {
    const began = performance.now()
    await once(number)
    times.push(performance.now() - began)
  }
  return times.toSorted((left, right) => left - right)[Math.floor(count * 0.99)] ?? 0
}

/** The same rows by bare statements on one connection each, a transaction a user. */
async function bareInserts(world: World, directory: string): Promise<number> {
  let made = 0
  await asSuperuser(world.twinlock, async (client) => {
    const insert = async (number: number) => {
      const { org } = world
      const name = `bare${number}`
      const id = `per_bare${String(number).padStart(22, '0')}`
      await client.query(
        `with p as (insert into person (org_id, id, slug, name, email, clearance, state, salt, created_at) values ($1, $2, $3, $3, $4, 1, 'active', 'salt', now())),
         u as (insert into directory_user (org_id, person_id, directory_id, external_id, user_name_key, active, doc, version, created_at, updated_at) values ($1, $2, $5, $3, $4, true, $6, 1, now(), now()))
         insert into directory_address (org_id, person_id, address) values ($1, $2, $4)`,
        [org, id, name, `${name}@people.example`, directory, JSON.stringify(userOf(name))],
      )
    }
    await client.query('set session_replication_role = replica')
    const began = performance.now()
    for (let number = 0; number < creates; number++) await insert(number)
    made = (creates * 1000) / (performance.now() - began)
  })
  return made
}

const filters: Readonly<Record<string, (number: number) => string>> = {
  'userName eq': (number) => `userName eq "user${1 + ((number * 997) % users)}@people.example"`,
  'externalId eq': (number) => `externalId eq "x${1 + ((number * 997) % users)}"`,
  'emails[type eq "work" and value eq]': (number) =>
    `emails[type eq "work" and value eq "user${1 + ((number * 997) % users)}@people.example"]`,
  'userName sw, a page of 100': (number) => `userName sw "user${1 + (number % 90)}"`,
}

async function listing(act: Act): Promise<Figure[]> {
  const figures: Figure[] = []
  for (const [name, filterOf] of Object.entries(filters)) {
    await act('directory:find-users', { filter: filterOf(0) })
    const value = await p99(lists, (number) => act('directory:find-users', { filter: filterOf(number) }))
    figures.push({
      name: `list among ${users.toLocaleString('en-US')} users, ${name}, p99`,
      value,
      unit: 'ms',
      goal: '< 50 ms',
      ok: value < 50,
    })
  }
  const scanned = await p99(20, () => act('directory:find-users', { filter: 'title co "99" and not (nickName pr)' }))
  figures.push({ name: 'list by a filter that no index answers, slowest of 20', value: scanned, unit: 'ms', ok: true })
  return figures
}

async function oneMember(act: Act, group: string, person: string): Promise<Figure> {
  const change = (op: string) => ({ id: group, body: { Operations: [{ op, path: 'members', value: [{ value: person }] }] } })
  const value = await p99(60, (number) => act('directory:patch-group', change(number % 2 === 0 ? 'add' : 'remove')))
  return {
    name: `one member in or out of ${memberCount.toLocaleString('en-US')}, p99`,
    value,
    unit: 'ms',
    goal: '< 100 ms',
    ok: value < 100,
  }
}

/** Measures. */
export async function bench(): Promise<Figure[]> {
  const world = await openWorld({ isIdle: true })
  try {
    const { id, token } = await openDirectory(world, 'bench')
    const act = actWith(world.twinlock.door, { kind: 'directory', token })
    const group = textAt(await act('directory:create-group', { body: { displayName: 'Half of them' } }), 'resource', 'id')
    await fill(world, id, group)
    const person = textAt(await act('directory:create-user', { body: userOf('member') }), 'resource', 'id')
    await rate(200, (number) => act('directory:create-user', { body: userOf(`warm${number}`) }))
    const before = process.cpuUsage()
    const made = await rate(creates, (number) => act('directory:create-user', { body: userOf(`new${number}`) }))
    const used = process.cpuUsage(before)
    const bare = await bareInserts(world, id)
    return [
      ...(await overHttp(world, token, userOf, bare)),
      { name: 'users created at the door, without HTTP', value: made, unit: 'creates/s', ok: true },
      { name: 'processor time of this process for one of them', value: (used.user + used.system) / 1000 / creates, unit: 'ms', ok: true },
      ...(await listing(act)),
      await oneMember(act, group, person),
      ...(await mapping(world)),
      ...(await signingIn()),
      ...(await leaving()),
    ]
  } finally {
    await world.close()
  }
}
