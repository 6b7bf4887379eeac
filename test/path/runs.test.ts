import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { CodedError, type RunId } from '../../src/kernel/index.ts'
import { actWith, asPart, asRun, at, codeOf, listAt, sessionOf, textAt } from '../harness/acting.ts'
import { type InsideCell, write } from '../harness/scripted-cells.ts'
import { manifestOf } from '../harness/twinlock.ts'
import { openWorld, type World } from '../harness/world.ts'

/** A cell that says that it is up and then waits to be ended. */
function waiting(obeys = true): { script: (cell: InsideCell) => Promise<void>; up: Promise<InsideCell> } {
  const { promise, resolve } = Promise.withResolvers<InsideCell>()
  return {
    up: promise,
    async script(cell) {
      await write(cell, 'half.txt', 'what there was')
      resolve(cell)
      await (obeys ? cell.stopped : cell.killed)
    },
  }
}

const entriesOf = (world: World, run: string, action: string) =>
  world
    .rows('select body from entry where resource_id = $1 and action = $2 order by id', [run, action])
    .then((rows) => rows.map(({ body }) => JSON.parse(String(body))))

async function scenarioWith(world: World, change: object, slug: string): Promise<string> {
  const author = await world.as('author')
  const published = await author('scenario:publish', {
    twin: world.starter.twins.payments,
    slug,
    manifest: { ...Object(manifestOf('payments')), ...change },
  })
  return textAt(published, 'id')
}

