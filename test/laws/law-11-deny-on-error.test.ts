// Law 11: whatever goes wrong, the answer is no and nothing was done. The store goes away in the middle of a request, the policy engine throws, a policy that
// forbids errs, the row that orders revocations is missing, a port fails: each is a refusal, and what was there before is there after.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { createGuardrails, type Decider, decide, shippedPolicies } from '../../src/access/index.ts'
import { catalogue } from '../../src/app/catalogue.ts'
import { createDecider } from '../../src/app/deciding.ts'
import { createDoor } from '../../src/app/door/govern.ts'
import { type Capability, fail, organizationEntity, type Ports, projectEntity, systemPrincipal } from '../../src/kernel/index.ts'
import { RunFence } from '../../src/runs/index.ts'
import { asSuperuser, connectionOf, rowsOf, withConnection } from '../harness/database.ts'
import { liveRun } from '../harness/live-run.ts'
import { asSystem, newPerson, refused, type SignedIn, until } from '../harness/signed-in.ts'
import { type Harness, openStarter } from '../harness/twinlock.ts'

/** What happens in the middle of an action, where it waits for the blob store. */
let meanwhile: (() => Promise<void>) | undefined
const inMemory = new Map<string, Uint8Array>()
const blobs = {
  async put(bytes: Uint8Array) {
    await meanwhile?.()
    inMemory.set('sha256:00', bytes)
    return `sha256:${'0'.repeat(64)}` as const
  },
  get: async () => new Uint8Array(),
}
let upstreamCalls = 0
const upstream = {
  async exchange() {
    upstreamCalls++
    return { status: 200, headers: {}, body: new Uint8Array() }
  },
}

let h: Harness
let author: SignedIn
before(async () => {
  h = await openStarter({ runsMax: 0, blobs, upstream })
  author = await newPerson(h, 'another-author', 'author')
})
after(() => h.close())

const asset = (slug: string) => ({
  project: h.starter.project,
  slug,
  mediaType: 'text/csv',
  sensitivity: 'internal',
  owner: h.starter.people.owner,
  content: 'YSxiCg==',
})
const assets = async () => (await rowsOf(h.twinlock, 'select slug from asset order by slug')).map((row) => row.slug)

test('law 11, deny on error: a store that cannot be read in the middle of a request leaves nothing, tells nothing, and is used again when it is back', async () => {
  const rename = (from: string, to: string) =>
    asSuperuser(h.twinlock, (client) => client.query(`alter table ${from} rename to ${to}`)).then(() => undefined)
  meanwhile = () => rename('asset', 'asset_away')
  const { message, notes } = await refused(author.act('asset:add', asset('lost')), 'internal').finally(() => {
    meanwhile = undefined
  })
  await rename('asset_away', 'asset')
  assert.doesNotMatch(
    `${message} ${JSON.stringify(notes.facts)} ${notes.next}`,
    /relation|asset_away|select|postgres/i,
    'what the database says stays inside',
  )
  assert.deepEqual(await assets(), [])
  await author.act('asset:add', asset('kept'))
  assert.deepEqual(await assets(), ['kept'])
})

test('law 11, deny on error: a port that fails in the middle undoes the whole request', async () => {
  for (const error of [new Error('disk full'), fail('internal', 'The blob store is away.')]) {
    meanwhile = () => Promise.reject(error)
    await refused(author.act('asset:add', asset('half')), 'internal').finally(() => {
      meanwhile = undefined
    })
  }
  assert.deepEqual(await assets(), ['kept'])
  const [entry] = await rowsOf(
    h.twinlock,
    `select outcome, body::jsonb->>'code' as code from entry where action = 'asset:add' order by xact desc limit 1`,
  )
  assert.deepEqual(entry, { outcome: 'failed', code: 'internal' })
})

