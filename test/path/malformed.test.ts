import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { type Credential, catalogue } from '../../src/app/index.ts'
import { type Capability, CodedError } from '../../src/kernel/index.ts'
import { type Seeded, seeded } from '../harness/seeded.ts'
import { openWorld, type World } from '../harness/world.ts'

let world: World
before(async () => {
  world = await openWorld()
})
after(() => world.close())

const zeros = '0'.repeat(26)
const nested = (levels: number): unknown => (levels === 0 ? 1 : [nested(levels - 1)])

/** Values that fit nowhere, or nearly somewhere. */
function anything(random: Seeded): unknown {
  return random.pick<() => unknown>([
    () => null,
    () => undefined,
    () => true,
    () => -1,
    () => 1.5,
    () => 1e308,
    () => Number.MAX_SAFE_INTEGER,
    () => '',
    () => ' ',
    () => 'x'.repeat(100_000),
    () => '😀'.repeat(200),
    () => "'; drop table entry; --",
    () => '../../etc/passwd',
    () => '{"a":1}',
    () => '\ud800',
    () => '\r\n',
    () => [],
    () => ['x', 7, null],
    () => Array.from({ length: 5000 }, () => 0),
    () => ({}),
    () => ({ $ne: null, toString: 1 }),
    () => JSON.parse('{"__proto__":{"admin":true},"constructor":1}'),
    () => nested(20),
    () =>
      random
        .pick(['org', 'prj', 'env', 'twn', 'scn', 'ast', 'con', 'run', 'cal', 'art', 'prm', 'svc', 'pip', 'agt', 'per', 'grt', 'ent'])
        .concat(`_${zeros}`),
    () => world.org,
    () => world.starter.environments.staging,
    () => world.starter.people.owner,
    () => world.starter.scenario,
    () => '2026-01-01T00:00:00Z',
    () => 'sha256:'.concat('0'.repeat(64)),
  ])()
}

function fieldsOf({ input }: Capability): string[] {
  return Object.keys(input.shape)
}

/** An input that is wrong somewhere: a type, a field too many, one that is missing. */
function hostileInput(capability: Capability, random: Seeded): unknown {
  if (random.once(12)) return anything(random)
  const input = Object.fromEntries(
    fieldsOf(capability)
      .filter(() => !random.once(6))
      .map((name) => [name, anything(random)]),
  )
  return random.once(5) ? { ...input, [random.text('abz_-./', 1, 8)]: anything(random) } : input
}

// What a person may be told. `internal` is a bug of ours; `stale` would ask him to try again for nothing.
const expected = new Set([
  'malformed',
  'invalid',
  'too_large',
  'unauthenticated',
  'denied',
  'not_found',
  'conflict',
  'secret_found',
  'undeclared_connection',
  'path_refused',
  'foreign_token',
  'wrong_state',
  'claim_lost',
  'run_not_live',
  'manifest_exceeds',
  'not_promoted',
  'key_not_proved',
  'busy',
])

async function codeOf(action: string, credential: Credential, input: unknown): Promise<string> {
  try {
    await world.twinlock.door.govern({ action, credential, input, requestId: 'fuzz' })
    return 'answered'
  } catch (error) {
    return error instanceof CodedError ? error.code : `not coded: ${String(error)}`
  }
}

// Actions that end what later requests of this file need, were they ever to fit.
const spared = new Set([
  'person:offboard',
  'twin:retire',
  'session:end',
  'session:create',
  'workload:suspend',
  'connection:suspend',
  'connection:rotate',
  'grant:revoke',
])

const people = ['admin', 'author', 'operator', 'reviewer', 'deployer', 'auditor'] as const

const told = (action: string, seed: number, code: string, input: unknown): string =>
  `${action} seed ${seed}: ${code} for ${JSON.stringify(input)?.slice(0, 300)}`

