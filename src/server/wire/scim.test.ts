// SCIM over HTTP against a whole Twinlock: clients that send what Okta and Entra send, in their order, and what becomes of the people behind it.
import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { actWith, at, codeOf, listAt, sessionOf, textAt } from '../../../test/harness/acting.ts'
import { bodyOf, type Json, openDirectory, type ScimServer, type Send, serveScim } from '../../../test/harness/directory.ts'
import { seeded } from '../../../test/harness/seeded.ts'
import { openWorld, type World } from '../../../test/harness/world.ts'

const core = 'urn:ietf:params:scim:schemas:core:2.0'
const enterprise = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User'
const patchOp = { schemas: ['urn:ietf:params:scim:api:messages:2.0:PatchOp'] }

let world: World
let server: ScimServer
let okta: Send
let oktaId: string
let entra: Send
let entraId: string

before(async () => {
  world = await openWorld({ isIdle: true })
  server = await serveScim(world)
  const first = await openDirectory(world, 'okta')
  okta = server.withToken(first.token)
  oktaId = first.id
  const directory = await openDirectory(world, 'entra')
  entra = server.withToken(directory.token)
  entraId = directory.id
})
after(async () => {
  await server.close()
  await world.close()
})

const patch = (...Operations: readonly Json[]) => ({ ...patchOp, Operations })
const filtered = (filter: string) => `filter=${encodeURIComponent(filter)}`
const oktaUser = (name: string, more: Json = {}) => ({
  schemas: [`${core}:User`],
  userName: `${name}@okta.example`,
  name: { givenName: name, familyName: 'Okta' },
  emails: [{ primary: true, value: `${name}@okta.example`, type: 'work' }],
  displayName: `${name} Okta`,
  locale: 'en-US',
  externalId: `00u-${name}`,
  groups: [],
  password: '1mz050nq',
  active: true,
  ...more,
})
const stateOf = async (person: string) => (await world.rows('select state from person where id = $1', [person]))[0]?.state
const rightOf = async (person: string) => actWith(world.twinlock.door, await sessionOf(world.twinlock.door, world.org, person))

describe('Okta', () => {
  it('looks for a user, makes him, reads him, replaces him whole, and takes him away by a change without a path', async () => {
    assert.equal(
      bodyOf(await okta('GET', `/Users?${filtered('userName eq "grace@okta.example"')}&startIndex=1&count=100`), 200).totalResults,
      0,
    )
    const made = await okta('POST', '/Users', oktaUser('grace'))
    const id = textAt(bodyOf(made, 201), 'id')
    assert.equal(made.headers.get('location'), `https://twinlock.example/scim/v2/Users/${id}`)
    assert.match(made.headers.get('content-type') ?? '', /^application\/scim\+json/)
    assert.equal(JSON.stringify(made.body).includes('1mz050nq'), false)
    assert.equal(bodyOf(await okta('GET', `/Users?${filtered('userName eq "GRACE@okta.example"')}`), 200).totalResults, 1)
    const read = bodyOf(await okta('GET', `/Users/${id}`), 200)
    const replaced = bodyOf(await okta('PUT', `/Users/${id}`, { ...read, displayName: 'Grace H.', nickName: 'Amazing' }), 200)
    assert.deepEqual([replaced.displayName, replaced.nickName, at(replaced, 'meta', 'version')], ['Grace H.', 'Amazing', 'W/"2"'])
    assert.deepEqual(await world.rows('select name, email, state from person where id = $1', [id]), [
      { name: 'Grace H.', email: 'grace@okta.example', state: 'active' },
    ])
    const act = await rightOf(id)
    await act('session:show')
    const off = patch({ op: 'replace', value: { active: false } })
    assert.equal(bodyOf(await okta('PATCH', `/Users/${id}`, off), 200).active, false)
    assert.equal(await codeOf(act('session:show')), 'unauthenticated')
    assert.equal(at(bodyOf(await okta('PATCH', `/Users/${id}`, off), 200), 'meta', 'version'), 'W/"3"', 'again changes nothing')
  })

  it('pushes a group, renames it with its id in the object, and puts members in and takes them out', async () => {
    const person = textAt(bodyOf(await okta('POST', '/Users', oktaUser('hopper')), 201), 'id')
    assert.equal(bodyOf(await okta('GET', '/Groups?startIndex=1&count=100'), 200).totalResults, 0)
    const members = [{ value: person, display: 'hopper@okta.example' }]
    const group = textAt(
      bodyOf(await okta('POST', '/Groups', { schemas: [`${core}:Group`], displayName: 'Operators', members }), 201),
      'id',
    )
    bodyOf(await okta('PATCH', `/Groups/${group}`, patch({ op: 'replace', value: { id: group, displayName: 'Ops' } })), 200)
    bodyOf(
      await okta(
        'PATCH',
        `/Groups/${group}`,
        patch({ op: 'remove', path: `members[value eq "${person}"]` }, { op: 'add', path: 'members', value: members }),
      ),
      200,
    )
    const shown = bodyOf(await okta('GET', `/Groups/${group}`), 200)
    assert.deepEqual(
      [shown.displayName, at(shown, 'members', 0, 'value'), at(shown, 'members', 0, 'display')],
      ['Ops', person, 'hopper Okta'],
    )
    assert.deepEqual(at(bodyOf(await okta('GET', `/Users/${person}`), 200), 'groups', 0, 'value'), group)
    assert.equal((await okta('DELETE', `/Groups/${group}`)).status, 204)
    assert.equal((await okta('GET', `/Groups/${group}`)).status, 404)
  })

  it('brings somebody back who gets nothing back by that', async () => {
    const made = bodyOf(await okta('POST', '/Users', oktaUser('lazarus')), 201)
    const id = textAt(made, 'id')
    await (await world.as('admin'))('grant:create', { principal: id, role: 'observer', reason: 'A test needs it.' })
    await (await rightOf(id))('run:list')
    bodyOf(await okta('PUT', `/Users/${id}`, { ...oktaUser('lazarus'), active: false }), 200)
    assert.equal(await stateOf(id), 'left')
    bodyOf(await okta('PUT', `/Users/${id}`, oktaUser('lazarus')), 200)
    assert.equal(await stateOf(id), 'active')
    assert.equal(await codeOf((await rightOf(id))('run:list')), 'denied')
    assert.equal((await okta('DELETE', `/Users/${id}`)).status, 204)
    assert.equal(textAt(bodyOf(await okta('POST', '/Users', oktaUser('lazarus')), 201), 'id'), id, 'the same person')
    assert.equal(await codeOf((await rightOf(id))('run:list')), 'denied')
  })
})

