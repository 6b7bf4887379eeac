// Mappings through the door, on a real PostgreSQL: who joins is given what his group or his department gives, who moves has lost the old before he has the new, and
// the runs of whoever may launch no more end with it. Tried as one who is not an administrator, as a directory that names things like ours, and again and again.
import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { type Act, actWith, at, codeOf, listAt, sessionOf, textAt } from '../../../test/harness/acting.ts'
import { workloadKey } from '../../../test/harness/twinlock.ts'
import { openWorld, type World } from '../../../test/harness/world.ts'
import { proveSignIn } from '../../identity/index.ts'

const reason = 'A test needs it.'
const enterprise = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User'

let world: World
let admin: Act
let directory: Act
let directoryId: string

before(async () => {
  world = await openWorld({ isIdle: true })
  admin = await world.as('admin')
  const made = await admin('directory:create', { slug: 'corp', name: 'Corp', owner: world.starter.people.owner })
  directoryId = textAt(made, 'directory')
  directory = actWith(world.twinlock.door, { kind: 'directory', token: textAt(made, 'token') })
})
after(() => world.close())

let number = 0
const fresh = () => `m${++number}`

/** Somebody whom the directory says to be of a department. */
async function employee(department?: string): Promise<string> {
  const body = { userName: `${fresh()}@corp.example`, ...(department === undefined ? {} : { [enterprise]: { department } }) }
  return textAt(await directory('directory:create-user', { body }), 'resource', 'id')
}

const moves = (id: string, department: string) =>
  directory('directory:patch-user', {
    id,
    body: { Operations: [{ op: 'replace', path: `${enterprise}:department`, value: department }] },
  })

const signedIn = async (person: string): Promise<Act> =>
  actWith(world.twinlock.door, await sessionOf(world.twinlock.door, world.org, person))

const mapDepartment = (department: string, gives: readonly object[], more: object = {}) =>
  admin('mapping:create', {
    slug: fresh(),
    title: department,
    when: [{ attribute: 'department', oneOf: [department] }],
    gives,
    reason,
    ...more,
  })

const liveOf = async (person: string) =>
  (await world.rows(`select role from "grant" where principal_id = $1 and revoked_at is null order by role`, [person])).map(
    ({ role }) => role,
  )

const groupOf = async (...members: string[]) => {
  const body = { displayName: fresh(), members: members.map((value) => ({ value })) }
  return textAt(await directory('directory:create-group', { body }), 'resource', 'id')
}

const launch = (act: Act) =>
  act('run:launch', { scenario: world.starter.scenario, environment: world.starter.environments.staging }).then((run) => textAt(run, 'id'))

const stateOf = async (run: string) => (await world.rows('select state, outcome from run where id = $1', [run]))[0]

