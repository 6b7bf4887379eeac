// Who answers for what, through the door: offers and their answers, who stands in, orphans, the checklist of a leaving, and what stays of somebody who is erased.
import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { asSuperuser, rowsOf } from '../../../test/harness/database.ts'
import { crossOver, inReview, launch, liveRun, sealedRun } from '../../../test/harness/live-run.ts'
import { asSystem, grant, newPerson, refused, type SignedIn, signIn, signInAs, tokenFor, until } from '../../../test/harness/signed-in.ts'
import { type Harness, openStarter, workloadKey } from '../../../test/harness/twinlock.ts'
import { strangerBeside } from '../../../test/harness/two-organizations.ts'
import { sha256 } from '../../host/crypto/system-ports.ts'
import { ed25519Verify } from '../../host/crypto/verify-signatures.ts'
import { parseVerifierKey, verifyExport } from '../../ledger/index.ts'

let h: Harness
let admin: SignedIn
let operator: SignedIn
const reason = 'A test needs it.'

before(async () => {
  h = await openStarter({ runsMax: 0 })
  admin = await signIn(h, 'admin')
  operator = await signIn(h, 'operator')
})
after(() => h.close())

type Row = Readonly<Record<string, unknown>>
const items = (result: Record<string, unknown>): Row[] => result.items as Row[] // the action's schema has checked it

async function newTwin(owner: string, slug: string): Promise<string> {
  const twin = { project: h.starter.project, slug, kind: 'process', program: 'payments', owner, sensitivity: 'internal' }
  return String((await asSystem(h, 'starter')('twin:create', twin)).id)
}

async function ownerOf(table: string, id: string): Promise<unknown> {
  return (await rowsOf(h.twinlock, `select owner_id from ${table} where id = $1`, [id]))[0]?.owner_id
}

const kindsFor = async (who: SignedIn, id: string) =>
  items(await who.act('attention:list', {}))
    .filter(({ subject }) => (subject as { id: string }).id === id)
    .map(({ kind }) => kind)

