// One thing of each kind in an organization, and an input for every action that takes an id: what the attacks on other organizations try foreign ids in.
import { addPasskey } from '../harness/authenticator.ts'
import { rowsOf } from '../harness/database.ts'
import { fillDirectory } from '../harness/directory-acts.ts'
import { crossOver, inReview, type LiveRun, liveRun, sealedRun } from '../harness/live-run.ts'
import { asSystem, signIn } from '../harness/signed-in.ts'
import { baseUrl, type Harness, workloadKey } from '../harness/twinlock.ts'

/** One id of each kind, in one organization. */
export type Ids = Readonly<Record<string, string>>

/** Inputs by the names of their actions. */
export type Samples = Readonly<Record<string, () => Record<string, unknown>>>

/** Fills an organization with one thing of each kind, and names them. */
export async function oneOfEach(one: Harness): Promise<{ ids: Ids; live: LiveRun }> {
  const { project, people } = one.starter
  await asSystem(one, 'starter')('asset:add', {
    project,
    slug: 'readings',
    mediaType: 'text/csv',
    sensitivity: 'internal',
    owner: people.owner,
    content: 'YSxiCg==',
  })
  const { artifact } = await sealedRun(one)
  const { id } = await inReview(one, await signIn(one, 'operator'), artifact)
  await (await signIn(one, 'reviewer')).act('promotion:approve', { promotion: id })
  await crossOver(one, await signIn(one, 'deployer'), id)
  const admin = await signIn(one, 'admin')
  const policy = 'forbid(principal, action == Action::"run:launch", resource);'
  await admin.act('guardrail:create', { slug: 'samples', title: 'Samples', policy, reason: 'To be there.' })
  const group = await admin.act('group:create', { slug: 'samples', name: 'Samples', owner: people.owner })
  await admin.act('group:add', { group: group.id, member: people.auditor })
  const { directory } = await fillDirectory(one.twinlock.door, admin.act, people.owner, 'samples')
  const sso = await admin.act('sso:create', {
    slug: 'samples',
    name: 'Samples',
    issuer: 'http://127.0.0.1:9',
    clientId: 'c',
    secret: 'a secret',
  })
  const domain = await admin.act('domain:claim', { name: 'samples.example', sso: sso.id })
  const link = await admin.act('link:create', { name: 'Samples', reason: 'To be there.' })
  const gives = [{ role: 'observer' }]
  await admin.act('position:create', { slug: 'samples', title: 'Samples', gives, reason: 'To be there.' })
  const when = [{ attribute: 'department', oneOf: ['samples'] }]
  const mapping = await admin.act('mapping:create', { slug: 'samples', title: 'Samples', when, gives, reason: 'To be there.' })
  const bounds = { projects: [project], until: inAMonth(), reason: 'To be there.' }
  const engagement = await admin.act('engagement:create', { slug: 'samples', name: 'Samples', ...bounds })
  const visitor = { slug: 'visitor', name: 'Visitor', address: 'visitor@samples.example', role: 'auditor' }
  const guest = await admin.act('guest:invite', { ...visitor, ...bounds })
  const why = 'To be there, so that somebody elsewhere can look for it.'
  const request = await (await signIn(one, 'operator')).act('request:create', { role: 'author', minutes: 30, reason: why })
  const broken = await admin.act('grant:break-glass', { role: 'operator', scopeType: 'Project', scope: project, reason: why })
  const live = await liveRun(one)
  const launch = { scenario: one.starter.scenario, environment: one.starter.environments.staging, seeds: '1..2' }
  const batch = await (await signIn(one, 'operator')).act('batch:launch', launch)
  const first = async (table: string, where = 'true') =>
    String(
      (await rowsOf(one.twinlock, `select id from "${table}" where org_id = $1 and ${where} order by id limit 1`, [one.starter.org]))[0]
        ?.id,
    )
  const ids = {
    org: one.starter.org,
    prj: project,
    env: one.starter.environments.staging,
    twn: one.starter.twins.payments,
    scn: one.starter.scenario,
    ast: await first('asset'),
    con: await first('connection'),
    run: live.id,
    bat: String(batch.id),
    cal: await first('call'),
    art: artifact,
    prm: id,
    svc: one.starter.services.payments.id,
    pip: one.starter.pipeline.id,
    agt: 'agt_00000000000000000000000000',
    per: people.auditor,
    grp: String(group.id),
    grt: String(broken.id),
    req: String(request.id),
    ent: await first('entry'),
    ses: await first('session'),
    sso: String(sso.id),
    psk: (await addPasskey(admin.act, baseUrl)).id,
    dom: String(domain.id),
    lnk: String(link.id),
    dir: directory,
    map: String(mapping.id),
    eng: String(engagement.id),
    gst: String(guest.id),
    arc: String((await admin.act('archive:create', { reason: 'To be there.' })).id),
  }
  return { ids, live }
}