describe('a mapping', () => {
  it('gives whoever a directory says something of what it names, and who joins later, and nothing to anybody else', async () => {
    const [here, elsewhere] = [await employee(' Robotics '), await employee('Finance')]
    const mapping = await mapDepartment('robotics', [{ role: 'observer' }])
    assert.deepEqual([mapping.made, mapping.ended, mapping.state], [1, 0, 'active'])
    const joiner = await employee('ROBOTICS')
    for (const person of [here, joiner]) {
      assert.deepEqual(await liveOf(person), ['observer'])
      assert.equal((await (await signedIn(person))('twin:show', { twin: world.starter.twins.payments })).slug, 'payments')
    }
    assert.deepEqual(await liveOf(elsewhere), [])
    assert.equal(await codeOf((await signedIn(elsewhere))('twin:show', { twin: world.starter.twins.payments })), 'denied')
    const shown = await admin('mapping:show', { mapping: mapping.id })
    assert.deepEqual(
      listAt(shown, 'holders').map((one) => at(one, 'principal')),
      [here, joiner].sort(),
    )
  })

  it('gives people who join in one moment each his own, and says so in the entry of each', async () => {
    await mapDepartment('choir', [{ role: 'observer' }])
    const joined = await Promise.all(['choir', 'stage', 'choir', 'choir'].map((department) => employee(department)))
    assert.deepEqual(await Promise.all(joined.map(liveOf)), [['observer'], [], ['observer'], ['observer']])
    const entries = await world.rows(
      `select r.ref_id as person, e.body::jsonb #>> '{facts,mapping,made}' as made from entry e
       join entry_ref r on r.org_id = e.org_id and r.entry_id = e.id and r.rel = 'person' where r.ref_id = any($1)`,
      [joined],
    )
    const made = new Map(entries.map(({ person, made }) => [person, made]))
    assert.deepEqual(
      joined.map((person) => made.get(person)),
      ['1', '0', '1', '1'],
    )
  })

  it('ends what a person held when he moves, in the transaction that gives him the new, with the run that he had launched', async () => {
    await mapDepartment('launching', [{ role: 'operator' }])
    await mapDepartment('watching', [{ role: 'observer' }])
    const mover = await employee('launching')
    const act = await signedIn(mover)
    const run = await launch(act)
    await moves(mover, 'watching')
    assert.deepEqual(await liveOf(mover), ['observer'])
    assert.deepEqual(await stateOf(run), { state: 'ending', outcome: 'revoked' })
    assert.equal(await codeOf(launch(act)), 'denied')
    const [entry] = await world.rows(
      `select body from entry where action = 'directory:patch-user' and outcome = 'done' order by id desc limit 1`,
    )
    assert.match(String(entry?.body), /"mapping":\{"ended":1,"made":1,"runs":1,"withheld":0\}/)
    await moves(mover, 'launching')
    assert.deepEqual(await liveOf(mover), ['operator'], 'and back again')
  })

  it('leaves a run alone that something else still launches', async () => {
    const person = await employee('launching')
    await admin('grant:create', { principal: person, role: 'operator', reason })
    const run = await launch(await signedIn(person))
    await moves(person, 'watching')
    assert.equal((await stateOf(run))?.state, 'queued')
  })

  it('does not give again what was taken away by hand, however often the directory says it, or the person comes and goes', async () => {
    const person = await employee('launching')
    const [grant] = await world.rows(`select id from "grant" where principal_id = $1`, [person])
    await admin('grant:revoke', { grant: grant?.id, reason })
    await moves(person, 'elsewhere')
    await moves(person, 'launching')
    await directory('directory:patch-user', { id: person, body: { Operations: [{ op: 'replace', value: { active: false } }] } })
    await directory('directory:patch-user', { id: person, body: { Operations: [{ op: 'replace', value: { active: true } }] } })
    assert.deepEqual(await liveOf(person), [])
    const mapping = (await world.rows(`select mapping_id from mapped_grant where principal_id = $1`, [person]))[0]?.mapping_id
    const withheld = listAt(await admin('mapping:show', { mapping }), 'withheld').map((one) => at(one, 'principal'))
    assert.ok(withheld.includes(person), 'and it is shown')
  })

  it('gives who comes back what he is then, and not what he was', async () => {
    const person = await employee('launching')
    const say = (value: object) => directory('directory:patch-user', { id: person, body: { Operations: [{ op: 'replace', value }] } })
    await say({ active: false })
    assert.deepEqual(await liveOf(person), [])
    await say({ active: true, [enterprise]: { department: 'watching' } })
    assert.deepEqual(await liveOf(person), ['observer'])
  })

  it('of a group gives its members what it names; whoever is taken out has lost it, and his run, when the directory is answered', async () => {
    const [member, other] = [await employee(), await employee()]
    const group = await groupOf(member, other)
    const { made } = await admin('mapping:create', { slug: fresh(), title: 'Launchers', group, gives: [{ role: 'operator' }], reason })
    assert.equal(made, 1, 'the group holds it, however many are in it')
    const act = await signedIn(member)
    const [run, others] = [await launch(act), await launch(await signedIn(other))]
    await directory('directory:patch-group', { id: group, body: { Operations: [{ op: 'remove', path: `members[value eq "${member}"]` }] } })
    assert.deepEqual(await stateOf(run), { state: 'ending', outcome: 'revoked' })
    assert.equal(await codeOf(launch(act)), 'denied')
    assert.equal((await stateOf(others))?.state, 'queued')
    await directory('directory:remove-group', { id: group })
    assert.deepEqual(await stateOf(others), { state: 'ending', outcome: 'revoked' })
  })

  it('of our group gives nothing to a group of a directory that is called the same', async () => {
    const ours = textAt(await admin('group:create', { slug: 'launchers', name: 'Launchers', owner: world.starter.people.owner }), 'id')
    await admin('mapping:create', { slug: fresh(), title: 'Launchers', group: ours, gives: [{ role: 'operator' }], reason })
    const intruder = await employee()
    await directory('directory:create-group', { body: { displayName: 'Launchers', members: [{ value: intruder }] } })
    assert.equal(await codeOf(launch(await signedIn(intruder))), 'denied')
  })

  it('and what a directory says in the same moment come to the same, whichever is first', async () => {
    const people = await Promise.all([1, 2, 3, 4].map(() => employee('before')))
    const move = (department: string) => people.map((person) => moves(person, department))
    const held = async () => Promise.all(people.map(liveOf))
    const [mapping] = await Promise.all([mapDepartment('behind', [{ role: 'observer' }]), ...move('behind')])
    assert.deepEqual(await held(), [['observer'], ['observer'], ['observer'], ['observer']])
    const when = [{ attribute: 'department', oneOf: ['before'] }]
    await Promise.all([admin('mapping:change', { mapping: mapping?.id, when, reason }), ...move('before')])
    assert.deepEqual(await held(), [['observer'], ['observer'], ['observer'], ['observer']])
    await Promise.all([...move('elsewhere'), admin('mapping:retire', { mapping: mapping?.id, reason })])
    assert.deepEqual(await held(), [[], [], [], []])
  })

  it('takes the last administrator away from nobody', async () => {
    const mapping = await mapDepartment('administration', [{ role: 'admin' }])
    const person = await employee('administration')
    const act = await signedIn(person)
    const others = await world.rows(
      `select id, principal_id from "grant" where role = 'admin' and scope_type = 'Organization' and revoked_at is null and principal_id <> $1`,
      [person],
    )
    for (const { id } of others) await world.tamper('update "grant" set revoked_at = now() where id = $1', [id])
    assert.equal(await codeOf(moves(person, 'elsewhere')), 'last_administrator')
    assert.equal((await act('person:list')).next, null)
    for (const { id } of others) await world.tamper('update "grant" set revoked_at = null where id = $1', [id])
    await moves(person, 'elsewhere')
    assert.deepEqual(await liveOf(person), [])
    await admin('mapping:retire', { mapping: mapping.id, reason })
  })

  it('ends with everything that came by it', async () => {
    const mapping = await mapDepartment('passing', [{ role: 'operator' }])
    const person = await employee('passing')
    const run = await launch(await signedIn(person))
    const retired = await admin('mapping:retire', { mapping: mapping.id, reason })
    assert.deepEqual([retired.state, retired.ended, retired.runs], ['retired', 1, 1])
    assert.deepEqual(await liveOf(person), [])
    assert.equal((await stateOf(run))?.outcome, 'revoked')
    assert.deepEqual(await liveOf(await employee('passing')), [], 'and gives nothing to who joins later')
  })
})

