// Access on the command line: the answer first, each way step by step, and nothing that a server says reaches the terminal as it came.
import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { type FakeTwinlock, fakeId, fakeLinkToken, startFake } from '../fixtures/fake-twinlock.ts'

const evil = '\u001b[2Jevil'
const way = [
  { kind: 'group', id: fakeId('grp', 1), name: 'testers' },
  { kind: 'role', id: fakeId('grt', 1), name: 'operator' },
]
const scope = { type: 'Twin', id: fakeId('twn', 1), name: 'payments' }
const none = { paths: 0, people: 0, workloads: 0, never: 0, glass: 0 }
const difference = {
  name: evil,
  action: 'run:launch',
  scope,
  environments: [fakeId('env', 1)],
  from: 'internal',
  through: fakeId('pip', 1),
}
const grant = { id: fakeId('grt', 1), role: 'operator', actions: [], scope, through: fakeId('grp', 1), givenBy: fakeId('per', 3) }

const refusal = {
  action: 'run:launch',
  allowed: false,
  code: 'denied',
  detail: 'Nothing permits this.',
  policies: [],
  roles: ['operator'],
  grantedBy: [{ id: fakeId('per', 3), slug: 'admin' }],
}

let policies: readonly object[] = []
let outcome: object = { outcome: 'denied', detail: null }
let fake: FakeTwinlock
/** The changes that were asked about. */
const changes: unknown[] = []
before(async () => {
  fake = await startFake({
    'access:paths': () => ({
      totals: { input: { paths: 3, people: 2, workloads: 1, never: 3, glass: 2 }, output: none, production: none },
      paths: [
        {
          leg: 'input',
          action: 'run:launch',
          kind: 'grant',
          principal: { id: fakeId('per', 1), name: evil },
          environments: [fakeId('env', 1)],
          conditions: ['only people review'],
          ways: [way],
          lastUsed: null,
        },
      ],
      toxic: [{ principal: fakeId('per', 1), name: 'eve', legs: ['input', 'output'], workloads: [] }],
      toxicTotal: 4,
      former: [],
      withheld: 2,
      next: fakeId('per', 1),
    }),
    'access:blast': () => ({
      of: { type: 'Person', id: fakeId('per', 1), name: evil },
      acts: [{ group: 'output', action: 'artifact:read', scope, upTo: 'internal', environments: [], ways: [way, way], lastUsed: null }],
      twins: [{ id: scope.id, name: 'payments', legs: ['output'], glass: ['input'] }],
      twinsTotal: 1,
      calls: [],
      holds: { credentials: [{ kind: 'link', id: null, holder: fakeId('per', 1), until: null }], runs: [], owns: [] },
      onward: [],
      actual: [{ action: 'artifact:read', times: 3, lastUsed: '2026-11-22T05:00:00.000Z' }],
      toxic: [],
      withheld: 7,
      cut: false,
    }),
    'twin:list': () => ({ items: [{ id: scope.id, slug: 'payments' }], next: null }),
    'workload:list': () => ({ items: [{ id: fakeId('pip', 1), slug: 'ci', kind: 'pipeline' }], next: null }),
    'person:list': () => ({ items: [], next: null }),
    'group:list': () => ({ items: [{ id: fakeId('grp', 1), slug: 'testers' }], next: null }),
    'environment:list': () => ({ items: [{ id: fakeId('env', 1), slug: 'staging' }], next: null }),
    'access:whatif': ({ change }) => {
      changes.push(change)
      return {
        gains: [{ principal: fakeId('per', 1), ...difference }],
        loses: [],
        later: [{ at: '2027-01-01T00:00:00.000Z', gains: [], loses: [{ principal: fakeId('per', 1), ...difference }] }],
        looksAt: ['time'],
        totals: { gains: { principals: 1 }, loses: { principals: 0 } },
        cut: true,
      }
    },
    'access:explain': ({ action }) => ({
      principal: fakeId('per', 1),
      action,
      ...outcome,
      policies,
      missing: { roles: ['operator'], near: [{ grant, why: 'over' }] },
      grantedBy: [{ id: fakeId('per', 3), slug: 'admin', name: 'Admin' }],
    }),
    'access:check': ({ questions }) => ({
      answers: (questions as readonly { action: string }[]).map(({ action }) =>
        action === 'run:launch' ? refusal : { ...refusal, action, code: null },
      ), // parsed
    }),
    'access:matrix': () => ({
      roles: [
        { role: 'operator', isOwn: false },
        { role: 'lookers', isOwn: true },
      ],
      actions: [{ action: 'run:launch', may: [{ role: 'operator', classes: ['sandbox', 'staging', 'preproduction'] }] }],
    }),
  })
  assert.equal((await fake.run('login', fakeLinkToken)).exit, 0)
})
after(() => fake.stop())