/** An end that guests and engagements may have. */
const inAMonth = () => new Date(Date.now() + 30 * 86_400_000).toISOString()

const termsOf = (own: Ids) => [{ role: 'observer', scopeType: 'Twin', scope: own.twn, environments: [own.env] }]

const digest = `sha256:${'0'.repeat(64)}`

/** An input for each action that takes an id; the ids in it are one's own. An action that is missing here fails the first test of other-organizations. */
export const samplesOf = (h: Harness, own: Ids): Samples => ({
  'person:show': () => ({ person: own.per }),
  'person:change': () => ({ person: own.per, name: 'Sample', reason: 'To see.' }),
  'person:change-address': () => ({ person: own.per, email: 'sample@elsewhere.example', reason: 'To see.' }),
  'person:link': () => ({ person: own.per }),
  'person:offboard': () => ({ person: own.per }),
  'person:leaving': () => ({ person: own.per }),
  'person:erase': () => ({ person: own.per, reason: 'To see.' }),
  'person:hand-over': () => ({ from: h.starter.people.owner, to: own.per, reason: 'To see.' }),
  'ownership:offer': () => ({ things: [own.twn], to: own.per, reason: 'To see.' }),
  'ownership:withdraw': () => ({ things: [own.twn], reason: 'To see.' }),
  'ownership:accept': () => ({ things: [own.twn] }),
  'ownership:decline': () => ({ things: [own.twn], reason: 'To see.' }),
  'ownership:set-fallback': () => ({ project: own.prj, group: own.grp, reason: 'To see.' }),
  'person:break-glass': () => ({ person: own.per, reason: 'To see.' }),
  'person:sessions': () => ({ person: own.per }),
  'session:revoke': () => ({ session: own.ses }),
  'person:passkeys': () => ({ person: own.per }),
  'passkey:rename': () => ({ passkey: own.psk, name: 'Sample' }),
  'passkey:remove': () => ({ passkey: own.psk }),
  'passkey:suspend': () => ({ passkey: own.psk, counter: 1, known: 2 }),
  'sso:show': () => ({ sso: own.sso }),
  'sso:change': () => ({ sso: own.sso, name: 'Sample' }),
  'sso:retire': () => ({ sso: own.sso }),
  'sso:test': () => ({ sso: own.sso }),
  'sso:try': () => ({ sso: own.sso }),
  'sso:link': () => ({ sso: own.sso, subject: 'sample', emailVerified: false }),
  'sso:sign-out': () => ({ sso: own.sso, token: 'sample', subject: 'sample' }),
  'link:show': () => ({ link: own.lnk }),
  'link:revoke': () => ({ link: own.lnk, reason: 'To see.' }),
  'link:accept': () => ({ link: own.lnk, seen: digest, reason: 'To see.' }),
  'domain:list': () => ({ sso: own.sso }),
  'domain:claim': () => ({ name: 'sample.example', sso: own.sso }),
  'domain:verify': () => ({ domain: own.dom }),
  'domain:release': () => ({ domain: own.dom }),
  'grant:create': () => ({
    principal: own.per,
    role: 'observer',
    scopeType: 'Twin',
    scope: own.twn,
    environments: [own.env],
    untilBatch: own.bat,
    untilEngagement: own.eng,
    reason: 'To see.',
  }),
  'example:add': () => ({
    slug: 'sample',
    guardrail: 'samples',
    principal: own.per,
    on: { type: 'Twin', id: own.twn },
    action: 'run:launch',
    expected: 'denied',
  }),
  'group:create': () => ({ slug: 'sample', name: 'Sample', owner: own.per }),
  'group:show': () => ({ group: own.grp }),
  'group:members': () => ({ group: own.grp }),
  'group:add': () => ({ group: own.grp, member: own.per }),
  'group:remove': () => ({ group: own.grp, member: own.per }),
  'mapping:create': () => ({ slug: 'sample', title: 'Sample', group: own.grp, gives: termsOf(own), reason: 'To see.' }),
  'mapping:preview': () => ({
    mapping: own.map,
    when: [{ attribute: 'title', oneOf: ['sample'] }],
    directory: own.dir,
    gives: termsOf(own),
  }),
  'mapping:show': () => ({ mapping: own.map }),
  'mapping:change': () => ({ mapping: own.map, group: own.grp, gives: termsOf(own), reason: 'To see.' }),
  'mapping:retire': () => ({ mapping: own.map, reason: 'To see.' }),
  'position:create': () => ({ slug: 'sample', title: 'Sample', gives: termsOf(own), reason: 'To see.' }),
  'position:preview': () => ({ position: 'samples', gives: termsOf(own) }),
  'position:change': () => ({ position: 'samples', gives: termsOf(own), reason: 'To see.' }),
  'guest:invite': () => ({
    slug: 'sample',
    name: 'Sample',
    address: 'sample@samples.example',
    role: 'observer',
    projects: [own.prj],
    environments: [own.env],
    until: inAMonth(),
    sponsor: own.per,
    engagement: own.eng,
    reason: 'To see.',
  }),
  'guest:accept': () => ({ guest: own.gst }),
  'guest:extend': () => ({ guest: own.gst, until: inAMonth(), reason: 'To see.' }),
  'guest:sponsor': () => ({ guest: own.gst, sponsor: own.per, reason: 'To see.' }),
  'guest:show': () => ({ guest: own.gst }),
  'guest:end': () => ({ guest: own.gst, reason: 'To see.' }),
  'guest:lapse': () => ({ guest: own.gst }),
  'engagement:create': () => ({
    slug: 'sample',
    name: 'Sample',
    sponsor: own.per,
    projects: [own.prj],
    until: inAMonth(),
    reason: 'To see.',
  }),
  'engagement:show': () => ({ engagement: own.eng }),
  'engagement:add': () => ({ engagement: own.eng, member: own.svc }),
  'engagement:confirm': () => ({ engagement: own.eng, reason: 'To see.' }),
  'engagement:suspend': () => ({ engagement: own.eng, reason: 'To see.' }),
  'engagement:sponsor': () => ({ engagement: own.eng, sponsor: own.per, reason: 'To see.' }),
  'engagement:extend': () => ({ engagement: own.eng, until: inAMonth(), reason: 'To see.' }),
  'engagement:end': () => ({ engagement: own.eng, reason: 'To see.' }),
  'engagement:lapse': () => ({ engagement: own.eng }),
  'archive:fetch': () => ({ archive: own.arc }),
  'archive:delete': () => ({ archive: own.arc }),
  'directory:create': () => ({ slug: 'sample', name: 'Sample', owner: own.per }),
  'directory:show': () => ({ directory: own.dir }),
  'directory:rotate-token': () => ({ directory: own.dir }),
  'directory:retire': () => ({ directory: own.dir }),
  'directory:deliveries': () => ({ directory: own.dir }),
  'directory:reconcile': () => ({ directory: own.dir }),
  'grant:preview': () => ({ principal: own.per, role: 'observer', scopeType: 'Project', scope: own.prj, reason: 'To see.' }),
  'access:explain': () => ({ principal: own.per, action: 'person:list' }),
  'access:whatif': () => ({ change: { kind: 'join', group: own.grp, member: own.per } }),
  'access:paths': () => ({ target: own.twn }),
  'access:blast': () => ({ of: own.per }),
  'grant:show': () => ({ grant: own.grt }),
  'grant:revoke': () => ({ grant: own.grt, reason: 'To see.' }),
  'grant:break-glass': () => ({
    role: 'observer',
    scopeType: 'Twin',
    scope: own.twn,
    environments: [own.env],
    reason: 'To see what somebody elsewhere is told of it.',
  }),
  'grant:review': () => ({ grant: own.grt, verdict: 'justified', reason: 'To see.' }),
  'request:create': () => ({ role: 'observer', scopeType: 'Twin', scope: own.twn, environments: [own.env], reason: 'To see.' }),
  'request:preview': () => ({ role: 'observer', scopeType: 'Twin', scope: own.twn, environments: [own.env] }),
  'request:show': () => ({ request: own.req }),
  'request:approve': () => ({ request: own.req, reason: 'To see.' }),
  'request:deny': () => ({ request: own.req, reason: 'To see.' }),
  'request:withdraw': () => ({ request: own.req }),
  'request:expire': () => ({ request: own.req }),
  'workload:create': () => ({ kind: 'agent', slug: 'sample', environment: own.env, owner: own.per, jwk: workloadKey().jwk }),
  'workload:rotate': () => ({ workload: own.svc, jwk: workloadKey().jwk }),
  'workload:show': () => ({ workload: own.svc }),
  'workload:suspend': () => ({ workload: own.svc }),
  'project:create': () => ({ slug: 'sample', name: 'Sample', owner: own.per }),
  'project:show': () => ({ project: own.prj }),
  'environment:create': () => ({ slug: 'sample', class: 'sandbox', owner: own.per }),
  'twin:create': () => ({ project: own.prj, slug: 'sample', kind: 'process', program: 'payments', owner: own.per, sensitivity: 'public' }),
  'twin:show': () => ({ twin: own.twn }),
  'twin:retire': () => ({ twin: own.twn }),
  'asset:add': () => ({ project: own.prj, slug: 'sample', mediaType: 'text/csv', sensitivity: 'public', owner: own.per, content: 'YQ==' }),
  'asset:list': () => ({ project: own.prj }),
  'asset:show': () => ({ asset: own.ast }),
  'asset:read': () => ({ asset: own.ast }),
  'asset:use': () => ({ asset: own.ast }),
  'connection:create': () => ({
    environment: own.env,
    slug: 'sample',
    access: 'read',
    baseUrl: 'http://127.0.0.1:9',
    sensitivity: 'public',
    owner: own.per,
    counterpart: own.con,
  }),
  'connection:suspend': () => ({ connection: own.con }),
  'connection:resume': () => ({ connection: own.con }),
  'connection:rotate': () => ({ connection: own.con, value: 'sample-next-0123456789' }),
  'scenario:publish': () => ({ twin: own.twn, slug: 'sample', manifest: { assets: [{ name: 'input', asset: own.ast }] } }),
  'scenario:list': () => ({ twin: own.twn }),
  'scenario:preview': () => ({ scenario: own.scn, environment: own.env }),
  'scenario:show': () => ({ scenario: own.scn }),
  'run:launch': () => ({ scenario: own.scn, environment: own.env }),
  'batch:launch': () => ({ scenario: own.scn, environment: own.env, runs: [{ scenario: own.scn, seed: 1 }] }),
  'batch:show': () => ({ batch: own.bat }),
  'batch:end': () => ({ batch: own.bat, reason: 'To see.' }),
  'run:show': () => ({ run: own.run }),
  'run:read': () => ({ run: own.run }),
  'run:tape': () => ({ run: own.run }),
  'run:cancel': () => ({ run: own.run, reason: 'To see.' }),
  'run:freeze': () => ({ run: own.run, reason: 'To see.', minutes: 5 }),
  'run:thaw': () => ({ run: own.run, reason: 'To see.' }),
  'run:outputs': () => ({ run: own.run }),
  'run:output': () => ({ run: own.run, path: 'report.md' }),
  'run:watch': () => ({ run: own.run, place: { calls: 0, outputs: 0 } }),
  'run:follow': () => ({ run: own.run, place: { calls: 0, outputs: 0 } }),
  'run:mark': () => ({ run: own.run }),
  'key:rotate': () => ({ purpose: 'identity', environment: own.env }),
  'run:abandon': () => ({ run: own.run }),
  'run:credential': () => ({ run: own.run, audience: 'https://elsewhere.example' }),
  'run:claim': () => ({ run: own.run, worker: 'sample' }),
  'run:begin': () => ({ run: own.run, worker: 'sample', cell: {} }),
  'run:heartbeat': () => ({ run: own.run, worker: 'sample', done: 0, total: 0, note: '' }),
  'run:end': () => ({ run: own.run, cause: 'exit_code' }),
  'run:close': () => ({ run: own.run, closed: { admissionMs: 0, cellMs: 0, tokens: 0, callsUnknown: 0 } }),
  'artifact:write': () => ({ run: own.run, name: 'sample', mediaType: 'text/plain', digest }),
  'artifact:seal': () => ({ run: own.run }),
  'artifact:show': () => ({ artifact: own.art }),
  'artifact:read': () => ({ artifact: own.art, file: 'report.md' }),
  'artifact:export': () => ({ artifact: own.art, file: 'report.md', reason: 'To see.' }),
  'promotion:request': () => ({ artifact: own.art, environment: h.starter.environments.production, service: own.svc, channel: 'sample' }),
  'promotion:show': () => ({ promotion: own.prm }),
  'promotion:deciders': () => ({ promotion: own.prm }),
  'promotion:foresee': () => ({ promotion: own.prm, step: 'cross' }),
  'promotion:check': () => ({ promotion: own.prm }),
  'promotion:prove-key': () => ({ promotion: own.prm, nonce: 'a-nonce-of-nobody' }),
  'promotion:approve': () => ({ promotion: own.prm }),
  'promotion:reject': () => ({ promotion: own.prm }),
  'promotion:cross': () => ({ promotion: own.prm }),
  'promotion:complete': () => ({ promotion: own.prm }),
  'promotion:roll-back': () => ({ promotion: own.prm, reason: 'To see.' }),
  'ledger:trace': () => ({ id: own.art }),
  'ledger:receipt': () => ({ entry: own.ent }),
  'ledger:show': () => ({ entry: own.ent }),
})