describe('whoever makes a mapping', () => {
  it('gives nothing that is not his: neither a project’s administrator on all of it, nor anybody without the role', async () => {
    const { project, people } = world.starter
    const wish = {
      slug: fresh(),
      title: 'Everything',
      when: [{ attribute: 'department', oneOf: ['mine'] }],
      gives: [{ role: 'admin' }],
      reason,
    }
    const local = await employee()
    await admin('grant:create', { principal: local, role: 'admin', scopeType: 'Project', scope: project, reason })
    assert.equal(await codeOf((await signedIn(local))('mapping:create', wish)), 'denied')
    assert.equal(await codeOf((await world.as('operator'))('mapping:create', wish)), 'denied')
    const passing = await employee()
    const expiresAt = new Date(world.clock.now() + 3_600_000).toISOString()
    await admin('grant:create', { principal: passing, role: 'admin', expiresAt, reason })
    const brief = await signedIn(passing)
    const refused = await codeOf(brief('mapping:create', wish))
    assert.equal(refused, 'denied', 'who administers for an hour maps nothing for ever')
    assert.ok(listAt(await brief('mapping:preview', { when: wish.when, gives: wish.gives }), 'missing').length > 0)
    assert.equal((await brief('mapping:create', { ...wish, expiresAt })).state, 'active')
    assert.equal(people.operator.length > 0, true)
  })

  it('gives nothing to himself: not by a group that he is in, nor by what is said of him', async () => {
    const group = textAt(await admin('group:create', { slug: fresh(), name: 'Admins', owner: world.starter.people.owner }), 'id')
    await world.part('starter')('grant:create', { principal: group, role: 'observer', reason })
    const other = await employee('administering')
    await admin('grant:create', { principal: other, role: 'admin', reason })
    await admin('group:add', { group, member: other })
    const act = await signedIn(other)
    const gives = [{ role: 'deployer' }]
    assert.equal(await codeOf(act('mapping:create', { slug: fresh(), title: 'Mine', group, gives, reason })), 'denied')
    const when = [{ attribute: 'department', oneOf: ['administering'] }]
    assert.equal(await codeOf(act('mapping:create', { slug: fresh(), title: 'Mine', when, gives, reason })), 'denied')
  })

  it('is told who would gain and who would lose before it is so, and nothing of it has happened then', async () => {
    const mapping = await mapDepartment('shifting', [{ role: 'operator' }])
    const [old, next] = [await employee('shifting'), await employee('shifted')]
    const run = await launch(await signedIn(old))
    const when = [{ attribute: 'department', oneOf: ['shifted'] }]
    const told = await admin('mapping:preview', { mapping: mapping.id, when })
    assert.deepEqual(
      [listAt(told, 'gains').map((one) => at(one, 'principal')), listAt(told, 'loses').map((one) => at(one, 'principal')), told.runs],
      [[next], [old], 1],
    )
    assert.deepEqual([await liveOf(old), await liveOf(next), (await stateOf(run))?.state], [['operator'], [], 'queued'])
    await admin('mapping:change', { mapping: mapping.id, when, reason })
    assert.deepEqual([await liveOf(old), await liveOf(next)], [[], ['operator']])
  })

  it('brings no duties together that are declared apart: refused to him, held back where a directory says so', async () => {
    await admin('conflict:declare', { slug: 'write-or-run', one: ['author'], other: ['operator'], reason })
    const both = await employee('both')
    await admin('grant:create', { principal: both, role: 'author', reason })
    assert.equal(await codeOf(mapDepartment('both', [{ role: 'operator' }])), 'conflict')
    const when = [{ attribute: 'department', oneOf: ['both'] }]
    const told = await admin('mapping:preview', { when, gives: [{ role: 'operator' }] })
    assert.ok(listAt(told, 'conflicts').some((one) => at(one, 'name') === 'write-or-run' && at(one, 'holder') === both))
    await moves(both, 'launching')
    assert.deepEqual(await liveOf(both), ['author'], 'he moved, and was not given it')
    await employee('torn')
    assert.equal(await codeOf(mapDepartment('torn', [{ role: 'author' }, { role: 'operator' }])), 'conflict', 'nor by one mapping')
    await mapDepartment('splitting', [{ role: 'author' }])
    await mapDepartment('splitting', [{ role: 'operator' }])
    assert.deepEqual(await liveOf(await employee('splitting')), ['author'], 'nor by two')
    const [through, beside] = [await employee('through'), await employee('through')]
    const { jwk } = workloadKey(world.clock.now)
    const its = { kind: 'pipeline', slug: fresh(), environment: world.starter.environments.staging, clearance: 'internal', jwk }
    const workload = await world.part('starter')('workload:create', { ...its, owner: through })
    await admin('grant:create', { principal: workload.id, role: 'author', reason })
    assert.equal(await codeOf(mapDepartment('through', [{ role: 'operator' }])), 'conflict', 'nor through a workload of his own')
    await moves(through, 'launching')
    await moves(beside, 'launching')
    assert.deepEqual([await liveOf(through), await liveOf(beside)], [[], ['operator']])
    const launching = await groupOf()
    await admin('grant:create', { principal: launching, role: 'operator', reason })
    const join = { op: 'add', path: 'members', value: [{ value: through }] }
    const joins = directory('directory:patch-group', { id: launching, body: { Operations: [join] } })
    assert.equal(await codeOf(joins), 'conflict', 'nor by a group of the directory')
    await admin('conflict:end', { slug: 'write-or-run', reason })
  })
})

