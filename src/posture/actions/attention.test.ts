// What waits for whom, from a run to its crossing; and that nobody learns of what he may not act on and does not answer for.
import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { asSuperuser } from '../../../test/harness/database.ts'
import { closed, inReview, launch, liveRun, proveKey, requestPromotion, sealedRun } from '../../../test/harness/live-run.ts'
import { asSystem, newPerson, pipeline, refused, type SignedIn, signIn } from '../../../test/harness/signed-in.ts'
import { type Harness, openStarter } from '../../../test/harness/twinlock.ts'
import { strangerBeside } from '../../../test/harness/two-organizations.ts'

interface Item {
  readonly kind: string
  readonly subject: { readonly type: string; readonly id: string }
  readonly title: string
  readonly why: string
  readonly until: string | null
  readonly action: string
}

let h: Harness
let offsetMs = 0
before(async () => {
  h = await openStarter({ runsMax: 0, clock: { now: () => Date.now() + offsetMs, monotonic: () => performance.now() } })
})
after(() => h.close())

async function waitsFor(who: SignedIn): Promise<readonly Item[]> {
  return (await who.act('attention:list', {})).items as Item[] // the action's schema has checked it
}

const about = (items: readonly Item[], id: string): string[] => items.filter(({ subject }) => subject.id === id).map(({ kind }) => kind)

async function starters() {
  const [admin, author, operator, reviewer, deployer, auditor, owner] = await Promise.all([
    signIn(h, 'admin'),
    signIn(h, 'author'),
    signIn(h, 'operator'),
    signIn(h, 'reviewer'),
    signIn(h, 'deployer'),
    signIn(h, 'auditor'),
    signIn(h, 'owner'),
  ])
  return { admin, author, operator, reviewer, deployer, auditor, owner }
}

/** Who is told of a thing, and as what. */
async function toldOf(id: string, people: Record<string, SignedIn>): Promise<Record<string, string[]>> {
  const told: Record<string, string[]> = {}
  for (const [name, who] of Object.entries(people)) {
    const kinds = about(await waitsFor(who), id)
    if (kinds.length > 0) told[name] = kinds
  }
  return told
}

describe('attention:list', () => {
  it('is empty for somebody whom nothing waits for', async () => {
    assert.deepEqual((await (await newPerson(h, 'idle')).act('attention:list', {})).items, [])
  })

  it('follows a promotion: to whoever is held up by it, to who may review it, to who may carry it across, and to nobody then', async () => {
    const people = await starters()
    const asked = await requestPromotion(h, people.operator, (await sealedRun(h, { by: people.operator })).artifact)
    const service = h.starter.services.payments.id
    assert.deepEqual(await toldOf(service, people), { owner: ['workload_key_missing'] })
    await asSystem(h, 'gate')('promotion:check', { promotion: asked.id })
    assert.deepEqual(await toldOf(asked.id, people), { operator: ['promotion_blocked'], owner: ['promotion_blocked'] })
    const [held] = (await waitsFor(people.operator)).filter(({ subject }) => subject.id === asked.id)
    assert.match(held?.why ?? '', /^The gate stops it: .+\.$/)
    assert.equal(held?.action, 'promotion:check')

    await proveKey(h, asked)
    await asSystem(h, 'gate')('promotion:check', { promotion: asked.id })
    assert.deepEqual(await toldOf(asked.id, people), { reviewer: ['promotion_to_review'] })
    assert.deepEqual(await toldOf(service, people), {})

    await people.reviewer.act('promotion:approve', { promotion: asked.id })
    assert.deepEqual(await toldOf(asked.id, people), { deployer: ['promotion_to_cross'] })
    await people.deployer.act('promotion:cross', { promotion: asked.id })
    assert.deepEqual(await toldOf(asked.id, people), {})
  })

  it('never asks the hand that made something to review or to carry it, whatever roles it has', async () => {
    const both = await newPerson(h, 'many-hands', 'operator')
    for (const role of ['reviewer', 'deployer'])
      await asSystem(h, 'starter')('grant:create', { principal: both.id, role, reason: 'A test needs it.' })
    const asked = await inReview(h, both, (await sealedRun(h, { by: both })).artifact)
    assert.deepEqual(about(await waitsFor(both), asked.id), [])
    assert.deepEqual(about(await waitsFor(await signIn(h, 'reviewer')), asked.id), ['promotion_to_review'])
    await refused(both.act('promotion:approve', { promotion: asked.id }), 'denied')
  })

  it('tells of a failed run whoever answers for it, and the reason only to who may see the run', async () => {
    const people = await starters()
    const run = await liveRun(h, { by: await pipeline(h) })
    await run.end('memory')
    await closed(h, run.id)
    assert.deepEqual(await toldOf(run.id, people), { operator: ['run_failed'] })
    const item = (await waitsFor(people.operator)).find(({ subject }) => subject.id === run.id)
    assert.equal(item?.why, 'failed: its program needed more memory than it was given')
    const leaver = await newPerson(h, 'no-longer', 'operator')
    const his = await liveRun(h, { by: leaver })
    await his.end('memory')
    await closed(h, his.id)
    const [grant] = (await leaver.act('session:show', {})).grants as { id: string }[] // the action's schema has checked it
    await people.admin.act('grant:revoke', { grant: grant?.id, reason: 'Another task.' })
    assert.equal((await waitsFor(leaver)).find(({ subject }) => subject.id === his.id)?.why, 'It ended as failed.')
  })

  it('forgets a failed run when a later one succeeded, and after a week', async () => {
    const operator = await signIn(h, 'operator')
    const failures = async () => (await waitsFor(operator)).filter(({ kind }) => kind === 'run_failed').length
    assert.ok((await failures()) > 0)
    await sealedRun(h, { by: operator })
    assert.equal(await failures(), 0)
    const run = await liveRun(h, { by: operator })
    await run.end('failed')
    await closed(h, run.id)
    assert.equal(await failures(), 1)
    offsetMs = 8 * 86_400_000
    const later = await signIn(h, 'operator')
    assert.deepEqual(
      (await waitsFor(later)).filter(({ kind }) => kind === 'run_failed'),
      [],
    )
    offsetMs = 0
  })

  it('tells of a frozen run whoever answers for it, and not who only may look', async () => {
    const people = await starters()
    const id = await launch(h, { by: people.operator })
    await asSuperuser(h.twinlock, (client) =>
      client.query(
        `update run set frozen_at = now(), frozen_until = now() + interval '1 hour', frozen_by = $2, frozen_reason = 'x' where id = $1`,
        [id, people.admin.id],
      ),
    )
    const told = await toldOf(id, people)
    assert.deepEqual(told.operator, ['run_frozen'])
    for (const [name, who] of Object.entries(people)) {
      const questions = [{ action: 'run:thaw', input: { run: id, reason: 'Whether it could be thawed.' } }]
      const [answer] = (await who.act('access:check', { questions })).answers as { allowed: boolean }[] // the action's schema has checked it
      assert.equal(told[name] !== undefined, name === 'operator' || answer?.allowed === true, name)
    }
    for (const name of ['author', 'auditor', 'owner', 'deployer']) assert.equal(told[name], undefined, name)
    const frozen = (await waitsFor(people.operator)).find(({ subject }) => subject.id === id)
    assert.notEqual(frozen?.until, null)
    assert.match(frozen?.title ?? '', /^payments · settle@\d+$/)
    const shown = await people.operator.act('run:show', { run: id })
    const { items } = await people.admin.act('person:list', { limit: 100 })
    const { name } = (items as { id: string; name: string }[]).find((one) => one.id === people.admin.id) ?? {} // the action's schema has checked it
    assert.equal(shown.frozenByName, name)
  })

  it('tells of a grant that ends soon its holder and who could give it anew, the soonest first', async () => {
    const people = await starters()
    const days = (count: number) => new Date(Date.now() + count * 86_400_000).toISOString()
    const guest = await newPerson(h, 'guest', 'observer', { expiresAt: days(3) })
    const far = await newPerson(h, 'far', 'observer', { expiresAt: days(30) })
    const mine = await waitsFor(guest)
    assert.deepEqual(
      mine.map(({ kind, title, action }) => [kind, title, action]),
      [['grant_expiring', 'Your role observer', 'grant:create']],
    )
    assert.deepEqual(await waitsFor(far), [])
    const id = mine[0]?.subject.id ?? ''
    assert.deepEqual(await toldOf(id, people), { admin: ['grant_expiring'] })
    await asSystem(h, 'starter')('grant:create', {
      principal: people.owner.id,
      role: 'observer',
      expiresAt: days(1),
      reason: 'A test needs it.',
    })
    const untils = (await waitsFor(people.admin)).map(({ until }) => until ?? '9999')
    assert.deepEqual(untils, [...untils].sort())
    await people.admin.act('grant:revoke', { grant: id, reason: 'Over.' })
    assert.deepEqual(await waitsFor(guest), [])
  })
})

