// A run watched as it happens, over HTTP and real PostgreSQL: the run is driven by hand.
import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { rowsOf } from '../harness/database.ts'
import { type CameEvent, type EventStream, type Served, serveStreams } from '../harness/event-stream.ts'
import { closed, liveRun } from '../harness/live-run.ts'
import { newPerson, refused, type SignedIn, signIn, until } from '../harness/signed-in.ts'
import { type Harness, openStarter } from '../harness/twinlock.ts'

const numbers = (events: readonly CameEvent[]) => events.filter(({ event }) => event === 'call').map(({ data }) => data.number)
const callNumbered = (number: number) => (event: CameEvent) => event.event === 'call' && event.data.number === number

describe('a run that is watched', () => {
  let h: Harness
  let served: Served
  let observer: SignedIn
  const open = (run: string, after?: string): Promise<EventStream> => served.open(run, observer.token, after)

  before(async () => {
    h = await openStarter({ runsMax: 0, listeners: { all: 6, perPerson: 4 } })
    served = await serveStreams(h)
    observer = await newPerson(h, 'watcher', 'observer')
  })
  after(async () => {
    await served.close()
    await h.close()
  })

  it('tells its calls with what was decided, its files, and its end, each once and in order, and then the stream is over', async () => {
    const run = await liveRun(h)
    const stream = await open(run.id)
    assert.equal(stream.status, 200)
    assert.match(stream.headers.get('content-type') ?? '', /^text\/event-stream/)
    assert.equal((await stream.until(({ event }) => event === 'run')).data.state, 'running')
    await run.call({ connection: 'accounts-data', path: '/accounts?limit=1' })
    await refused(run.call({ connection: 'nowhere', path: '/x' }), 'undeclared_connection')
    await run.write('report.md', 'what came of it')
    await stream.until(({ event }) => event === 'output')
    await stream.until(callNumbered(2))
    await run.end('succeeded')
    await closed(h, run.id)
    await stream.until(({ event }) => event === 'end')
    await stream.ended
    assert.deepEqual(numbers(stream.events), [1, 2])
    const [allowed, denied] = stream.events.filter(({ event }) => event === 'call').map(({ data }) => data)
    assert.deepEqual([allowed?.decision, denied?.decision, denied?.code], ['allowed', 'denied', 'undeclared_connection'])
    const settled = stream.events.filter(
      ({ event, data }) => (event === 'call' || event === 'outcome') && data.number === 1 && data.status === 200,
    )
    assert.equal(settled.length, 1)
    assert.partialDeepStrictEqual(stream.events.find(({ event }) => event === 'output')?.data, {
      path: 'report.md',
      bytes: 15,
      mediaType: 'text/plain',
    })
    assert.partialDeepStrictEqual(stream.events.at(-1), { event: 'end', data: { outcome: 'succeeded', state: 'ended' } })
  })

  it('goes on after any event, with no call lost and none told again', async () => {
    const run = await liveRun(h)
    for (let number = 1; number <= 5; number++) await run.call({ connection: 'accounts-data', path: `/accounts?limit=${number}` })
    await run.end('succeeded')
    await closed(h, run.id)
    const whole = await open(run.id)
    await whole.ended
    assert.deepEqual(numbers(whole.events), [1, 2, 3, 4, 5])
    for (const [place, { id }] of whole.events.entries()) {
      const rest = await open(run.id, id)
      await rest.ended
      assert.deepEqual([...numbers(whole.events.slice(0, place + 1)), ...numbers(rest.events)], [1, 2, 3, 4, 5], id)
    }
  })

  it('refuses an id that no stream of this run gave out', async () => {
    const [run, other] = [await liveRun(h), await liveRun(h)]
    await other.call({ connection: 'accounts-data', path: '/accounts?limit=1' })
    const stream = await open(other.id)
    const { id } = await stream.until(callNumbered(1))
    stream.close()
    await stream.ended
    const tail = run.id.slice(-10)
    const hostile = [
      id,
      `1.${tail}.7.0`,
      `1.${tail}.0.1`,
      `1.${tail}.0.0.5`,
      `1.${tail}.99999999999.0`,
      `1.${tail}.-1.0`,
      `1.${tail}.1e3.0`,
      "' or 1=1 --",
      '1',
      'x'.repeat(5000),
    ]
    // All at once: whoever comes in such company is told what he asked for.
    const [fair, ...refusals] = await Promise.all([open(run.id), ...hostile.map((one) => open(run.id, one))])
    assert.equal((await fair.until(({ event }) => event === 'run')).data.state, 'running')
    fair.close()
    await fair.ended
    for (const [place, refusal] of refusals.entries())
      assert.deepEqual([hostile[place], refusal.status, (await refusal.problem()).code], [hostile[place], 400, 'invalid'])
    for (const left of [run, other]) await left.end('failed')
  })

  it('is recorded once for each opening, however much is told', async () => {
    const run = await liveRun(h)
    const stream = await open(run.id)
    for (let number = 1; number <= 3; number++) await run.call({ connection: 'accounts-data', path: `/accounts?limit=${number}` })
    await stream.until(callNumbered(3))
    stream.close()
    await stream.ended
    const entries = await rowsOf(h.twinlock, `select action, outcome from entry where actor_id = $1 and resource_id = $2`, [
      observer.id,
      run.id,
    ])
    assert.deepEqual(entries, [{ action: 'run:watch', outcome: 'done' }])
    await run.end('failed')
  })

  it('has so many listeners of one person and in all, and the next one is told to wait', async () => {
    await until('everybody has left', async () => h.twinlock.watch.listening === 0)
    const run = await liveRun(h)
    const mine = await Promise.all([open(run.id), open(run.id), open(run.id), open(run.id)])
    const fifth = await open(run.id)
    assert.deepEqual([fifth.status, (await fifth.problem()).code, fifth.headers.get('retry-after')], [429, 'too_many_listeners', '10'])
    const operator = await signIn(h, 'operator')
    const theirs = [await served.open(run.id, operator.token), await served.open(run.id, operator.token)]
    assert.deepEqual(
      theirs.map(({ status }) => status),
      [200, 200],
    )
    const third = await served.open(run.id, operator.token)
    assert.equal((await third.problem()).detail, 'Already 6 streams are open here.')
    for (const stream of [...mine, ...theirs]) stream.close()
    await until('everybody has left', async () => h.twinlock.watch.listening === 0)
    await run.call({ connection: 'accounts-data', path: '/accounts?limit=1' })
    const again = await open(run.id)
    await again.until(callNumbered(1))
    again.close()
    await run.end('failed')
  })

  it('ends the streams when the server stops, and says that they can be opened again', async () => {
    const run = await liveRun(h)
    const second = await serveStreams(h)
    const stream = await second.open(run.id, observer.token)
    await stream.until(({ event }) => event === 'run')
    await second.close()
    await stream.ended
    assert.partialDeepStrictEqual(stream.events.at(-1), { event: 'cut', data: { code: 'busy' } })
    await run.end('failed')
  })
})
