// What clients do while the server dies: the main job, its ends and detours, as the people, workloads and parts whose business each is. Every deed can be
// cut off anywhere; what it knows afterwards to be gone, it writes down as dead.
import type { Credential } from '../../src/app/index.ts'
import { tokenEndpoint } from '../../src/app/index.ts'
import { systemRandom } from '../../src/host/crypto/system-ports.ts'
import { isCoded, newId } from '../../src/kernel/index.ts'
import { actWith, asPart, at, sessionOf, textAt } from '../harness/acting.ts'
import { fillDirectory } from '../harness/directory-acts.ts'
import { askToPromote } from '../harness/promoting.ts'
import { baseUrl, manifestOf, workloadKey } from '../harness/twinlock.ts'
import { maps, visits } from './deeds-people.ts'
import { addsPasskeys, connectsSaml } from './deeds-sign-in.ts'
import { as, clockOf, type Deed, freshSlug, type Life, launch, oneOf, seenToItsEnd, starterPart, workloadToken } from './life.ts'

async function sealedArtifact(life: Life): Promise<string> {
  const query = `select a.id from artifact a where a.org_id = $1 and not exists (select from promotion p where p.artifact_id = a.id) and exists
    (select from run r where r.id = a.run_id and r.outcome = 'succeeded')`
  const there = await oneOf(life, query)
  if (there !== undefined) return there
  await runs(life)
  return (await oneOf(life, query)) ?? sealedArtifact(life)
}

const runs: Deed = async (life) => {
  const { run } = await launch(life)
  await seenToItsEnd(life, run)
}

const cancels: Deed = async (life) => {
  const { run } = await launch(life)
  await (await as(life, 'operator'))('run:cancel', { run, reason: 'Somebody thought better of it.' })
  life.ground.dead.push({
    what: `the channel of ${run}, cancelled`,
    credential: { kind: 'channel', org: life.ground.org, run: run as never, epoch: 0 },
  })
}

const abandons: Deed = async (life) => {
  const { run, pipeline } = await launch(life)
  await pipeline('run:abandon', { run })
  life.ground.dead.push({
    what: `the channel of ${run}, abandoned`,
    credential: { kind: 'channel', org: life.ground.org, run: run as never, epoch: 0 },
  })
}

async function asksToPromote(life: Life): Promise<string> {
  const { starter, keys } = life.ground
  const to = { service: starter.services.payments, key: keys.payments, channel: 'payments' }
  return askToPromote(life.door, await as(life, 'operator'), starter, await sealedArtifact(life), to)
}

async function approved(life: Life): Promise<string> {
  const there = await oneOf(life, `select id from promotion where org_id = $1 and state = 'approved'`)
  if (there !== undefined) return there
  const promotion = await asksToPromote(life)
  await (await as(life, 'reviewer'))('promotion:approve', { promotion })
  return promotion
}

const crosses: Deed = async (life) => {
  await (await as(life, 'deployer'))('promotion:cross', { promotion: await approved(life) })
}

const rejects: Deed = async (life) => {
  const promotion = await asksToPromote(life)
  await (await as(life, 'reviewer'))('promotion:reject', { promotion })
}

const crossedQuery = `select id from promotion where org_id = $1 and state = 'crossed'`

async function crossed(life: Life): Promise<string> {
  const there = await oneOf(life, crossedQuery)
  if (there !== undefined) return there
  await crosses(life)
  return (await oneOf(life, crossedQuery)) ?? crossed(life)
}

const pulls: Deed = async (life) => {
  await crossed(life)
  const credential = await workloadToken(life, 'payments')
  await actWith(life.door, credential)('artifact:pull', { channel: 'payments@production' })
}

const rollsBack: Deed = async (life) => {
  const promotion = await crossed(life)
  const credential = await workloadToken(life, 'payments')
  await (await as(life, 'deployer'))('promotion:roll-back', { promotion, reason: 'It was not what it seemed.' })
  life.ground.dead.push({ what: `a token of the service before ${promotion} was rolled back`, credential })
}