describe('a position', () => {
  it('is given by mappings and changes for everybody who holds it; what it keeps stays the same grant', async () => {
    const slug = fresh()
    await admin('position:create', { slug, title: 'Twin engineer', gives: [{ role: 'observer' }, { role: 'operator' }], reason })
    const person = await employee('engineering')
    const when = [{ attribute: 'department', oneOf: ['engineering'] }]
    const mapping = await admin('mapping:create', { slug: fresh(), title: 'Engineers', when, position: slug, reason })
    assert.deepEqual(await liveOf(person), ['observer', 'operator'])
    const kept = await world.rows(`select id from "grant" where principal_id = $1 and role = 'observer'`, [person])
    const changed = await admin('position:change', { position: slug, gives: [{ role: 'observer' }, { role: 'author' }], reason })
    assert.deepEqual([changed.made, changed.ended], [1, 1])
    assert.deepEqual(await liveOf(person), ['author', 'observer'])
    assert.deepEqual(await world.rows(`select id from "grant" where principal_id = $1 and role = 'observer'`, [person]), kept)
    assert.equal(await codeOf(admin('position:retire', { position: slug, reason })), 'conflict')
    await admin('mapping:retire', { mapping: mapping.id, reason })
    assert.equal((await admin('position:retire', { position: slug, reason })).state, 'retired')
  })

  it('says who would gain and who would lose by all its mappings, and which runs would end, before it is changed', async () => {
    const slug = fresh()
    await admin('position:create', { slug, title: 'Pilot', gives: [{ role: 'operator' }], reason })
    const [flies, sits] = [await employee('flying'), await employee()]
    const group = textAt(await admin('group:create', { slug, name: 'Pilots', owner: world.starter.people.owner }), 'id')
    await admin('group:add', { group, member: sits })
    const when = [{ attribute: 'department', oneOf: ['flying'] }]
    for (const source of [{ group }, { when }])
      await admin('mapping:create', { slug: fresh(), title: 'Pilots', ...source, position: slug, reason })
    const run = await launch(await signedIn(sits))
    const wish = { position: slug, gives: [{ role: 'observer' }] }
    const told = await admin('position:preview', wish)
    const each = (side: string) => listAt(told, side).map((one) => `${at(one, 'principal')} ${at(one, 'term', 'role')}`)
    assert.deepEqual(each('loses').sort(), [flies, sits].map((one) => `${one} operator`).sort())
    assert.deepEqual(each('gains').sort(), [flies, sits].map((one) => `${one} observer`).sort())
    assert.deepEqual([told.runs, told.missing, told.truncated], [1, [], false])
    assert.deepEqual([await liveOf(flies), (await stateOf(run))?.state], [['operator'], 'queued'], 'nothing of it has happened')
    for (const other of [await signedIn(flies), await world.as('auditor')])
      assert.equal(await codeOf(other('position:preview', wish)), 'denied')
    const changed = await admin('position:change', { ...wish, reason })
    assert.deepEqual([changed.made, changed.ended, changed.runs], [2, 2, 1])
    assert.deepEqual([await liveOf(flies), (await stateOf(run))?.state === 'queued'], [['observer'], false])
  })
})

