// What somebody in a hurry reads of people, guests, engagements, mappings and directories: tables and words instead of JSON, names instead of ids, what to do next.
import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { type FakeTwinlock, fakeId, fakeLinkToken, startFake } from '../fixtures/fake-twinlock.ts'

const [person, sponsor, project, environment, group, mapping] = ['per', 'per', 'prj', 'env', 'grp', 'map'].map((prefix, at) =>
  fakeId(prefix, at + 1),
)
const at = '2026-11-20T05:00:00.000Z'
const term = { role: 'operator', customRole: null, scope: { type: 'Project', id: project }, environments: [environment] }

const guest = {
  id: fakeId('gst', 1),
  person,
  slug: 'ada',
  name: 'Ada\u001b[31m',
  sponsor,
  sponsorName: 'Grace',
  asked: null,
  role: 'observer',
  projects: [project],
  environments: [],
  until: '2026-12-04T12:00:00.000Z',
  state: 'active',
  engagement: null,
  invitedBy: sponsor,
  createdAt: at,
  endedAt: null,
  mine: true,
}
const listed = { id: person, slug: 'ada', name: 'Ada', clearance: 'internal', state: 'active', kind: 'guest', since: at, leftAt: null }
const held = {
  ...term,
  grant: fakeId('grt', 1),
  actions: [],
  notBefore: null,
  expiresAt: null,
  through: { id: group, name: 'Line' },
  mapping: { id: mapping, name: 'By the line', position: 'line-engineer' },
  invitation: null,
}
const shown = {
  ...listed,
  address: 'ada@partner.example',
  said: { id: fakeId('dir', 1), name: 'Corp', attributes: [{ attribute: 'costCenter', value: '4711' }] },
  groups: [{ id: group, name: 'Line', isDirect: true, directory: null }],
  holds: [
    held,
    {
      ...held,
      grant: fakeId('grt', 2),
      role: null,
      actions: ['run:show'],
      through: null,
      mapping: null,
      scope: { type: 'Organization', id: 'o' },
      environments: [],
    },
  ],
  invitations: [guest],
  because: null,
  truncated: false,
}
const engagement = {
  id: fakeId('eng', 1),
  slug: 'acme',
  name: 'Acme',
  sponsor,
  sponsorName: 'Grace',
  sponsorLeft: false,
  projects: [project],
  until: '2026-11-22T05:00:00.000Z',
  state: 'unconfirmed',
  members: [
    { member: person, name: 'Ada', kind: 'person' },
    { member: fakeId('agt', 1), name: 'watcher', kind: 'workload' },
  ],
  createdBy: sponsor,
  createdAt: at,
  endedAt: null,
  mine: false,
}
const mapped = {
  id: mapping,
  slug: 'line',
  title: 'Line engineers',
  source: { kind: 'attributes', when: [{ attribute: 'department', oneOf: ['Line', 'Belt'] }], directory: null },
  position: null,
  gives: [term],
  expiresAt: null,
  state: 'active',
  version: 1,
  createdBy: sponsor,
  createdAt: at,
  retiredAt: null,
}
const foretold = {
  gains: [{ principal: person, name: 'Ada', term }],
  loses: [{ principal: sponsor, name: 'Grace', term, grant: fakeId('grt', 1) }],
  counts: { gain: 3, lose: 1 },
  missing: ['run:launch'],
  conflicts: [{ name: 'write-or-run', stops: true, holder: person, holderName: 'Ada', grant: fakeId('grt', 1) }],
  runs: 2,
  truncated: true,
}
const delivery = {
  id: fakeId('dlv', 1),
  at,
  operation: 'patch-user',
  resource: person,
  changed: [],
  outcome: 'refused',
  code: 'read_only',
  told: 'The id is set here.',
  entry: fakeId('ent', 1),
}

const wholeGroup = {
  id: group,
  slug: 'line',
  name: 'Line',
  owner: sponsor,
  ownerName: 'Grace',
  memberCount: 2,
  directory: null,
  createdAt: at,
  counts: { people: 1, workloads: 0, groups: 1 },
  everybody: 4,
  within: [{ id: group, name: 'Plant', isDirect: false }],
}
const directory = {
  id: fakeId('dir', 1),
  slug: 'corp',
  name: 'Corp',
  owner: person,
  adopts: false,
  state: 'active',
  createdAt: at,
  users: 3,
  activeUsers: 1,
  groups: 2,
  lastDelivery: null,
  tokens: [{ createdAt: at, endsAt: null }],
}