describe('an attacker who looks at what waits', () => {
  it('sees nothing of another organization, and nobody there sees anything of this one', async () => {
    const stranger = await strangerBeside(h)
    const ours = (await Promise.all(Object.values(await starters()).map(waitsFor))).flat().map(({ subject }) => subject.id)
    assert.ok(ours.length > 0)
    for (const slug of ['admin', 'operator', 'reviewer', 'deployer', 'owner'] as const)
      assert.deepEqual(
        (await waitsFor(await signIn(stranger, slug))).filter(({ subject }) => ours.includes(subject.id)),
        [],
      )
  })

  it('cannot look in somebody else’s name, as a workload, or when what he could do was taken away', async () => {
    const reviewer = await signIn(h, 'reviewer')
    await refused(reviewer.act('attention:list', { person: h.starter.people.admin }), 'invalid')
    await refused((await pipeline(h)).act('attention:list', {}), 'denied')
    const brief = await newPerson(h, 'brief-reviewer', 'reviewer')
    assert.ok((await waitsFor(brief)).some(({ kind }) => kind === 'promotion_to_review'))
    const [grant] = (await brief.act('session:show', {})).grants as { id: string }[] // the action's schema has checked it
    await (await signIn(h, 'admin')).act('grant:revoke', { grant: grant?.id, reason: 'Over.' })
    assert.deepEqual(await waitsFor(brief), [])
  })

  it('leaves no entry and changes nothing by looking', async () => {
    const admin = await signIn(h, 'admin')
    const count = () => asSuperuser(h.twinlock, async (client) => (await client.query('select count(*) from entry')).rows[0])
    const before = await count()
    await waitsFor(admin)
    assert.deepEqual(await count(), before)
  })

  it('of more than a hundred things of a kind sees a hundred, and is told that there may be more', async () => {
    const busy = await newPerson(h, 'busy')
    await asSuperuser(h.twinlock, (client) =>
      client.query(
        `insert into "grant" (org_id, id, principal_type, principal_id, role, scope_type, scope_id, environments, expires_at, given_by, created_at)
         select $1, 'grt_' || lpad(n::text, 26, '0'), 'Person', $2, 'observer', 'Organization', $1, '{}', now() + interval '1 hour', 'starter', now()
         from generate_series(1, 120) n`,
        [h.starter.org, busy.id],
      ),
    )
    const listed = await busy.act('attention:list', {})
    assert.deepEqual([(listed.items as Item[]).length, listed.truncated], [100, true])
  })
})