describe('what a sign-in connection says', () => {
  it('counts from one sign-in to the next, for people of no directory; what it says no more ends, with the run', async () => {
    const { door, outside } = world.twinlock
    await mapDepartment('line', [{ role: 'operator' }])
    const person = textAt(await admin('person:create', { slug: fresh(), name: 'Signs in', email: 'signs-in@here.example' }), 'id')
    const known = await employee('elsewhere')
    const sso = textAt(
      await admin('sso:create', { slug: 'idp', name: 'Idp', issuer: 'http://127.0.0.1:9', clientId: 'c', secret: 'a secret' }),
      'id',
    )
    for (const one of [person, known])
      await world.tamper('insert into sso_identity (org_id, sso_id, subject, person_id, created_at) values ($1, $2, $3, $3, now())', [
        world.org,
        sso,
        one,
      ])
    const signIn = async (subject: string, department: unknown) => {
      const plain = {
        email: undefined,
        emailVerified: false,
        name: undefined,
        acr: undefined,
        authenticatedAt: undefined,
        session: undefined,
      }
      const answer = { ...plain, subject, claims: { department, roles: ['admin'] } }
      const proof = proveSignIn({ org: world.org, sso, state: fresh(), answer }, outside)
      const { token } = await actWith(door, { kind: 'provider', org: world.org, proof })('session:create')
      return actWith(door, { kind: 'session', token: String(token) })
    }
    const act = await signIn(person, ' LINE ')
    const run = await launch(act)
    await signIn(known, 'line')
    assert.deepEqual(await liveOf(known), [], 'a directory speaks of this one')
    for (const nothing of ['x'.repeat(201), ['line'], undefined]) await signIn(person, nothing)
    assert.deepEqual([await liveOf(person), (await stateOf(run))?.outcome], [[], 'revoked'])
    await signIn(person, 'line')
    assert.deepEqual(await liveOf(person), ['operator'])
  })
})