describe('offering and accepting', () => {
  it('changes hands when the new owner accepts, and not before; each of them sees it', async () => {
    const [giver, taker] = [await newPerson(h, 'giver'), await newPerson(h, 'taker')]
    const twin = await newTwin(giver.id, 'given')
    const offered = await giver.act('ownership:offer', { things: [twin], to: taker.id, reason })
    assert.deepEqual(offered, { to: taker.id, offered: [{ id: twin, kind: 'twin' }], until: 'accepted' })
    assert.equal(await ownerOf('twin', twin), giver.id)
    assert.deepEqual(await kindsFor(taker, twin), ['ownership_offered'])
    const [seen] = items(await taker.act('ownership:list', { offeredTo: taker.id }))
    assert.deepEqual([seen?.id, (seen?.offer as Row | undefined)?.reason], [twin, reason])
    assert.deepEqual(await taker.act('ownership:accept', { things: [twin] }), { accepted: [{ id: twin, kind: 'twin', resumed: false }] })
    assert.equal(await ownerOf('twin', twin), taker.id)
    assert.deepEqual(
      items(await taker.act('ownership:list', { person: taker.id })).map(({ id }) => id),
      [twin],
    )
    await refused(taker.act('ownership:accept', { things: [twin] }), 'not_found')
  })

  it('lets nobody give what is not his, accept what was offered to others, or see what others own', async () => {
    const [owner, taker, thief] = [await newPerson(h, 'owner-a'), await newPerson(h, 'taker-a'), await newPerson(h, 'thief')]
    const twin = await newTwin(owner.id, 'not-his')
    await refused(thief.act('ownership:offer', { things: [twin], to: thief.id, reason }), 'denied')
    await owner.act('ownership:offer', { things: [twin], to: taker.id, reason })
    await refused(thief.act('ownership:accept', { things: [twin] }), 'not_found')
    await refused(thief.act('ownership:withdraw', { things: [twin], reason }), 'denied')
    await refused(thief.act('ownership:list', { person: owner.id }), 'denied')
    await refused(thief.act('ownership:list', { person: thief.id, offeredTo: taker.id }), 'denied')
    await refused(thief.act('ownership:list', {}), 'denied')
    await refused(thief.act('person:leaving', { person: owner.id }), 'denied')
    await taker.act('ownership:decline', { things: [twin], reason })
    await refused(taker.act('ownership:accept', { things: [twin] }), 'not_found')
    assert.equal(await ownerOf('twin', twin), owner.id)
  })

  it('asks nobody who has left, and a scenario goes with its twin', async () => {
    const [owner, gone] = [await newPerson(h, 'owner-b'), await newPerson(h, 'gone-b')]
    await admin.act('person:offboard', { person: gone.id })
    const twin = await newTwin(owner.id, 'to-nobody')
    assert.equal((await refused(owner.act('ownership:offer', { things: [twin], to: gone.id, reason }), 'invalid')).notes.pointer, '/to')
    await refused(admin.act('ownership:offer', { things: [h.starter.scenario], to: owner.id, reason }), 'invalid')
  })

  it('a thing of another organization is not there', async () => {
    const stranger = await strangerBeside(h)
    await refused(admin.act('ownership:offer', { things: [stranger.starter.twins.payments], to: operator.id, reason }), 'not_found')
    await refused(
      admin.act('ownership:offer', { things: [h.starter.twins.payments], to: stranger.starter.people.owner, reason }),
      'invalid',
    )
  })

  it('whoever decided on a promotion cannot come to own what it carries, and whoever takes it over is one of its makers', async () => {
    const { artifact } = await sealedRun(h)
    const { id } = await inReview(h, operator, artifact)
    const [reviewer, other] = [await signIn(h, 'reviewer'), await newPerson(h, 'second-reviewer', 'reviewer')]
    await asSuperuser(h.twinlock, (client) => client.query('update promotion set approvals_needed = 2 where id = $1', [id]))
    await reviewer.act('promotion:approve', { promotion: id })
    const things = [h.starter.services.payments.id]
    await admin.act('ownership:offer', { things, to: reviewer.id, reason })
    await refused(reviewer.act('ownership:accept', { things }), 'conflict')
    await admin.act('ownership:offer', { things, to: other.id, reason })
    await other.act('ownership:accept', { things })
    await refused(other.act('promotion:approve', { promotion: id }), 'denied')
    await admin.act('ownership:offer', { things, to: h.starter.people.owner, reason })
    await (await signIn(h, 'owner')).act('ownership:accept', { things })
    await reviewer.act('promotion:reject', { promotion: id }).catch(() => undefined)
  })

  it('whoever hands a twin over stays one of those who made what came out of it', async () => {
    const exporter = await newPerson(h, 'former-owner', 'exporter')
    const twin = h.starter.twins.payments
    await admin.act('ownership:offer', { things: [twin], to: exporter.id, reason })
    await exporter.act('ownership:accept', { things: [twin] })
    const { artifact } = await sealedRun(h)
    await exporter.act('ownership:offer', { things: [twin], to: h.starter.people.owner, reason })
    await (await signIn(h, 'owner')).act('ownership:accept', { things: [twin] })
    await refused(exporter.act('artifact:export', { artifact, file: 'report.md', reason }), 'denied')
  })
})

