// What controls something takes two reviewers, and both approve the same version: an approval of what was there before does not count for what is there now.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { rowsOf } from '../harness/database.ts'
import { inReview, proveKey, sealedRun } from '../harness/live-run.ts'
import { asSystem, newPerson, refused, signIn } from '../harness/signed-in.ts'
import { type Harness, openStarter } from '../harness/twinlock.ts'

let h: Harness
before(async () => {
  h = await openStarter({ runsMax: 0 })
})
after(() => h.close())

/** A preproduction environment in which the payments API is a connection that controls something. */
async function controlling(): Promise<string> {
  const starter = asSystem(h, 'starter')
  const { people } = h.starter
  const environment = String((await starter('environment:create', { slug: 'rehearsal', class: 'preproduction', owner: people.owner })).id)
  const counterpart = async (slug: string) => (await rowsOf(h.twinlock, 'select id from connection where slug = $1', [slug]))[0]?.id
  const { staging } = h.upstreams
  await starter('connection:create', {
    environment,
    slug: 'accounts-data',
    access: 'read',
    baseUrl: staging.accounts.url,
    sensitivity: 'internal',
    owner: people.owner,
    counterpart: await counterpart('accounts-data-production'),
  })
  await starter('connection:create', {
    environment,
    slug: 'payments-api',
    access: 'control',
    baseUrl: staging.payments.url,
    sensitivity: 'internal',
    owner: people.owner,
    counterpart: await counterpart('payments-api-production'),
  })
  await starter('grant:create', { principal: people.operator, role: 'operator', environments: [environment], reason: 'A test needs it.' })
  return environment
}

test('an approval of an earlier version is none of this one: both reviewers approve what they see', async () => {
  const operator = await signIn(h, 'operator')
  const [first, second] = [await signIn(h, 'reviewer'), await newPerson(h, 'second-reviewer', 'reviewer')]
  const { artifact } = await sealedRun(h, { by: operator, environment: await controlling() })
  const asked = await inReview(h, operator, artifact)
  assert.equal((asked.checked.approvals as { needed: number }).needed, 2)
  assert.equal(asked.checked.state, 'in_review', JSON.stringify(asked.checked.checks))
  assert.equal((await first.act('promotion:approve', { promotion: asked.id })).state, 'in_review')
  await refused(first.act('promotion:approve', { promotion: asked.id }), 'conflict')
  await proveKey(h, asked)
  const { state } = await second.act('promotion:approve', { promotion: asked.id })
  assert.equal(state, 'in_review', 'one of the two approved another version')
})