async function newPerson(life: Life): Promise<{ person: string; credential: Credential; link: Credential; grant: string }> {
  const act = starterPart(life)
  const slug = freshSlug(life, 'p')
  const person = textAt(await act('person:create', { slug, name: 'Some Body', email: `${slug}@people.example` }), 'id')
  const grant = textAt(await act('grant:create', { principal: person, role: 'observer', reason: 'To be taken away.' }), 'id')
  const link = { kind: 'link', token: textAt(await act('person:link', { person }), 'token') } as const
  const token = textAt(await actWith(life.door, link)('session:create'), 'token')
  return { person, grant, link, credential: { kind: 'session', token } }
}

const offboards: Deed = async (life) => {
  const { person, credential, link } = await newPerson(life)
  life.ground.dead.push({ what: `the used link of ${person}`, credential: link })
  const admin = await as(life, 'admin')
  await admin('person:change', { person, clearance: 'public', reason: 'It is soon over.' })
  await admin('person:offboard', { person })
  life.ground.dead.push({ what: `the session of ${person}, who left`, credential })
}

const signsOut: Deed = async (life) => {
  const { person, credential, grant } = await newPerson(life)
  await (await as(life, 'admin'))('grant:revoke', { grant, reason: 'No longer needed.' })
  await actWith(life.door, credential)('session:end')
  life.ground.dead.push({ what: `the ended session of ${person}`, credential })
}

const suspends: Deed = async (life) => {
  const { ground, door } = life
  const { environments, people, project } = ground.starter
  const key = workloadKey(() => Date.now() + ground.offsetMs)
  const input = { kind: 'pipeline', slug: freshSlug(life, 'w'), environment: environments.staging, owner: people.operator, jwk: key.jwk }
  const made = await starterPart(life)('workload:create', input)
  await starterPart(life)('grant:create', {
    principal: made.id,
    role: 'operator',
    scopeType: 'Project',
    scope: project,
    reason: 'To launch.',
  })
  const audience = tokenEndpoint(baseUrl, ground.org, environments.staging)
  const token = await key.assertion(audience, textAt(made, 'spiffeId'))
  const issued = await actWith(door, { kind: 'assertion', token, org: ground.org, audience })('token:issue')
  await (await as(life, 'admin'))('workload:suspend', { workload: made.id })
  ground.dead.push({
    what: `a token of ${String(made.id)}, suspended`,
    credential: { kind: 'token', token: textAt(issued, 'accessToken') },
  })
}

const builds: Deed = async (life) => {
  const act = starterPart(life)
  const { people } = life.ground.starter
  const owner = people.owner
  const environment = textAt(await act('environment:create', { slug: freshSlug(life, 'e'), class: 'sandbox', owner }), 'id')
  const project = textAt(await act('project:create', { slug: freshSlug(life, 'j'), name: 'A project', owner }), 'id')
  const content = Buffer.from('a,b\n1,2\n').toString('base64')
  await act('asset:add', { project, slug: 'table', mediaType: 'text/csv', sensitivity: 'internal', owner, content })
  const twin = { project, slug: freshSlug(life, 't'), kind: 'process', program: 'payments', owner, sensitivity: 'internal' }
  const made = await act('twin:create', twin)
  const author = await as(life, 'author')
  const scenario = await author('scenario:publish', { twin: made.id, slug: 'settle', manifest: manifestOf('payments') })
  await author('scenario:show', { scenario: scenario.id })
  const at = { slug: freshSlug(life, 'c'), access: 'read', baseUrl: 'http://127.0.0.1:2901', sensitivity: 'internal', owner, environment }
  const connection = await act('connection:create', { ...at, secret: { header: 'x-key', value: 'sandbox-key-0123456789' } })
  await (await as(life, 'admin'))('connection:suspend', { connection: connection.id })
  await author('twin:retire', { twin: made.id })
}

