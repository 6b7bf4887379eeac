// Two who change the same thing at the same moment: one of them does it, the other learns that it was done. And whoever ends everything that somebody
// holds ends also what was being given to him at that moment. Each race is held still where it is decided: the row that orders admissions is locked from
// outside until both wait in line, in the order that the test chose, and then let go. Nothing here depends on who is faster.
import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import pg from 'pg'
import { isCoded } from '../../src/kernel/index.ts'
import { textAt } from '../harness/acting.ts'
import { connectionOf, rowsOf } from '../harness/database.ts'
import { inReview, launch, liveRun, sealedRun } from '../harness/live-run.ts'
import { asSystem, grant, newPerson, type SignedIn, signIn, tokenFor, until } from '../harness/signed-in.ts'
import { type Harness, openStarter, workloadKey } from '../harness/twinlock.ts'

let h: Harness
let admin: SignedIn
let operator: SignedIn
let owner: pg.Client
let ownerPid = 0
/** Looks on from outside of the transaction that holds the row: within one, PostgreSQL shows the connections that there were at the first look. */
let onlooker: pg.Client
let offsetMs = 0
before(async () => {
  const clock = { now: () => Date.now() + offsetMs, monotonic: () => performance.now() }
  h = await openStarter({ runsMax: 0, clock, upstream: { exchange: async () => ({ status: 200, headers: {}, body: new Uint8Array() }) } })
  admin = await signIn(h, 'admin')
  operator = await signIn(h, 'operator')
  const connection = await connectionOf(h.twinlock)
  owner = new pg.Client(connection)
  onlooker = new pg.Client(connection)
  await owner.connect()
  await onlooker.connect()
  ownerPid = Number((await owner.query('select pg_backend_pid() as pid')).rows[0].pid)
})
after(async () => {
  await owner.end()
  await onlooker.end()
  await h.close()
})

/** Whether so many wait for the row that `owner` holds, each behind the other; whoever waits for something else for a moment is none of them. */
const waiting = async (number: number): Promise<boolean> => {
  const { rows } = await onlooker.query(
    `with recursive line (pid) as (
       select $1::int
       union select a.pid from pg_stat_activity a join line on line.pid = any(pg_blocking_pids(a.pid))
       where a.datname = current_database() and a.wait_event_type = 'Lock'
     ) select count(*) - 1 as n from line`,
    [ownerPid],
  )
  return Number(rows[0].n) >= number
}

/** Runs two acts that both have made up their mind before either is recorded; `first` is first in line. Answers what became of each: `done`, or a code. */
async function race(first: () => Promise<unknown>, second: () => Promise<unknown>): Promise<[string, string]> {
  const became = (work: Promise<unknown>) =>
    work.then(
      () => 'done',
      (error: unknown) => (isCoded(error) ? error.code : String(error)),
    )
  await owner.query('begin')
  await owner.query('select from takeaway where org_id = $1 for update', [h.starter.org])
  let one: Promise<string>
  let other: Promise<string>
  try {
    one = became(first())
    await until('the first waits in line', () => waiting(1))
    other = became(second())
    await until('both wait in line', () => waiting(2))
  } finally {
    await owner.query('commit')
  }
  return [await one, await other]
}

const covered = 'select 1 from numbered_entry e join checkpoint k on k.org_id = e.org_id and k.size > e.seq where e.id = $1 limit 1'
let number = 0
const fresh = (what: string) => `${what}-${number++}`

async function pipelineOf(person: string): Promise<SignedIn> {
  const key = workloadKey()
  const { environments } = h.starter
  const input = { kind: 'pipeline', slug: fresh('racer'), environment: environments.staging, owner: person, jwk: key.jwk }
  const made = await asSystem(h, 'starter')('workload:create', input)
  await grant(h, String(made.id), 'operator')
  return { ...(await tokenFor(h, key, { spiffeId: String(made.spiffeId) }, environments.staging)), id: String(made.id) }
}

