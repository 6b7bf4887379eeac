// Law 7: nothing leaves quarantine by the hand that made it. Each of those hands is given every role that could let it out, and is still refused, by a
// guardrail that the refusal names; reviewing and carrying across are different hands; exporting is none of the makers' either.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { rowsOf } from '../harness/database.ts'
import { crossOver, inReview, liveRun, sealedRun } from '../harness/live-run.ts'
import { asSystem, grant, newPerson, pipeline, refused, type SignedIn, signIn, signInAs, tokenFor } from '../harness/signed-in.ts'
import { type Harness, openStarter, workloadKey } from '../harness/twinlock.ts'

let h: Harness
let artifact: string
let promotion: string
let reviewer: SignedIn
let deployer: SignedIn
const makers: { hand: string; who: SignedIn }[] = []

const lettingOut = ['reviewer', 'deployer', 'exporter']

/** Gives somebody every role that could let something out. */
async function mayLetOut(who: string): Promise<void> {
  for (const role of lettingOut) await grant(h, who, role)
}

before(async () => {
  h = await openStarter({ runsMax: 0 })
  reviewer = await signIn(h, 'reviewer')
  deployer = await signIn(h, 'deployer')
  const requester = await newPerson(h, 'requester', 'operator')
  const sealed = await sealedRun(h)
  artifact = sealed.artifact
  promotion = (await inReview(h, requester, artifact)).id
  const { people, pipeline: ci } = h.starter
  for (const id of [people.author, people.operator, people.owner, requester.id, ci.id]) await mayLetOut(id)
  makers.push(
    { hand: 'the author of the scenario', who: await signIn(h, 'author') },
    { hand: 'the operator, who answers for the pipeline', who: await signIn(h, 'operator') },
    { hand: 'the owner of twin and service', who: await signIn(h, 'owner') },
    { hand: 'the one who asked', who: requester },
    { hand: 'the pipeline that ran it', who: await pipeline(h) },
  )
})
after(() => h.close())

const policiesOf = (notes: { facts?: Readonly<Record<string, unknown>> }) => (notes.facts?.policies ?? []) as readonly string[]

test('law 7, nothing leaves by the hand that made it: every hand that made it is kept with the promotion', async () => {
  const [row] = await rowsOf(h.twinlock, 'select makers, run_id from promotion where id = $1', [promotion])
  const { people, pipeline: ci, services } = h.starter
  const requester = makers.find((one) => one.hand === 'the one who asked')?.who.id
  assert.deepEqual(
    new Set(row?.makers as string[]),
    new Set([people.author, people.operator, people.owner, ci.id, services.payments.id, row?.run_id, requester]),
  )
})

test('law 7, nothing leaves by the hand that made it: each of them, with a reviewer’s role, can neither approve nor reject', async () => {
  for (const { hand, who } of makers) {
    for (const action of ['promotion:approve', 'promotion:reject']) {
      const { notes } = await refused(who.act(action, { promotion }), 'denied')
      assert.ok(policiesOf(notes).includes('guardrail/maker-is-not-reviewer'), `${hand}: ${action}: ${policiesOf(notes)}`)
    }
  }
  assert.deepEqual(await rowsOf(h.twinlock, 'select person_id from approval where promotion_id = $1', [promotion]), [])
})

test('law 7, nothing leaves by the hand that made it: those who made the artifact, with an exporter’s role, can read it and not export it', async () => {
  for (const { hand, who } of makers.filter((one) => one.hand !== 'the one who asked')) {
    const { notes } = await refused(who.act('artifact:export', { artifact, file: 'report.md', reason: 'It is mine.' }), 'denied')
    assert.ok(policiesOf(notes).includes('guardrail/maker-does-not-export'), `${hand}: ${policiesOf(notes)}`)
  }
  const exporter = await newPerson(h, 'exporter', 'exporter')
  const out = await exporter.act('artifact:export', { artifact, file: 'report.md', reason: 'The customer asked.' })
  assert.equal(Buffer.from(String(out.content), 'base64').toString(), '# What came of it\n')
  const [entry] = await rowsOf(h.twinlock, `select e.seq from numbered_entry e where e.action = 'artifact:export' and e.outcome = 'done'`)
  const [checkpoint] = await rowsOf(h.twinlock, 'select max(size) as size from checkpoint where org_id = $1', [h.starter.org])
  assert.ok(Number(checkpoint?.size) > Number(entry?.seq), 'it was in a signed checkpoint before the bytes were handed over')
})