/** Somebody who holds a role that the action knows, or the part of the product whose business it is. */
async function somebodyFor({ roles, system }: Capability, random: Seeded): Promise<Credential> {
  const [part] = system
  if (part !== undefined && roles.length === 0) return { kind: 'system', org: world.org, part }
  const able = people.filter((one) => roles.includes(one))
  return world.credentialOf(random.pick(able.length > 0 ? able : ['admin' as const]))
}

/** Inputs of which every field is right, until one of them is not. */
function nearlySound(): readonly (readonly [string, (typeof people)[number], Record<string, unknown>])[] {
  const { environments, people: ids, project, twins, scenario, services } = world.starter
  const owner = ids.owner
  const jwk = { ...world.keys.payments.jwk }
  return [
    ['person:create', 'admin', { slug: 'somebody', name: 'Some Body', email: 'somebody@people.example', clearance: 'internal' }],
    [
      'grant:create',
      'admin',
      {
        principal: owner,
        role: 'observer',
        scopeType: 'Project',
        scope: project,
        environments: [environments.staging],
        notBefore: '2026-01-01T00:00:00Z',
        expiresAt: '2099-01-01T00:00:00Z',
        reason: 'Why not.',
      },
    ],
    ['environment:create', 'admin', { slug: 'another', class: 'sandbox', owner }],
    [
      'workload:create',
      'admin',
      { kind: 'service', slug: 'another', environment: environments.production, owner, clearance: 'internal', jwk },
    ],
    [
      'connection:create',
      'admin',
      {
        environment: environments.sandbox,
        slug: 'another',
        access: 'read',
        baseUrl: 'https://upstream.example/v1',
        sensitivity: 'internal',
        owner,
        secret: { header: 'x-key', value: 'at-least-eight' },
      },
    ],
    ['twin:create', 'author', { project, slug: 'another', kind: 'process', program: 'payments', owner, sensitivity: 'internal' }],
    ['asset:add', 'author', { project, slug: 'another', mediaType: 'text/csv', sensitivity: 'internal', owner, content: 'YQ==' }],
    ['scenario:publish', 'author', { twin: twins.payments, slug: 'another', manifest: {} }],
    ['run:launch', 'operator', { scenario, environment: environments.staging, seed: 1, parameters: { accounts: 1 } }],
    [
      'promotion:request',
      'operator',
      { artifact: `art_${zeros}`, environment: environments.production, service: services.payments.id, channel: 'any', days: 1 },
    ],
    ['ledger:export', 'auditor', { from: 0, limit: 1, size: 1 }],
    ['run:list', 'operator', { limit: 1, after: `run_${zeros}` }],
  ]
}

/** Each field in turn, four times, with something else in it. */
const spoilt = ([action, person, sound]: ReturnType<typeof nearlySound>[number]) =>
  Object.keys(sound).flatMap((name, at) =>
    [1, 2, 3, 4].map((seed) => ({
      action,
      person,
      seed,
      input: { ...sound, [name]: anything(seeded(seed * 104_729 + at * 31 + action.length)) },
    })),
  )