const looks: Deed = async (life) => {
  const artifact = await sealedArtifact(life)
  const run = String((await life.ground.rows('select run_id from artifact where id = $1', [artifact]))[0]?.run_id)
  const operator = await as(life, 'operator')
  await operator('run:read', { run })
  await operator('run:tape', { run })
  await operator('artifact:show', { artifact })
  await operator('artifact:read', { artifact, file: 'report.md' })
  await operator('twin:show', { twin: life.ground.starter.twins.payments })
  const place = { calls: 0, open: [], outputs: 0 }
  await operator('run:watch', { run, place })
  await operator('run:follow', { run, place })
  const auditor = await as(life, 'auditor')
  await auditor('ledger:list', {})
  await auditor('access:paths', { target: artifact })
  await auditor('access:blast', { of: life.ground.starter.people.operator })
  await auditor('artifact:export', { artifact, file: 'report.md', reason: 'Somebody outside wants it.' })
  await auditor('ledger:trace', { id: run })
  await auditor('ledger:export', { limit: 10 })
  const [entry] = await life.ground.rows('select id from entry where org_id = $1 and seq = 0', [life.ground.org])
  await auditor('ledger:receipt', { entry: entry?.id })
  await auditor('ledger:show', { entry: entry?.id })
  await auditor('ledger:tile', { level: 0, index: 0, width: 1 })
  await (await as(life, 'reviewer'))('promotion:show', { promotion: await approved(life) })
}

/** Somebody without any credential knocks; what is counted of that is recorded some seconds later. */
const knocks: Deed = async (life) => {
  const stranger = actWith(life.door, { kind: 'session', token: `tws_${life.ground.org}.${'a'.repeat(43)}` })
  await stranger('session:show').catch((error: unknown) => {
    if (!isCoded(error)) throw error
  })
  await life.victim.dead
}

const founds: Deed = async (life) => {
  const org = newId('org', { clock: clockOf(life.ground), random: systemRandom })
  await asPart(life.door, org, 'starter')('organization:create', { slug: freshSlug(life, 'o'), name: 'Another' })
}

const freezes: Deed = async (life) => {
  const { run } = await launch(life)
  const operator = await as(life, 'operator')
  const reason = 'Somebody wants to look first.'
  await operator('run:freeze', { run, minutes: 5, reason })
  await operator('run:thaw', { run, reason })
}

const groups: Deed = async (life) => {
  const act = await as(life, 'admin')
  const { owner, operator: member } = life.ground.starter.people
  const group = textAt(await act('group:create', { slug: freshSlug(life, 'g'), name: 'Some of them', owner }), 'id')
  await act('group:add', { group, member })
  await act('group:remove', { group, member })
  const [slug, reason] = [freshSlug(life, 'd'), 'Nobody shall hold both.']
  // Two duties that nobody of the starter is about to be given.
  await act('conflict:declare', { slug, one: ['author'], other: ['exporter'], reason })
  await act('conflict:end', { slug, reason })
}

const rules: Deed = async (life) => {
  const act = await as(life, 'admin')
  const [guardrail, role, reason] = [freshSlug(life, 'k'), freshSlug(life, 'l'), 'It holds for nobody here.']
  const policy = 'forbid(principal, action == Action::"project:create", resource);'
  await act('guardrail:create', { slug: guardrail, title: 'No projects', policy, environmentClasses: ['production'], reason })
  const example = { guardrail, holds: ['admin'], action: 'project:create', environmentClass: 'production' }
  await act('example:add', { ...example, slug: guardrail, expected: 'denied' })
  await act('guardrail:activate', { guardrail, reason })
  await act('guardrail:change', { guardrail, title: 'Still none', reason })
  await act('example:remove', { example: guardrail, reason })
  await act('guardrail:retire', { guardrail, reason })
  await act('role:create', { slug: role, title: 'Looks', actions: ['twin:list', 'run:list'], reason })
  await act('role:change', { role, actions: ['twin:list'], reason })
  await act('role:retire', { role, reason })
}

/** Requests that come to each of their ends, and a glass that is broken and reviewed. */
const asks: Deed = async (life) => {
  const { person, credential } = await newPerson(life)
  const [asker, admin, other] = [actWith(life.door, credential), await as(life, 'admin'), await newPerson(life)]
  const reason = 'Somebody wants to look for a while.'
  await starterPart(life)('grant:create', { principal: other.person, role: 'admin', reason })
  const second = actWith(life.door, other.credential)
  const environments = [life.ground.starter.environments.production]
  const ask = async () => textAt(await asker('request:create', { role: 'auditor', environments, minutes: 5, reason }), 'id')
  const approved = await ask()
  await admin('request:approve', { request: approved, reason })
  await second('request:approve', { request: approved, reason })
  await admin('request:deny', { request: await ask(), reason })
  await asker('request:withdraw', { request: await ask() })
  // Nobody waits for it here: that time has passed is put there by hand.
  await life.ground.rows(
    `set session_replication_role = replica; update access_request set expires_at = created_at where id = '${await ask()}'; reset session_replication_role`,
  )
  const reaper = asPart(life.door, life.ground.org, 'reaper')
  const { requests } = await reaper('request:overdue')
  for (const request of Array.isArray(requests) ? requests : []) await reaper('request:expire', { request })
  const { id: grant } = await second('grant:break-glass', { role: 'auditor', minutes: 1, reason })
  await admin('grant:review', { grant, verdict: 'not_justified', reason })
  await admin('person:offboard', { person })
}