describe('of two who do the same at the same moment, one does it', () => {
  const doneOf = async (action: string, resource: string): Promise<number> =>
    (await rowsOf(h.twinlock, `select 1 from entry where action = $1 and resource_id = $2 and outcome = 'done'`, [action, resource])).length

  it('where the outcome of a call is recorded', async () => {
    const run = await liveRun(h)
    const { call } = await run.act('connection:call', {
      connection: 'accounts-data',
      method: 'GET',
      path: '/accounts?limit=2',
      requestDigest: `sha256:${'0'.repeat(64)}`,
    })
    const settle = (status: number) => () =>
      asSystem(h, 'broker')('call:settle', {
        call,
        status,
        code: null,
        responseDigest: null,
        responseBytes: null,
        durationMs: 1,
        redacted: 0,
      })
    assert.deepEqual(await race(settle(200), settle(500)), ['done', 'conflict'])
    assert.deepEqual(await rowsOf(h.twinlock, 'select status from call where id = $1', [call]), [{ status: 200 }])
    assert.equal(await doneOf('call:settle', String(call)), 1)
    await run.end('failed')
  })

  it('where a conflict of duties ends', async () => {
    const slug = fresh('apart')
    await admin.act('conflict:declare', { slug, one: ['author'], other: ['auditor'], reason: 'A test needs it.' })
    const end = () => admin.act('conflict:end', { slug, reason: 'A test needs it.' })
    assert.deepEqual(await race(end, end), ['done', 'conflict'])
  })

  it('where a grant is taken away', async () => {
    const given = await grant(h, (await newPerson(h, fresh('person'))).id, 'observer')
    const revoke = () => admin.act('grant:revoke', { grant: given, reason: 'A test needs it.' })
    assert.deepEqual(await race(revoke, revoke), ['done', 'conflict'])
  })

  it('where the token of a directory is rotated: both are given one, and one has no end', async () => {
    const made = await admin.act('directory:create', { slug: fresh('directory'), name: 'Directory', owner: h.starter.people.owner })
    const rotate = () => admin.act('directory:rotate-token', { directory: made.directory })
    assert.deepEqual(await race(rotate, rotate), ['done', 'done'])
    const endless = await rowsOf(h.twinlock, 'select 1 from directory_token where directory_id = $1 and ends_at is null', [made.directory])
    assert.equal(endless.length, 1)
  })

  it('where a promotion is approved, rejected and approved again', async () => {
    const { artifact } = await sealedRun(h)
    const { id: promotion } = await inReview(h, operator, artifact)
    const [one, other] = [await newPerson(h, fresh('reviewer'), 'reviewer'), await newPerson(h, fresh('reviewer'), 'reviewer')]
    const [approved, rejected] = await race(
      () => one.act('promotion:approve', { promotion }),
      () => other.act('promotion:reject', { promotion, reason: 'A test needs it.' }),
    )
    assert.deepEqual([approved, rejected], ['done', 'wrong_state'])
    assert.deepEqual(await rowsOf(h.twinlock, 'select state from promotion where id = $1', [promotion]), [{ state: 'approved' }])
  })

  it('where a crossing takes effect: both are answered that it has, and it is recorded once', async () => {
    const { id: deployer } = await signIn(h, 'deployer')
    const { artifact } = await sealedRun(h)
    const { id: promotion } = await inReview(h, operator, artifact)
    await (await newPerson(h, fresh('reviewer'), 'reviewer')).act('promotion:approve', { promotion })
    // The moment at which the decision is in a checkpoint and has no effect yet, put there by hand: the product's own crosser sees it as well.
    const [{ id: entry } = {}] = await rowsOf(h.twinlock, `select id from entry where action = 'promotion:check' and resource_id = $1`, [
      promotion,
    ])
    const complete = () => asSystem(h, 'crosser')('promotion:complete', { promotion })
    const cross = () =>
      rowsOf(h.twinlock, `update promotion set state = 'crossing', crossed_by = $2, cross_entry = $3 where id = $1`, [
        promotion,
        deployer,
        entry,
      ])
    await until('the checkpoint covers it', async () => (await rowsOf(h.twinlock, covered, [entry])).length === 1)
    await cross()
    assert.deepEqual(await race(complete, complete), ['done', 'done'])
    assert.equal((await complete()).state, 'crossed', 'and whoever comes later')
    assert.equal(await doneOf('promotion:complete', promotion), 1)
  })
})

describe('a reading that is overtaken again and again', () => {
  it('is made in the end, holding back what takes something away and nothing else', async () => {
    const run = await liveRun(h)
    const place = { calls: 0, outputs: 0, open: [] }
    const version = async () =>
      Number((await rowsOf(h.twinlock, 'select version from takeaway where org_id = $1', [h.starter.org]))[0]?.version)
    const given = await grant(h, (await newPerson(h, fresh('person'))).id, 'observer')
    const first = await version()
    let overtaken = 0
    /** Holds the reading still in its middle while something else is done. */
    const amid = async (work: () => Promise<unknown>) => {
      await until('it reads', () => waiting(1))
      await work()
      await owner.query('commit; begin; lock table call in access exclusive mode')
    }
    await owner.query('begin; lock table call in access exclusive mode')
    const following = operator.act('run:follow', { run: run.id, place })
    try {
      for (; overtaken < 2; overtaken++)
        await amid(() => rowsOf(h.twinlock, 'update takeaway set version = version + 1 where org_id = $1', [h.starter.org]))
      await until('it reads', () => waiting(1))
      await admin.act('project:create', { slug: fresh('beside'), name: 'Beside', owner: h.starter.people.owner })
      const revoking = admin.act('grant:revoke', { grant: given, reason: 'A test needs it.' })
      await until('the revocation waits for it', () => waiting(2))
      assert.equal(await version(), first + overtaken)
      await owner.query('commit')
      assert.equal(textAt(await following, 'run', 'id'), run.id)
      await revoking
    } finally {
      await owner.query('commit')
    }
    await run.end('succeeded')
  })
})