describe('Entra', () => {
  const entraUser = (name: string) => ({
    schemas: [`${core}:User`, enterprise],
    externalId: name,
    userName: `${name}@entra.example`,
    active: true,
    addresses: [],
    emails: [{ primary: true, type: 'work', value: `${name}@entra.example` }],
    meta: { resourceType: 'User' },
    name: { formatted: `${name} E.`, familyName: 'E.', givenName: name },
    roles: [],
    [enterprise]: { department: 'Physics' },
  })

  it('tests the connection, makes a user, changes him in its own dialect, and disables him by a text', async () => {
    assert.equal(
      bodyOf(await entra('GET', `/Users?${filtered('userName eq "3b8b0a42-5d4a-4c11-9b8b-1b3f7c2f9a10"')}`), 200).totalResults,
      0,
    )
    const id = textAt(bodyOf(await entra('POST', '/Users', entraUser('marie')), 201), 'id')
    const boss = textAt(bodyOf(await entra('POST', '/Users', entraUser('pierre')), 201), 'id')
    assert.equal(bodyOf(await entra('GET', `/Users?${filtered('externalId eq "marie"')}`), 200).totalResults, 1)
    const changed = await entra(
      'PATCH',
      `/Users/${id}`,
      patch(
        { op: 'Replace', path: 'emails[type eq "work"].value', value: 'curie@entra.example' },
        { op: 'Add', path: 'phoneNumbers[type eq "mobile"].value', value: '+33' },
        { op: 'Add', path: `${enterprise}:manager`, value: boss },
        { op: 'Replace', value: { displayName: 'Marie Curie', [`${enterprise}:department`]: 'Chemistry' } },
      ),
    )
    const body = bodyOf(changed, 200)
    assert.deepEqual(body[enterprise], { department: 'Chemistry', manager: { value: boss } })
    for (const [who, found] of [
      [boss, 1],
      [id, 0],
    ] as const)
      assert.equal(bodyOf(await entra('GET', `/Users?${filtered(`id eq "${id}" and manager eq "${who}"`)}`), 200).totalResults, found)
    const older = patch(
      { op: 'Add', path: 'nickName', value: [{ $ref: null, value: 'M.' }] },
      { op: 'Replace', path: `${enterprise}:manager`, value: [{ $ref: `https://twinlock.example/scim/v2/Users/${id}`, value: id }] },
      { op: 'Add', path: 'roles[primary eq "True"].value', value: 'Researcher' },
      { op: 'Replace', path: 'name.givenName', value: 'Maria' },
      { op: 'Remove', path: `${enterprise}:department` },
    )
    const told = bodyOf(await entra('PATCH', `/Users/${id}`, older), 200)
    assert.deepEqual(
      [told.nickName, at(told, 'name', 'givenName'), at(told, enterprise, 'manager', 'value'), told.roles],
      ['M.', 'Maria', id, [{ primary: true, value: 'Researcher' }]],
    )
    assert.equal(at(told, enterprise, 'department'), undefined)
    assert.deepEqual(await world.rows('select name, email from person where id = $1', [id]), [
      { name: 'Marie Curie', email: 'curie@entra.example' },
    ])
    bodyOf(await entra('PATCH', `/Users/${id}`, patch({ op: 'Replace', path: 'active', value: 'False' })), 200)
    assert.equal(await stateOf(id), 'left')
    bodyOf(await entra('PATCH', `/Users/${id}`, patch({ op: 'Replace', path: 'active', value: 'True' })), 200)
    assert.equal(await stateOf(id), 'active')
  })

  it('pushes a group without reading its members, and removes members by a list', async () => {
    const person = textAt(bodyOf(await entra('POST', '/Users', entraUser('lise')), 201), 'id')
    const schemas = [`${core}:Group`, 'http://schemas.microsoft.com/2006/11/ResourceManagement/ADSCIM/2.0/Group']
    const group = textAt(
      bodyOf(await entra('POST', '/Groups', { schemas, externalId: 'g1', displayName: 'Physics', meta: { resourceType: 'Group' } }), 201),
      'id',
    )
    bodyOf(await entra('PATCH', `/Groups/${group}`, patch({ op: 'Add', path: 'members', value: [{ value: person }] })), 200)
    const found = bodyOf(await entra('GET', `/Groups?excludedAttributes=members&${filtered('displayName eq "physics"')}`), 200)
    assert.deepEqual([found.totalResults, at(found, 'Resources', 0, 'members')], [1, undefined])
    assert.equal(bodyOf(await entra('GET', `/Groups?${filtered(`members.value eq "${person}"`)}`), 200).totalResults, 1)
    const asked = `id eq "${group}" and members eq "${person}"`
    assert.equal(bodyOf(await entra('GET', `/Groups?excludedAttributes=members&${filtered(asked)}`), 200).totalResults, 1)
    bodyOf(await entra('PATCH', `/Groups/${group}`, patch({ op: 'Remove', path: 'members', value: [{ value: person }] })), 200)
    assert.equal(at(bodyOf(await entra('GET', `/Groups/${group}`), 200), 'members'), undefined)
  })

  it('takes what a group gave with the membership: nothing is admitted when the answer is there', async () => {
    const person = textAt(bodyOf(await entra('POST', '/Users', entraUser('emmy')), 201), 'id')
    const group = textAt(bodyOf(await entra('POST', '/Groups', { displayName: 'Observers', members: [{ value: person }] }), 201), 'id')
    await (await world.as('admin'))('grant:create', { principal: group, role: 'observer', reason: 'Whoever the directory names.' })
    const act = await rightOf(person)
    await act('run:list')
    bodyOf(await entra('PATCH', `/Groups/${group}`, patch({ op: 'Remove', path: `members[value eq "${person}"]` })), 200)
    assert.equal(await codeOf(act('run:list')), 'denied')
    bodyOf(await entra('PUT', `/Groups/${group}`, { displayName: 'Observers', members: [{ value: person }] }), 200)
    await act('run:list')
    bodyOf(await entra('PUT', `/Groups/${group}`, { displayName: 'Observers', members: [] }), 200)
    assert.equal(await codeOf(act('run:list')), 'denied')
  })

  it('ends the live runs of somebody who leaves, with his session', async () => {
    const person = textAt(bodyOf(await entra('POST', '/Users', entraUser('runner')), 201), 'id')
    await (await world.as('admin'))('grant:create', { principal: person, role: 'operator', reason: 'A test needs it.' })
    const { scenario, environments } = world.starter
    const run = textAt(await (await rightOf(person))('run:launch', { scenario, environment: environments.staging }), 'id')
    assert.equal((await entra('DELETE', `/Users/${person}`)).status, 204)
    assert.match(String((await world.rows('select state from run where id = $1', [run]))[0]?.state), /^end/)
    assert.equal((await entra('GET', `/Users/${person}`)).status, 404)
    const checklist = await (await world.as('admin'))('person:leaving', { person })
    assert.deepEqual(
      [checklist.because, at(checklist, 'readBack', 'isDone')],
      ['directory', true],
      'one checklist, whoever said that he leaves',
    )
  })

  it('leaves a log that a person can read, and drift that is found', async () => {
    const admin = await world.as('admin')
    assert.equal((await admin('directory:reconcile', { directory: entraId })).count, 0)
    const person = textAt(bodyOf(await entra('POST', '/Users', entraUser('ada')), 201), 'id')
    const group = textAt(bodyOf(await entra('POST', '/Groups', { displayName: 'Drifting', members: [{ value: person }] }), 201), 'id')
    await admin('group:remove', { group, member: person })
    await admin('group:add', { group, member: world.starter.people.operator })
    await world.tamper(`update person set name = 'Somebody else', email = 'x@elsewhere.example' where id = $1`, [person])
    const kinds = async () => listAt(await admin('directory:reconcile', { directory: entraId }), 'drift').map((one) => at(one, 'kind'))
    assert.deepEqual(await kinds(), ['name', 'address', 'member-missing', 'member-extra'])
    bodyOf(await entra('PATCH', `/Groups/${group}`, patch({ op: 'add', path: 'members', value: [{ value: person }] })), 200)
    const again = await admin('directory:deliveries', { directory: entraId, limit: 1 })
    assert.equal(at(again, 'items', 0, 'told'), 'Changed the group: members (1 added, 0 removed).', 'who is in it again is on the record')
    const [joined] = await world.rows(`select body from entry where id = $1`, [at(again, 'items', 0, 'entry')])
    assert.match(String(joined?.body), /"added":1/)
    assert.deepEqual(await kinds(), ['name', 'address', 'member-extra'])
    await admin('group:remove', { group, member: person })
    await admin('person:offboard', { person })
    assert.ok((await kinds()).includes('left-here'))
    bodyOf(await entra('PATCH', `/Users/${person}`, patch({ op: 'replace', path: 'active', value: true })), 200)
    assert.equal(await stateOf(person), 'left', 'who was offboarded here is not brought back by what was said before')
    await entra('POST', '/Users', entraUser('ada'))
    const { items } = await admin('directory:deliveries', { directory: entraId, limit: 2 })
    assert.deepEqual(
      at(items, 0, 'told'),
      'Somebody or something else has this name, address or external id already, here or in another directory.',
    )
    assert.deepEqual([at(items, 0, 'outcome'), at(items, 1, 'operation'), at(items, 1, 'changed')], ['refused', 'patch-user', []])
  })
})

