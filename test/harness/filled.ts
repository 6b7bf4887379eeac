// An organization that has something of everything: rows in each table that holds what is somebody's.
import type { Act } from './acting.ts'
import { addPasskey } from './authenticator.ts'
import { rowsOf } from './database.ts'
import { fillDirectory } from './directory-acts.ts'
import { crossOver, inReview, liveRun, sealedRun } from './live-run.ts'
import { asSystem, newPerson, signIn } from './signed-in.ts'
import { baseUrl, type Harness } from './twinlock.ts'

/** Leaves rows in every table of an organization. */
export async function fill(one: Harness): Promise<void> {
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
  await liveRun(one)
  const launch = { scenario: one.starter.scenario, environment: one.starter.environments.staging, seeds: '1' }
  await (await signIn(one, 'operator')).act('batch:launch', launch)
  const admin = await signIn(one, 'admin')
  await admin.act('conflict:declare', { slug: 'apart', one: ['author'], other: ['exporter'], reason: 'A test needs it.' })
  const guardrail = 'samples'
  const policy = 'forbid(principal, action == Action::"run:launch", resource);'
  await admin.act('guardrail:create', { slug: guardrail, title: 'Samples', policy, reason: 'A test needs it.' })
  await admin.act('example:add', { slug: 'samples', guardrail, action: 'run:launch', expected: 'denied' })
  await admin.act('role:create', { slug: 'samples', title: 'Samples', actions: ['twin:list'], reason: 'A test needs it.' })
  await fillRequests(one, admin.act)
  const group = await admin.act('group:create', { slug: 'samples', name: 'Samples', owner: people.owner })
  await admin.act('group:add', { group: group.id, member: people.auditor })
  await fillDirectory(one.twinlock.door, admin.act, people.owner, 'provider')
  await fillSignIn(one, admin.act)
  await fillGuests(one, admin.act, String(group.id))
  await fillOwnership(one, String(group.id))
}

async function fillGuests(one: Harness, admin: Act, group: string): Promise<void> {
  const reason = 'A test needs it.'
  const until = new Date(Date.now() + 30 * 86_400_000).toISOString()
  const projects = [one.starter.project]
  await admin('position:create', { slug: 'samples', title: 'Samples', gives: [{ role: 'observer' }], reason })
  await admin('mapping:create', { slug: 'samples', title: 'Samples', group, position: 'samples', reason })
  const engagement = await admin('engagement:create', { slug: 'samples', name: 'Samples', projects, until, reason })
  const visitor = { slug: 'visitor', name: 'Visitor', address: 'visitor@filled.example', role: 'observer', projects, until, reason }
  await admin('guest:invite', { ...visitor, engagement: engagement.id })
}

async function fillOwnership(one: Harness, group: string): Promise<void> {
  const { project, people } = one.starter
  const reason = 'A test needs it.'
  const admin = await signIn(one, 'admin')
  await admin.act('ownership:set-fallback', { project, group, reason })
  await admin.act('archive:create', { reason })
  const made = async (slug: string) => {
    const person = await asSystem(one, 'starter')('person:create', { slug, name: slug, email: `${slug}@filled.example` })
    return String(person.id)
  }
  const leaver = await made('left')
  const twin = { project, slug: 'left-behind', kind: 'process', program: 'payments', sensitivity: 'internal' }
  const orphan = await asSystem(one, 'starter')('twin:create', { ...twin, owner: leaver })
  const handed = await asSystem(one, 'starter')('twin:create', { ...twin, slug: 'handed-over', owner: leaver })
  await admin.act('ownership:offer', { things: [handed.id], to: people.auditor, reason })
  await (await signIn(one, 'auditor')).act('ownership:accept', { things: [handed.id] })
  await admin.act('person:offboard', { person: leaver })
  await admin.act('ownership:offer', { things: [orphan.id], to: people.owner, reason })
  const sessions = [{ role: 'auditor', idleMinutes: 60, absoluteMinutes: 480 }]
  await admin.act('organization:change-settings', { sessions, deletionGraceDays: 30, reason })
  const { slug } = (await admin.act('organization:settings', {})).organization as { slug: string } // the action's schema has checked it
  await admin.act('organization:delete', { slug, reason })
}

/** A request that one has approved and that waits for a second, and a use of break-glass that was reviewed. */
async function fillRequests(one: Harness, admin: Act): Promise<void> {
  const reason = 'A test needs it, and nobody is asked.'
  const { id: request } = await (await signIn(one, 'operator')).act('request:create', { role: 'author', reason })
  await admin('request:approve', { request, reason })
  const { id: grant } = await admin('grant:break-glass', { role: 'operator', reason })
  await (await newPerson(one, 'second-admin', 'admin')).act('grant:review', { grant, verdict: 'justified', reason })
}

async function fillSignIn(one: Harness, admin: Act): Promise<void> {
  const credential = { clientId: 'c', secret: 'a secret' }
  const { id: sso } = await admin('sso:create', {
    slug: 'corp',
    name: 'Corp',
    issuer: 'http://127.0.0.1:9',
    provisions: true,
    ...credential,
  })
  const name = `${one.starter.org.slice(4).replace(/^[0-9]/, 'x')}.example`
  await admin('link:create', { name: 'Whoever sets it up', reason: 'To be there.' })
  const { id: domain } = await admin('domain:claim', { name, sso })
  await admin('domain:verify', { domain })
  const signIn = asSystem(one, 'sign-in')
  await signIn('sso:link', { sso, subject: 'somebody', email: `somebody@${name}`, emailVerified: true })
  await signIn('sso:sign-out', { sso, token: 'once', subject: 'somebody' })
  await admin('organization:step-up', { minutes: 480 })
  await addPasskey(admin, baseUrl)
  await admin('person:recovery-codes')
}

/** DNS of a world in which every domain proves whoever claims it. */
export async function provingRecords(h: Harness): Promise<string[]> {
  const rows = await rowsOf(h.twinlock, 'select token from domain')
  return rows.map(({ token }) => `twinlock-domain-verification=${String(token)}`)
}