const foresees: Deed = async (life) => {
  const { scenario, environments } = life.ground.starter
  const artifact = await sealedArtifact(life)
  const run = String((await life.ground.rows('select run_id from artifact where id = $1', [artifact]))[0]?.run_id)
  const operator = await as(life, 'operator')
  await operator('scenario:preview', { scenario, environment: environments.staging })
  await operator('run:outputs', { run })
  await operator('run:output', { run, path: 'report.md' })
  const promotion = await approved(life)
  await operator('promotion:deciders', { promotion })
  await (await as(life, 'deployer'))('promotion:foresee', { promotion, step: 'cross' })
}

const rotates: Deed = async (life) => {
  const admin = await as(life, 'admin')
  const environment = life.ground.starter.environments.sandbox
  const purpose = life.ground.random.pick(['identity', 'provenance', 'checkpoint'] as const)
  const { retiring } = await admin('key:rotate', purpose === 'checkpoint' ? { purpose } : { purpose, environment })
  await asPart(life.door, life.ground.org, 'sealer')('key:rewrap')
  // The log's keys stay, so that every checkpoint of the round can be verified by one that is known.
  if (purpose !== 'checkpoint') await admin('key:retire', { key: at(retiring, 0) })
}

const directories: Deed = async (life) => {
  const admin = await as(life, 'admin')
  const { directory, token } = await fillDirectory(life.door, admin, life.ground.starter.people.owner, freshSlug(life, 'i'))
  await admin('directory:retire', { directory })
  life.ground.dead.push({ what: `the token of ${directory}, retired`, credential: { kind: 'directory', token } })
}

const signsInThroughProvider: Deed = async (life) => {
  const admin = await as(life, 'admin')
  const [slug, reason] = [freshSlug(life, 'p'), 'A deed needs it.']
  const issuer = 'http://127.0.0.1:9'
  const sso = textAt(
    await admin('sso:create', { slug, name: 'Provider', issuer, clientId: slug, secret: 'a secret of it', provisions: true }),
    'id',
  )
  const domain = textAt(await admin('domain:claim', { name: `${slug}.example`, sso }), 'id')
  await admin('domain:verify', { domain })
  const signIn = asPart(life.door, life.ground.org, 'sign-in')
  const newcomer = { subject: slug, email: `new@${slug}.example`, emailVerified: true }
  const person = textAt(await signIn('sso:link', { sso, ...newcomer }), 'person')
  await signIn('sso:sign-out', { sso, token: slug, subject: slug })
  const link = textAt(await admin('person:break-glass', { person, reason }), 'token')
  const session = textAt(await actWith(life.door, { kind: 'link', token: link })('session:create'), 'id')
  await admin('session:revoke', { session })
  await admin('organization:step-up', { minutes: 480 })
  await admin('organization:require-sso', { required: false, reason })
  await admin('sso:change', { sso, provisions: false })
  await admin('domain:release', { domain })
  await admin('sso:retire', { sso })
}

const setsUpByLink: Deed = async (life) => {
  const admin = await as(life, 'admin')
  const [slug, reason] = [freshSlug(life, 'l'), 'A deed needs it.']
  const made = await admin('link:create', { name: slug, reason })
  const credential = { kind: 'admin_link', token: textAt(made, 'token') } as const
  await actWith(life.door, credential)('directory:create', { slug, name: slug })
  const link = textAt(made, 'id')
  if (life.ground.random.once(2)) await admin('link:accept', { link, reason })
  else await admin('link:revoke', { link, reason })
  life.ground.dead.push({ what: `the admin link ${link}, which has ended`, credential })
}

