// Three server processes over one PostgreSQL, minutes apart by their clocks, stopped and resumed at random and in the middle of requests. Law 5 holds
// across them: what a revocation took away is admitted by none of them after it returned; and the log never forks, whoever was deposed.
import assert from 'node:assert/strict'
import { rmSync } from 'node:fs'
import { after, before, describe, it } from 'node:test'
import { verifyExport } from '../../sdk/verify/index.ts'
import type { Credential } from '../../src/app/index.ts'
import { sha256 } from '../../src/host/crypto/system-ports.ts'
import { ed25519Verify } from '../../src/host/crypto/verify-signatures.ts'
import { isCoded, utf8 } from '../../src/kernel/index.ts'
import { parseVerifierKey } from '../../src/ledger/index.ts'
import { type Act, actWith, asPart, listAt, sessionOf, textAt } from '../harness/acting.ts'
import { seeded } from '../harness/seeded.ts'
import { until } from '../harness/signed-in.ts'
import { baseUrl } from '../harness/twinlock.ts'
import { Cable } from './cable.ts'
import { type Ground, makeGround } from './ground.ts'
import { playOut, type Replica } from './history.ts'
import { Victim } from './victim.ts'

const transactionMs = 2_000
const minutes = (count: number) => count * 60_000

/** Codes by which a request that is made again learns that it had been done before, although its answer was lost. */
const doneBefore: ReadonlySet<string> = new Set(['conflict', 'unauthenticated'])

/**
 * Asks until there is an answer. A replica that was paused may find its connections ended and say `unavailable`: that admits nothing and takes nothing away,
 * and where the commit had been sent, nobody knows. Only what is answered counts.
 */
async function insist(ask: () => Promise<unknown>): Promise<void> {
  for (let tries = 1; tries <= 20; tries++) {
    try {
      await ask()
      return
    } catch (error) {
      if (tries > 1 && isCoded(error) && doneBefore.has(error.code)) return
      if (!isCoded(error, 'unavailable')) throw error
    }
  }
  assert.fail('It was refused as unavailable twenty times.')
}

interface Subject {
  readonly person: string
  readonly credential: Credential
  /** Takes it away through a replica. */
  revoke(replica: Victim): Promise<unknown>
}