describe('a request that is malformed', () => {
  it('is refused with a code at every action, for everybody, and never by an error of ours', async () => {
    const counts = new Map<string, number>()
    const wrong: string[] = []
    for (const capability of catalogue.filter(({ name }) => !spared.has(name))) {
      for (let seed = 1; seed <= 6; seed++) {
        const random = seeded(seed * 7919 + capability.name.length)
        const input = hostileInput(capability, random)
        const code = await codeOf(capability.name, await somebodyFor(capability, random), input)
        counts.set(code, (counts.get(code) ?? 0) + 1)
        if (code !== 'answered' && !expected.has(code)) wrong.push(told(capability.name, seed, code, input))
      }
    }
    assert.deepEqual(wrong, [])
    assert.ok((counts.get('invalid') ?? 0) > 150, JSON.stringify([...counts]))
  })

  it('in one field alone is refused with a code too, however far it gets', async () => {
    const wrong: string[] = []
    let refused = 0
    for (const { action, person, seed, input } of nearlySound().flatMap(spoilt)) {
      const code = await codeOf(action, await world.credentialOf(person), input)
      if (code === 'answered') continue
      refused++
      if (!expected.has(code)) wrong.push(told(action, seed, code, input))
    }
    assert.deepEqual(wrong, [])
    assert.ok(refused > 100, `${refused} were refused`)
  })

  it('with a field too many is invalid and says which, at every action that takes a body', async () => {
    const admin = await world.credentialOf('admin')
    for (const capability of catalogue) {
      if (capability.roles.length === 0 || spared.has(capability.name)) continue
      try {
        await world.twinlock.door.govern({ action: capability.name, credential: admin, input: { surelyUnknown: 1 }, requestId: 'fuzz' })
        assert.fail(`${capability.name} was answered`)
      } catch (error) {
        assert.ok(error instanceof CodedError && error.code === 'invalid', `${capability.name}: ${String(error)}`)
        const errors = error.notes.facts?.errors
        assert.ok(Array.isArray(errors) && errors.some((one) => one.startsWith('/surelyUnknown: ')), capability.name)
        assert.ok(error.notes.pointer !== undefined && error.notes.next !== undefined)
      }
    }
  })

  it('for an action that does not exist is not found, whoever asks', async () => {
    const admin = await world.credentialOf('admin')
    for (const action of ['', 'x', 'run:fly', 'constructor', '__proto__', 'toString', 'run:launch ', 'RUN:LAUNCH', 'run:launch\u0000']) {
      assert.equal(await codeOf(action, admin, {}), 'not_found', action)
    }
  })

  it('with an id that is of another kind, unknown, or of another organization looks the same', async () => {
    const operator = await world.credentialOf('operator')
    for (const [action, field, prefix] of [
      ['run:show', 'run', 'run'],
      ['run:tape', 'run', 'run'],
      ['promotion:show', 'promotion', 'prm'],
      ['artifact:show', 'artifact', 'art'],
      ['scenario:show', 'scenario', 'scn'],
    ] as const) {
      assert.equal(await codeOf(action, operator, { [field]: `${prefix}_${zeros}` }), 'not_found', action)
      assert.equal(await codeOf(action, operator, { [field]: `per_${zeros}` }), 'invalid', action)
    }
  })

  it('without a proof of who is calling is unauthenticated, in every spelling of one', async () => {
    const { org } = world
    const credentials: Credential[] = [
      { kind: 'session', token: '' },
      { kind: 'session', token: `tws_${org}.${'A'.repeat(43)}` },
      { kind: 'session', token: `twl_${org}.${'A'.repeat(43)}` },
      { kind: 'link', token: `twl_${org}.${'A'.repeat(43)}` },
      { kind: 'token', token: 'a.b.c' },
      { kind: 'token', token: 'x'.repeat(20_000) },
      { kind: 'assertion', token: 'a.b.c', org, audience: 'x' },
    ]
    for (const credential of credentials) {
      const code = await codeOf('run:list', credential, {})
      assert.ok(['unauthenticated', 'token_malformed'].includes(code), `${JSON.stringify(credential).slice(0, 100)}: ${code}`)
    }
    assert.equal(await codeOf('session:create', await world.credentialOf('admin'), {}), 'unauthenticated')
    assert.equal(await codeOf('token:issue', await world.credentialOf('admin'), {}), 'unauthenticated')
  })

  it('left nothing half-written: every row that is there has its entry, and nothing went wrong in the background', async () => {
    const [row] = await world.rows(`select count(*) as n from entry where outcome = 'failed' and action not like 'run:%'`)
    assert.ok(Number(row?.n) > 50, 'those who were refused are on record')
    const orphans = await world.rows('select p.id from person p where not exists (select from entry_ref r where r.ref_id = p.id)')
    assert.deepEqual(orphans, [])
    assert.deepEqual(world.lines, [])
  })
})
