// Law 9: everything has an owner, and when an owner leaves, what they hold stops before the next run or export. Nothing new can be given to who has left.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { actingWith } from '../../src/app/starter/people.ts'
import { rowsOf } from '../harness/database.ts'
import { callAs, crossOver, inReview, launch, liveRun, sealedRun } from '../harness/live-run.ts'
import { asSystem, grant, newPerson, refused, type SignedIn, signIn, signInAs, tokenFor } from '../harness/signed-in.ts'
import { type Harness, openStarter, workloadKey } from '../harness/twinlock.ts'

let h: Harness
let admin: SignedIn
let operator: SignedIn
before(async () => {
  h = await openStarter({ runsMax: 0 })
  admin = await signIn(h, 'admin')
  operator = await signIn(h, 'operator')
})
after(() => h.close())

const gone = /^(unauthenticated|token_revoked)$/

test('law 9, everything has an owner: no row of a thing that can be owned is without one', async () => {
  const rows = await rowsOf(
    h.twinlock,
    `select table_name, column_name, is_nullable from information_schema.columns where table_schema = 'public' and column_name = 'owner_id'`,
  )
  const owned = rows.map((row) => row.table_name)
  for (const table of ['project', 'environment', 'twin', 'asset', 'connection', 'workload', 'channel', 'promotion'])
    assert.ok(owned.includes(table), table)
  assert.deepEqual(
    rows.filter((row) => row.is_nullable === 'YES'),
    [],
  )
  for (const { table_name } of rows) {
    const stray = await rowsOf(
      h.twinlock,
      `select t.owner_id from "${table_name}" t where not exists (select from person p where p.org_id = t.org_id and p.id = t.owner_id)`,
    )
    assert.deepEqual(stray, [], String(table_name))
  }
})

test('law 9, everything has an owner: whoever has left, or never was, can own nothing new and be given nothing', async () => {
  const leaver = await newPerson(h, 'left-already')
  await admin.act('person:offboard', { person: leaver.id })
  const { project, environments } = h.starter
  const starter = asSystem(h, 'starter')
  const key = workloadKey().jwk
  for (const owner of [leaver.id, 'per_00000000000000000000000000']) {
    const attempts = [
      ['project:create', { slug: 'p', name: 'P', owner }],
      ['environment:create', { slug: 'e', class: 'sandbox', owner }],
      ['twin:create', { project, slug: 't', kind: 'process', program: 'payments', owner, sensitivity: 'public' }],
      ['asset:add', { project, slug: 'a', mediaType: 'text/csv', sensitivity: 'public', owner, content: 'YQ==' }],
      [
        'connection:create',
        { environment: environments.staging, slug: 'c', access: 'read', baseUrl: 'http://127.0.0.1:9', sensitivity: 'public', owner },
      ],
      ['workload:create', { kind: 'pipeline', slug: 'w', environment: environments.staging, owner, jwk: key }],
    ] as const
    for (const [action, input] of attempts) assert.equal((await refused(starter(action, input), 'invalid')).notes.pointer, '/owner', action)
    await refused(starter('grant:create', { principal: owner, role: 'operator', reason: 'For nobody.' }), 'invalid')
  }
  await refused(starter('person:link', { person: leaver.id }), 'conflict')
})

test('law 9, everything has an owner: when one leaves, sessions, links, grants, pipelines and live runs of his end in the same moment', async () => {
  const owner = await newPerson(h, 'owner-of-a-pipeline', 'operator')
  const key = workloadKey()
  const { environments, org, scenario } = h.starter
  const made = await asSystem(h, 'starter')('workload:create', {
    kind: 'pipeline',
    slug: 'owned',
    environment: environments.staging,
    owner: owner.id,
    jwk: key.jwk,
  })
  const workload = { spiffeId: String(made.spiffeId) }
  await grant(h, String(made.id), 'operator')
  const pipeline = await tokenFor(h, key, workload, environments.staging)
  const run = await liveRun(h, { by: pipeline })
  const { token: link } = await asSystem(h, 'starter')('person:link', { person: owner.id })
  const left = await admin.act('person:offboard', { person: owner.id })
  assert.partialDeepStrictEqual(left, { ended: { sessions: 1, links: 1, grants: 1, workloads: 1 } })
  const [over] = await rowsOf(h.twinlock, 'select outcome from run where id = $1', [run.id])
  assert.equal(over?.outcome, 'revoked')
  await refused(owner.act('session:show', {}), 'unauthenticated')
  await refused(actingWith(h.twinlock.door, { kind: 'link', token: String(link) })('session:create', {}), 'unauthenticated')
  await refused(pipeline.act('run:launch', { scenario, environment: environments.staging }), gone)
  await refused(tokenFor(h, key, workload, environments.staging), 'unauthenticated')
  await refused(run.call({ connection: 'accounts-data', path: '/accounts?limit=1' }), 'unauthenticated')
  const [row] = await rowsOf(h.twinlock, 'select state from workload where id = $1', [made.id])
  assert.equal(row?.state, 'suspended')
  await refused(signInAs(h.twinlock.door, org, owner.id), 'conflict')
  const again = await admin.act('person:offboard', { person: owner.id })
  assert.deepEqual(
    Object.values(again.ended as Record<string, number>).filter((count) => count > 0),
    [],
    'a second time there is nothing left to end',
  )
})