const page =
  (...items: readonly object[]) =>
  () => ({ items, next: null })
let one: FakeTwinlock
before(async () => {
  one = await startFake({
    'project:list': page({ id: project, slug: 'payments' }),
    'environment:list': page({ id: environment, slug: 'staging' }),
    'person:list': page(listed),
    'person:show': () => shown,
    'person:sessions': page({
      id: fakeId('ses', 1),
      device: 'Chrome on Linux',
      via: 'sso',
      address: '10.0.0.1',
      createdAt: at,
      lastUsedAt: at,
      expiresAt: at,
      here: true,
    }),
    'group:show': () => wholeGroup,
    'group:members': page({ member: person, kind: 'person', name: 'Ada', slug: 'ada', state: 'active', since: at, said: true }),
    'directory:show': () => directory,
    'person:offboard': () => ({ person, ended: { sessions: 2, links: 0, recovery_codes: 0, runs: 1 } }),
    'guest:list': page(guest, { ...guest, slug: 'former', state: 'ended' }),
    'guest:show': () => ({ ...guest, state: 'paused' }),
    'guest:invite': () => guest,
    'engagement:list': page(engagement),
    'engagement:show': () => engagement,
    'engagement:create': () => engagement,
    'mapping:list': page(mapped),
    'mapping:change': () => ({ ...mapped, made: 1, ended: 2, runs: 1 }),
    'mapping:show': () => ({
      ...mapped,
      grants: 1,
      holders: [{ principal: person, name: 'Ada', grants: ['g'] }],
      withheld: [{ principal: sponsor, name: null, term }],
    }),
    'position:preview': () => foretold,
    'directory:deliveries': page(delivery),
    'directory:reconcile': () => ({ directory: fakeId('dir', 1), count: 0, drift: [] }),
  })
  assert.equal((await one.run('login', fakeLinkToken)).exit, 0)
})
after(() => one.stop())