describe('the protocol', () => {
  it('says what it supports to whoever asks, and nothing of anybody', async () => {
    const nobody = server.withToken(undefined)
    const config = bodyOf(await nobody('GET', '/ServiceProviderConfig'), 200)
    for (const feature of ['patch', 'bulk', 'filter', 'sort', 'etag']) assert.equal(at(config, feature, 'supported'), true, feature)
    assert.deepEqual(
      listAt(bodyOf(await nobody('GET', '/ResourceTypes'), 200), 'Resources').map((one) => at(one, 'id')),
      ['User', 'Group'],
    )
    const schemas = listAt(bodyOf(await nobody('GET', '/Schemas'), 200), 'Resources').map((one) => at(one, 'id'))
    assert.deepEqual(schemas, [`${core}:User`, enterprise, `${core}:Group`])
    assert.equal(bodyOf(await nobody('GET', `/Schemas/${enterprise}`), 200).name, 'EnterpriseUser')
    const refused = await nobody('GET', '/Users')
    assert.deepEqual(
      [refused.status, refused.body.status, refused.headers.get('www-authenticate')],
      [401, '401', 'Bearer realm="twinlock"'],
    )
  })

  it('answers whatever comes below it in its own form: no such endpoint, no such method, no such media type, no user to be', async () => {
    const nobody = server.withToken(undefined)
    const errorOf = async (answered: ReturnType<Send>) => {
      const { status, body, headers } = await answered
      assert.match(headers.get('content-type') ?? '', /^application\/scim\+json/)
      assert.deepEqual([body.schemas, body.status], [['urn:ietf:params:scim:api:messages:2.0:Error'], String(status)])
      assert.equal(typeof body.detail, 'string')
      return [status, body.scimType]
    }
    for (const send of [okta, entra, nobody]) {
      for (const path of ['/Devices', '/Users/a/b', '/users', '/', '/Schemas/none', '/ResourceTypes/Me'])
        assert.deepEqual(await errorOf(send('GET', path)), [404, undefined], path)
      assert.deepEqual(await errorOf(send('POST', '/Devices', 'this is no JSON', { 'content-type': 'text/plain' })), [404, undefined])
      for (const method of ['GET', 'POST', 'PUT', 'PATCH', 'DELETE']) {
        assert.deepEqual(await errorOf(send(method, '/Me')), [501, undefined], method)
        assert.deepEqual(await errorOf(send(method, '/Me/roles')), [501, undefined], method)
      }
      const wrong = [
        ['PUT', '/Users', 'GET, POST'],
        ['POST', '/Users/per_x', 'DELETE, GET, PATCH, PUT'],
        ['DELETE', '/Groups', 'GET, POST'],
        ['GET', '/Bulk', 'POST'],
        ['PUT', '/.search', 'POST'],
        ['GET', '/Users/.search', 'POST'],
        ['PATCH', '/Schemas', 'GET'],
        ['DELETE', '', 'GET'],
      ] as const
      for (const [method, path, allow] of wrong) {
        const answered = send(method, path)
        assert.deepEqual(await errorOf(answered), [405, undefined], `${method} ${path}`)
        assert.equal((await answered).headers.get('allow'), allow, `${method} ${path}`)
      }
    }
    assert.deepEqual(await errorOf(okta('POST', '/Users', 'userName=x', { 'content-type': 'application/x-www-form-urlencoded' })), [
      400,
      'invalidSyntax',
    ])
    assert.deepEqual(await errorOf(okta('POST', '/Users', '{"userName":')), [400, 'invalidSyntax'])
    assert.deepEqual(await errorOf(okta('GET', '/Users/%zz')), [400, 'invalidSyntax'])
    assert.deepEqual(await errorOf(nobody('POST', '/.search', {})), [401, undefined])
    assert.deepEqual(await errorOf(okta('GET', `/Schemas?${filtered('id eq "x"')}`)), [403, undefined])
  })

  it('looks for people and groups at once from the root, and what only one kind has, the other has no value of', async () => {
    const { token } = await openDirectory(world, 'root')
    const send = server.withToken(token)
    const people: string[] = []
    for (const name of ['root-b', 'root-a'])
      people.push(textAt(bodyOf(await send('POST', '/Users', oktaUser(name, { displayName: name, externalId: `x-${name}` })), 201), 'id'))
    const group = textAt(bodyOf(await send('POST', '/Groups', { displayName: 'root-c', members: [{ value: people[0] }] }), 201), 'id')
    const search = { schemas: ['urn:ietf:params:scim:api:messages:2.0:SearchRequest'] }
    const named = async (more: Json) => {
      const answer = bodyOf(await send('POST', '/.search', { ...search, ...more }), 200)
      return [answer.totalResults, ...listAt(answer, 'Resources').map((one) => at(one, 'displayName'))]
    }
    assert.deepEqual(await named({ sortBy: 'displayName' }), [3, 'root-a', 'root-b', 'root-c'])
    assert.deepEqual(await named({ sortBy: 'displayName', sortOrder: 'descending', startIndex: 2, count: 1 }), [3, 'root-b'])
    assert.deepEqual(
      await named({ sortBy: 'userName', sortOrder: 'descending' }),
      [3, 'root-b', 'root-a', 'root-c'],
      'without a value comes last',
    )
    assert.deepEqual(await named({ count: 0 }), [3])
    assert.deepEqual(await named({ startIndex: 9 }), [3])
    assert.deepEqual(await named({ filter: 'meta.resourceType eq "Group"' }), [1, 'root-c'])
    assert.deepEqual(
      await named({ filter: '(meta.resourceType eq "User" and externalId ew "-a") or displayName co "-c"', sortBy: 'displayName' }),
      [2, 'root-a', 'root-c'],
    )
    assert.deepEqual(await named({ filter: 'userName pr', sortBy: 'userName' }), [2, 'root-a', 'root-b'])
    assert.deepEqual(await named({ filter: 'not (userName sw "root-")' }), [1, 'root-c'])
    assert.deepEqual(await named({ filter: `members[value eq "${people[0]}"] or emails[value sw "root-a"]`, sortBy: 'displayName' }), [
      2,
      'root-a',
      'root-c',
    ])
    const shown = bodyOf(await send('GET', `?${filtered(`displayName eq "root-c"`)}&attributes=members`), 200)
    assert.deepEqual(
      [at(shown, 'Resources', 0, 'id'), at(shown, 'Resources', 0, 'members', 0, 'value'), at(shown, 'Resources', 0, 'displayName')],
      [group, people[0], undefined],
    )
    for (const filter of ['password pr', 'shoeSize eq "44"', 'meta.location pr'])
      assert.equal((await send('POST', '/.search', { filter })).body.scimType, 'invalidFilter', filter)
    assert.equal((await send('POST', '/.search', { schemas: [`${core}:User`] })).body.scimType, 'invalidValue')
    const others = bodyOf(await entra('POST', '/.search', { ...search, filter: 'displayName sw "root-"' }), 200)
    assert.equal(others.totalResults, 0, 'another directory’s are not there')
  })

  it('changes only the version that is meant', async () => {
    const made = await okta('POST', '/Users', oktaUser('etag'))
    const [id, tag] = [textAt(made.body, 'id'), made.headers.get('etag') ?? '']
    const retitle = (title: string, tagged: string) =>
      okta('PATCH', `/Users/${id}`, patch({ op: 'replace', path: 'title', value: title }), { 'if-match': tagged })
    assert.equal((await retitle('One', tag)).status, 200)
    assert.equal((await retitle('Two', tag)).status, 412)
    assert.equal((await okta('DELETE', `/Users/${id}`, undefined, { 'if-match': tag })).status, 412)
    assert.equal((await okta('GET', `/Users/${id}`, undefined, { 'if-none-match': 'W/"2"' })).status, 304)
  })

  it('moves the version of a user with the groups that he is in, and writes nothing of his for it; what is meant for what is his own goes on', async () => {
    const id = textAt(bodyOf(await okta('POST', '/Users', oktaUser('joins')), 201), 'id')
    const look = async (query = '') => (await okta('GET', `/Users/${id}${query}`)).headers.get('etag') ?? ''
    const row = async () => (await world.rows('select version, updated_at from directory_user where person_id = $1', [id]))[0]
    const [alone, before] = [await look(), await row()]
    const group = textAt(bodyOf(await okta('POST', '/Groups', { displayName: 'Joined', members: [{ value: id }] }), 201), 'id')
    const joined = await look()
    const known = async (tag: string) => (await okta('GET', `/Users/${id}`, undefined, { 'if-none-match': tag })).status
    assert.match(joined, /^W\/"1-[0-9a-f]{12}"$/)
    assert.deepEqual(
      [await known(alone), await known(joined), await known(`"x", ${joined.slice(2)}`), await known('*')],
      [200, 304, 304, 304],
    )
    for (const query of ['?excludedAttributes=groups', '?attributes=userName'])
      assert.equal(await look(query), joined, 'whatever is asked for of him')
    const found = async (filter: string) => {
      const { Resources } = bodyOf(await okta('GET', `/Users?${filtered(filter)}&excludedAttributes=groups`), 200)
      return Array.isArray(Resources) ? Resources.map((one) => [at(one, 'id'), at(one, 'meta', 'version')]) : []
    }
    assert.deepEqual(await found('userName eq "joins@okta.example"'), [[id, joined]])
    assert.deepEqual(await found(`meta.version eq "${joined.replaceAll('"', '\\"')}" and userName sw "joins"`), [[id, joined]])
    bodyOf(await okta('PATCH', `/Groups/${group}`, patch({ op: 'replace', path: 'displayName', value: 'Renamed' })), 200)
    const renamed = await look()
    assert.notEqual(renamed, joined, 'his groups are shown by name')
    assert.deepEqual(await row(), before)
    const retitled = await okta('PATCH', `/Users/${id}`, patch({ op: 'replace', path: 'title', value: 'T' }), { 'if-match': alone })
    assert.equal(retitled.status, 200, 'nobody changed what is his own')
    assert.equal(retitled.headers.get('etag'), renamed.replace('"1-', '"2-'))
    for (const stale of [alone, renamed, '"2-nothing"', '"12"'])
      assert.equal((await okta('DELETE', `/Users/${id}`, undefined, { 'if-match': stale })).status, 412, stale)
    bodyOf(await okta('PATCH', `/Groups/${group}`, patch({ op: 'remove', path: 'members', value: [{ value: id }] })), 200)
    assert.equal(await look(), 'W/"2"')
  })

  it('shows no directory the groups of another one, of one that is retired either', async () => {
    const former = await openDirectory(world, 'former')
    const said = server.withToken(former.token)
    const id = textAt(bodyOf(await said('POST', '/Users', oktaUser('handed')), 201), 'id')
    bodyOf(await said('POST', '/Groups', { displayName: 'Secret project', members: [{ value: id }] }), 201)
    const admin = await world.as('admin')
    await admin('directory:retire', { directory: former.id })
    const next = server.withToken((await openDirectory(world, 'next', { adopts: true })).token)
    const made = await next('POST', '/Users', oktaUser('handed'))
    assert.equal(at(bodyOf(made, 201), 'id'), id)
    const { status, body, headers } = await next('GET', `/Users/${id}`)
    assert.deepEqual([status, body.groups, headers.get('etag')], [200, undefined, made.headers.get('etag')])
  })

  it('takes what is said again as it stands for no change: the version stays, and the log and the record name nothing', async () => {
    const again = { value: 'again@okta.example', type: 'work', primary: true }
    const made = bodyOf(await okta('POST', '/Users', oktaUser('again', { emails: [again], [enterprise]: { department: 'Ops' } })), 201)
    const group = bodyOf(await okta('POST', '/Groups', { displayName: 'Again', members: [{ value: made.id }] }), 201)
    const [id, of] = [textAt(made, 'id'), textAt(group, 'id')]
    const added = patch({ op: 'Add', path: 'emails', value: [again] }, { op: 'Replace', path: 'active', value: 'True' })
    const shown = bodyOf(await okta('PATCH', `/Users/${id}`, added), 200)
    const { meta, ...whole } = bodyOf(await okta('GET', `/Users/${id}`), 200)
    assert.deepEqual([at(shown, 'emails', 'length'), at(shown, 'meta')], [1, meta], 'in whatever order its parts come')
    assert.deepEqual({ ...Object(meta), version: 'W/"1"' }, made.meta, 'but for the group that he is in')
    const nothing: readonly (readonly [string, string, Json])[] = [
      ['PUT', `/Users/${id}`, { ...whole, emails: [{ primary: true, type: 'work', value: 'again@okta.example' }] }],
      ['PATCH', `/Users/${id}`, patch({ op: 'replace', value: { [enterprise]: { department: 'Ops' } } })],
      ['PATCH', `/Groups/${of}`, patch({ op: 'replace', value: { id: of, displayName: 'Again' } })],
      ['PATCH', `/Groups/${of}`, patch({ op: 'add', path: 'members', value: [{ value: id }] })],
      ['PUT', `/Groups/${of}`, { displayName: 'Again', members: [{ value: id }] }],
    ]
    for (const [method, path, body] of nothing)
      assert.equal(
        at(bodyOf(await okta(method, path, body), 200), 'meta', 'version'),
        path.startsWith('/Users') ? at(meta, 'version') : 'W/"1"',
        `${method} ${path}`,
      )
    const admin = await world.as('admin')
    const log = async (limit: number) => listAt(await admin('directory:deliveries', { directory: oktaId, limit }), 'items')
    const told = ['Changed nothing: the group was so already.', 'Changed nothing: the user was so already.']
    assert.deepEqual(
      (await log(6)).map((one) => [at(one, 'changed', 'length'), at(one, 'told')]),
      [told[0], told[0], told[0], told[1], told[1], told[1]].map((sentence) => [0, sentence]),
    )
    bodyOf(await okta('PATCH', `/Users/${id}`, patch({ op: 'add', value: { [enterprise]: { department: 'Dev' }, title: 'Chief' } })), 200)
    bodyOf(await okta('PATCH', `/Groups/${of}`, patch({ op: 'remove', path: 'members', value: [{ value: id }] })), 200)
    assert.deepEqual(
      (await log(2)).map((one) => at(one, 'told')),
      ['Changed the group: members (0 added, 1 removed).', 'Changed the user: department, title.'],
    )
    const versions = await Promise.all([`/Users/${id}`, `/Groups/${of}`].map(async (path) => (await okta('GET', path)).headers.get('etag')))
    assert.deepEqual(versions, ['W/"2"', 'W/"2"'])
  })

  it('does many things in one request, which name each other before they are there', async () => {
    const Operations = [
      { method: 'POST', path: '/Groups', bulkId: 'team', data: { displayName: 'Bulk', members: [{ value: 'bulkId:one' }] } },
      { method: 'POST', path: '/Users', bulkId: 'one', data: oktaUser('bulk1') },
      { method: 'POST', path: '/Users', bulkId: 'twin', data: oktaUser('bulk1') },
      { method: 'PATCH', path: '/Users/bulkId:one', data: patch({ op: 'add', path: 'title', value: 'First' }) },
      { method: 'POST', path: '/Groups', bulkId: 'lost', data: { displayName: 'Lost', members: [{ value: 'bulkId:nobody' }] } },
    ]
    const done = bodyOf(await okta('POST', '/Bulk', { schemas: ['urn:ietf:params:scim:api:messages:2.0:BulkRequest'], Operations }), 200)
    assert.deepEqual(
      listAt(done, 'Operations').map((one) => at(one, 'status')),
      ['201', '201', '409', '200', '409'],
    )
    assert.equal(at(done, 'Operations', 2, 'response', 'scimType'), 'uniqueness')
    const group = String(at(done, 'Operations', 0, 'location'))
      .split('/')
      .at(-1)
    assert.equal(listAt(bodyOf(await okta('GET', `/Groups/${group}`), 200), 'members').length, 1)
    const failing = {
      failOnErrors: 1,
      Operations: [
        { method: 'DELETE', path: '/Users/per_x' },
        { method: 'DELETE', path: '/Users/per_y' },
      ],
    }
    assert.equal(listAt(bodyOf(await okta('POST', '/Bulk', failing), 200), 'Operations').length, 1)
  })

  it('makes many people at once as if each had come alone: once each, on the record and in the log each for itself', async () => {
    bodyOf(await okta('POST', '/Users', oktaUser('crowd-there')), 201)
    const plain = Array.from({ length: 20 }, (_, number) => oktaUser(`crowd-${number}`))
    const twin = { ...oktaUser('crowd-0'), userName: 'CROWD-0@okta.example', externalId: 'another' }
    const sameSlug = { ...oktaUser('crowd-1'), userName: 'crowd-1@elsewhere.example', emails: [], externalId: 'third' }
    const odd = [
      twin,
      sameSlug,
      oktaUser('crowd-there'),
      { ...oktaUser('crowd-nameless'), userName: '' },
      oktaUser('crowd-off', { active: false }),
    ]
    const forged = server.withToken(`twd_${world.org}.${'A'.repeat(43)}`)
    const before = await world.rows('select max(id) as id from entry')
    const [answers, nobody] = await Promise.all([
      Promise.all([...plain, ...odd].map((body) => okta('POST', '/Users', body))),
      forged('POST', '/Users', oktaUser('crowd-forged')),
    ])
    const statuses = answers.map(({ status }) => status)
    assert.deepEqual(statuses, [...plain.map(() => 201), 409, 201, 409, 400, 201])
    assert.equal(nobody.status, 401)
    const made = answers.filter(({ status }) => status === 201).map(({ body }) => textAt(body, 'id'))
    assert.equal(new Set(made).size, 22)
    const entries = await world.rows(
      `select e.id, e.xact::text as xact, e.outcome, r.ref_id as person, d.operation, d.code from entry e
       left join entry_ref r on r.org_id = e.org_id and r.entry_id = e.id and r.rel = 'person'
       left join directory_delivery d on d.org_id = e.org_id and d.entry_id = e.id where e.id > $1`,
      [before[0]?.id],
    )
    const done = entries.filter(({ outcome }) => outcome === 'done')
    assert.deepEqual(done.map(({ person }) => person).sort(), [...made].sort())
    assert.ok(entries.every(({ operation }) => operation === 'create-user'))
    assert.deepEqual(
      entries
        .filter(({ code }) => code !== null)
        .map(({ code }) => code)
        .sort(),
      ['claimed', 'claimed', 'value_refused'],
    )
    assert.ok(new Set(done.map(({ xact }) => xact)).size < done.length, 'some went in one transaction')
    const people = await world.rows(`select slug, state from person where id = any($1)`, [made])
    assert.equal(new Set(people.map(({ slug }) => slug)).size, 22)
    assert.equal(people.filter(({ state }) => state === 'left').length, 1)
    const again = { Operations: plain.slice(0, 3).map((data, number) => ({ method: 'POST', path: '/Users', bulkId: `b${number}`, data })) }
    const fresh = { method: 'POST', path: '/Users', bulkId: 'new', data: oktaUser('crowd-new') }
    const bulk = bodyOf(await okta('POST', '/Bulk', { Operations: [...again.Operations, fresh] }), 200)
    assert.deepEqual(
      listAt(bulk, 'Operations').map((one) => [at(one, 'bulkId'), at(one, 'status')]),
      [
        ['b0', '409'],
        ['b1', '409'],
        ['b2', '409'],
        ['new', '201'],
      ],
    )
  })

  it('pages, sorts, and shows what is asked for alone', async () => {
    for (const name of ['page-c', 'page-a', 'page-b']) bodyOf(await okta('POST', '/Users', oktaUser(name, { title: name.slice(-1) })), 201)
    const all = `${filtered('userName sw "page-"')}&sortBy=title&sortOrder=descending`
    const titles = async (query: string) =>
      listAt(bodyOf(await okta('GET', `/Users?${query}`), 200), 'Resources').map((one) => at(one, 'title'))
    assert.deepEqual(await titles(all), ['c', 'b', 'a'])
    assert.deepEqual(await titles(`${all}&startIndex=2&count=1`), ['b'])
    const none = bodyOf(await okta('GET', `/Users?${all}&count=0`), 200)
    assert.deepEqual([none.totalResults, none.itemsPerPage], [3, 0])
    const past = bodyOf(await okta('GET', `/Users?${all}&startIndex=9&count=100`), 200)
    assert.deepEqual([past.totalResults, past.startIndex, past.Resources], [3, 9, []])
    const narrow = bodyOf(await okta('GET', `/Users?${all}&count=1&attributes=name.familyName,emails.value`), 200)
    assert.deepEqual(Object.keys(at(narrow, 'Resources', 0) as object).sort(), ['emails', 'id', 'name', 'schemas'])
    assert.deepEqual(at(narrow, 'Resources', 0, 'name'), { familyName: 'Okta' })
    const posted = bodyOf(
      await okta('POST', '/Users/.search', { filter: 'userName sw "page-"', excludedAttributes: ['emails'], count: 1 }),
      200,
    )
    assert.deepEqual([posted.totalResults, at(posted, 'Resources', 0, 'emails')], [3, undefined])
  })

  it('finds by any filter whom a reader of all of them would find, sixty times', async () => {
    const random = seeded(11)
    const colours = ['red', 'Green', 'blue']
    const people = Array.from({ length: 12 }, (_, number) => ({
      userName: `prop-${number}`,
      ...(random.below(3) > 0 ? { title: random.pick(colours) } : {}),
      ...(random.below(2) > 0 ? { nickName: random.pick(['redder', 'bluish', 'x']) } : {}),
      emails: Array.from({ length: random.below(3) }, (_, at) => ({
        value: `${random.pick(colours)}${number}${at}@p.example`,
        type: random.pick(['work', 'home']),
      })),
    }))
    for (const person of people) bodyOf(await okta('POST', '/Users', person), 201)
    const ops = {
      eq: (actual: string, wanted: string) => actual === wanted,
      co: (actual: string, wanted: string) => actual.includes(wanted),
      sw: (actual: string, wanted: string) => actual.startsWith(wanted),
      ew: (actual: string, wanted: string) => actual.endsWith(wanted),
      ge: (actual: string, wanted: string) => actual >= wanted,
    } as const
    type Term = { text: string; holds: (person: (typeof people)[number]) => boolean }
    const simple = (): Term => {
      const [name, op, wanted] = [
        random.pick(['title', 'nickName'] as const),
        random.pick(Object.keys(ops) as (keyof typeof ops)[]),
        random.pick(['red', 'B', 'green']),
      ]
      if (random.below(4) === 0) return { text: `${name} pr`, holds: (person) => person[name] !== undefined }
      return {
        text: `${name} ${op} "${wanted}"`,
        holds: (person) => person[name] !== undefined && ops[op](person[name].toLowerCase(), wanted.toLowerCase()),
      }
    }
    const listed = (): Term => {
      const [type, wanted] = [random.pick(['work', 'home']), random.pick(['red', 'blue'])]
      return {
        text: `emails[type eq "${type}" and value sw "${wanted}"]`,
        holds: ({ emails }) => emails.some((one) => one.type === type && one.value.toLowerCase().startsWith(wanted)),
      }
    }
    const term = (depth: number): Term => {
      const choice = random.below(depth > 0 ? 5 : 2)
      if (choice === 0) return simple()
      if (choice === 1) return listed()
      if (choice === 2) {
        const inner = term(depth - 1)
        return { text: `not (${inner.text})`, holds: (person) => !inner.holds(person) }
      }
      const [left, right] = [term(depth - 1), term(depth - 1)]
      if (choice === 3) return { text: `(${left.text} and ${right.text})`, holds: (person) => left.holds(person) && right.holds(person) }
      return { text: `(${left.text} or ${right.text})`, holds: (person) => left.holds(person) || right.holds(person) }
    }
    for (let number = 0; number < 60; number++) {
      const { text, holds } = term(2)
      const answer = bodyOf(await okta('GET', `/Users?${filtered(`userName sw "prop-" and (${text})`)}&attributes=userName&count=50`), 200)
      const found = listAt(answer, 'Resources').map((one) => String(at(one, 'userName')))
      assert.deepEqual(
        found.sort(),
        people
          .filter(holds)
          .map(({ userName }) => userName)
          .sort(),
        text,
      )
    }
  })
})
