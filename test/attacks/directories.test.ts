// An identity provider that was taken over, or somebody who found its token: what directories may say, they may say of their own people and groups alone, within
// limits, and nobody is locked out or let in by it who should not be.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { actWith, at, codeOf, listAt, sessionOf, textAt } from '../harness/acting.ts'
import { asSuperuser } from '../harness/database.ts'
import { bodyOf, type Json, openDirectory, type ScimServer, type Send, serveScim } from '../harness/directory.ts'
import { openWorld, type World } from '../harness/world.ts'

let world: World
let server: ScimServer
let first: { readonly id: string; readonly token: string }
let send: Send
let other: Send
let person: string
let group: string

const user = (name: string, more: Json = {}) => ({ userName: `${name}@people.example`, ...more })
const patch = (...Operations: readonly Json[]) => ({ Operations })
const made = async (by: Send, path: string, body: Json) => textAt(bodyOf(await by('POST', path, body), 201), 'id')
const refusal = async (answered: ReturnType<Send>) => {
  const { status, body } = await answered
  return [status, body.scimType]
}

before(async () => {
  world = await openWorld({ isIdle: true })
  server = await serveScim(world)
  first = await openDirectory(world, 'first')
  send = server.withToken(first.token)
  other = server.withToken((await openDirectory(world, 'other')).token)
  person = await made(send, '/Users', user('one', { externalId: 'x1' }))
  group = await made(send, '/Groups', { displayName: 'Team', members: [{ value: person }] })
})
after(async () => {
  await server.close()
  await world.close()
})

test('a filter of ten thousand terms, one that nests without end, and one that asks for a password are refused as filters', async () => {
  const filters = [
    Array.from({ length: 10_000 }, (_, number) => `title eq "${number}"`).join(' or '),
    `${'('.repeat(3_000)}title pr`,
    'password eq "x"',
    'password pr',
    'userName eq "x"; drop table person',
    'title gt true',
    'emails[shoe eq "x"]',
    'meta.location eq "x"',
  ]
  for (const filter of filters)
    assert.deepEqual(await refusal(send('POST', '/Users/.search', { filter })), [400, 'invalidFilter'], filter.slice(0, 60))
  assert.deepEqual(await refusal(send('PATCH', `/Users/${person}`, patch({ op: 'remove', path: `emails[${filters[0]}]` }))), [
    400,
    'invalidPath',
  ])
})

test('what is set here cannot be addressed by a path: not the id, the version, or the groups of a user', async () => {
  for (const path of ['id', 'meta', 'meta.version', 'groups', `groups[value eq "${group}"]`])
    assert.deepEqual(
      await refusal(send('PATCH', `/Users/${person}`, patch({ op: 'replace', path, value: 'x' }))),
      [400, 'mutability'],
      path,
    )
  for (const value of [{ id: 'per_other' }, { meta: { version: 'W/"9"' } }, { groups: [{ value: group }] }])
    assert.deepEqual(
      await refusal(send('PATCH', `/Users/${person}`, patch({ op: 'add', value }))),
      [400, 'mutability'],
      JSON.stringify(value),
    )
  for (const path of ['clearance', 'org_id', 'state', '__proto__.x'])
    assert.deepEqual(await refusal(send('PATCH', `/Users/${person}`, patch({ op: 'add', path, value: 3 }))), [400, 'invalidPath'])
  const [row] = await world.rows('select id, clearance, state from person where id = $1', [person])
  assert.deepEqual(row, { id: person, clearance: 1, state: 'active' })
})

