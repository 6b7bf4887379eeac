// Law 5: when a revocation returns, nothing is admitted under it any more. Tried as a property, with a seed: requests race grant revocations, session ends,
// offboardings, suspensions and ends of runs, and PostgreSQL's own log says who came first; and with the two interleavings that matter, held still.
import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { after, before, test } from 'node:test'
import { sql } from 'kysely'
import type { Act } from '../../src/app/starter/people.ts'
import { type Digest, isCoded } from '../../src/kernel/index.ts'
import { type Attempt, admittedTo, logPosition, type Race, violations } from '../harness/admissions.ts'
import { asSuperuser, rowsOf } from '../harness/database.ts'
import { callAs, liveRun } from '../harness/live-run.ts'
import { type Seeded, seeded } from '../harness/seeded.ts'
import { asSystem, newPerson, refused, type SignedIn, signIn, tokenFor, until } from '../harness/signed-in.ts'
import { type Harness, openStarter, workloadKey } from '../harness/twinlock.ts'

/** Blobs in memory; a put can be held still, with a decision made and nothing recorded yet. */
const kept = new Map<string, Uint8Array>()
let hold: Promise<void> | undefined
let held: (() => void) | undefined
const blobs = {
  async put(bytes: Uint8Array): Promise<Digest> {
    const digest: Digest = `sha256:${createHash('sha256').update(bytes).digest('hex')}`
    kept.set(digest, bytes)
    held?.()
    await hold
    return digest
  },
  async get(digest: Digest): Promise<Uint8Array> {
    return kept.get(digest) ?? new Uint8Array()
  },
}
const upstream = {
  exchange: async () => ({ status: 200, headers: { 'content-type': 'application/json' }, body: new TextEncoder().encode('{}') }),
}

let h: Harness
let admin: SignedIn
before(async () => {
  h = await openStarter({ runsMax: 0, blobs, upstream })
  admin = await signIn(h, 'admin')
})
after(() => h.close())

/** A principal with something that can be taken away: how it uses it, and how it is taken. */
interface Subject {
  readonly principal: string
  use(): Promise<unknown>
  /** Takes it away and answers the id of the entry. */
  revoke(): Promise<unknown>
}

type Kind = 'grant' | 'session' | 'offboarding' | 'run' | 'pipeline'
let number = 0

const launches = (act: Act) => () => act('run:launch', { scenario: h.starter.scenario, environment: h.starter.environments.staging })

async function person(revoke: (who: SignedIn) => Promise<unknown>): Promise<Subject> {
  const who = await newPerson(h, `racer-${number++}`, 'operator')
  return { principal: who.id, use: launches(who.act), revoke: () => revoke(who) }
}

async function pipelineSubject(): Promise<Subject> {
  const key = workloadKey()
  const { environments, people } = h.starter
  const starter = asSystem(h, 'starter')
  const made = await starter('workload:create', {
    kind: 'pipeline',
    slug: `racer-${number++}`,
    environment: environments.staging,
    owner: people.operator,
    jwk: key.jwk,
  })
  await starter('grant:create', { principal: made.id, role: 'operator', reason: 'A test needs it.' })
  const token = await tokenFor(h, key, { spiffeId: String(made.spiffeId) }, environments.staging)
  return { principal: String(made.id), use: launches(token.act), revoke: () => admin.act('workload:suspend', { workload: made.id }) }
}

async function runSubject(): Promise<Subject> {
  const run = await liveRun(h)
  return {
    principal: run.id,
    use: () => run.call({ connection: 'accounts-data', path: '/accounts?limit=1' }),
    revoke: () => run.end('failed'),
  }
}

const grantOf = async (who: string) =>
  (await rowsOf(h.twinlock, 'select id from "grant" where principal_id = $1 and revoked_at is null', [who]))[0]?.id

const subjects: Record<Kind, () => Promise<Subject>> = {
  grant: () => person(async (who) => admin.act('grant:revoke', { grant: await grantOf(who.id), reason: 'A test takes it.' })),
  session: () => person((who) => who.act('session:end', {})),
  offboarding: () => person((who) => admin.act('person:offboard', { person: who.id })),
  run: runSubject,
  pipeline: pipelineSubject,
}

const takes = ['grant:revoke', 'session:end', 'person:offboard', 'run:end', 'workload:suspend']

/** The newest entry that took something away. */
async function newestRevocation(): Promise<string> {
  return String(
    (await rowsOf(h.twinlock, `select id from entry where action = any($1) and outcome = 'done' order by xact desc limit 1`, [takes]))[0]
      ?.id,
  )
}