describe('an address', () => {
  it('is one person’s, in whatever case it is written, whoever writes it; and is shown as it was written', async () => {
    const written = 'Case.Matters@Corp.Example'
    const person = textAt(
      await directory('directory:create-user', { body: { userName: 'case-matters', emails: [{ value: written }] } }),
      'resource',
      'id',
    )
    const [row] = await world.rows('select email from person where id = $1', [person])
    assert.equal(row?.email, written)
    const again = { slug: fresh(), name: 'Again', email: written.toUpperCase() }
    assert.equal(await codeOf(admin('person:create', again)), 'conflict')
    const second = await admin('directory:create', { slug: 'second', name: 'Second', owner: world.starter.people.owner, adopts: true })
    const other = actWith(world.twinlock.door, { kind: 'directory', token: textAt(second, 'token') })
    const body = { userName: 'somebody', emails: [{ value: written.toLowerCase() }] }
    assert.equal(await codeOf(other('directory:create-user', { body })), 'claimed')
    assert.equal(directoryId.startsWith('dir_'), true)
  })
})

describe('somebody who is looked at', () => {
  it('is found by what he is, and says what he holds through which group and by which mapping', async () => {
    const person = await employee('Looking')
    const group = await groupOf(person)
    const slug = fresh()
    await admin('position:create', { slug, title: 'Lookout', gives: [{ role: 'observer' }], reason })
    const mapping = await admin('mapping:create', { slug, title: 'By the group', group, position: slug, reason })
    await admin('grant:create', { principal: person, role: 'operator', reason })
    const shown = await admin('person:show', { person })
    assert.deepEqual(
      listAt(shown, 'holds').map((one) => [at(one, 'role'), at(one, 'through', 'id'), at(one, 'mapping', 'position')]),
      [
        ['observer', group, slug],
        ['operator', undefined, undefined],
      ],
    )
    assert.deepEqual([shown.kind, at(shown, 'said', 'id')], ['member', directoryId])
    assert.deepEqual(at(shown, 'said', 'attributes'), [{ attribute: 'department', value: 'looking' }])
    assert.deepEqual(
      listAt(shown, 'groups').map((one) => [at(one, 'id'), at(one, 'isDirect'), at(one, 'directory')]),
      [[group, true, directoryId]],
    )
    const found = async (input: object) => listAt(await admin('person:list', input), 'items').map((one) => at(one, 'id'))
    assert.deepEqual(await found({ position: slug }), [person])
    assert.deepEqual(await found({ group, state: 'active', kind: 'member' }), [person])
    assert.deepEqual(
      [await found({ group, kind: 'guest' }), await found({ group, state: 'left' }), await found({ find: '%' })],
      [[], [], []],
    )
    await admin('mapping:retire', { mapping: mapping.id, reason })
    assert.deepEqual(await found({ position: slug }), [])
    assert.equal(await codeOf((await world.as('operator'))('person:show', { person })), 'denied')
  })
})

describe('somebody who is changed', () => {
  it('is called and cleared as an administrator says, for no more than that one is cleared, and not against a directory', async () => {
    const slug = fresh()
    const person = textAt(await admin('person:create', { slug, name: 'Before', email: `${slug}@corp.example`, clearance: 'public' }), 'id')
    const change = (more: object, act = admin, whom = person) => act('person:change', { person: whom, reason, ...more })
    const after = await change({ name: 'After', clearance: 'internal' })
    assert.deepEqual([after.name, after.clearance], ['After', 'internal'])
    assert.equal(await codeOf(change({ clearance: 'restricted' })), 'denied', 'the administrator is cleared for internal')
    assert.equal(await codeOf(change({ name: 'After' })), 'invalid', 'nothing would change')
    assert.equal((await change({ clearance: 'public' })).clearance, 'public')
    const entry = `select body::jsonb #> '{facts}' as facts from entry where action = 'person:change' and outcome = 'done' order by id desc limit 1`
    assert.deepEqual(await world.rows(entry), [{ facts: { clearance: 'public', before: 'internal' } }])
    assert.equal(await codeOf(change({ name: 'Somebody else' }, admin, await employee())), 'conflict', 'a directory says who he is')
    await admin('grant:create', { principal: person, role: 'operator', reason })
    assert.equal(await codeOf(change({ clearance: 'internal' }, await signedIn(person))), 'denied', 'nobody clears himself')
    await admin('person:offboard', { person })
    assert.equal(await codeOf(change({ name: 'Gone' })), 'conflict')
  })
})