test('law 7, nothing leaves by the hand that made it: without a role nobody lets anything out, and none of the roles does two of the things', async () => {
  const nobody = await newPerson(h, 'nobody-in-particular')
  const exporter = await newPerson(h, 'only-exporter', 'exporter')
  const tries = [
    ['promotion:approve', { promotion }],
    ['promotion:cross', { promotion }],
    ['artifact:export', { artifact, file: 'report.md', reason: 'I want it.' }],
  ] as const
  for (const [action, input] of tries) await refused(nobody.act(action, input), 'denied')
  await refused(exporter.act('promotion:approve', { promotion }), 'denied')
  await refused(exporter.act('promotion:cross', { promotion }), 'denied')
  await refused(reviewer.act('promotion:cross', { promotion }), 'denied')
  await refused(reviewer.act('artifact:export', tries[2][1]), 'denied')
  await refused(deployer.act('promotion:approve', { promotion }), 'denied')
  await refused(deployer.act('artifact:export', tries[2][1]), 'denied')
})

test('law 7, nothing leaves by the hand that made it: no workload reviews, whoever it belongs to', async () => {
  const { environments, people } = h.starter
  const key = workloadKey()
  const made = await asSystem(h, 'starter')('workload:create', {
    kind: 'agent',
    slug: 'reviewing-agent',
    environment: environments.staging,
    owner: people.reviewer,
    clearance: 'restricted',
    jwk: key.jwk,
  })
  await grant(h, String(made.id), 'reviewer')
  const agent = await tokenFor(h, key, { spiffeId: String(made.spiffeId) }, environments.staging)
  const { notes } = await refused(agent.act('promotion:approve', { promotion }), 'denied')
  assert.ok(policiesOf(notes).includes('guardrail/people-review'), String(policiesOf(notes)))
})

test('law 7, nothing leaves by the hand that made it: an approved promotion is carried across by none of them, and not by its reviewer', async () => {
  await refused(deployer.act('promotion:cross', { promotion }), 'wrong_state')
  await reviewer.act('promotion:approve', { promotion })
  for (const { hand, who } of makers) {
    const { notes, message } = await refused(who.act('promotion:cross', { promotion }), 'denied')
    assert.ok(policiesOf(notes).includes('guardrail/maker-does-not-cross'), `${hand}: ${message}`)
  }
  await grant(h, reviewer.id, 'deployer')
  const { notes } = await refused(reviewer.act('promotion:cross', { promotion }), 'denied')
  assert.ok(policiesOf(notes).includes('guardrail/reviewer-is-not-deployer'), String(policiesOf(notes)))
  const [row] = await rowsOf(h.twinlock, 'select state from promotion where id = $1', [promotion])
  assert.equal(row?.state, 'approved')
  await crossOver(h, deployer, promotion)
})

test('law 7, nothing leaves by the hand that made it: every refusal of them is in the ledger, with who it was', async () => {
  const denied = await rowsOf(h.twinlock, `select distinct actor_id from entry where resource_id = $1 and outcome = 'denied'`, [promotion])
  const actors = new Set(denied.map((row) => row.actor_id))
  for (const { hand, who } of makers) assert.ok(actors.has(who.id.startsWith('spiffe:') ? h.starter.pipeline.id : who.id), hand)
})

test('an exporter without the clearance to look at an artifact cannot export it either', async () => {
  const { artifact } = await sealedRun(h)
  const person = String(
    (
      await asSystem(h, 'starter')('person:create', {
        slug: 'uncleared',
        name: 'Uncleared',
        email: 'uncleared@people.example',
        clearance: 'public',
      })
    ).id,
  )
  await grant(h, person, 'exporter')
  const uncleared = await signInAs(h.twinlock.door, h.starter.org, person)
  await refused(uncleared.act('artifact:read', { artifact, file: 'report.md' }), 'denied')
  await refused(uncleared.act('artifact:export', { artifact, file: 'report.md', reason: 'Let me see.' }), 'denied')
})

