// What was true of a promotion when it was approved, or superseded, and is not true any more; and what ends by a crossing beside what crosses. Whoever waits
// for such a moment, or asks for it from another project, gains nothing.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { asSuperuser, rowsOf } from '../harness/database.ts'
import { crossOver, sealedRun } from '../harness/live-run.ts'
import { askToPromote, type PromotedTo } from '../harness/promoting.ts'
import { asSystem, grant, newPerson, refused, type SignedIn, signIn, tokenFor } from '../harness/signed-in.ts'
import { type Harness, openStarter, workloadKey } from '../harness/twinlock.ts'

let h: Harness
let operator: SignedIn
let reviewer: SignedIn
let deployer: SignedIn
before(async () => {
  h = await openStarter({ runsMax: 0 })
  operator = await signIn(h, 'operator')
  reviewer = await signIn(h, 'reviewer')
  deployer = await signIn(h, 'deployer')
})
after(() => h.close())

const rowOf = async (table: 'promotion' | 'workload', id: string) =>
  (await rowsOf(h.twinlock, `select * from ${table} where id = $1`, [id]))[0]

/** A service in production that nothing was promoted for yet, and the channel that it is to pull from. */
async function service(slug: string, more: Partial<PromotedTo> & { readonly owner?: string } = {}): Promise<PromotedTo> {
  const { owner = h.starter.people.owner, channel = `channel-of-${slug}`, days } = more
  const key = workloadKey()
  const environment = h.starter.environments.production
  const asked = { kind: 'service', slug, environment, owner, clearance: 'confidential', jwk: key.jwk }
  const made = await asSystem(h, 'starter')('workload:create', asked)
  const named = { id: String(made.id), spiffeId: String(made.spiffeId) }
  return { service: named, key, channel, ...(days === undefined ? {} : { days }) }
}

interface How {
  readonly artifact?: string
  readonly by?: SignedIn
  readonly reviewed?: SignedIn
}

/** A promotion that was approved. */
async function approved(to: PromotedTo, { artifact, by = operator, reviewed = reviewer }: How = {}): Promise<string> {
  const id = await askToPromote(h.twinlock.door, by.act, h.starter, artifact ?? (await sealedRun(h)).artifact, to)
  assert.equal((await reviewed.act('promotion:approve', { promotion: id })).state, 'approved')
  return id
}

/** A promotion that crossed. */
async function crossed(to: PromotedTo, how: How = {}): Promise<string> {
  const id = await approved(to, how)
  await crossOver(h, deployer, id)
  return id
}

const tokenOf = (to: PromotedTo) => tokenFor(h, to.key, to.service, h.starter.environments.production)

/** A twin like the starter's, which needs no asset. */
async function twinLike(slug: string, project?: string): Promise<{ readonly twin: string; readonly scenario: string }> {
  const [like] = await rowsOf(
    h.twinlock,
    'select t.project_id, t.kind, t.program, s.manifest from scenario s join twin t on t.org_id = s.org_id and t.id = s.twin_id where s.id = $1',
    [h.starter.scenario],
  )
  assert.ok(like !== undefined)
  const { kind, program, manifest, project_id } = like
  const asked = { project: project ?? project_id, slug, kind, program, owner: h.starter.people.owner, sensitivity: 'internal' }
  const twin = String((await asSystem(h, 'starter')('twin:create', asked)).id)
  const author = await signIn(h, 'author')
  const published = await author.act('scenario:publish', { twin, slug: 'alike', manifest: { ...Object(manifest), assets: [] } })
  return { twin, scenario: String(published.id) }
}

test('what a retired twin made does not come back to production by a roll back of what superseded it', async () => {
  const { twin, scenario } = await twinLike('to-be-retired')
  const [old, next] = [await service('retired-one'), await service('next-one', { channel: 'channel-of-retired-one' })]
  const first = await crossed(old, { artifact: (await sealedRun(h, { scenario, by: operator })).artifact })
  const second = await crossed(next)
  assert.equal((await rowOf('promotion', first))?.state, 'superseded')
  await (await signIn(h, 'admin')).act('twin:retire', { twin })
  const rolledBack = await deployer.act('promotion:roll-back', { promotion: second, reason: 'It was a mistake.' })
  assert.equal(rolledBack.channelNow, null)
  assert.equal((await rowOf('promotion', first))?.state, 'revoked')
  await refused(tokenOf(old), /^(unauthenticated|not_promoted)$/)
})