describe('a run', () => {
  let world: World
  before(async () => {
    world = await openWorld()
  })
  after(() => world.close())

  it('goes from queued to ended, and what it wrote is sealed', async () => {
    const run = await world.launch({ seed: 42 })
    const ended = await world.ended(run)
    assert.partialDeepStrictEqual(ended, { state: 'ended', outcome: 'succeeded', seed: 42, sensitivity: 'internal' })
    for (const action of ['run:claim', 'run:begin', 'run:end', 'artifact:seal', 'run:close'])
      assert.equal((await entriesOf(world, run, action)).length, 1, action)
    assert.equal((await world.rows('select 1 from run_claim where run_id = $1', [run])).length, 0)
    assert.equal((await world.rows('select 1 from credential where holder_id = $1 and revoked_at is null', [run])).length, 0)
  })

  it('that is cancelled by a person has lost its identity before the answer, and its cell is told to end', async () => {
    const cell = waiting()
    world.cells.next(cell.script)
    const run = await world.launch()
    const inside = await cell.up
    assert.equal(at(await inside.ask({ type: 'credential', audience: 'payments-api' }), 'ok'), true)
    assert.partialDeepStrictEqual(await (await world.as('operator'))('run:cancel', { run, reason: 'it was the wrong one' }), {
      state: 'ending',
      outcome: 'cancelled',
    })
    // The cell may be gone by now: what its supervisor would pass on is tried in its place.
    const late = asRun(world.twinlock.door, world.org, run)
    const digest = await world.twinlock.outside.blobs.put(new TextEncoder().encode('too late'))
    const { broker } = world.twinlock
    const credential = { kind: 'channel', org: world.org, run: run as RunId, epoch: 0 } as const // as `run:claim` answered it
    assert.equal(await codeOf(late('run:credential', { run, audience: 'payments-api' })), 'unauthenticated')
    assert.equal(await codeOf(late('artifact:write', { run, name: 'late.txt', mediaType: 'text/plain', digest })), 'unauthenticated')
    const call = {
      credential,
      connection: 'accounts-data',
      method: 'GET',
      path: '/accounts',
      headers: {},
      body: undefined,
      requestId: 'late',
    }
    assert.equal(await codeOf(broker.call(call)), 'unauthenticated')
    assert.equal(await inside.stopped, 'the run is over')
    assert.partialDeepStrictEqual(await world.ended(run), { outcome: 'cancelled', reason: 'cancelled by a person' })
    assert.equal(world.cells.alive.has(run), false)
    assert.equal(await codeOf((await world.as('operator'))('run:cancel', { run, reason: 'again' })), 'run_not_live')
    const files = listAt(
      await (await world.as('reviewer'))('artifact:show', {
        artifact: (await world.rows('select id from artifact where run_id = $1', [run]))[0]?.id,
      }),
      'files',
    )
    assert.deepEqual(
      files.map((file) => at(file, 'name')),
      ['half.txt'],
      'what was written before is sealed, and nothing after',
    )
  })

  it('whose cell does not end when it is told is killed', async () => {
    const cell = waiting(false)
    world.cells.next(cell.script)
    const run = await world.launch()
    await cell.up
    await (await world.as('operator'))('run:cancel', { run, reason: 'stop' })
    const { closed } = await world.ended(run)
    assert.ok(Number(at(closed, 'cellMs')) >= 1400, 'it had its grace')
    assert.equal(world.cells.alive.has(run), false)
  })

  it('past its deadline ends by it', async () => {
    const scenario = await scenarioWith(world, { deadlineSeconds: 1 }, 'short')
    const cell = waiting()
    world.cells.next(cell.script)
    const run = await world.launch({ scenario })
    await cell.up
    assert.partialDeepStrictEqual(await world.ended(run), { outcome: 'deadline', reason: 'the deadline passed' })
    assert.equal(world.cells.alive.has(run), false)
  })

  it('that crashes, leaves without a verdict, or says that it failed has failed', async () => {
    const scripts: [(cell: InsideCell) => Promise<void>, RegExp][] = [
      [async () => Promise.reject(new Error('out of memory')), /^its program ended itself with an exit code/],
      [async () => undefined, /^its program left without a verdict/],
      [async (cell) => cell.say({ type: 'finish', verdict: 'failed', summary: null }), /^the run says that it failed/],
    ]
    for (const [script, reason] of scripts) {
      world.cells.next(script)
      const ended = await world.ended(await world.launch())
      assert.equal(ended.outcome, 'failed')
      assert.match(String(ended.reason), reason)
    }
  })

  it('is abandoned by the pipeline that started it, and by no other', async () => {
    const cell = waiting()
    world.cells.next(cell.script)
    const run = await world.launch()
    await cell.up
    assert.equal(await codeOf((await world.as('operator'))('run:abandon', { run })), 'conflict')
    const pipeline = actWith(world.twinlock.door, await world.tokenOf('pipeline'))
    assert.partialDeepStrictEqual(await pipeline('run:abandon', { run }), { outcome: 'pipeline_failed' })
    assert.partialDeepStrictEqual(await world.ended(run), { outcome: 'pipeline_failed' })
  })

  it('whose claim ran out is lost, and its cell goes with it', async () => {
    const cell = waiting()
    world.cells.next(cell.script)
    const run = await world.launch()
    await cell.up
    world.clock.forward(16)
    assert.partialDeepStrictEqual(await world.ended(run), { outcome: 'lost', reason: 'its worker was lost' })
    assert.equal(world.cells.alive.has(run), false)
  })

  it('cannot write more files, more bytes, or out of order', async () => {
    const scenario = await scenarioWith(world, { outputs: { filesMax: 2, bytesMax: 30 } }, 'small')
    const codes: unknown[] = []
    world.cells.next(async (cell) => {
      const piece = (name: string, offset: number, body: string) =>
        cell.ask({ type: 'output', name, mediaType: 'text/plain', offset, body: Buffer.from(body).toString('base64'), last: true })
      for (const [name, offset, body] of [
        ['a', 0, 'aaaa'],
        ['a', 0, 'again'],
        ['b', 5, 'gap'],
        ['b', 0, 'x'.repeat(30)],
        ['b', 0, 'bb'],
        ['c', 0, 'c'],
      ] as const) {
        codes.push(at(await piece(name, offset, body), 'problem', 'code') ?? 'kept')
      }
      cell.say({ type: 'finish', verdict: 'passed', summary: null })
    })
    await world.ended(await world.launch({ scenario }))
    assert.deepEqual(codes, ['kept', 'conflict', 'conflict', 'output_limit', 'kept', 'output_limit'])
  })

  it('asks for more than its environment has: the launch is refused with a pointer, and nothing is queued', async () => {
    const before = await world.rows('select id from run')
    const cases: [object, string, string][] = [
      [
        { connections: [{ connection: 'nowhere', allow: [{ methods: ['GET'], path: '/' }] }] },
        'manifest_exceeds',
        '/manifest/connections/0/connection',
      ],
      [
        { connections: [{ connection: 'accounts-data', allow: [{ methods: ['GET', 'POST'], path: '/' }] }] },
        'manifest_exceeds',
        '/manifest/connections/0/allow/0/methods',
      ],
    ]
    for (const [number, [change, code, pointer]] of cases.entries()) {
      const scenario = await scenarioWith(world, change, `greedy-${number}`)
      await assert.rejects(
        world.launch({ scenario }),
        (error) => error instanceof CodedError && error.code === code && error.notes.pointer === pointer,
      )
    }
    await assert.rejects(
      world.launch({ parameters: { acounts: 1 } }),
      (error) => error instanceof CodedError && error.notes.pointer === '/parameters/acounts',
    )
    await assert.rejects(
      world.launch({ environment: world.starter.environments.production }),
      (error) => error instanceof CodedError && error.code === 'denied',
    )
    await assert.rejects(
      world.launch({ environment: world.starter.environments.sandbox }),
      (error) => error instanceof CodedError && error.code === 'denied',
      'the pipeline is granted staging alone',
    )
    assert.deepEqual(await world.rows('select id from run'), before)
  })

  it('of a scenario that was changed where it is stored does not start', async () => {
    const scenario = await scenarioWith(world, {}, 'sealed')
    await world.tamper(`update scenario set manifest = jsonb_set(manifest, '{connections,0,allow,0,path}', '"/**"') where id = $1`, [
      scenario,
    ])
    await assert.rejects(world.launch({ scenario }), (error) => error instanceof CodedError && error.code === 'seal_broken')
  })

  it('makes calls that are settled with how they went: refused before or after, failed, answered with a secret', async () => {
    const { upstream } = world
    const codes: unknown[] = []
    const call = (cell: InsideCell, path: string, more: object = {}) =>
      cell.ask({ type: 'call', connection: 'accounts-data', method: 'GET', path, ...more })
    let echoed = ''
    upstream.answer = (exchange) => {
      if (exchange.url.endsWith('limit=2')) throw new CodedError('upstream_failed', 'No answer.')
      if (exchange.url.endsWith('limit=3')) throw new TypeError('a bug')
      return {
        status: 200,
        headers: { 'content-type': 'application/json', 'set-cookie': 'x' },
        body: new TextEncoder().encode(JSON.stringify({ sent: exchange.headers['x-api-key'], email: 'a@b.example' })),
      }
    }
    world.cells.next(async (cell) => {
      const answer = await call(cell, '/accounts?limit=1')
      echoed = Buffer.from(textAt(answer, 'value', 'body'), 'base64').toString()
      codes.push(at(answer, 'ok'))
      for (const [path, more] of [
        ['/accounts?limit=2', {}],
        ['/accounts?limit=3', {}],
        ['/accounts', { headers: { authorization: 'Bearer x' } }],
        ['/other', {}],
      ] as const) {
        codes.push(at(await call(cell, path, more), 'problem', 'code'))
      }
      cell.say({ type: 'finish', verdict: 'passed', summary: null })
    })
    const before = upstream.asked.length
    const run = await world.launch()
    const { closed } = await world.ended(run)
    assert.deepEqual(codes, [true, 'upstream_failed', 'internal', 'header_refused', 'denied'])
    const { sent, email } = JSON.parse(echoed)
    assert.equal(sent, '[redacted]')
    assert.match(email, /^\[redacted:[0-9a-f]{8}\]$/)
    assert.equal(upstream.asked.length - before, 3, 'what is refused never leaves')
    assert.equal(upstream.asked.at(-1)?.headers['x-api-key'], 'staging-accounts-key-0123456789')
    const tape = listAt(await (await world.as('operator'))('run:tape', { run }), 'items')
    assert.deepEqual(
      tape.map((one) => [at(one, 'decision'), at(one, 'state'), at(one, 'status'), at(one, 'code')]),
      [
        ['allowed', 'settled', 200, null],
        ['allowed', 'settled', null, 'upstream_failed'],
        ['allowed', 'settled', null, 'internal'],
        ['allowed', 'settled', null, 'header_refused'],
        ['denied', 'settled', null, 'denied'],
      ],
    )
    assert.equal(at(closed, 'callsUnknown'), 0)
    upstream.answer = () => ({ status: 200, headers: {}, body: new Uint8Array() })
  })

  it('ends when its connection is suspended in as far as it calls it: from then on each call is refused', async () => {
    const slug = 'payments-api'
    const [{ id } = {}] = await world.rows('select id from connection where slug = $1', [slug])
    const codes: unknown[] = []
    const admin = await world.as('admin')
    world.cells.next(async (cell) => {
      const call = () => cell.ask({ type: 'call', connection: slug, method: 'POST', path: '/payments' })
      codes.push(at(await call(), 'ok'))
      await admin('connection:suspend', { connection: id })
      codes.push(at(await call(), 'problem', 'code'))
      cell.say({ type: 'finish', verdict: 'passed', summary: null })
    })
    await world.ended(await world.launch())
    assert.deepEqual(codes, [true, 'conflict'])
    await assert.rejects(world.launch(), (error) => error instanceof CodedError && error.code === 'manifest_exceeds')
    await world.tamper(`update connection set state = 'active' where id = $1`, [id])
  })

  it('is nobody’s who was granted another environment: neither its tape, nor what it left, nor its end', async () => {
    const admin = await world.as('admin')
    const { environments, people, project, services } = world.starter
    const reason = 'The sandbox alone.'
    for (const role of ['operator', 'observer']) {
      await admin('grant:create', {
        principal: people.owner,
        role,
        scopeType: 'Project',
        scope: project,
        environments: [environments.sandbox],
        reason,
      })
    }
    const limited = actWith(world.twinlock.door, await sessionOf(world.twinlock.door, world.org, people.owner))
    const run = await world.launch()
    await world.ended(run)
    const artifact = String((await world.rows('select id from artifact where run_id = $1', [run]))[0]?.id)
    assert.equal(await codeOf(limited('run:launch', { scenario: world.starter.scenario, environment: environments.staging })), 'denied')
    const requested = { artifact, environment: environments.production, service: services.payments.id, channel: 'any' }
    const tried = [
      ['run:tape', { run }],
      ['run:read', { run }],
      ['artifact:read', { artifact, file: 'result.txt' }],
      ['promotion:request', requested],
    ] as const
    for (const [action, input] of tried) assert.equal(await codeOf(limited(action, input)), 'denied', action)
    const cell = waiting()
    world.cells.next(cell.script)
    const live = await world.launch()
    await cell.up
    assert.equal(await codeOf(limited('run:cancel', { run: live, reason: 'mine' })), 'denied')
    await (await world.as('operator'))('run:cancel', { run: live, reason: 'enough' })
    await world.ended(live)
  })

  it('ends with its operator, when he leaves', async () => {
    const cell = waiting()
    world.cells.next(cell.script)
    const run = await world.launch()
    const inside = asRun(world.twinlock.door, world.org, run)
    await cell.up
    const left = await (await world.as('admin'))('person:offboard', { person: world.starter.people.operator })
    assert.partialDeepStrictEqual(left, { ended: { sessions: 1, grants: 1, workloads: 1 } })
    assert.equal(await codeOf(inside('run:credential', { run, audience: 'x' })), 'unauthenticated')
    await world.until(async () => (await world.rows('select state from run where id = $1', [run]))[0]?.state === 'ended')
    assert.equal((await world.rows('select outcome from run where id = $1', [run]))[0]?.outcome, 'revoked')
    await assert.rejects(
      world.launch(),
      (error) => error instanceof CodedError && error.code === 'unauthenticated',
      'and his pipeline starts nothing',
    )
  })

  it('went through all that without anything unexpected', () => {
    assert.deepEqual(
      world.lines.filter((line) => !/a bug/.test(line)),
      [],
    )
  })
})