test('law 11, deny on error: without the row that orders revocations nobody is admitted, and nothing is done or called', async () => {
  const run = await liveRun(h)
  const calls = upstreamCalls
  const { rows } = await asSuperuser(h.twinlock, (client) =>
    client.query('delete from takeaway where org_id = $1 returning version', [h.starter.org]),
  )
  const before = await rowsOf(h.twinlock, `select count(*) as count from entry where outcome = 'done'`)
  const tries = [
    () => author.act('asset:add', asset('unordered')),
    () => author.act('session:show', {}),
    () => author.act('scenario:list', { twin: h.starter.twins.payments }),
    () => run.call({ connection: 'accounts-data', path: '/accounts?limit=1' }),
    () => run.token(),
    () => asSystem(h, 'starter')('project:create', { slug: 'unordered', name: 'Unordered', owner: h.starter.people.owner }),
    () => run.end('succeeded'),
  ]
  for (const attempt of tries) await refused(attempt(), 'internal')
  assert.deepEqual(await rowsOf(h.twinlock, `select count(*) as count from entry where outcome = 'done'`), before)
  assert.equal(upstreamCalls, calls)
  await asSuperuser(h.twinlock, (client) =>
    client.query('insert into takeaway (org_id, version) values ($1, $2)', [h.starter.org, rows[0].version]),
  )
  await run.end('succeeded')
})

function someCapability(name: string): Capability {
  const found = catalogue.find((one) => one.name === name)
  if (found === undefined) throw new Error(`The catalogue has no ${name}.`)
  return found
}

/** A door over the same store with another decider. */
function doorWith(decider: Decider) {
  const { outside } = h.twinlock
  return createDoor({
    catalogue,
    decider,
    ports: { ...outside, guardrails: createGuardrails(catalogue), runFence: new RunFence() } as unknown as Ports, // what is left out is used by no action here
    transact: outside.store.transact,
    committed: () => undefined,
    included: async () => undefined,
    unauthenticated: () => undefined,
  })
}

const create = (slug: string) => ({
  action: 'project:create',
  credential: { kind: 'system', org: h.starter.org, part: 'starter' } as const,
  input: { slug, name: 'P', owner: h.starter.people.owner },
  requestId: 'test',
})
const projects = async () => (await rowsOf(h.twinlock, 'select slug from project order by slug')).map((row) => row.slug)

test('law 11, deny on error: a policy engine that throws, or answers nonsense, denies', async () => {
  const real = createDecider()
  const before = await projects()
  const engines: Decider['engine']['ask'][] = [
    () => {
      throw new Error('the engine is broken')
    },
    () => {
      throw 'not even an error'
    },
    () => ({ allowed: false, policies: [], erred: [] }),
    // Allowed, although a policy that nobody knows erred: it might have been one that forbids.
    () => ({ allowed: true, policies: ['system/starter'], erred: ['guardrail/unknown'] }),
  ]
  for (const [at, ask] of engines.entries())
    await refused(doorWith({ ...real, engine: { ...real.engine, ask } }).govern(create(`broken-${at}`)), 'denied')
  assert.deepEqual(await projects(), before)
  await doorWith(real).govern(create('sound'))
  assert.deepEqual(await projects(), [...before, 'sound'].toSorted())
})

/** Decides on creating a project with more policies than are shipped. */
function decideWith(...texts: readonly string[]) {
  const decider = createDecider()
  return decide(decider, {
    capability: someCapability('project:create'),
    principal: systemPrincipal(h.starter.org, 'starter'),
    located: { resource: organizationEntity(h.starter.org), found: undefined },
    policies: texts.map((text, at) => ({ id: `test/${at}`, text })),
    version: 0,
    now: Date.now(),
  })
}

const errs = '9223372036854775807 + context.now > 0'