/** Ids that no schema calls one, and what becomes of a foreign one: it matches nothing, as an unknown one does. */
export const alsoTakesIds = (own: Ids): Samples => ({
  'call:settle': () => ({ call: own.cal, status: 200, code: null, responseDigest: null, responseBytes: null, durationMs: 0, redacted: 0 }),
})

/** Filters of lists that are ids: a list that is filtered by a foreign one is as empty as one that is filtered by an unknown one. */
export const filtersOf = (own: Ids): Samples => ({
  'twin:list': () => ({ project: own.prj, twin: own.twn, owner: own.per }),
  'environment:list': () => ({ project: own.prj, twin: own.twn }),
  'ownership:list': () => ({ person: own.per, offeredTo: own.per }),
  'run:list': () => ({ twin: own.twn, project: own.prj, batch: own.bat, environment: own.env, operator: own.per }),
  'batch:list': () => ({ twin: own.twn, project: own.prj }),
  'grant:list': () => ({ principal: own.per }),
  'person:list': () => ({ group: own.grp }),
  'artifact:list': () => ({ twin: own.twn, project: own.prj, run: own.run, environment: own.env }),
  'promotion:list': () => ({ twin: own.twn, project: own.prj, artifact: own.art, run: own.run, environment: own.env }),
  'ledger:list': () => ({ resource: own.art, principal: own.per, environment: own.env }),
})

const anId = /^([a-z]{3})_[0-9a-z]{26}$/

/** Each id of an input replaced, one at a time, by what `other` says for its kind; one input for each. */
export function replacing(value: unknown, other: (kind: string) => string | undefined): unknown[] {
  if (typeof value === 'string') {
    const kind = anId.exec(value)?.[1]
    const found = kind === undefined ? undefined : other(kind)
    return found === undefined ? [] : [found]
  }
  if (Array.isArray(value)) return value.flatMap((item, at) => replacing(item, other).map((changed) => value.with(at, changed)))
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([name, member]) => replacing(member, other).map((changed) => ({ ...value, [name]: changed })))
}

/** An id that never was. */
export const unknown = (kind: string) => `${kind}_${'z'.repeat(26)}`