const handsOver: Deed = async (life) => {
  const { ground } = life
  const [reason, admin, act] = ['A deed needs it.', await as(life, 'admin'), starterPart(life)]
  const { people, project } = ground.starter
  const [{ person: leaver }, { person: heir, credential }] = [await newPerson(life), await newPerson(life)]
  const heirs = actWith(life.door, credential)
  const twin = { project, kind: 'process', program: 'payments', sensitivity: 'internal', owner: leaver }
  const made = async () => textAt(await act('twin:create', { ...twin, slug: freshSlug(life, 'h') }), 'id')
  const things = [await made()]
  const left = await made()
  await admin('ownership:offer', { things, to: heir, reason })
  await admin('ownership:withdraw', { things, reason })
  await admin('person:hand-over', { from: leaver, to: heir, reason })
  await heirs('ownership:decline', { things, reason })
  await admin('person:offboard', { person: leaver })
  await admin('ownership:offer', { things, to: heir, reason })
  await heirs('ownership:accept', { things })
  await admin('ownership:offer', { things, to: people.owner, reason })
  const group = textAt(await admin('group:create', { slug: freshSlug(life, 'f'), name: 'Stand-ins', owner: people.owner }), 'id')
  await admin('ownership:set-fallback', { project, group, reason })
  await (await as(life, 'author'))('twin:retire', { twin: left })
  await asPart(life.door, ground.org, 'reaper')('ownership:sweep')
  await admin('person:erase', { person: leaver, reason })
}

/** An organization from its first day to its last. What is acknowledged in it is gone with it, so nothing of it is noted. */
const dissolves: Deed = async (life) => {
  const { door } = life.victim
  const [org, slug, reason] = [
    newId('org', { clock: clockOf(life.ground), random: systemRandom }),
    freshSlug(life, 'x'),
    'A deed needs it.',
  ]
  const act = asPart(door, org, 'starter')
  await act('organization:create', { slug, name: 'Not for long' })
  const administrator = async (name: string) => {
    const person = textAt(await act('person:create', { slug: name, name, email: `${name}@${slug}.example`, clearance: 'restricted' }), 'id')
    await act('grant:create', { principal: person, role: 'admin', reason })
    return actWith(door, await sessionOf(door, org, person))
  }
  const [one, other] = [await administrator('one'), await administrator('other')]
  await one('organization:change-settings', { deletionGraceDays: 7, reason })
  await one('organization:export', {})
  for (const end of ['deleted', 'over']) {
    const made = textAt(await one('archive:create', { reason }), 'id')
    await one('archive:fetch', { archive: made })
    if (end === 'deleted') await other('archive:delete', { archive: made })
  }
  await life.ground.rows(
    `begin; set local session_replication_role = replica; update archive set expires_at = now() - interval '1 day' where org_id = '${org}'; commit`,
  )
  await asPart(door, org, 'reaper')('archive:expire')
  await one('organization:delete', { slug, reason })
  await other('organization:confirm-deletion', { slug, reason })
  await one('organization:keep', { reason })
  await one('organization:delete', { slug, reason })
  await other('organization:confirm-deletion', { slug, reason })
  await life.ground.rows(
    `begin; set local session_replication_role = replica; update organization_deletion set due_at = now() - interval '1 day' where org_id = '${org}'; commit`,
  )
  await asPart(door, org, 'reaper')('organization:destroy')
}