test('a service whose twin was retired while its owner was gone stays suspended for whoever takes it over', async () => {
  const { twin, scenario } = await twinLike('retired-meanwhile')
  const leaver = await newPerson(h, 'owner-of-two')
  const both = await service('of-two-promotions', { owner: leaver.id })
  await crossed({ ...both, channel: 'stays-crossed' })
  await crossed(both, { artifact: (await sealedRun(h, { scenario, by: operator })).artifact })
  const admin = await signIn(h, 'admin')
  await admin.act('person:offboard', { person: leaver.id })
  await admin.act('twin:retire', { twin })
  const owner = await signIn(h, 'owner')
  await admin.act('ownership:offer', { things: [both.service.id], to: owner.id, reason: 'Somebody has to.' })
  await owner.act('ownership:accept', { things: [both.service.id] })
  assert.equal((await rowOf('workload', both.service.id))?.state, 'suspended')
})

test('a service that nobody answers for while its channel goes back goes on no longer than the promotion that holds then', async () => {
  const leaver = await newPerson(h, 'owner-for-a-while')
  const short = await service('lives-two-days', { owner: leaver.id, days: 2 })
  const first = await crossed(short)
  const second = await crossed({ ...short, days: 300 })
  const admin = await signIn(h, 'admin')
  await admin.act('person:offboard', { person: leaver.id })
  await deployer.act('promotion:roll-back', { promotion: second, reason: 'It was a mistake.' })
  const owner = await signIn(h, 'owner')
  await admin.act('ownership:offer', { things: [short.service.id], to: owner.id, reason: 'Somebody has to.' })
  await owner.act('ownership:accept', { things: [short.service.id] })
  const [workload, promotion] = [await rowOf('workload', short.service.id), await rowOf('promotion', first)]
  assert.deepEqual([workload?.state, workload?.promotion_id, promotion?.state], ['active', first, 'crossed'])
  assert.deepEqual(workload?.expires_at, promotion?.expires_at)
})

test('a service that lives on by another promotion fetches nothing by the one that has ended', async () => {
  const living = await service('lives-on')
  const ended = await crossed(living)
  const other = await crossed({ ...living, channel: 'the-other-channel' })
  const pull = async (channel: string) => (await tokenOf(living)).act('artifact:pull', { channel: `${channel}@production` })
  assert.equal((await pull(living.channel)).promotion, ended)
  await asSuperuser(h.twinlock, async (client) => {
    await client.query(`set session_replication_role = 'replica'`) // or the store would ask for an entry
    await client.query(`update promotion set expires_at = now() - interval '1 second' where id = $1`, [ended])
  })
  await refused(pull(living.channel), 'not_promoted')
  assert.equal((await pull('the-other-channel')).promotion, other)
})

test('who owns the agent that wrote a scenario is a hand that made what came out of it, also after he handed the agent over', async () => {
  const key = workloadKey()
  const { environments, people } = h.starter
  const writer = await newPerson(h, 'owner-of-the-writer', 'reviewer')
  for (const role of ['deployer', 'exporter']) await grant(h, writer.id, role)
  const asked = {
    kind: 'agent',
    slug: 'writer',
    environment: environments.staging,
    owner: writer.id,
    clearance: 'confidential',
    jwk: key.jwk,
  }
  const made = await asSystem(h, 'starter')('workload:create', asked)
  await grant(h, String(made.id), 'author')
  const agent = await tokenFor(h, key, { spiffeId: String(made.spiffeId) }, environments.staging)
  const [like] = await rowsOf(h.twinlock, 'select twin_id, manifest from scenario where id = $1', [h.starter.scenario])
  const { id } = await agent.act('scenario:publish', { twin: like?.twin_id, slug: 'written', manifest: like?.manifest })
  const by = async (artifact: string, slug: string) => askToPromote(h.twinlock.door, operator.act, h.starter, artifact, await service(slug))
  const { artifact } = await sealedRun(h, { scenario: String(id) })
  const promotion = await by(artifact, 'as-the-owner')
  await refused(writer.act('promotion:approve', { promotion }), 'denied')
  await refused(writer.act('artifact:export', { artifact, file: 'report.md', reason: 'My agent wrote it.' }), 'denied')
  await writer.act('ownership:offer', { things: [made.id], to: people.owner, reason: 'It is yours.' })
  await (await signIn(h, 'owner')).act('ownership:accept', { things: [made.id] })
  await refused(writer.act('promotion:approve', { promotion: await by(artifact, 'handed-over') }), 'denied')
  await reviewer.act('promotion:approve', { promotion })
  await refused(writer.act('promotion:cross', { promotion }), 'denied')
})

