// What controls something, or is restricted, takes two reviewers, and both approve the same version: an approval of what was there before does not count for what is there now.
// Whoever moves a promotion at the same moment as another neither loses his own step nor undoes the other's.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { asSuperuser, connectionOf, rowsOf, withConnection } from '../harness/database.ts'
import { inReview, proveKey, requestPromotion, sealedRun } from '../harness/live-run.ts'
import { asSystem, newPerson, refused, signIn, until } from '../harness/signed-in.ts'
import { type Harness, openStarter } from '../harness/twinlock.ts'

let h: Harness
let controlled: string
before(async () => {
  h = await openStarter({ runsMax: 0 })
  controlled = await controlling()
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
  const { artifact } = await sealedRun(h, { by: operator, environment: controlled })
  const asked = await inReview(h, operator, artifact)
  assert.equal((asked.checked.approvals as { needed: number }).needed, 2)
  assert.equal(asked.checked.state, 'in_review', JSON.stringify(asked.checked.checks))
  assert.equal((await first.act('promotion:approve', { promotion: asked.id })).state, 'in_review')
  await refused(first.act('promotion:approve', { promotion: asked.id }), 'conflict')
  await proveKey(h, asked)
  const { state } = await second.act('promotion:approve', { promotion: asked.id })
  assert.equal(state, 'in_review', 'one of the two approved another version')
})

test('what is restricted takes two reviewers, however little its run controlled', async () => {
  const operator = await newPerson(h, 'cleared-operator', 'operator')
  const { artifact } = await sealedRun(h)
  await asSuperuser(h.twinlock, async (client) => {
    await client.query(`set session_replication_role = 'replica'`) // or the store would ask for an entry
    await client.query(`update artifact set sensitivity = 'restricted' where id = $1`, [artifact])
  })
  const { id } = await requestPromotion(h, operator, artifact)
  const [row] = await rowsOf(h.twinlock, 'select approvals_needed from promotion where id = $1', [id])
  assert.equal(row?.approvals_needed, 2)
})

/** Starts works that all move one promotion, lets them go on only once each has come as far as its row, and answers how each ended. */
async function atOnce(promotion: string, works: readonly (() => Promise<unknown>)[]): Promise<PromiseSettledResult<unknown>[]> {
  return withConnection(await connectionOf(h.twinlock), async (client) => {
    await client.query('begin')
    await client.query('select from promotion where id = $1 for update', [promotion])
    const running = works.map((work) => work())
    await until('each of them waits for the row', async () => {
      const waiting = await rowsOf(
        h.twinlock,
        `select pid from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`,
      )
      return waiting.length >= works.length
    })
    await client.query('commit')
    return Promise.allSettled(running)
  })
}

const stateOf = async (promotion: string) => (await rowsOf(h.twinlock, 'select state from promotion where id = $1', [promotion]))[0]?.state

test('two reviewers who approve at the same moment have both approved: the promotion does not stay in review', async () => {
  const operator = await signIn(h, 'operator')
  const [first, second] = [await newPerson(h, 'quick-reviewer', 'reviewer'), await newPerson(h, 'as-quick-reviewer', 'reviewer')]
  const { artifact } = await sealedRun(h, { by: operator, environment: controlled })
  const { id } = await inReview(h, operator, artifact)
  const ended = await atOnce(
    id,
    [first, second].map((one) => () => one.act('promotion:approve', { promotion: id })),
  )
  assert.deepEqual(
    ended.map(({ status }) => status),
    ['fulfilled', 'fulfilled'],
  )
  assert.equal(await stateOf(id), 'approved')
})

test('a check that races with the last approval does not undo it', async () => {
  const [operator, reviewer] = [await signIn(h, 'operator'), await signIn(h, 'reviewer')]
  const { artifact } = await sealedRun(h)
  const { id } = await inReview(h, operator, artifact)
  const [approved] = await atOnce(id, [
    () => reviewer.act('promotion:approve', { promotion: id }),
    () => asSystem(h, 'gate')('promotion:check', { promotion: id }),
  ])
  assert.equal(approved?.status, 'fulfilled')
  assert.equal(await stateOf(id), 'approved')
})

test('of an approval and a rejection at the same moment one counts, and the other is told', async () => {
  const [operator, reviewer, other] = [
    await signIn(h, 'operator'),
    await signIn(h, 'reviewer'),
    await newPerson(h, 'no-reviewer', 'reviewer'),
  ]
  const { artifact } = await sealedRun(h)
  const { id } = await inReview(h, operator, artifact)
  const ended = await atOnce(id, [
    () => reviewer.act('promotion:approve', { promotion: id }),
    () => other.act('promotion:reject', { promotion: id }),
  ])
  assert.deepEqual(ended.map(({ status }) => status).sort(), ['fulfilled', 'rejected'])
  assert.equal(await stateOf(id), ended[0]?.status === 'fulfilled' ? 'approved' : 'rejected')
})
