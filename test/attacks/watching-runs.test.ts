// Somebody tries to see a run that he may not see, or no longer: before the stream opens, and in the middle of it.
import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { codeOf } from '../harness/acting.ts'
import { asSuperuser } from '../harness/database.ts'
import { type CameEvent, type Served, serveStreams } from '../harness/event-stream.ts'
import { type LiveRun, liveRun } from '../harness/live-run.ts'
import { grant, newPerson, refused, type SignedIn, signIn, until } from '../harness/signed-in.ts'
import { type Harness, openStarter } from '../harness/twinlock.ts'
import { strangerBeside } from '../harness/two-organizations.ts'

const isCut = ({ event }: CameEvent) => event === 'cut'

describe('a run that somebody may not watch', () => {
  let h: Harness
  let served: Served
  let admin: SignedIn
  let run: LiveRun

  before(async () => {
    h = await openStarter({ runsMax: 0 })
    served = await serveStreams(h)
    admin = await signIn(h, 'admin')
    run = await liveRun(h)
  })
  after(async () => {
    await served.close()
    await h.close()
  })

  const callTo = (path: string) => run.call({ connection: 'accounts-data', path })
  /** Makes a call that is denied: it is on the tape with its path. */
  const tryCall = (path: string) => refused(callTo(path), 'denied')

  /** Somebody with a role and his stream, which has told everything so far. */
  async function watching(slug: string): Promise<{ who: SignedIn; grantId: string; stream: Awaited<ReturnType<Served['open']>> }> {
    const who = await newPerson(h, slug)
    const grantId = await grant(h, who.id, 'observer')
    const stream = await served.open(run.id, who.token)
    await callTo(`/accounts?limit=1&seen=${slug}`)
    await stream.until(({ event }) => event === 'call')
    return { who, grantId, stream }
  }

  it('is not shown without the role, and the try is on the record', async () => {
    const nobody = await newPerson(h, 'nobody')
    const stream = await served.open(run.id, nobody.token)
    assert.deepEqual([stream.status, (await stream.problem()).code], [403, 'denied'])
    const listed = await (await signIn(h, 'auditor')).act('ledger:trace', { id: run.id })
    assert.match(JSON.stringify(listed), /run:watch/)
  })

  it('is not shown without a credential, to a one-time link, or to the run itself', async () => {
    for (const [token, status] of [
      ['', 401],
      [`twl_${h.starter.org}.${'A'.repeat(43)}`, 401],
      [await run.token(), 403],
    ] as const)
      assert.equal((await served.open(run.id, token)).status, status, token.slice(0, 4))
  })

  it('of another organization looks like one that is not there', async () => {
    const stranger = await strangerBeside(h)
    const theirs = await newPerson(stranger, 'stranger', 'observer')
    const refusal = await served.open(run.id, theirs.token)
    const missing = await served.open(`${run.id.slice(0, -3)}000`, theirs.token)
    const [one, other] = [await refusal.problem(), await missing.problem()]
    assert.deepEqual([refusal.status, one.code, one.detail], [404, 'not_found', other.detail])
    // A stream that was refused under this id leaves nothing behind that the run's own watchers would share.
    const { stream } = await watching('beside')
    await tryCall('/after-the-stranger')
    await stream.until(({ data }) => data.path === '/after-the-stranger')
    stream.close()
  })

  it('cannot be named by a path that is none', async () => {
    for (const hostile of ['..', '%2e%2e', 'run_x', `${run.id}%00`, `${run.id}'--`, 'x'.repeat(190)])
      assert.ok([400, 404].includes((await served.open(hostile, admin.token)).status), hostile)
  })

  it('is told no further than the answer to the revocation of the grant, to a reader who was in the middle of it', async () => {
    const { grantId, stream } = await watching('revoked')
    await admin.act('grant:revoke', { grant: grantId, reason: 'No longer needed.' })
    await tryCall('/after-revocation')
    const cut = await stream.until(isCut)
    assert.equal(cut.data.code, 'denied')
    await stream.ended
    assert.equal(stream.events.at(-1), cut)
    assert.doesNotMatch(JSON.stringify(stream.events), /after-revocation/)
  })

  it('is told nothing of what happens after a revocation, whatever is going on at that moment', async () => {
    for (let round = 0; round < 8; round++) {
      const { grantId, stream } = await watching(`race-${round}`)
      let isRevoked = false
      const busy = (async () => {
        for (let number = 0; number < 12; number++)
          if (isRevoked) await tryCall(`/after-${round}`)
          else await callTo('/accounts')
      })()
      await admin.act('grant:revoke', { grant: grantId, reason: 'In the middle.' })
      isRevoked = true
      await busy
      await stream.ended
      assert.doesNotMatch(JSON.stringify(stream.events), new RegExp(`/after-${round}`))
    }
  })

  it('is told no further to the one whose right was taken away in the moment in which others are told, and to all others', async () => {
    const readers = await Promise.all(Array.from({ length: 6 }, (_, number) => watching(`beside-${number}`)))
    const [leaver, ...others] = readers
    assert.ok(leaver !== undefined)
    await Promise.all([admin.act('grant:revoke', { grant: leaver.grantId, reason: 'While others read.' }), callTo('/accounts')])
    await tryCall('/after-the-leaver')
    for (const { stream } of others) await stream.until(({ data }) => data.path === '/after-the-leaver')
    assert.equal((await leaver.stream.until(isCut)).data.code, 'denied')
    await leaver.stream.ended
    assert.doesNotMatch(JSON.stringify(leaver.stream.events), /after-the-leaver/)
    for (const { stream } of others) stream.close()
  })

  it('is told no further to a session that ended', async () => {
    const { who, stream } = await watching('signed-out')
    await who.act('session:end', {})
    await tryCall('/after-session')
    const cut = await stream.until(isCut)
    assert.equal(cut.data.code, 'unauthenticated')
    await stream.ended
    assert.doesNotMatch(JSON.stringify(stream.events), /after-session/)
  })

  it('is neither opened for somebody with too low a clearance, nor told any further to one who lost it', async () => {
    const { who, stream } = await watching('lowered')
    await asSuperuser(h.twinlock, (client) => client.query('update person set clearance = 0 where id = $1', [who.id]))
    await tryCall('/after-clearance')
    assert.equal((await stream.until(isCut)).data.code, 'denied')
    assert.doesNotMatch(JSON.stringify(stream.events), /after-clearance/)
    assert.equal((await served.open(run.id, who.token)).status, 403)
  })

  it('is cut for a reader who lost the right although nothing happens to the run', async () => {
    const { grantId, stream } = await watching('idle')
    await admin.act('grant:revoke', { grant: grantId, reason: 'No longer needed.' })
    await stream.until(isCut)
    await stream.ended
  })

  it('leaves no listener behind when its streams are cut', async () => {
    await until('everybody has left', async () => h.twinlock.watch.listening === 0)
    const who = await newPerson(h, 'nobody-either')
    assert.equal(
      await codeOf(h.twinlock.watch.open({ credential: who.credential, run: run.id, after: undefined, requestId: 'test' })),
      'denied',
    )
    assert.equal(h.twinlock.watch.listening, 0)
  })
})