/** What a command printed, told to be well. */
async function read(...args: readonly string[]): Promise<{ readonly out: string; readonly err: string }> {
  const ran = await one.run(...args)
  assert.equal(ran.exit, 0, ran.err)
  assert.doesNotMatch(ran.out, /\u001b|[[{]"/, 'nothing speaks to the terminal, and nothing is JSON')
  return ran
}

describe('on the command line', () => {
  it('a person is shown with what he holds, through what, and what would end', async () => {
    assert.match((await read('person', 'list')).out, /^person +called +state[^\n]*\nada +Ada +here +guest +internal +2026-11-20 +per_/)
    const { out, err } = await read('person', 'show', person ?? '')
    assert.match(out, /Corp says +cost center 4711/)
    assert.match(out, /operator on project payments in staging +through Line, by the mapping By the line, as line-engineer/)
    assert.match(out, /run:show on everything +given directly/)
    assert.match(out, /as observer +active +until 2026-12-04 12:00:00Z \(12 days left\) +sponsor Grace/)
    assert.match(err, /twinlock person leaving ada/)
    const left = await read('person', 'offboard', person ?? '')
    assert.match(left.out, /sessions +2\n +runs +1/)
    assert.doesNotMatch(left.out, /recovery/)
  })

  it('a group says who is in it and who says so, and one’s own sessions are asked for by no name', async () => {
    const { out, err } = await read('group', 'show', group ?? '')
    assert.match(out, /in it directly +1 person, 0 workloads, 1 group\n +however deep +4 identities\n +it is in +Plant \(through another\)/)
    assert.match(err, /twinlock group members line/)
    assert.match((await read('group', 'members', group ?? '')).out, /ada +Ada +person +active +2026-11-20 +the directory +per_/)
    assert.match((await read('person', 'sessions')).out, /Chrome on Linux \(this one\) +the provider +10\.0\.0\.1 +2026-11-20 05:00:00Z/)
  })

  it('a guest says how long is left and who answers for him, and what whoever can does next', async () => {
    const { out } = await read('guest', 'list')
    assert.match(out, /ada +active +observer +payments +2026-12-04, 12 days left +Grace \(you\)/)
    assert.match(out, /former +ended +observer +payments +over/)
    const paused = await read('guest', 'show', guest.id)
    assert.match(paused.out, /nothing is admitted: the sponsor has left/)
    assert.match(paused.err, /twinlock guest sponsor ada/)
    const wish = [
      '--name',
      'Ada',
      '--slug',
      'ada',
      '--address',
      'a@b.example',
      '--role',
      'observer',
      '--projects',
      project ?? '',
      '--until',
      guest.until,
    ]
    assert.match((await read('guest', 'invite', ...wish, '--reason', 'It is needed.')).err, /twinlock person link ada/)
  })

  it('an engagement says what is of it, and who lets it through', async () => {
    assert.match(
      (await read('engagement', 'list')).out,
      /acme +unconfirmed +1 person, 1 workload +payments +2026-11-22, 5 hours left +Grace/,
    )
    const { out, err } = await read('engagement', 'show', engagement.id)
    assert.match(out, /watcher +workload +agt_/)
    assert.match(err, /as Grace: twinlock engagement confirm acme/)
    Object.assign(engagement, { sponsorLeft: true })
    const without = await read('engagement', 'show', engagement.id)
    assert.match(without.out, /nothing of it is let through: the sponsor has left/)
    assert.match(without.err, /twinlock engagement sponsor acme --sponsor <person>/)
    Object.assign(engagement, { sponsorLeft: false })
  })

  it('what has to end is told to need an end, and what one looks like: a day is enough', async () => {
    const create = ['engagement', 'create', '--slug', 'acme', '--name', 'Acme', '--projects', project ?? '', '--reason', 'Contract 4711.']
    const without = await one.run(...create)
    assert.equal(without.exit, 2)
    assert.match(
      without.err,
      /needs --until\.\n {2}--until: When all of it ends, at most 366 days from now\. For example: --until 2027-03-31\./,
    )
    const wrong = await one.run(...create, '--until', 'never')
    assert.equal(wrong.exit, 2)
    assert.match(wrong.err, /`--until` must be a day or a moment in UTC, not `never`\.\n {2}For example: 2027-03-31/)
    assert.equal(
      one.asked.some(({ action }) => action === 'engagement:create'),
      false,
    )
    assert.match((await read(...create, '--until', '2026-12-24')).out, /acme/)
    const asked = one.asked.find(({ action }) => action === 'engagement:create')
    assert.partialDeepStrictEqual(asked?.input, { until: '2026-12-24T23:59:59Z' })
  })

  it('a mapping says of whom and what; a change of one or of a position who loses before who gains, and what stops it', async () => {
    assert.match((await read('mapping', 'list')).out, /line +in force +department is Line or Belt +operator on project payments in staging/)
    assert.match((await read('mapping', 'show', mapping ?? '')).out, /Held by\n +Ada +1 grant.*Not given.*operator on project payments/s)
    const changed = await read('mapping', 'change', mapping ?? '', '--title', 'Line', '--reason', 'It is needed.')
    assert.match(changed.out, /1 grant made, 2 grants ended, 1 live run ended/)
    const gives = JSON.stringify([{ role: 'operator' }])
    const { out, err } = await read('position', 'preview', 'pilot', '--gives', gives)
    assert.match(out, /^1 grant would end, 3 grants would be made, 2 live runs would end\./)
    assert.match(out, /not yours to give +run:launch\n +stops it +write-or-run: Ada holds the other side/)
    assert.ok(out.indexOf('loses') < out.indexOf('gains'))
    assert.match(out, /and 2 more/)
    assert.match(err, /Nothing was changed/)
  })

  it('a delivery log says what was refused and where that is told, and drift that there is none', async () => {
    const { out, err } = await read('directory', 'deliveries', fakeId('dir', 1))
    assert.match(out, /2026-11-20 05:00:00Z +refused: read_only +patch-user +per_\S+ +The id is set here\./)
    assert.match(err, /twinlock ledger show ent_/)
    assert.match(
      (await read('directory', 'show', directory.id)).out,
      /says +1 person works here, 2 groups\n +last spoke +never[^\n]*\n +people here before it +stay as they are/,
    )
    assert.match((await read('directory', 'reconcile', fakeId('dir', 1))).out, /are the same/)
  })

  it('whoever may not list projects reads ids, and the rest as before', async () => {
    const own = await startFake({ 'guest:list': page(guest) })
    try {
      assert.equal((await own.run('login', fakeLinkToken)).exit, 0)
      assert.match((await own.run('guest', 'list', '--mine')).out, new RegExp(`ada +active +observer +${project} `))
    } finally {
      await own.stop()
    }
  })
})