async function told(...words: string[]): Promise<string> {
  const { exit, out, err } = await fake.run(...words)
  assert.equal(exit, 0, err)
  assert.doesNotMatch(out, /\u001b/)
  return out
}

describe('access', () => {
  it('paths: who, by which way, how many of how many, and what may not be shown', async () => {
    const out = await told('access', 'paths', scope.id)
    assert.match(out, /can change the input {2}2 people, 1 workload; 3 of 3 never used; 2 more by breaking the glass/)
    assert.match(out, /testers › operator grt_\S+ +staging +never/)
    assert.match(out, /guardrails on run:launch: only people review/)
    assert.match(out, /stands on input and output\n {7}and 3 more/)
    assert.match(out, /2 things of it are more sensitive than you may know/)
  })

  it('blast: what, up to where, by how many ways, what is in hand, what was done, and how much is withheld', async () => {
    const out = await told('access', 'blast', fakeId('per', 1))
    assert.match(out, /observes outputs\n.*\n {2}artifact:read.*up to internal.*testers › operator grt_\S+ \(\+1\).*never/)
    assert.match(out, /reaches 1 twin\n.* output, input by breaking the glass\n/)
    assert.match(out, /live credentials\n {2}link .*without an end/)
    assert.match(out, /did\n {2}artifact:read {2}3 times/)
    assert.match(out, /7 things of it you may not know: not shown/)
  })

  it('whatif, explain, check and matrix: the answer first', async () => {
    const change = JSON.stringify({ kind: 'join', group: fakeId('grp', 1), member: fakeId('per', 1) })
    assert.match(
      await told('access', 'whatif', '--change', change),
      /^1 identity would gain\n.*\n\+ .*run:launch +twin payments twn_\S+ +staging +from internal on, by ci\nBesides, from 2027-01-01 00:00:00Z on\n.*\n- .*run:launch.*\nThe guardrail looks at the clock: this is how it is now\.\n/,
    )
    assert.match(
      await told('access', 'explain', 'run:launch'),
      /may not run:launch\n {2}it takes operator, from admin\n {2}near: operator on twin payments twn_.* \(over\)/,
    )
    assert.match(
      await told('access', 'check', '--action', 'run:launch'),
      /^no {2}run:launch {2}Nothing permits this\. it takes operator, from admin/,
    )
    const { exit, err } = await fake.run('access', 'check', '--action', 'run:launch', '--input', 'nonsense')
    assert.deepEqual([exit, /is not JSON/.test(err)], [2, true])
    assert.match(await told('access', 'matrix'), /action {6,}operator {2}lookers \(own\)\nrun:launch {2}✓✓✓· {6}····/)
  })

  it('whatif takes a change by flags, with names and lists, as it takes it in JSON', async () => {
    const [principal, scope] = [fakeId('per', 1), fakeId('twn', 1)]
    for (const [line, change] of [
      [
        `give --principal ${principal} --actions run:launch,run:show --scope-type Twin --scope ${scope} --environments staging`,
        { principal, actions: ['run:launch', 'run:show'], scopeType: 'Twin', scope, environments: [fakeId('env', 1)] },
      ],
      ['join --group testers --member ci', { group: fakeId('grp', 1), member: fakeId('pip', 1) }],
      [`owner --of ci --to ${principal}`, { of: fakeId('pip', 1), to: principal }],
      [`give --role operator --principal ${principal} --scope-type Twin --scope payments`, { principal, scopeType: 'Twin', scope }],
      ['role --role operator --remove run:launch', { role: 'operator', remove: ['run:launch'] }],
      [
        `give --principal ${principal} --role operator --not-before 2027-01-01T00:00:00Z --until-run ${fakeId('run', 1)}`,
        { principal, notBefore: '2027-01-01T00:00:00Z', untilRun: fakeId('run', 1) },
      ],
      ['policy --guardrail weekend --retire', { guardrail: 'weekend', retire: true }],
    ] as const) {
      const [kind = '', ...flags] = line.split(' ')
      assert.equal((await fake.run('access', 'whatif', '--kind', kind, ...flags)).exit, 0, line)
      assert.partialDeepStrictEqual(changes.at(-1), { kind, ...change })
    }
    for (const flags of [[], ['--kind', 'fly'], ['--kind', 'take', '--change', '{}']])
      assert.equal((await fake.run('access', 'whatif', ...flags)).exit, 2, flags.join(' '))
  })

  it('whatif takes names in JSON as well, and says which is none', async () => {
    const change = (member: string) => JSON.stringify({ kind: 'join', group: 'testers', member })
    assert.equal((await fake.run('access', 'whatif', '--change', change('ci'))).exit, 0)
    assert.deepEqual(changes.at(-1), { kind: 'join', group: fakeId('grp', 1), member: fakeId('pip', 1) })
    const { exit, err } = await fake.run('access', 'whatif', '--change', change('nobody'))
    assert.deepEqual([exit, /called `nobody`\.\n.*`--change`/.test(err)], [5, true])
  })

  it('explain and check take names within --input, and refuse an action that is not there', async () => {
    for (const words of [
      ['explain', 'run:show'],
      ['check', '--action', 'run:list'],
    ] as const) {
      const input = words[0] === 'check' ? { environment: 'staging' } : { run: fakeId('run', 1) }
      assert.equal((await fake.run('access', ...words, '--input', JSON.stringify(input))).exit, 0)
    }
    assert.partialDeepStrictEqual(fake.asked.at(-1)?.input, {
      questions: [{ action: 'run:list', input: { environment: fakeId('env', 1) } }],
    })
    const wrong = await fake.run('access', 'explain', 'run:list', '--input', '{"environment":"moon"}')
    assert.deepEqual([wrong.exit, /no environment called `moon`\.\n.*`--input`/.test(wrong.err)], [5, true])
    const unknown = await fake.run('access', 'explain', 'run:lanch')
    assert.deepEqual([unknown.exit, /no action `run:lanch`\. Did you mean `run:launch`/.test(unknown.err)], [2, true])
    assert.equal((await fake.run('access', 'explain', 'run:list', '--input', '[]')).exit, 2)
  })

  it('explain says that nothing was decided, and by which member of the input', async () => {
    outcome = { outcome: 'unknown', detail: '`/run` must be the id of a run.' }
    assert.match(
      await told('access', 'explain', 'run:show'),
      /^unknown {2}whether .* may run:show: `run` in `--input` must be the id of a run\./,
    )
    outcome = { outcome: 'denied', detail: null }
  })

  it('explain says by which grant, by the name of what it is on, and the policy', async () => {
    policies = [{ id: grant.id, kind: 'grant', meaning: null, text: 'permit(…);', grant }]
    assert.match(
      await told('access', 'explain', 'run:launch'),
      /\n {2}by the grant of operator on twin payments twn_\S+ through grp_\S+, given by per_\S+ {2}grt_0+1\n {4}permit/,
    )
    policies = []
  })

  it('as JSON exactly as it was answered', async () => {
    const { withheld, of } = JSON.parse((await fake.run('access', 'blast', fakeId('per', 1), '--json')).out)
    assert.deepEqual([withheld, of.name], [7, evil])
  })
})