describe('orphans', () => {
  it('are found in the moment in which the owner leaves, by the group that stands in for him, which hands them on', async () => {
    const [leaver, standIn, heir] = [await newPerson(h, 'leaver-c'), await newPerson(h, 'stand-in'), await newPerson(h, 'heir')]
    const group = String((await admin.act('group:create', { slug: 'stand-ins', name: 'Stand-ins', owner: admin.id })).id)
    await admin.act('group:add', { group, member: standIn.id })
    await admin.act('ownership:set-fallback', { project: h.starter.project, group, reason })
    const twin = await newTwin(leaver.id, 'orphaned')
    await refused(standIn.act('ownership:offer', { things: [twin], to: heir.id, reason }), 'denied')
    await admin.act('person:offboard', { person: leaver.id })
    const [orphan] = items(await admin.act('ownership:list', { orphans: true, person: leaver.id }))
    assert.deepEqual([orphan?.id, orphan?.isOrphan, (orphan?.fallback as Row | undefined)?.id], [twin, true, group])
    assert.notEqual(orphan?.since, null)
    assert.deepEqual(await kindsFor(standIn, twin), ['orphan_found'])
    assert.deepEqual(await kindsFor(heir, twin), [])
    await standIn.act('ownership:offer', { things: [twin], to: heir.id, reason })
    await heir.act('ownership:accept', { things: [twin] })
    assert.deepEqual(await kindsFor(standIn, twin), [])
    await admin.act('ownership:set-fallback', { project: h.starter.project, group: null, reason })
    assert.deepEqual((await admin.act('ownership:fallbacks', {})).items, [])
  })

  it('are found by the sweep where nothing noted them, with one entry; administrators stand in where no group does', async () => {
    const leaver = await newPerson(h, 'leaver-d')
    const twin = await newTwin(leaver.id, 'unnoted')
    await asSuperuser(h.twinlock, (client) => client.query(`update person set state = 'left' where id = $1`, [leaver.id]))
    const sweep = asSystem(h, 'reaper')
    assert.equal((await sweep('ownership:sweep', {})).found, 1)
    assert.deepEqual(await sweep('ownership:sweep', {}), { found: 0, gone: 0 })
    const entries = await rowsOf(
      h.twinlock,
      `select e.action from entry e join entry_ref r on r.entry_id = e.id where r.ref_id = $1 and r.rel = 'orphan'`,
      [twin],
    )
    assert.deepEqual(entries, [{ action: 'ownership:sweep' }])
    assert.deepEqual(await kindsFor(admin, twin), ['orphan_found'])
    await refused(operator.act('ownership:sweep', {}), 'denied')
  })

  it('whoever leaves while he accepts owns nothing that goes on', async () => {
    const [owner, leaver] = [await newPerson(h, 'owner-e'), await newPerson(h, 'leaver-e')]
    const twin = await newTwin(owner.id, 'raced')
    await owner.act('ownership:offer', { things: [twin], to: leaver.id, reason })
    await Promise.allSettled([leaver.act('ownership:accept', { things: [twin] }), admin.act('person:offboard', { person: leaver.id })])
    const orphans = items(await admin.act('ownership:list', { orphans: true, person: leaver.id })).map(({ id }) => id)
    const now = await ownerOf('twin', twin)
    assert.ok(now === owner.id || (now === leaver.id && orphans.includes(twin)), 'either he left first, or what he accepted stands still')
    const open = await rowsOf(h.twinlock, `select state from ownership_offer where to_id = $1 and state = 'open'`, [leaver.id])
    assert.deepEqual(open, [])
  })

  it('nothing of an orphan is exported, and nothing is fetched from its channel, before somebody takes it over', async () => {
    const { artifact } = await sealedRun(h)
    const { id } = await inReview(h, operator, artifact)
    await (await signIn(h, 'reviewer')).act('promotion:approve', { promotion: id })
    await crossOver(h, await signIn(h, 'deployer'), id)
    const { environments, services, twins } = h.starter
    const service = await tokenFor(h, h.keys.payments, services.payments, environments.production)
    assert.ok(await service.act('artifact:pull', { channel: 'payments@production' }))
    const leaver = await newPerson(h, 'leaver-f')
    const things = [twins.payments, `${environments.production}/payments`]
    await admin.act('ownership:offer', { things, to: leaver.id, reason })
    await leaver.act('ownership:accept', { things })
    await admin.act('person:offboard', { person: leaver.id })
    const exporter = await newPerson(h, 'exporter-f', 'exporter')
    await refused(exporter.act('artifact:export', { artifact, file: 'report.md', reason }), 'owner_left')
    await refused(service.act('artifact:pull', { channel: 'payments@production' }), 'owner_left')
    await refused(launch(h, { by: operator }), 'owner_left')
    const owner = await signIn(h, 'owner')
    await admin.act('ownership:offer', { things, to: owner.id, reason })
    await owner.act('ownership:accept', { things })
    assert.ok(await service.act('artifact:pull', { channel: 'payments@production' }))
  })
})