test('people and groups of another directory, or of nobody’s, are not there', async () => {
  const local = world.starter.people.operator
  for (const id of [person, local, 'per_00000000000000000000000000', 'x']) {
    for (const [method, body] of [
      ['GET'],
      ['PUT', user('taken')],
      ['PATCH', patch({ op: 'replace', value: { active: false } })],
      ['DELETE'],
    ] as const)
      assert.equal((await other(method, `/Users/${id}`, body)).status, 404, `${method} ${id}`)
  }
  assert.equal((await other('GET', `/Groups/${group}`)).status, 404)
  assert.equal((await other('DELETE', `/Groups/${group}`)).status, 404)
  assert.equal(bodyOf(await other('GET', '/Users'), 200).totalResults, 0)
  const own = await made(other, '/Groups', { displayName: 'Own' })
  for (const value of [person, local, group, own]) {
    const { status } = await other('PATCH', `/Groups/${own}`, patch({ op: 'add', path: 'members', value: [{ value }] }))
    assert.ok(status === 400 || status === 409, `${value}: ${status}`)
  }
  assert.deepEqual(await world.rows('select state from person where id = any($1) order by id', [[person, local]]), [
    { state: 'active' },
    { state: 'active' },
  ])
})

test('two directories that claim one person, by name or by address, are told so, and it is on the record', async () => {
  for (const claim of [user('ONE'), { userName: 'somebody', emails: [{ value: 'One@people.example' }] }])
    assert.deepEqual(await refusal(other('POST', '/Users', claim)), [409, 'uniqueness'])
  assert.deepEqual(await refusal(send('POST', '/Users', user('two', { externalId: 'x1' }))), [409, 'uniqueness'])
  const mine = await made(other, '/Users', user('mine'))
  assert.deepEqual(await refusal(other('PUT', `/Users/${mine}`, user('one'))), [409, 'uniqueness'])
  const [admin] = await world.rows('select email from person where id = $1', [world.starter.people.admin])
  assert.deepEqual(
    await refusal(other('POST', '/Users', { userName: String(admin?.email) })),
    [409, 'uniqueness'],
    'who is here already is not taken over',
  )
  const entries = await world.rows(
    `select outcome from entry where action = 'directory:create-user' and outcome = 'failed' and body like '%claimed%'`,
  )
  assert.equal(entries.length, 4)
})

test('a directory that may take people over takes over who is here, and not who is another’s', async () => {
  const { id: directory, token } = await openDirectory(world, 'adopting', { adopts: true })
  const adopting = server.withToken(token)
  const [operator] = await world.rows('select email from person where id = $1', [world.starter.people.author])
  assert.equal(await made(adopting, '/Users', { userName: String(operator?.email) }), world.starter.people.author)
  assert.deepEqual(await refusal(adopting('POST', '/Users', user('one'))), [409, 'uniqueness'])
  await made(adopting, '/Users', user('really-new'))
  const log = listAt(await (await world.as('admin'))('directory:deliveries', { directory, limit: 3 }), 'items')
  assert.deepEqual(
    log.map((one) => at(one, 'told')),
    [
      'Created the user: userName.',
      'Somebody or something else has this name, address or external id already, here or in another directory.',
      'Took over somebody who was here: userName.',
    ],
    'whom it took over can be read',
  )
  const [entry] = await world.rows('select body from entry where id = $1', [at(log[2], 'entry')])
  assert.match(String(entry?.body), /"changed":\["userName","taken over"\]/)
})

test('the last administrator cannot be taken away: not by leaving, not by a deletion, and not out of the group that made him one', async () => {
  const admin = await world.as('admin')
  const chief = await made(send, '/Users', user('chief'))
  const admins = await made(send, '/Groups', { displayName: 'Admins', members: [{ value: chief }] })
  await admin('grant:create', { principal: admins, role: 'admin', reason: 'The directory says who manages.' })
  const asChief = actWith(world.twinlock.door, await sessionOf(world.twinlock.door, world.org, chief))
  await asChief('person:list')
  await world.tamper(`update "grant" set revoked_at = now() where role = 'admin' and principal_id <> $1`, [admins])
  const tries = [
    send('PATCH', `/Users/${chief}`, patch({ op: 'replace', value: { active: false } })),
    send('DELETE', `/Users/${chief}`),
    send('PATCH', `/Groups/${admins}`, patch({ op: 'remove', path: 'members', value: [{ value: chief }] })),
    send('PATCH', `/Groups/${admins}`, patch({ op: 'remove', path: 'members' })),
    send('PUT', `/Groups/${admins}`, { displayName: 'Admins' }),
    send('DELETE', `/Groups/${admins}`),
  ]
  for (const one of tries) {
    const { status, body } = await one
    assert.deepEqual([status, /manage the organization/.test(String(body.detail))], [409, true])
  }
  const log = listAt(await asChief('directory:deliveries', { directory: first.id, refused: true, limit: 6 }), 'items')
  assert.deepEqual([...new Set(log.map((one) => at(one, 'code')))], ['last_administrator'])
  const deputy = await made(send, '/Users', user('deputy'))
  bodyOf(await send('PATCH', `/Groups/${admins}`, patch({ op: 'add', path: 'members', value: [{ value: deputy }] })), 200)
  assert.equal((await send('DELETE', `/Users/${chief}`)).status, 204)
  assert.equal(await codeOf(asChief('person:list')), 'unauthenticated')
  await world.tamper(`update "grant" set revoked_at = null where role = 'admin'`)
})