describe('three replicas over one PostgreSQL', { timeout: 600_000 }, () => {
  let ground: Ground
  let replicas: readonly Victim[]
  let wired: readonly Replica[]
  let first: Victim
  let admin: Credential
  let number = 0

  before(async () => {
    ground = await makeGround(seeded(3))
    replicas = [new Victim(), new Victim(), new Victim()]
    const { folders } = ground
    const offsets = [0, minutes(5), -minutes(5)]
    wired = replicas.map((server, at) => ({ server, cable: new Cable(ground.connection), offsetMs: offsets[at] ?? 0, trouble: undefined }))
    for (const [at, { server, cable, offsetMs }] of wired.entries()) {
      const connection = await cable.connection()
      await server.open({
        connection,
        folders,
        baseUrl,
        worker: `replica-${at}`,
        offsetMs,
        runsMax: 0,
        limits: { transactionMs, queryMs: 4_000 },
      })
    }
    first = replicas[0] ?? new Victim()
    admin = await sessionOf(first.door, ground.org, ground.starter.people.admin)
  })
  after(async () => {
    for (const replica of replicas) await replica.kill()
    for (const { cable } of wired) cable.close()
    await ground.close()
    rmSync(ground.folders.keys, { recursive: true, force: true })
  })

  async function subject(): Promise<Subject> {
    const act = asPart(first.door, ground.org, 'starter')
    const slug = `racer-${number++}`
    const person = textAt(await act('person:create', { slug, name: slug, email: `${slug}@people.example`, clearance: 'restricted' }), 'id')
    const grant = textAt(await act('grant:create', { principal: person, role: 'operator', reason: 'To be taken away.' }), 'id')
    const credential = await sessionOf(first.door, ground.org, person)
    const ways: readonly ((replica: Victim) => Promise<unknown>)[] = [
      (replica) => actWith(replica.door, admin)('grant:revoke', { grant, reason: 'A test takes it.' }),
      (replica) => actWith(replica.door, admin)('person:offboard', { person }),
      (replica) => actWith(replica.door, credential)('session:end'),
    ]
    const revoke = ways[number % ways.length]
    assert.ok(revoke)
    return { person, credential, revoke }
  }

  const launch = (replica: Victim, credential: Credential): Promise<Record<string, unknown>> => {
    const act: Act = actWith(replica.door, credential)
    return act('run:launch', { scenario: ground.starter.scenario, environment: ground.starter.environments.staging })
  }
  const launchedBy = async (person: string): Promise<string[]> =>
    (
      await ground.rows(`select id from entry where actor_id = $1 and action = 'run:launch' and outcome = 'done' order by id`, [person])
    ).map(({ id }) => String(id))

  const playerOf = ({ person, credential, revoke }: Subject) => ({
    person,
    use: (server: Victim) => launch(server, credential),
    take: (server: Victim) => insist(() => revoke(server)),
    admitted: () => launchedBy(person),
  })

  for (const seed of [1, 2]) {
    it(`admits nothing under what was taken away, with pauses, partitions and clocks that are turned (seed ${seed})`, async () => {
      const random = seeded(seed)
      const subjects: ReturnType<typeof playerOf>[] = []
      while (subjects.length < 6) subjects.push(playerOf(await subject()))
      const { faults, told, done, late } = await playOut(random, wired, subjects)
      assert.deepEqual(faults, [], `${told.join('; ')} (${done} uses were done)`)
      assert.ok(done > 0 && late >= subjects.length * replicas.length, `${done} uses were done, ${late} began too late`)
    })
  }

  it('admits nothing for a replica that was stopped with its entry written and resumes after the revocation', async () => {
    const who = await subject()
    const [, second] = replicas
    assert.ok(second)
    const frozen = second.freezeAt('run:launch/recorded')
    const launching = launch(second, who.credential).catch((error: unknown) => error)
    await frozen
    // The revocation waits for the admission that is under way, which PostgreSQL ends when its time is up.
    await insist(() => who.revoke(first))
    assert.deepEqual(await launchedBy(who.person), [])
    second.signal('SIGCONT')
    const answered = await launching
    assert.ok(isCoded(answered), `answered ${JSON.stringify(answered)}`)
    assert.deepEqual(await launchedBy(who.person), [])
    const goesOn = asPart(second.door, ground.org, 'starter')
    await insist(() => goesOn('person:create', { slug: 'after-pause', name: 'After', email: 'after@people.example' }))
  })

  it('never forks the log when a sequencer is stopped with its numbers given and resumes deposed', async () => {
    const [, , third] = replicas
    assert.ok(third)
    const writes = (replica: Victim, slug: string) =>
      asPart(replica.door, ground.org, 'starter')('person:create', { slug, name: slug, email: `${slug}@people.example` })
    let isFrozen = false
    const frozen = third.freezeAt('sequencer/numbered').then(() => {
      isFrozen = true
    })
    // Whichever replica is first numbers an entry, so some are written before it is this one; what it is asked once it stands is answered when it resumes.
    const asked: Promise<unknown>[] = []
    await until('the sequencer stands', async () => {
      const writing = writes(third, `deposed-${asked.length}`).catch(() => undefined)
      asked.push(writing)
      await Promise.race([writing, frozen])
      return isFrozen
    })
    for (let number = 0; number < 5; number++) await writes(first, `meanwhile-${number}`)
    await until('the others number on', async () => {
      const [row] = await ground.rows('select count(*) as n from entry_lot where org_id = $1 and seq is null', [ground.org])
      return Number(row?.n) === 0
    })
    third.signal('SIGCONT')
    await Promise.all(asked)
    await writes(third, 'resumed')
    const auditor = await sessionOf(first.door, ground.org, ground.starter.people.auditor)
    const exports: Record<string, unknown>[] = []
    for (const replica of replicas) exports.push(await actWith(replica.door, auditor)('ledger:export', {}))
    const whole = exports.reduce((one, other) => (Number(one.size) >= Number(other.size) ? one : other))
    const key = parseVerifierKey(sha256, textAt(whole, 'verifierKey'))
    const trust = { origin: key.name, logKeys: [key], witnessKeys: [], witnessQuorum: 0 }
    const entries = listAt(whole, 'entries')
    async function* upTo(size: number) {
      for (const body of entries.slice(0, size)) yield utf8(String(body))
    }
    const notes = await ground.rows('select size, note from checkpoint where org_id = $1 and size <= $2 order by size', [
      ground.org,
      entries.length,
    ])
    assert.ok(notes.length > 5)
    const heads = [
      ...notes.slice(-25).map(({ size, note }) => ({ size: Number(size), note: String(note) })),
      ...exports.map((one) => ({ size: Number(one.size), note: textAt(one, 'checkpoint') })),
    ]
    for (const { size, note } of heads) {
      if (size > entries.length) continue
      const verdict = await verifyExport({ sha256, ed25519Verify }, { checkpoint: note, entries: upTo(size) }, trust)
      assert.ok(verdict.holds, `the head of ${size}: ${JSON.stringify(verdict)}`)
    }
  })

  it('keeps what it promised when a clock jumps an hour forward and back, or stands five minutes apart', async () => {
    const who = await subject()
    await insist(() => who.revoke(first))
    const [, second] = replicas
    assert.ok(second)
    for (const offsetMs of [minutes(60), -minutes(60), 1_000, -1_000, minutes(5)]) {
      second.turn(offsetMs)
      const answered: unknown = await launch(second, who.credential).catch((error: unknown) => error)
      assert.ok(isCoded(answered), `with a clock ${offsetMs} ms off, answered ${JSON.stringify(answered)}`)
      await asPart(
        second.door,
        ground.org,
        'starter',
      )('person:create', {
        slug: `clock-${number++}`,
        name: 'Somebody',
        email: `clock-${number}@people.example`,
      })
    }
    assert.deepEqual(await launchedBy(who.person), [])
    // Entries are ordered by the log, not by the clocks of those who wrote them.
    await until('all are numbered', async () => {
      const [row] = await ground.rows('select count(*) as n from entry_lot where org_id = $1 and seq is null', [ground.org])
      return Number(row?.n) === 0
    })
  })
})