describe('whoever ends everything that somebody holds ends what he is being given at that moment', () => {
  const live = (column: string, value: string) =>
    rowsOf(h.twinlock, `select id from run where ${column} = $1 and state in ('queued', 'claimed', 'running')`, [value])

  it('the runs that a leaver launches, his sessions and his grants', async () => {
    const leaver = await newPerson(h, fresh('leaver'), 'operator')
    const offboard = () => admin.act('person:offboard', { person: leaver.id })
    assert.deepEqual(await race(() => launch(h, { by: leaver }), offboard), ['done', 'done'])
    assert.deepEqual(await live('operator_id', leaver.id), [])

    const given = await newPerson(h, fresh('given'))
    const giving = () => admin.act('grant:create', { principal: given.id, role: 'observer', reason: 'A test needs it.' })
    assert.deepEqual(await race(giving, () => admin.act('person:offboard', { person: given.id })), ['done', 'done'])
    assert.deepEqual(await rowsOf(h.twinlock, 'select id from "grant" where principal_id = $1 and revoked_at is null', [given.id]), [])
  })

  it('the runs that a pipeline launches, and the tokens that it gets', async () => {
    const pipeline = await pipelineOf(h.starter.people.operator)
    const suspend = () => admin.act('workload:suspend', { workload: pipeline.id })
    assert.deepEqual(await race(() => launch(h, { by: pipeline }), suspend), ['done', 'done'])
    assert.deepEqual(await live('orchestrator_id', pipeline.id), [])
  })

  it('what is given until a run ends', async () => {
    const run = await liveRun(h)
    const { id: principal } = await newPerson(h, fresh('guest'))
    const giving = () => admin.act('grant:create', { principal, role: 'observer', untilRun: run.id, reason: 'A test needs it.' })
    assert.deepEqual(await race(giving, () => run.end('succeeded')), ['done', 'done'])
    assert.deepEqual(await rowsOf(h.twinlock, 'select id from "grant" where until_run = $1 and revoked_at is null', [run.id]), [])
  })

  it('what is given until a batch ends, though its last two runs end at once', async () => {
    const { scenario, environments } = h.starter
    const batch = await operator.act('batch:launch', { scenario, environment: environments.staging, seeds: '1,2' })
    const { id: principal } = await newPerson(h, fresh('guest'))
    await admin.act('grant:create', { principal, role: 'observer', untilBatch: batch.id, reason: 'A test needs it.' })
    const [one, other] = (await rowsOf(h.twinlock, 'select id from run where batch_id = $1 order by id', [batch.id])).map(({ id }) => id)
    const end = (run: unknown) => () => operator.act('run:cancel', { run, reason: 'A test needs it.' })
    assert.deepEqual(await race(end(one), end(other)), ['done', 'done'])
    assert.equal((await operator.act('batch:show', { batch: batch.id })).endedAt === null, false)
    assert.deepEqual(await rowsOf(h.twinlock, 'select id from "grant" where until_batch = $1 and revoked_at is null', [batch.id]), [])

    const next = await operator.act('batch:launch', { scenario, environment: environments.staging, seeds: '3' })
    const giving = () => admin.act('grant:create', { principal, role: 'observer', untilBatch: next.id, reason: 'A test needs it.' })
    const ending = () => operator.act('batch:end', { batch: next.id, reason: 'A test needs it.' })
    assert.deepEqual(await race(giving, ending), ['done', 'done'])
    assert.deepEqual(await rowsOf(h.twinlock, 'select id from "grant" where until_batch = $1 and revoked_at is null', [next.id]), [])
  })

  it('the runs of a twin, and what was asked to promote of it', async () => {
    const { artifact } = await sealedRun(h)
    const twin = h.starter.twins.payments
    const { environments, services } = h.starter
    const asked = { artifact, environment: environments.production, service: services.payments.id, channel: 'payments' }
    const retire = () => admin.act('twin:retire', { twin })
    assert.deepEqual(await race(() => operator.act('promotion:request', asked), retire), ['done', 'done'])
    assert.deepEqual(await live('twin_id', twin), [])
    const open = `select id from promotion where twin_id = $1 and state in ('requested', 'checked', 'in_review', 'approved')`
    assert.deepEqual(await rowsOf(h.twinlock, open, [twin]), [])
  })
})