/** Every deed, with the actions whose steps it passes. */
export const deeds: readonly { readonly deed: Deed; readonly actions: readonly string[] }[] = [
  {
    deed: runs,
    actions: [
      'token:issue',
      'run:launch',
      'run:claim',
      'run:begin',
      'run:heartbeat',
      'run:credential',
      'connection:call',
      'call:settle',
      'artifact:write',
      'run:end',
      'call:abandon',
      'artifact:seal',
      'run:close',
      'sequencer',
      'cell',
      'broker',
    ],
  },
  { deed: cancels, actions: ['run:cancel', 'run:heartbeat'] },
  { deed: abandons, actions: ['run:abandon', 'run:heartbeat'] },
  {
    deed: crosses,
    actions: ['promotion:request', 'promotion:prove-key', 'promotion:check', 'promotion:approve', 'promotion:cross', 'promotion:complete'],
  },
  { deed: rejects, actions: ['promotion:reject'] },
  { deed: pulls, actions: ['artifact:pull'] },
  { deed: rollsBack, actions: ['promotion:roll-back'] },
  { deed: offboards, actions: ['person:create', 'person:change', 'person:link', 'person:offboard', 'session:create', 'grant:create'] },
  {
    deed: signsInThroughProvider,
    actions: [
      'sso:create',
      'sso:change',
      'sso:retire',
      'sso:link',
      'sso:sign-out',
      'domain:claim',
      'domain:verify',
      'domain:release',
      'person:break-glass',
      'session:revoke',
      'organization:step-up',
      'organization:require-sso',
    ],
  },
  { deed: setsUpByLink, actions: ['link:create', 'link:accept', 'link:revoke', 'directory:create'] },
  {
    deed: handsOver,
    actions: [
      'ownership:offer',
      'ownership:withdraw',
      'ownership:decline',
      'ownership:accept',
      'ownership:set-fallback',
      'ownership:sweep',
      'person:hand-over',
      'person:erase',
    ],
  },
  {
    deed: dissolves,
    actions: [
      'organization:change-settings',
      'organization:export',
      'archive:create',
      'archive:fetch',
      'archive:delete',
      'archive:expire',
      'organization:delete',
      'organization:confirm-deletion',
      'organization:keep',
      'organization:destroy',
    ],
  },
  { deed: connectsSaml, actions: ['sso:create-saml', 'sso:change', 'sso:retire'] },
  { deed: addsPasskeys, actions: ['passkey:add', 'passkey:rename', 'passkey:suspend', 'passkey:remove', 'person:recovery-codes'] },
  { deed: signsOut, actions: ['grant:revoke', 'session:end'] },
  { deed: suspends, actions: ['workload:create', 'workload:suspend'] },
  {
    deed: builds,
    actions: [
      'environment:create',
      'project:create',
      'asset:add',
      'twin:create',
      'scenario:publish',
      'scenario:show',
      'connection:create',
      'connection:suspend',
      'twin:retire',
    ],
  },
  {
    deed: looks,
    actions: [
      'run:read',
      'run:tape',
      'run:watch',
      'run:follow',
      'twin:show',
      'ledger:list',
      'access:paths',
      'access:blast',
      'ledger:show',
      'artifact:show',
      'artifact:read',
      'artifact:export',
      'ledger:trace',
      'ledger:export',
      'ledger:receipt',
      'ledger:tile',
      'promotion:show',
    ],
  },
  { deed: rotates, actions: ['key:rotate', 'key:retire', 'key:rewrap'] },
  { deed: freezes, actions: ['run:freeze', 'run:thaw'] },
  {
    deed: maps,
    actions: ['position:create', 'position:change', 'position:retire', 'mapping:create', 'mapping:change', 'mapping:retire'],
  },
  {
    deed: visits,
    actions: [
      'guest:invite',
      'guest:accept',
      'guest:extend',
      'guest:sponsor',
      'guest:end',
      'guest:lapse',
      'engagement:create',
      'engagement:add',
      'engagement:confirm',
      'engagement:extend',
      'engagement:suspend',
      'engagement:sponsor',
      'engagement:end',
      'engagement:lapse',
    ],
  },
  { deed: groups, actions: ['group:create', 'group:add', 'group:remove', 'conflict:declare', 'conflict:end'] },
  {
    deed: rules,
    actions: [
      'guardrail:create',
      'guardrail:activate',
      'guardrail:change',
      'guardrail:retire',
      'example:add',
      'example:remove',
      'role:create',
      'role:change',
      'role:retire',
    ],
  },
  {
    deed: asks,
    actions: [
      'request:create',
      'request:approve',
      'request:deny',
      'request:withdraw',
      'request:expire',
      'grant:break-glass',
      'grant:review',
    ],
  },
  { deed: foresees, actions: ['scenario:preview', 'run:outputs', 'run:output', 'promotion:deciders', 'promotion:foresee'] },
  { deed: knocks, actions: ['session:refusals'] },
  { deed: founds, actions: ['organization:create'] },
  {
    deed: directories,
    actions: [
      'directory:create',
      'directory:rotate-token',
      'directory:retire',
      'directory:create-user',
      'directory:replace-user',
      'directory:patch-user',
      'directory:remove-user',
      'directory:create-group',
      'directory:replace-group',
      'directory:patch-group',
      'directory:remove-group',
    ],
  },
]