test('law 11, deny on error: a forbid that errs denies what is permitted; a permit that errs does not permit, and takes nothing away', () => {
  assert.equal(decideWith().kind, 'allowed')
  const denied = decideWith(`forbid(principal, action, resource) when { ${errs} };`)
  assert.equal(denied.kind, 'denied')
  assert.deepEqual(denied.kind === 'denied' ? denied.erred : [], ['test/0'])
  assert.equal(decideWith(`permit(principal, action, resource) when { ${errs} };`).kind, 'allowed')
  assert.equal(decideWith('this is no policy').kind, 'denied')
  const nobody = decide(createDecider(), {
    capability: someCapability('twin:create'),
    principal: { kind: 'person', id: 'per_x', org: h.starter.org, name: 'x', clearance: 3, chain: ['per_x'] },
    located: { resource: projectEntity(h.starter.org, h.starter.project), others: [organizationEntity(h.starter.org)], found: undefined },
    policies: [{ id: 'test/0', text: `permit(principal, action, resource) when { ${errs} };` }],
    version: 0,
    now: Date.now(),
  })
  assert.equal(nobody.kind, 'denied')
})

test('law 11, deny on error: what the schema does not know cannot be asked, and is denied', () => {
  const base = { capability: someCapability('project:create'), policies: [], version: 0, now: Date.now() }
  const located = { resource: organizationEntity(h.starter.org), found: undefined }
  const principal = systemPrincipal(h.starter.org, 'starter')
  assert.equal(decide(createDecider(), { ...base, principal, located: { ...located, context: { made: 'up' } } }).kind, 'denied')
  assert.equal(
    decide(createDecider(), { ...base, principal, located: { ...located, resource: { ...located.resource, type: 'Unknown' } } }).kind,
    'denied',
  )
  assert.equal(
    decide(createDecider(), { ...base, principal, located: { ...located, resource: { ...located.resource, attributes: { made: 1.5 } } } })
      .kind,
    'denied',
  )
  assert.equal(decide(createDecider(), { ...base, principal: { ...principal, kind: 'run' }, located }).kind, 'denied')
})

test('law 11, deny on error: every shipped policy is sound, so that none of them errs by its form', () => {
  const decider = createDecider()
  assert.deepEqual(decider.engine.validate(shippedPolicies(catalogue)), [])
  assert.notDeepEqual(decider.engine.validate([{ id: 'x', text: 'forbid(principal, action, resource) when { resource.nothing };' }]), [])
})

test('law 11, deny on error: a broken engine refuses people too, records that they were refused, and calls no upstream', async () => {
  const run = await liveRun(h)
  const calls = upstreamCalls
  const real = createDecider()
  const door = doorWith({
    ...real,
    engine: {
      ...real.engine,
      ask: () => {
        throw new Error('the engine is broken')
      },
    },
  })
  await refused(door.govern({ action: 'session:end', credential: author.credential, input: {}, requestId: 'test' }), 'denied')
  const [entry] = await rowsOf(h.twinlock, `select outcome, actor_id from entry where action = 'session:end' order by xact desc limit 1`)
  assert.deepEqual(entry, { outcome: 'denied', actor_id: author.id })
  assert.equal(upstreamCalls, calls)
  await run.end('succeeded')
})

/** Ends every connection of the product's to its database, as a server that goes away does. */
async function storeGoesAway(): Promise<void> {
  await withConnection(await connectionOf(h.twinlock), async (client) => {
    await client.query(
      'select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()',
    )
  })
}

test('law 11, deny on error: a store that goes away in the middle of a request leaves nothing, tells nothing, and is used again when it is back', async () => {
  meanwhile = storeGoesAway
  const { message } = await refused(author.act('asset:add', asset('lost')), 'unavailable').finally(() => {
    meanwhile = undefined
  })
  assert.doesNotMatch(message, /terminat|connection|postgres|admin/i, 'what the database says stays inside')
  assert.equal((await assets()).includes('lost'), false)
  await until('the pool has a fresh connection', () =>
    author.act('asset:add', asset('back')).then(
      () => true,
      () => false,
    ),
  )
  assert.ok((await assets()).includes('back'))
})