describe('of those who decide on a request at the same moment, the first in line does it, and the ledger says who', () => {
  let second: SignedIn
  before(async () => {
    second = await newPerson(h, fresh('admin'), 'admin')
  })

  const reason = 'A test needs it.'
  const production = () => [h.starter.environments.production]
  async function asked(more: Record<string, unknown> = {}) {
    const asker = await newPerson(h, fresh('asker'))
    const { id: scope } = await admin.act('project:create', { slug: fresh('quiet'), name: 'Quiet', owner: h.starter.people.owner })
    const where = { scopeType: 'Project', scope, environments: [h.starter.environments.staging] }
    const { id: request } = await asker.act('request:create', { role: 'operator', openMinutes: 5, ...where, ...more, reason })
    return {
      asker,
      request: String(request),
      approve: (by: SignedIn) => () => by.act('request:approve', { request, reason }),
      withdraw: () => asker.act('request:withdraw', { request }),
      deny: () => second.act('request:deny', { request, reason }),
      expire: () => asSystem(h, 'reaper')('request:expire', { request }),
      offboard: () => admin.act('person:offboard', { person: asker.id }),
    }
  }
  type Asked = Awaited<ReturnType<typeof asked>>

  /** What became of a request: its state, the grants that live of it, and which acts on it the ledger says were done. */
  async function became({ asker, request }: Asked): Promise<[unknown, number, unknown[]]> {
    const [row] = await rowsOf(h.twinlock, 'select state from access_request where id = $1', [request])
    const grants = await rowsOf(h.twinlock, 'select id from "grant" where principal_id = $1 and revoked_at is null', [asker.id])
    const acts = await rowsOf(
      h.twinlock,
      `select action from entry where resource_id = $1 and outcome = 'done' and action <> 'request:create' order by id`,
      [request],
    )
    return [row?.state, grants.length, acts.map(({ action }) => action)]
  }

  it('approving and withdrawing, approving and denying', async () => {
    const one = await asked()
    assert.deepEqual(await race(one.approve(admin), one.withdraw), ['done', 'request_closed'])
    assert.deepEqual(await became(one), ['approved', 1, ['request:approve']])
    const other = await asked()
    assert.deepEqual(await race(other.withdraw, other.approve(admin)), ['done', 'request_closed'])
    assert.deepEqual(await became(other), ['withdrawn', 0, ['request:withdraw']])
    const third = await asked()
    assert.deepEqual(await race(third.deny, third.approve(admin)), ['done', 'request_closed'])
    assert.deepEqual(await became(third), ['denied', 0, ['request:deny']])
  })

  it('approving twice: one grant; and by one person for two steps: one step', async () => {
    const one = await asked()
    assert.deepEqual(await race(one.approve(admin), one.approve(second)), ['done', 'request_closed'])
    assert.deepEqual(await became(one), ['approved', 1, ['request:approve']])
    const steps = await asked({ environments: production() })
    assert.deepEqual(await race(steps.approve(admin), steps.approve(admin)), ['done', 'denied'])
    assert.deepEqual(await became(steps), ['open', 0, ['request:approve']])
    const both = await asked({ environments: production() })
    assert.deepEqual(await race(both.approve(admin), both.approve(second)), ['done', 'done'])
    assert.deepEqual(await became(both), ['approved', 1, ['request:approve', 'request:approve']])
  })

  it('approving while it expires: its last moment is the one at which it would be admitted', async () => {
    const late = await asked()
    const expireLater = () => {
      offsetMs = 6 * 60_000
      return late.expire()
    }
    try {
      assert.deepEqual(await race(late.approve(admin), expireLater), ['request_expired', 'done'])
      assert.deepEqual(await became(late), ['expired', 0, ['request:expire']])
      const closed = await asked()
      offsetMs = 12 * 60_000
      assert.deepEqual(await race(closed.expire, closed.approve(admin)), ['done', 'request_closed'])
    } finally {
      offsetMs = 0
    }
  })

  it('approving while its asker leaves: nothing of it stays either way', async () => {
    const one = await asked()
    assert.deepEqual(await race(one.approve(admin), one.offboard), ['done', 'done'])
    assert.deepEqual(await became(one), ['approved', 0, ['request:approve']])
    const other = await asked()
    assert.deepEqual(await race(other.offboard, other.approve(admin)), ['done', 'request_closed'])
    assert.deepEqual(await became(other), ['ended', 0, []])
  })
})