test('a token that was rotated out, is of a retired directory, or is no directory’s is nobody’s, and is good for nothing but SCIM', async () => {
  const admin = await world.as('admin')
  const { id, token } = await openDirectory(world, 'rotating')
  const { token: second } = await admin('directory:rotate-token', { directory: id, overlapHours: 1 })
  const works = async (secret: unknown) => (await server.withToken(String(secret))('GET', '/Users?count=0')).status
  assert.deepEqual([await works(token), await works(second)], [200, 200])
  world.clock.forward(3_601)
  assert.deepEqual([await works(token), await works(second)], [401, 200])
  const { token: third } = await admin('directory:rotate-token', { directory: id, overlapHours: 0 })
  assert.deepEqual([await works(second), await works(third)], [401, 200])
  await admin('directory:retire', { directory: id })
  const session = await world.credentialOf('admin')
  for (const secret of [
    third,
    String(third).replace(world.org, 'org_00000000000000000000000000'),
    'token' in session ? session.token : '',
    'x'.repeat(9_000),
  ])
    assert.equal(await works(secret), 401)
  const asDirectory = actWith(world.twinlock.door, { kind: 'directory', token: first.token })
  for (const action of ['person:list', 'session:show', 'grant:list', 'directory:list'])
    assert.equal(await codeOf(asDirectory(action)), 'denied', action)
  const console = await fetch(server.url.replace('/scim/v2', '/v1/directories'), { headers: { authorization: `Bearer ${first.token}` } })
  assert.equal(console.status, 401)
})

test('a group cannot be put into itself, by any way round', async () => {
  const [left, right] = [await made(send, '/Groups', { displayName: 'Left' }), await made(send, '/Groups', { displayName: 'Right' })]
  const into = (outer: string, inner: string) =>
    send('PATCH', `/Groups/${outer}`, patch({ op: 'add', path: 'members', value: [{ value: inner }] }))
  assert.equal((await into(left, left)).status, 409)
  assert.equal((await into(left, right)).status, 200)
  assert.equal((await into(right, left)).status, 409)
})

test('duties that are kept apart stay apart, whatever a directory says', async () => {
  const admin = await world.as('admin')
  await admin('conflict:declare', { slug: 'apart', one: ['author'], other: ['exporter'], reason: 'A test needs it.' })
  const both = await made(send, '/Users', user('both'))
  const groups = await Promise.all(
    ['author', 'exporter'].map(async (role) => {
      const id = await made(send, '/Groups', { displayName: `All of ${role}` })
      await admin('grant:create', { principal: id, role, reason: 'A test needs it.' })
      return id
    }),
  )
  const add = (id: string | undefined) => send('PATCH', `/Groups/${id}`, patch({ op: 'add', path: 'members', value: [{ value: both }] }))
  assert.equal((await add(groups[0])).status, 200)
  assert.equal((await add(groups[1])).status, 409)
})