describe('several instances over one database', () => {
  let world: World
  before(async () => {
    world = await openWorld({ isIdle: true })
  })
  after(() => world.close())

  const asWorker = (act: string, run: string, more: object = {}) =>
    asPart(world.twinlock.door, world.org, 'worker')(act, { run, worker: 'gone', ...more })

  it('never claim a run twice, whoever is faster', async () => {
    const [second, third] = [await world.another({ worker: 'second' }), await world.another({ worker: 'third' })]
    const runs = []
    for (let at = 0; at < 8; at++) runs.push(await world.launch({ seed: at }))
    second.start()
    third.start()
    for (const run of runs) {
      await world.ended(run)
      assert.equal((await entriesOf(world, run, 'run:claim')).length, 1)
    }
    assert.equal(world.cells.launched, 8)
    await second.stop()
    await third.stop()
  })

  it('finish what one of them left ending: the calls without an outcome are unknown, the outputs are sealed, the run is closed', async () => {
    const run = await world.launch()
    await asWorker('run:claim', run)
    await asWorker('run:begin', run, { cell: {} })
    const inside = asRun(world.twinlock.door, world.org, run)
    const digest = await world.twinlock.outside.blobs.put(new TextEncoder().encode('before the crash'))
    await inside('artifact:write', { run, name: 'before.txt', mediaType: 'text/plain', digest })
    await inside('connection:call', {
      connection: 'accounts-data',
      method: 'GET',
      path: '/accounts',
      requestDigest: `sha256:${'0'.repeat(64)}`,
    })
    await asPart(world.twinlock.door, world.org, 'worker')('run:end', { run, cause: 'passed' })
    assert.equal(await codeOf(inside('run:credential', { run, audience: 'x' })), 'unauthenticated')
    const second = await world.another({ worker: 'fourth' })
    second.start()
    world.clock.forward(16)
    const ended = await world.ended(run)
    assert.partialDeepStrictEqual(ended, { outcome: 'succeeded', closed: { cellMs: null, callsUnknown: 1 } })
    assert.deepEqual(
      (await world.rows('select state from call where holder_id = $1', [run])).map((row) => row.state),
      ['unknown'],
    )
    assert.equal((await world.rows('select 1 from artifact where run_id = $1', [run])).length, 1)
    await second.stop()
  })

  it('take over from one that went away in the middle of a run: it is lost, and its identity with it', async () => {
    const run = await world.launch()
    await asWorker('run:claim', run)
    await asWorker('run:begin', run, { cell: {} })
    const inside = asRun(world.twinlock.door, world.org, run)
    const { token } = await inside('run:credential', { run, audience: 'http://twinlock.test' })
    const second = await world.another({ worker: 'fifth' })
    second.start()
    world.clock.forward(16)
    assert.partialDeepStrictEqual(await world.ended(run), { outcome: 'lost', reason: 'its worker was lost' })
    assert.equal(await codeOf(inside('run:credential', { run, audience: 'x' })), 'unauthenticated')
    assert.equal(await codeOf(actWith(world.twinlock.door, { kind: 'token', token: String(token) })('run:show', { run })), 'token_revoked')
    assert.equal(await codeOf(asWorker('run:begin', run, { cell: {} })), 'claim_lost')
    assert.equal((await asWorker('run:heartbeat', run, { done: 1, total: 2, note: '' })).live, false)
    await second.stop()
  })

  it('that are stopped end their runs in order, seal what there is, and leave the queue to others', async () => {
    const cell = waiting()
    world.cells.next(cell.script)
    const second = await world.another({ worker: 'sixth', runsMax: 1 })
    second.start()
    const run = await world.launch()
    await cell.up
    const queued = await world.launch()
    await second.stop()
    assert.deepEqual((await world.rows('select outcome, cause, state from run where id = $1', [run]))[0], {
      outcome: 'lost',
      cause: 'server_stopping',
      state: 'ended',
    })
    assert.equal((await world.rows('select 1 from artifact where run_id = $1', [run])).length, 1)
    assert.equal((await world.rows('select state from run where id = $1', [queued]))[0]?.state, 'queued')
    const third = await world.another({ worker: 'seventh' })
    third.start()
    assert.equal((await world.ended(queued)).outcome, 'succeeded')
    await third.stop()
  })

  it('fail a run whose cell cannot be made, and say why to whoever may read what is in it', async () => {
    const launch = async () => {
      throw new CodedError('not_found', 'There is no such program.')
    }
    const second = await world.another({ worker: 'eighth', cells: { ...world.cells, launch } })
    second.start()
    const ended = await world.ended(await world.launch())
    assert.partialDeepStrictEqual(ended, {
      outcome: 'failed',
      cause: 'program_missing',
      closed: { cellMs: null },
    })
    const { exit } = await (await world.as('operator'))('run:read', { run: ended.id })
    assert.partialDeepStrictEqual(exit, { code: null, signal: null, detail: 'There is no such program.', words: null })
    await second.stop()
  })

  it('agree on who holds a run: a worker that was too slow can do nothing to it', async () => {
    const run = await world.launch()
    await asWorker('run:claim', run)
    assert.equal(await codeOf(asWorker('run:claim', run, { worker: 'other' })), 'conflict')
    assert.equal(await codeOf(asWorker('run:begin', run, { worker: 'other', cell: {} })), 'claim_lost')
    assert.equal((await asWorker('run:heartbeat', run, { worker: 'other', done: 0, total: 0, note: '' })).live, false)
    assert.equal((await asWorker('run:heartbeat', run, { done: 0, total: 0, note: '' })).live, true)
    const channel = { kind: 'channel', org: world.org, run: run as RunId, epoch: 1 } as const // an epoch that is not the run's
    assert.equal(await codeOf(actWith(world.twinlock.door, channel)('run:credential', { run, audience: 'x' })), 'unauthenticated')
    await (await world.as('operator'))('run:cancel', { run, reason: 'enough' })
    assert.equal(await codeOf(asWorker('run:begin', run, { cell: {} })), 'run_not_live')
  })

  it('went through all that without anything unexpected', () => {
    // Two sequencers that number the same entries: one of them is refused by the store and begins again.
    assert.deepEqual(
      world.lines.filter((line) => !/entry_seq/.test(line)),
      [],
    )
  })
})
