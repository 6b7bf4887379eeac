// Grants on the command line: what, on what, whose, until when; and a preview that says first whether it could be given, without a reason.
import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { type FakeTwinlock, fakeId, fakeLinkToken, startFake } from '../fixtures/fake-twinlock.ts'

const [project, environment, person] = ['prj', 'env', 'per'].map((prefix) => fakeId(prefix, 2))
const grant = {
  id: fakeId('grt', 1),
  principal: person,
  principalName: 'Ada\u001b[31m',
  role: 'operator',
  customRole: null,
  actions: [],
  scope: { type: 'Project', id: project },
  environments: [environment],
  notBefore: '2026-12-01T00:00:00.000Z',
  expiresAt: '2026-12-24T00:00:00.000Z',
  untilRun: null,
  untilBatch: null,
  untilEngagement: fakeId('eng', 1),
  request: fakeId('req', 1),
  breakGlass: false,
  givenBy: fakeId('per', 3),
  givenByName: 'Grace',
  createdAt: '2026-11-20T05:00:00.000Z',
  revokedAt: null,
  reason: 'It is needed.',
  policy: 'permit(principal, action, resource);',
}
const conflicts = [{ name: 'shipped/author-operator', stops: true, holder: person, grant: fakeId('grt', 9) }]
const nothing = { missing: [], otherHand: null, conflicts: [] }

let one: FakeTwinlock
let preview: object = nothing
const heard: Record<string, unknown>[] = []
before(async () => {
  one = await startFake({
    'project:list': () => ({ items: [{ id: project, slug: 'starter' }], next: null }),
    'environment:list': () => ({ items: [{ id: environment, slug: 'staging' }], next: null }),
    'grant:list': () => ({
      items: [
        grant,
        { ...grant, role: 'reviewer', notBefore: null, expiresAt: '2026-11-21T06:00:00.000Z' },
        { ...grant, role: null, actions: ['run:launch'], environments: [], notBefore: null, revokedAt: '2026-11-21T05:00:00.000Z' },
      ],
      next: fakeId('grt', 1),
    }),
    'grant:show': () => grant,
    'grant:create': () => ({
      ...grant,
      principalName: null,
      givenByName: null,
      createdAt: null,
      reason: null,
      policy: undefined,
      conflicts,
    }),
    'grant:preview': (input) => {
      heard.push(input)
      return preview
    },
    'request:list': () => ({
      items: [
        {
          id: fakeId('req', 1),
          state: 'open',
          askerName: 'Kim',
          role: null,
          customRole: 'lookers',
          actions: [],
          scope: grant.scope,
          environments: [],
          minutes: 30,
          reason: 'Tonight.',
          expiresAt: grant.expiresAt,
          approvalsNeeded: 2,
          approvalsGiven: 1,
        },
      ],
      next: null,
    }),
  })
  assert.equal((await one.run('login', fakeLinkToken)).exit, 0)
})
after(() => one.stop())

async function read(...words: readonly string[]): Promise<{ readonly out: string; readonly err: string }> {
  const ran = await one.run(...words)
  assert.equal(ran.exit, 0, ran.err)
  assert.doesNotMatch(ran.out, /\u001b|[[{]"/)
  return ran
}
const terms = ['--principal', person ?? '', '--role', 'operator', '--scope-type', 'Project', '--scope', 'starter']

describe('grants on the command line', () => {
  it('are a line each, by names, with how long is left and what was taken away', async () => {
    const { out, err } = await read('grant', 'list')
    assert.match(
      out,
      /operator +project starter prj_\S+ +Ada\S* per_\S+ +staging +not before 2026-12-01 00:00:00Z, 2026-12-24 00:00:00Z \(32 days left\), with eng_\S+ +Grace +grt_/,
    )
    assert.match(out, /reviewer +project starter .* staging +over since 2026-11-21 06:00:00Z/)
    assert.match(out, /run:launch +project starter .* everywhere +taken away 2026-11-21 05:00:00Z/)
    assert.match(err, /More: --after grt_/)
  })

  it('are shown with who gave them, why, and the policy; given with the way to take them away', async () => {
    const { out } = await read('grant', 'show', grant.id)
    assert.match(out, /^operator on project starter prj_\S+ {2}grt_/)
    assert.match(out, /given by +Grace per_\S+, 2026-11-20 05:00:00Z, for req_/)
    assert.match(out, /why +It is needed\.\n +policy +permit\(/)
    const given = await read('grant', 'create', ...terms, '--reason', 'It is needed.')
    assert.match(given.out, /stops {2}shipped\/author-operator, with grt_/)
    assert.match(given.err, /twinlock grant revoke grt_\S+ --reason/)
  })

  it('are foreseen without a reason: first whether it could be given, then what stands against it', async () => {
    preview = nothing
    const { out, err } = await read('grant', 'preview', ...terms)
    assert.equal(heard[0]?.reason, undefined)
    assert.equal(out, 'It could be given.\n')
    assert.match(err, /Nothing was given by asking/)
    preview = { missing: ['run:launch'], otherHand: { workloads: ['ci'], stakes: ['production'] }, conflicts }
    const refused = (await read('grant', 'preview', ...terms)).out
    assert.match(
      refused,
      /^It would be refused\.\n +not yours to give +run:launch\n +takes another hand .*ci: production\n +stops +shipped/,
    )
  })

  it('are asked for in a line each', async () => {
    assert.match(
      (await read('request', 'list')).out,
      /Kim +lookers on project starter .* everywhere +30 minutes +open until 2026-12-24 00:00:00Z, 1 of 2 +Tonight\./,
    )
  })
})