test('law 9, everything has an owner: an entry of a run names who answers for it', async () => {
  const run = await liveRun(h)
  const [entry] = await rowsOf(
    h.twinlock,
    `select e.body::jsonb->'related' as related from entry e join entry_ref r on r.org_id = e.org_id and r.entry_id = e.id where e.action = 'run:launch' and r.ref_id = $1`,
    [run.id],
  )
  const related = (entry?.related ?? []) as { rel: string; id: string }[]
  assert.equal(related.find((one) => one.rel === 'operator')?.id, h.starter.people.operator)
  await run.end('succeeded')
})

const any = /^.+$/

test('no run of a twin begins whose owner has left and nobody took it over', async () => {
  const leaver = await newPerson(h, 'owner-of-a-twin')
  const starter = asSystem(h, 'starter')
  const twin = String(
    (
      await starter('twin:create', {
        project: h.starter.project,
        slug: 'orphan',
        kind: 'process',
        program: 'payments',
        owner: leaver.id,
        sensitivity: 'internal',
      })
    ).id,
  )
  const { manifest } = await operator.act('scenario:show', { scenario: h.starter.scenario })
  const scenario = String((await starter('scenario:publish', { twin, slug: 'settle', manifest })).id)
  await launch(h, { by: operator, scenario })
  await admin.act('person:offboard', { person: leaver.id })
  await refused(launch(h, { by: operator, scenario }), any)
})

test('no run begins in an environment, or on connections, whose owner has left and nobody took them over', async () => {
  const leaver = await newPerson(h, 'owner-of-an-environment')
  const starter = asSystem(h, 'starter')
  const environment = String((await starter('environment:create', { slug: 'orphaned', class: 'preproduction', owner: leaver.id })).id)
  const connect = (slug: string, access: string, owner: string) =>
    starter('connection:create', { environment, slug, access, baseUrl: 'http://127.0.0.1:9', sensitivity: 'internal', owner })
  await connect('accounts-data', 'read', leaver.id)
  await connect('payments-api', 'write', h.starter.people.author)
  await starter('grant:create', { principal: operator.id, role: 'operator', environments: [environment], reason: 'A test needs it.' })
  await launch(h, { by: operator, environment })
  await admin.act('person:offboard', { person: leaver.id })
  await refused(launch(h, { by: operator, environment }), any)
})

test('law 9, everything has an owner: when the owner of a promoted service leaves, it fetches and does nothing more, and gets no new token', async () => {
  const { artifact } = await sealedRun(h)
  const { id } = await inReview(h, await signIn(h, 'operator'), artifact)
  await (await signIn(h, 'reviewer')).act('promotion:approve', { promotion: id })
  await crossOver(h, await signIn(h, 'deployer'), id)
  const { environments, people, services } = h.starter
  const service = await tokenFor(h, h.keys.payments, services.payments, environments.production)
  assert.ok(await service.act('artifact:pull', { channel: 'payments@production' }))
  const waiting = await inReview(h, await signIn(h, 'operator'), (await sealedRun(h)).artifact)
  assert.equal(waiting.checked.state, 'in_review')
  await (await signIn(h, 'reviewer')).act('promotion:approve', { promotion: waiting.id })
  await admin.act('person:offboard', { person: people.owner })
  await refused(service.act('artifact:pull', { channel: 'payments@production' }), gone)
  await refused(callAs(h, service.credential, { connection: 'accounts-data-production', path: '/accounts?limit=1' }), gone)
  await refused(tokenFor(h, h.keys.payments, services.payments, environments.production), 'unauthenticated')
  const { notes } = await refused((await signIn(h, 'deployer')).act('promotion:cross', { promotion: waiting.id }), 'gate_failed')
  assert.match(String(notes.facts?.checks), /\bowner\b/, 'what was approved before does not cross either')
})
