// What clients do about people and organizations that come and go while the server dies: what they know afterwards to be gone, they write down as dead.
import type { Credential } from '../../src/app/index.ts'
import { tokenEndpoint } from '../../src/app/index.ts'
import { systemRandom } from '../../src/host/crypto/system-ports.ts'
import { isCoded, newId } from '../../src/kernel/index.ts'
import { actWith, asPart, at, sessionOf, textAt } from '../harness/acting.ts'
import { fillDirectory } from '../harness/directory-acts.ts'
import { baseUrl, workloadKey } from '../harness/twinlock.ts'
import { as, clockOf, type Deed, freshSlug, type Life, starterPart } from './life.ts'

export async function newPerson(life: Life): Promise<{ person: string; credential: Credential; link: Credential; grant: string }> {
  const act = starterPart(life)
  const slug = freshSlug(life, 'p')
  const person = textAt(await act('person:create', { slug, name: 'Some Body', email: `${slug}@people.example` }), 'id')
  const grant = textAt(await act('grant:create', { principal: person, role: 'observer', reason: 'To be taken away.' }), 'id')
  const link = { kind: 'link', token: textAt(await act('person:link', { person }), 'token') } as const
  const token = textAt(await actWith(life.door, link)('session:create'), 'token')
  return { person, grant, link, credential: { kind: 'session', token } }
}

export const offboards: Deed = async (life) => {
  const { person, credential, link } = await newPerson(life)
  life.ground.dead.push({ what: `the used link of ${person}`, credential: link })
  const admin = await as(life, 'admin')
  await admin('person:change', { person, clearance: 'public', reason: 'It is soon over.' })
  await admin('person:change-address', { person, email: `${freshSlug(life, 'a')}@people.example`, reason: 'It is soon over.' })
  await admin('person:offboard', { person })
  life.ground.dead.push({ what: `the session of ${person}, who left`, credential })
}

export const signsOut: Deed = async (life) => {
  const { person, credential, grant } = await newPerson(life)
  await (await as(life, 'admin'))('grant:revoke', { grant, reason: 'No longer needed.' })
  await actWith(life.door, credential)('session:end')
  life.ground.dead.push({ what: `the ended session of ${person}`, credential })
}

export const suspends: Deed = async (life) => {
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
  await actWith(door, { kind: 'token', token: textAt(issued, 'accessToken') })('workload:rotate', {
    workload: made.id,
    jwk: workloadKey().jwk,
  })
  await (await as(life, 'admin'))('workload:suspend', { workload: made.id })
  ground.dead.push({
    what: `a token of ${String(made.id)}, suspended`,
    credential: { kind: 'token', token: textAt(issued, 'accessToken') },
  })
}

/** Somebody without any credential knocks; what is counted of that is recorded some seconds later. */
export const knocks: Deed = async (life) => {
  const stranger = actWith(life.door, { kind: 'session', token: `tws_${life.ground.org}.${'a'.repeat(43)}` })
  await stranger('session:show').catch((error: unknown) => {
    if (!isCoded(error)) throw error
  })
  await life.victim.dead
}

export const founds: Deed = async (life) => {
  const org = newId('org', { clock: clockOf(life.ground), random: systemRandom })
  await asPart(life.door, org, 'starter')('organization:create', { slug: freshSlug(life, 'o'), name: 'Another' })
}

export const directories: Deed = async (life) => {
  const admin = await as(life, 'admin')
  const { directory, token } = await fillDirectory(life.door, admin, life.ground.starter.people.owner, freshSlug(life, 'i'))
  await admin('directory:retire', { directory })
  // Lines of long ago, put there past the product: ids sort by when they were made.
  await life.ground.rows(
    `begin; set local session_replication_role = replica; update directory_delivery set id = 'dlv_0' || right(id, 25) where directory_id = '${directory}'; commit`,
  )
  await asPart(life.door, life.ground.org, 'reaper')('directory:prune')
  life.ground.dead.push({ what: `the token of ${directory}, retired`, credential: { kind: 'directory', token } })
}

export const signsInThroughProvider: Deed = async (life) => {
  const admin = await as(life, 'admin')
  const [slug, reason] = [freshSlug(life, 'p'), 'A deed needs it.']
  const issuer = 'http://127.0.0.1:9'
  const sso = textAt(
    await admin('sso:create', { slug, name: 'Provider', issuer, clientId: slug, secret: 'a secret of it', provisions: true }),
    'id',
  )
  const domain = textAt(await admin('domain:claim', { name: `${slug}.example`, sso }), 'id')
  await admin('domain:verify', { domain })
  await life.ground.rows(
    `begin; set local session_replication_role = replica; update domain set checked_at = now() - interval '2 days' where id = '${domain}'; commit`,
  )
  await asPart(life.door, life.ground.org, 'reaper')('domain:recheck')
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

export const setsUpByLink: Deed = async (life) => {
  const admin = await as(life, 'admin')
  const [slug, reason] = [freshSlug(life, 'l'), 'A deed needs it.']
  const made = await admin('link:create', { name: slug, reason })
  const credential = { kind: 'admin_link', token: textAt(made, 'token') } as const
  await actWith(life.door, credential)('directory:create', { slug, name: slug })
  const link = textAt(made, 'id')
  const seen = at(await admin('link:show', { link }), 'waiting', 'seen')
  if (life.ground.random.once(2)) await admin('link:accept', { link, seen, reason })
  else await admin('link:revoke', { link, reason })
  life.ground.dead.push({ what: `the admin link ${link}, which has ended`, credential })
}

export const handsOver: Deed = async (life) => {
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
export const dissolves: Deed = async (life) => {
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