test('a bulk request of too many operations, a body that is too large, and what is no SCIM are refused by the limit that they hit', async () => {
  const operation = { method: 'DELETE', path: '/Users/per_x' }
  assert.deepEqual(await refusal(send('POST', '/Bulk', { Operations: Array.from({ length: 1_001 }, () => operation) })), [413, 'tooMany'])
  assert.deepEqual(await refusal(send('POST', '/Bulk', { Operations: [{ ...operation, data: 'x'.repeat(2_200_000) }] })), [413, 'tooMany'])
  assert.deepEqual(await refusal(send('POST', '/Users', user('big', { title: 'x'.repeat(300_000) }))), [413, 'tooMany'])
  assert.deepEqual(await refusal(send('POST', '/Users', '{"userName":"a","userName":"b"}')), [400, 'invalidSyntax'])
  for (const body of ['[]', '"x"', '{}', '{"userName":7e999}', `{"userName":"${'x'.repeat(1_025)}"}`])
    assert.equal((await send('POST', '/Users', body)).status, 400, body.slice(0, 40))
  for (const [method, path] of [
    ['POST', '/Users/x'],
    ['PUT', '/Users'],
    ['DELETE', '/Bulk'],
  ] as const)
    assert.equal((await send(method, path, method === 'DELETE' ? undefined : {})).status, 405, `${method} ${path}`)
})

test('an administrator who says of himself, by a token that he was shown, what gives him a role, is told of to every other from the moment that he saw it', async () => {
  const { door } = world.twinlock
  const { admin: person, auditor } = world.starter.people
  const [admin, reason] = [await world.as('admin'), 'A test needs it.']
  const own = await admin('directory:create', { slug: 'of-himself', name: 'Of himself', adopts: true })
  const arms = server.withToken(textAt(own, 'token'))
  const team = await made(arms, '/Groups', { displayName: 'Arms' })
  await admin('grant:create', { principal: team, role: 'exporter', reason })
  const [{ email } = {}] = await world.rows('select email from person where id = $1', [person])
  const himself = await made(arms, '/Users', { userName: 'himself', emails: [{ value: email }] })
  await arms('PATCH', `/Groups/${team}`, patch({ op: 'add', path: 'members', value: [{ value: himself }] }))
  assert.equal(himself, person, 'no guardrail knows who holds a token')
  const told = async (who: string) =>
    listAt(await actWith(door, await sessionOf(door, world.org, who))('attention:list'), 'items').filter(
      (one) => at(one, 'kind') === 'directory_token_shown' && at(one, 'title') === 'Of himself',
    )
  assert.equal((await told(auditor)).length, 1)
  assert.deepEqual(await told(world.starter.people.operator), [])
})

test('a directory that fills up in one go makes nobody wait longer: names are looked for by their indexes, whatever was planned while it was empty', async () => {
  const blocks = await asSuperuser(world.twinlock, async (client) => {
    const as = async (role: string) => client.query(`set local role ${role}`)
    const look = async () => {
      const { rows } = await client.query(
        `explain (analyze, buffers, format json) select * from plainly_new('{0}', '{new@people.example}', $1, '{new}', '{new@people.example}', '{new}')`,
        [[first.id]],
      )
      const plan = at(rows[0], 'QUERY PLAN', 0, 'Plan')
      assert.equal(at(plan, 'Actual Rows'), 1, 'it is nobody’s name')
      return Number(at(plan, 'Shared Hit Blocks'))
    }
    await client.query('begin')
    await client.query("select set_config('twinlock.org', $1, true), set_config('session_replication_role', 'replica', true)", [world.org])
    await as('twinlock_app')
    // PostgreSQL keeps a plan that it has made this often.
    for (let times = 0; times < 8; times++) await look()
    await as('none')
    const id = `'per_' || lpad(n::text, 26, '0')`
    await client.query(
      `insert into person (org_id, id, slug, name, email, clearance, state, salt, created_at)
       select $1, ${id}, 'many' || n, 'Many', 'many' || n || '@people.example', 1, 'active', 'salt', now() from generate_series(1, 3000) n`,
      [world.org],
    )
    await client.query(
      `insert into directory_user (org_id, person_id, directory_id, external_id, user_name_key, active, doc, version, created_at, updated_at)
       select $1, ${id}, $2, 'many' || n, 'many' || n || '@people.example', true, '{}', 1, now(), now() from generate_series(1, 3000) n`,
      [world.org, first.id],
    )
    await as('twinlock_app')
    const found = await look()
    await client.query('rollback')
    return found
  })
  assert.ok(blocks < 40, `${blocks} blocks were read for four names`)
})