test('an administrator cannot give a role to a workload of his own, and so to himself', async () => {
  const admin = await signIn(h, 'admin')
  const key = workloadKey()
  const { environments, org } = h.starter
  const made = await admin.act('workload:create', {
    kind: 'agent',
    slug: 'long-arm',
    environment: environments.staging,
    owner: admin.id,
    clearance: 'restricted',
    jwk: key.jwk,
  })
  await refused(admin.act('grant:create', { principal: admin.id, role: 'exporter', reason: 'For me.' }), 'denied')
  const given = admin.act('grant:create', { principal: made.id, role: 'exporter', reason: 'For my agent.' }).then(async () => {
    const { artifact } = await sealedRun(h)
    const agent = await tokenFor(h, key, { spiffeId: String(made.spiffeId) }, environments.staging)
    const { content } = await agent.act('artifact:export', { artifact, file: 'report.md', reason: 'For my owner.' })
    assert.equal(content, undefined, `the administrator of ${org} took an artifact out through his own agent`)
  })
  await refused(given, 'denied')
})

test('an administrator who brings the key of somebody else’s workload gives it nothing that takes two people, by no way, once there is another who can', async () => {
  const admin = await signIn(h, 'admin')
  const { environments, people } = h.starter
  const { jwk } = workloadKey()
  const its = { kind: 'agent', slug: 'longer-arm', environment: environments.staging, owner: people.author, clearance: 'restricted', jwk }
  const { id: principal } = await admin.act('workload:create', its)
  const reason = 'It needs it.'
  const { id: grant } = await admin.act('grant:create', { principal, role: 'operator', environments: [environments.staging], reason })
  await admin.act('grant:revoke', { grant, reason })
  const another = await newPerson(h, 'another-administrator', 'admin')
  for (const more of [
    { role: 'operator', environments: [environments.staging] },
    { role: 'exporter' },
    { role: 'deployer', environments: [environments.production] },
    { role: 'admin' },
  ]) {
    await refused(admin.act('grant:create', { principal, ...more, reason }), 'denied')
    const foretold = await admin.act('grant:preview', { principal, ...more, reason })
    assert.deepEqual(Reflect.get(Object(foretold.otherHand), 'workloads'), [principal], 'it is announced before it is tried')
    assert.equal((await another.act('grant:preview', { principal, ...more, reason })).otherHand, null)
  }
  const group = String((await admin.act('group:create', { slug: 'arms', name: 'Arms', owner: people.owner })).id)
  await refused(admin.act('group:add', { group, member: principal }), 'denied')
  await another.act('group:add', { group, member: principal })
  await refused(admin.act('grant:create', { principal: group, role: 'exporter', reason }), 'denied')
  const role = 'longer'
  await admin.act('role:create', { slug: role, title: 'Longer', actions: ['twin:list'], reason })
  await another.act('grant:create', { principal, customRole: role, reason })
  await refused(admin.act('role:change', { role, actions: ['twin:list', 'artifact:export'], reason }), 'denied')
  assert.ok(await another.act('grant:create', { principal, role: 'exporter', reason }))
})

test('a grant that names environments reaches nothing that happens in another: neither stopping a run, nor its tape, nor its output', async () => {
  const sandboxed = await newPerson(h, 'sandboxed-operator', 'operator', { environments: [h.starter.environments.sandbox] })
  const { run, artifact } = await sealedRun(h)
  await refused(sandboxed.act('run:launch', { scenario: h.starter.scenario, environment: h.starter.environments.staging }), 'denied')
  await refused(sandboxed.act('run:tape', { run: run.id }), 'denied')
  await refused(sandboxed.act('artifact:read', { artifact, file: 'report.md' }), 'denied')
  const live = await liveRun(h)
  await refused(sandboxed.act('run:cancel', { run: live.id, reason: 'Not mine to stop.' }), 'denied')
})