test('a team takes over no channel, and ends no service, of a project that it has nothing to do with', async () => {
  const starter = asSystem(h, 'starter')
  const held = await service('of-another-project')
  const standing = await crossed(held)
  const project = String((await starter('project:create', { slug: 'team', name: 'A team', owner: h.starter.people.owner })).id)
  const { scenario } = await twinLike('of-the-team', project)
  const onProject = { scopeType: 'Project', scope: project }
  const [theirOperator, theirDeployer] = [
    await newPerson(h, 'team-operator', 'operator', onProject),
    await newPerson(h, 'team-deployer', 'deployer', onProject),
  ]
  const { artifact } = await sealedRun(h, { scenario, by: theirOperator })
  const over = await approved(await service('of-the-team', { channel: held.channel }), { artifact, by: theirOperator })
  const said = await refused(theirDeployer.act('promotion:cross', { promotion: over }), 'denied')
  assert.match(said.message, /promotion:roll-back/)
  const told = await theirDeployer.act('promotion:foresee', { promotion: over, step: 'cross' })
  assert.equal((told.you as { may: boolean }).may, false, 'and is told so before')
  assert.equal((await rowOf('promotion', standing))?.state, 'crossed')
  await tokenOf(held)
  const onTheirOwn = await approved(await service('their-own'), { artifact, by: theirOperator })
  await crossOver(h, theirDeployer, onTheirOwn)
  await crossOver(h, deployer, over)
  assert.equal((await rowOf('promotion', standing))?.state, 'superseded', 'who may end both carries one over the other')
})

test('what was approved by somebody who left before it crossed waits for somebody else', async () => {
  const leaver = await newPerson(h, 'reviewer-who-leaves', 'reviewer')
  const promotion = await approved(await service('approved-by-a-leaver'), { reviewed: leaver })
  await (await signIn(h, 'admin')).act('person:offboard', { person: leaver.id })
  await refused(deployer.act('promotion:cross', { promotion }), 'wrong_state')
  assert.equal((await rowOf('promotion', promotion))?.state, 'in_review')
  assert.equal((await reviewer.act('promotion:approve', { promotion })).state, 'approved')
  await crossOver(h, deployer, promotion)
})

test('who becomes an owner of what was approved carries it across no more, and who approved it becomes none', async () => {
  const { twin, scenario } = await twinLike('changes-hands')
  const promotion = await approved(await service('of-what-changes-hands'), {
    artifact: (await sealedRun(h, { scenario, by: operator })).artifact,
  })
  const owner = await signIn(h, 'owner')
  await owner.act('ownership:offer', { things: [twin], to: reviewer.id, reason: 'It is yours.' })
  await refused(reviewer.act('ownership:accept', { things: [twin] }), 'conflict')
  await owner.act('ownership:offer', { things: [twin], to: deployer.id, reason: 'Then yours.' })
  await deployer.act('ownership:accept', { things: [twin] })
  await refused(deployer.act('promotion:cross', { promotion }), 'denied')
})

test('a credential of production is given to no simulation; one that came to both at one moment, after the approval, stops the crossing', async () => {
  const promotion = await approved(await service('shares-a-credential'))
  const admin = await signIn(h, 'admin')
  const [both] = await rowsOf(
    h.twinlock,
    `select s.id as simulated, p.id as live, p.secret_id as secret from connection s join connection p on p.id = s.counterpart_id where s.slug = 'accounts-data'`,
  )
  const rotated = (value: unknown) => admin.act('connection:rotate', { connection: both?.simulated, value })
  const wrong = await refused(rotated(h.apiKeys[2]), 'conflict')
  assert.match(wrong.message, /^A connection of production has this credential/)
  const place = { environment: h.starter.environments.staging, slug: 'a-second-way', baseUrl: 'https://upstream.example', access: 'read' }
  const secret = { header: 'x-api-key', value: h.apiKeys[2] }
  const made = { ...place, secret, sensitivity: 'internal', owner: h.starter.people.owner }
  assert.equal((await refused(admin.act('connection:create', made), 'conflict')).notes.pointer, '/secret/value')
  await rotated('one-at-one-moment-0123456789')
  // Neither of two that are given at one moment sees the other: what that leaves, written as it would be.
  await rowsOf(
    h.twinlock,
    `update secret set fingerprint = (select s.fingerprint from secret s join connection c on c.secret_id = s.id where c.id = $1) where id = $2`,
    [both?.simulated, both?.secret],
  )
  const stopped = await refused(deployer.act('promotion:cross', { promotion }), 'gate_failed')
  assert.match(stopped.message, /no-shared-credentials/)
})