const stopped = new Set(['denied', 'unauthenticated', 'token_revoked'])

/** Uses what it has, again and again, until it is refused for good after the revocation returned. */
async function useUntilStopped(subject: Subject, attempts: Attempt[], isRevoked: () => boolean): Promise<void> {
  for (;;) {
    const began = performance.now()
    const last = isRevoked()
    try {
      await subject.use()
      attempts.push({ began, ended: performance.now(), done: true })
    } catch (error) {
      if (!isCoded(error)) throw error
      attempts.push({ began, ended: performance.now(), done: false, code: error.code })
    }
    if (last) return
  }
}

async function race(subject: Subject, chance: Seeded): Promise<Race> {
  const attempts: Attempt[] = []
  let returned = Number.POSITIVE_INFINITY
  const users = Array.from({ length: 2 + chance.below(4) }, () =>
    useUntilStopped(subject, attempts, () => returned !== Number.POSITIVE_INFINITY),
  )
  const after = chance.below(6)
  await until('the race is on', async () => attempts.length >= after)
  const revokeBegan = performance.now()
  await subject.revoke()
  returned = performance.now()
  const committedThen = await admittedTo(h.twinlock, subject.principal)
  const revocation = await newestRevocation()
  await Promise.all(users)
  return { attempts, revokeBegan, revokeReturned: returned, revocation, committedThen }
}

const seed = 20_260_505

test(`law 5, revocation is exact for what we admit: no request is admitted after the revocation that it raced (seed ${seed})`, async () => {
  const chance = seeded(seed)
  const kinds: Kind[] = ['grant', 'session', 'offboarding', 'run', 'pipeline', 'grant', 'run', 'offboarding']
  let raced = 0
  let done = 0
  let late = 0
  for (const kind of kinds) {
    const subject = await subjects[kind]()
    const since = await logPosition(h.twinlock)
    const it = await race(subject, chance)
    assert.deepEqual(await violations(h.twinlock, since, subject.principal, it), [], `${kind}, seed ${seed}`)
    const afterwards = it.attempts.filter((one) => one.began >= it.revokeReturned)
    assert.ok(afterwards.length > 0, 'requests went on after the revocation')
    for (const one of afterwards) assert.ok(stopped.has(one.code ?? ''), `${kind}: ${one.code}`)
    raced += it.attempts.filter((one) => one.began < it.revokeReturned && one.ended > it.revokeBegan).length
    done += it.attempts.filter((one) => one.done).length
    late += afterwards.length
  }
  assert.ok(
    raced >= kinds.length && done > 0 && late > 0,
    `the races were races: ${raced} requests were under way, ${done} were done, ${late} came late`,
  )
})

test('law 5, revocation is exact for what we admit: the check itself sees an admission that goes around the counter', async () => {
  const who = await newPerson(h, 'control', 'operator')
  const since = await logPosition(h.twinlock)
  const revokeBegan = performance.now()
  await admin.act('grant:revoke', { grant: await grantOf(who.id), reason: 'A test takes it.' })
  const it = {
    attempts: [],
    revokeBegan,
    revokeReturned: performance.now(),
    revocation: await newestRevocation(),
    committedThen: await admittedTo(h.twinlock, who.id),
  }
  // A naive admitter: decided before, writes its entry now, and looks at no counter.
  await h.twinlock.outside.store.transact(h.starter.org, (tx) =>
    sql`insert into entry (org_id, id, at, action, outcome, actor_id, resource_id, body)
        values (${h.starter.org}, 'ent_naive', now(), 'run:launch', 'done', ${who.id}, '', '{}')`.execute(tx),
  )
  const found = await violations(h.twinlock, since, who.id, it)
  assert.equal(found.length, 2)
  assert.match(found.join('; '), /not committed when the revocation returned.*committed after the revocation/)
})

const asset = (slug: string) => ({
  project: h.starter.project,
  slug,
  mediaType: 'text/csv',
  sensitivity: 'internal',
  owner: h.starter.people.owner,
  content: 'YSxiCg==',
})

