// Why a run ended: each way to a bad end has its own code and sentence, the same for everybody who may see the run; what the run says of it is content.
import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { CodedError } from '../../src/kernel/index.ts'
import { type CellExit, type ChildMessage, causeOf, type RunCause } from '../../src/runs/index.ts'
import { actWith, at, codeOf, sessionOf, textAt } from '../harness/acting.ts'
import { CellEnds, type CellScript } from '../harness/scripted-cells.ts'
import { openWorld, type World } from '../harness/world.ts'

const finish = (more: Partial<Extract<ChildMessage, { type: 'finish' }>>): CellScript => {
  return async (cell) => cell.say({ type: 'finish', verdict: 'failed', summary: null, ...more })
}
const leaves = (exit: Partial<CellExit>): CellScript => {
  return () => Promise.reject(new CellEnds(exit))
}

/** What is told of a person, a token and a trick by a program that means no good. */
const token = ['ghp', `${'a1B2c3D4e5'.repeat(3)}f6G7h8`].join('_')
const hostile = `first\u0000 \u001b[2Jgone \u202Etxet\r\nTypeError: cannot read the map\n  at Bearer ${token}\nlast`

describe('a run that comes to a bad end', () => {
  let world: World
  before(async () => {
    world = await openWorld()
  })
  after(() => world.close())

  /** Runs a script to its end: what everybody sees of it, and what whoever may read it does. */
  async function ends(script: CellScript, isSilent = false) {
    world.cells.next(script, { isSilent })
    const shown = await world.ended(await world.launch())
    const read = await (await world.as('operator'))('run:read', { run: shown.id })
    return { shown, read, run: textAt(shown, 'id') }
  }

  const ways: readonly [string, CellScript, RunCause, object, boolean?][] = [
    ['says that it failed', finish({ summary: { score: 0 } }), 'said_failed', { code: 0 }],
    ['says that its program threw', finish({ because: 'threw' }), 'threw', { code: 0 }],
    ['says that its program could not be loaded', finish({ because: 'not_loaded' }), 'not_loaded', { code: 0 }],
    ['leaves without a verdict', async () => undefined, 'no_verdict', { code: 0 }],
    ['leaves with an exit code', leaves({ code: 3 }), 'exit_code', { code: 3, signal: null }],
    ['is ended by a signal', leaves({ code: null, signal: 'SIGSEGV' }), 'signal', { code: null, signal: 'SIGSEGV' }],
    [
      'needs more memory than it has',
      leaves({ reason: 'memory', code: null, signal: 'SIGKILL', detail: 'The run held more than 64 megabytes.' }),
      'memory',
      { detail: 'The run held more than 64 megabytes.' },
    ],
    [
      'breaks the rules of its channel',
      leaves({ reason: 'protocol', code: null, signal: 'SIGKILL', detail: 'Request 5 is open already.' }),
      'protocol',
      { detail: 'Request 5 is open already.', code: null, signal: null },
    ],
    ['ends before its cell says that it is up', leaves({ code: 1, stderrTail: 'EACCES' }), 'cell_unready', { words: 'EACCES' }, true],
  ]
  for (const [what, script, cause, exit, isSilent] of ways) {
    it(`${what}: \`${cause}\``, async () => {
      const { shown, read } = await ends(script, isSilent)
      const { outcome, says, remedy } = causeOf(cause)
      assert.partialDeepStrictEqual(shown, { state: 'ended', outcome, cause, reason: says, remedy })
      assert.notEqual(remedy, null, 'there is something to do')
      assert.partialDeepStrictEqual(read, { outcome, cause, reason: says, exit })
    })
  }

  it('does not take a run that says it passed for one that threw', async () => {
    const { shown, read } = await ends(finish({ verdict: 'passed', because: 'threw' }))
    assert.partialDeepStrictEqual(shown, { outcome: 'succeeded', cause: 'passed', remedy: null })
    assert.equal(read.exit, null)
  })

  it('has its own last words with it, cleaned of what hides and of secrets, and marked as cut', async () => {
    const { read } = await ends(leaves({ code: 1, stderrTail: hostile, stderrCut: true }))
    assert.deepEqual(at(read, 'exit', 'words'), 'TypeError: cannot read the map\n  at Bearer [redacted]\nlast')
    assert.partialDeepStrictEqual(read.exit, { cut: true, redacted: 1 })
    const whole = await ends(leaves({ code: 1, stderrTail: hostile }))
    assert.match(textAt(whole.read, 'exit', 'words'), /^first\ufffd \ufffd\[2Jgone \ufffdtxet\nTypeError/)
  })

  it('keeps no secret of what its program threw, and a result as it was given', async () => {
    const summary = { error: { message: `cannot sign in with Bearer ${token}` }, at: [1, null] }
    const threw = await ends(finish({ because: 'threw', summary }))
    assert.deepEqual(threw.read.summary, { error: { message: 'cannot sign in with Bearer [redacted]' }, at: [1, null] })
    assert.deepEqual((await ends(finish({ summary }))).read.summary, summary)
  })

  it('says nothing of its own where anybody else looks: not in its row of a list, its entries, the log of the server, or what waits for people', async () => {
    const { run } = await ends(leaves({ code: 77, stderrTail: 'the valve stuck' }))
    const operator = await world.as('operator')
    const seen = [
      await operator('run:show', { run }),
      await operator('run:list', {}),
      await operator('attention:list', {}),
      await world.rows('select body from entry'),
      await world.rows('select content from sidecar'),
      world.lines,
    ]
    assert.doesNotMatch(JSON.stringify(seen), /valve stuck|\b77\b/)
    const [entry] = await world.rows(`select body from entry where resource_id = $1 and action = 'run:end'`, [run])
    assert.equal(at(JSON.parse(String(entry?.body)), 'facts', 'cause'), 'exit_code', 'the code alone is on the record')
  })

  it('tells whoever is not cleared for it the class of its end alone, by every way', async () => {
    const { run, read } = await ends(leaves({ code: 7, stderrTail: 'the valve stuck' }))
    assert.equal(at(read, 'exit', 'words'), 'the valve stuck')
    const admin = await world.as('admin')
    const named = { slug: 'uncleared', name: 'Uncleared', email: 'uncleared@people.example', clearance: 'public' }
    const { id } = await admin('person:create', named)
    await admin('grant:create', {
      principal: id,
      role: 'observer',
      scopeType: 'Project',
      scope: world.starter.project,
      reason: 'To look at runs.',
    })
    const uncleared = actWith(world.twinlock.door, await sessionOf(world.twinlock.door, world.org, textAt({ id }, 'id')))
    const shown = await uncleared('run:show', { run })
    assert.partialDeepStrictEqual(shown, { cause: 'exit_code', reason: causeOf('exit_code').says })
    assert.doesNotMatch(JSON.stringify([shown, await uncleared('run:list', { twin: world.starter.twins.payments })]), /valve|"exit"/)
    assert.equal(await codeOf(uncleared('run:read', { run })), 'denied')
  })

  it('which others brought about keeps nothing of what it said after it lost its identity', async () => {
    const { promise, resolve } = Promise.withResolvers<void>()
    world.cells.next(async (cell) => {
      resolve()
      await cell.stopped
      throw new CellEnds({ code: 1, stderrTail: 'too late' })
    })
    const run = await world.launch()
    await promise
    const operator = await world.as('operator')
    await operator('run:cancel', { run, reason: 'enough' })
    assert.partialDeepStrictEqual(await world.ended(run), { cause: 'cancelled', reason: 'cancelled by a person', remedy: null })
    assert.equal((await operator('run:read', { run })).exit, null)
  })

  it('went through all that without anything unexpected', () => assert.deepEqual(world.lines, []))
})

describe('a run that cannot be launched at all', () => {
  let world: World
  before(async () => {
    world = await openWorld({ isIdle: true })
  })
  after(() => world.close())

  const refusals: readonly [Error, RunCause, RegExp][] = [
    [new CodedError('not_found', 'There is no ready-made twin `x`.'), 'program_missing', /^There is no ready-made twin `x`/],
    [new CodedError('invalid', 'The memory of a cell is 32 to 65536 megabytes.'), 'cell_refused', /^The memory of a cell/],
    [new CodedError('busy', '64 cells are running, which is the limit.'), 'cell_busy', /^64 cells/],
    [
      new CodedError('internal', 'The process of a cell could not be started.', { cause: new Error('EAGAIN') }),
      'cell_failed',
      /^The process/,
    ],
    [new TypeError('a bug at /srv/secret/path'), 'cell_failed', /^Something went wrong on our side/],
  ]
  for (const [error, cause, detail] of refusals) {
    it(`because of \`${error.message}\`: \`${cause}\``, async () => {
      const one = await world.another({ worker: 'refusing', cells: { ...world.cells, launch: () => Promise.reject(error) } })
      one.start()
      const shown = await world.ended(await world.launch())
      assert.partialDeepStrictEqual(shown, { outcome: 'failed', cause, reason: causeOf(cause).says, closed: { cellMs: null } })
      assert.doesNotMatch(JSON.stringify(shown), /ready-made|64 cells|secret/)
      const { exit } = await (await world.as('operator'))('run:read', { run: shown.id })
      assert.match(textAt(exit, 'detail'), detail)
      await one.stop()
      // What is our own fault is found in the server's log, by the run's id.
      const told = world.lines.splice(0).filter((line) => line.includes(textAt(shown, 'id')))
      assert.equal(told.length, cause === 'cell_failed' ? 1 : 0)
      if (cause === 'cell_failed') assert.match(told[0] ?? '', /EAGAIN|a bug/)
    })
  }

  it('because no worker took it before its deadline, did not have too little time', async () => {
    const run = await world.launch()
    world.clock.forward(130)
    await world.part('reaper')('run:end', { run, cause: 'deadline' })
    assert.partialDeepStrictEqual(await (await world.as('operator'))('run:show', { run }), { outcome: 'deadline', cause: 'never_began' })
  })

  it('refuses words that were not cleaned, and codes that are none, at the door', async () => {
    const run = await world.launch()
    const worker = world.part('worker')
    assert.equal(await codeOf(worker('run:end', { run, cause: 'the valve stuck' })), 'invalid')
    await worker('run:end', { run, cause: 'exit_code' })
    const closed = { admissionMs: null, cellMs: null, tokens: 0, callsUnknown: 0 }
    const exit = { code: 1, signal: null, detail: null, words: 'a\u001b[2J', cut: false, redacted: 0 }
    assert.equal(await codeOf(worker('run:close', { run, closed, exit })), 'invalid')
    assert.equal((await worker('run:close', { run, closed, exit: { ...exit, words: 'a' } })).state, 'ended')
  })
})