describe('a leaving', () => {
  it('is one checklist: what would end, what ended, and a read-back that finds nothing', async () => {
    const leaver = await newPerson(h, 'leaver-g', 'operator')
    const { environments } = h.starter
    const key = workloadKey()
    const made = await asSystem(h, 'starter')('workload:create', {
      kind: 'pipeline',
      slug: 'of-a-leaver',
      environment: environments.staging,
      owner: leaver.id,
      jwk: key.jwk,
    })
    const workload = { spiffeId: String(made.spiffeId) }
    await grant(h, String(made.id), 'operator')
    await liveRun(h, { by: await tokenFor(h, key, workload, environments.staging) })
    const twin = await newTwin(leaver.id, 'left-behind')
    const line = (list: unknown, what: string) => (list as Row[]).find((one) => one.what === what || one.kind === what)
    const before = await leaver.act('person:leaving', { person: leaver.id })
    assert.equal(line(before.lines, 'sessions')?.outcome, 'would_end')
    assert.equal(line(before.lines, 'workloads')?.outcome, 'would_stop')
    assert.equal(line(before.ownership, 'twin')?.outcome, 'to_hand_over')
    assert.equal((before.readBack as Row).isDone, false)

    await admin.act('person:offboard', { person: leaver.id })
    const left = await admin.act('person:leaving', { person: leaver.id })
    const outcomes = Object.fromEntries((left.lines as Row[]).map(({ what, outcome }) => [what, outcome]))
    assert.deepEqual(
      [outcomes.sessions, outcomes.grants, outcomes.runs, outcomes.workloads, outcomes.owned_things, outcomes.reviews],
      ['ended', 'ended', 'ended', 'stopped', 'stopped', 'nothing_found'],
    )
    assert.deepEqual(
      [left.phase, left.because, (left.readBack as Row).isDone, (left.readBack as Row).found],
      ['left', 'offboarded', true, 0],
    )
    assert.equal((left.readBack as Row).toHandOver, 2)

    const heir = await newPerson(h, 'heir-g')
    const { offered } = await admin.act('person:hand-over', { from: leaver.id, to: heir.id, reason })
    assert.equal((offered as Row[]).length, 2)
    await refused(tokenFor(h, key, workload, environments.staging), 'unauthenticated')
    const { accepted } = await heir.act('ownership:accept', { things: [String(made.id), twin] })
    assert.equal(line(accepted, 'pipeline')?.resumed, true)
    assert.ok(await tokenFor(h, key, workload, environments.staging))
    const handed = await admin.act('person:leaving', { person: leaver.id })
    assert.equal(line(handed.ownership, 'twin')?.outcome, 'handed_over')
    assert.equal((handed.readBack as Row).toHandOver, 0)
  })

  it('is not done while anything of it counts: the read-back asks the rows, not what was counted', async () => {
    const leaver = await newPerson(h, 'leaver-h')
    await admin.act('person:offboard', { person: leaver.id })
    await asSuperuser(h.twinlock, async (client) => {
      await client.query('update session set ended_at = null where person_id = $1', [leaver.id])
      await client.query(`insert into recovery_code (org_id, hash, person_id, created_at) values ($1, 'forgotten', $2, now())`, [
        h.starter.org,
        leaver.id,
      ])
    })
    const { lines, readBack } = await admin.act('person:leaving', { person: leaver.id })
    assert.equal((lines as Row[]).find(({ what }) => what === 'sessions')?.outcome, 'still_there')
    assert.deepEqual([(readBack as Row).isDone, (readBack as Row).found], [false, 2])
    await refused(admin.act('person:erase', { person: leaver.id, reason }), 'conflict')
    await refused(leaver.act('session:show', {}), 'unauthenticated')
  })

  it('is not that of the last administrator: somebody else is made one first', async () => {
    await refused(admin.act('person:offboard', { person: h.starter.people.admin }), 'last_administrator')
    assert.ok(await admin.act('session:show', {}), 'he is here still')
  })

  it('takes half-made reviews back, and leaves those that are whole', async () => {
    const { artifact } = await sealedRun(h)
    const { id } = await inReview(h, operator, artifact)
    await asSuperuser(h.twinlock, (client) => client.query('update promotion set approvals_needed = 2 where id = $1', [id]))
    const leaver = await newPerson(h, 'reviewer-i', 'reviewer')
    await leaver.act('promotion:approve', { promotion: id })
    const { ended } = await admin.act('person:offboard', { person: leaver.id })
    assert.equal((ended as Row).reviews, 1)
    const reviewer = await signIn(h, 'reviewer')
    assert.equal((await reviewer.act('promotion:approve', { promotion: id })).state, 'in_review', 'it takes two who are here')
    await reviewer.act('promotion:reject', { promotion: id }).catch(() => undefined)
  })

  it('a workload that an administrator stopped since does not go on when somebody takes it over', async () => {
    const [leaver, heir] = [await newPerson(h, 'leaver-j'), await newPerson(h, 'heir-j')]
    const input = {
      kind: 'agent',
      slug: 'stopped-twice',
      environment: h.starter.environments.staging,
      owner: leaver.id,
      jwk: workloadKey().jwk,
    }
    const agent = String((await asSystem(h, 'starter')('workload:create', input)).id)
    await admin.act('person:offboard', { person: leaver.id })
    await admin.act('workload:suspend', { workload: agent })
    await admin.act('ownership:offer', { things: [agent], to: heir.id, reason })
    assert.deepEqual(await heir.act('ownership:accept', { things: [agent] }), { accepted: [{ id: agent, kind: 'agent', resumed: false }] })
    assert.deepEqual(await rowsOf(h.twinlock, 'select state from workload where id = $1', [agent]), [{ state: 'suspended' }])
  })
})