test('law 5, revocation is exact for what we admit: a request that was decided before, and is recorded after, is decided again and refused', async () => {
  const who = await newPerson(h, 'slow-author', 'author')
  const release = Promise.withResolvers<void>()
  const inside = Promise.withResolvers<void>()
  hold = release.promise
  held = inside.resolve
  const slow = who.act('asset:add', asset('too-late'))
  await inside.promise
  held = undefined
  // It was allowed, and is in the middle of its work. The revocation does not wait for it: nothing is admitted yet.
  await admin.act('grant:revoke', { grant: await grantOf(who.id), reason: 'A test takes it.' })
  hold = undefined
  release.resolve()
  await refused(slow, 'denied')
  assert.deepEqual(await rowsOf(h.twinlock, `select id from asset where slug = 'too-late'`), [], 'nothing of it was kept')
})

/** Holds admissions still between their record and their commit: what they write beside their entry waits for this lock. */
async function whileAdmissionsWait(
  work: (waiting: (kind: string) => Promise<void>, release: () => Promise<void>) => Promise<void>,
): Promise<void> {
  await asSuperuser(h.twinlock, async (client) => {
    // What waits here has its entry, and is about to commit.
    await client.query('create table if not exists gate ()')
    await client.query(`create or replace function pass_gate() returns trigger language plpgsql security definer as
      $$ begin perform from public.gate; return null; end $$`)
    await client.query('drop trigger if exists held on entry')
    await client.query(
      'create constraint trigger held after insert on entry deferrable initially deferred for each row execute function pass_gate()',
    )
    await client.query('begin')
    await client.query('lock table gate in access exclusive mode')
    const waiting = async (kind: string) => {
      await until(
        `somebody waits for a ${kind}`,
        async () => ((await client.query('select from pg_locks where not granted and locktype = $1', [kind])).rowCount ?? 0) > 0,
      )
    }
    await work(waiting, async () => void (await client.query('commit')))
    await client.query('drop trigger held on entry')
  })
}

test('law 5, revocation is exact for what we admit: a revocation waits for an admission that is recorded and not committed, and precedes the next', async () => {
  const who = await newPerson(h, 'early-operator', 'operator')
  const use = launches(who.act)
  const grant = await grantOf(who.id)
  await whileAdmissionsWait(async (waiting, release) => {
    const order: string[] = []
    const admission = use().then(() => order.push('admission'))
    await waiting('relation')
    const revocation = admin.act('grant:revoke', { grant, reason: 'A test takes it.' }).then(() => order.push('revocation'))
    await waiting('transactionid')
    assert.deepEqual(order, [], 'the revocation does not return while something decided under it is being admitted')
    await release()
    await Promise.all([admission, revocation])
    assert.deepEqual(order.toSorted(), ['admission', 'revocation'])
  })
  await refused(use(), 'denied')
})

test('law 5, revocation is exact for what we admit: the end of a run waits for a call of it that is recorded and not committed, and precedes the next', async () => {
  const run = await liveRun(h)
  await whileAdmissionsWait(async (waiting, release) => {
    let over = false
    const call = run.call({ connection: 'accounts-data', path: '/accounts?limit=1' })
    await waiting('relation')
    const end = run.end('failed').then(() => {
      over = true
    })
    await waiting('transactionid')
    assert.equal(over, false)
    await release()
    assert.equal((await call).status, 200)
    await end
  })
  await refused(run.call({ connection: 'accounts-data', path: '/accounts?limit=1' }), 'unauthenticated')
})

test('law 5, revocation is exact for what we admit: a suspended connection carries no call any more, of anybody', async () => {
  const run = await liveRun(h)
  const { environments, people } = h.starter
  const made = await asSystem(h, 'starter')('connection:create', {
    environment: environments.sandbox,
    slug: 'accounts-data',
    access: 'read',
    baseUrl: 'http://127.0.0.1:9',
    sensitivity: 'internal',
    owner: people.owner,
  })
  const scenario = h.starter.scenario
  await refused((await signIn(h, 'operator')).act('run:launch', { scenario, environment: environments.sandbox }), 'manifest_exceeds')
  assert.equal(
    (await run.call({ connection: 'accounts-data', path: '/accounts?limit=1' })).status,
    200,
    'one of another environment is not meant',
  )
  const [own] = await rowsOf(h.twinlock, `select id from connection where slug = 'accounts-data' and environment_id = $1`, [
    environments.staging,
  ])
  await admin.act('connection:suspend', { connection: made.id })
  assert.equal((await callAs(h, run.credential, { connection: 'accounts-data', path: '/accounts?limit=1' })).status, 200)
  await admin.act('connection:suspend', { connection: own?.id })
  await refused(run.call({ connection: 'accounts-data', path: '/accounts?limit=1' }), 'conflict')
})