describe('person:erase', () => {
  it('leaves nothing that says who he was, and a ledger that verifies offline as before', async () => {
    const name = 'Perpetua Unforgettable'
    const email = 'perpetua@people.example'
    const act = asSystem(h, 'starter')
    const person = String((await act('person:create', { slug: 'perpetua', name, email, clearance: 'internal' })).id)
    await signInAs(h.twinlock.door, h.starter.org, person)
    await refused(admin.act('person:erase', { person, reason }), 'conflict')
    await admin.act('person:offboard', { person })
    await refused((await signIn(h, 'operator')).act('person:erase', { person, reason }), 'denied')
    const auditor = await signIn(h, 'auditor')
    const exported = async () => {
      const { size } = await auditor.act('ledger:export', { limit: 1 })
      const entries: string[] = []
      let last: Record<string, unknown> = {}
      for (let from: unknown = 0; from !== null; from = last.next) {
        last = await auditor.act('ledger:export', { from, size })
        entries.push(...(last.entries as string[]))
      }
      return { checkpoint: String(last.checkpoint), verifierKey: String(last.verifierKey), entries }
    }
    const erased = await admin.act('person:erase', { person, reason })
    assert.ok(Number(erased.texts) >= 1)
    await asSuperuser(h.twinlock, async (client) => {
      const { rows: tables } = await client.query(
        `select table_name as name from information_schema.columns where table_schema = 'public' and column_name = 'org_id' group by 1`,
      )
      for (const { name: table } of tables) {
        const { rows } = await client.query(
          `select count(*)::int as count from "${table}" t where t::text ilike '%perpetua%' or t::text like '%Unforgettable%'`,
        )
        assert.equal(rows[0].count, 0, `${table} still names him`)
      }
    })
    // What was done about him is still there, by his id, as soon as a checkpoint covers it.
    const { checkpoint, verifierKey, entries } = await until('his erasure is in a checkpoint', async () => {
      const all = await exported()
      return all.entries.some((body) => body.includes(person) && body.includes('person:erase')) && all
    })
    const trust = {
      origin: `twinlock.internal/log/${h.starter.org}`,
      logKeys: [parseVerifierKey(sha256, verifierKey)],
      witnessKeys: [],
      witnessQuorum: 0,
    }
    const verdict = await verifyExport({ sha256, ed25519Verify }, { checkpoint, entries: bytesOf(entries) }, trust)
    assert.equal(verdict.holds, true, JSON.stringify(verdict))
  })
})

async function* bytesOf(entries: readonly string[]): AsyncIterable<Uint8Array> {
  for (const body of entries) yield new TextEncoder().encode(body)
}
