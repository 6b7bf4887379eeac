// What a person reads of a run that failed: one sentence, what to do, and, apart and marked, what the run itself said, none of which speaks to the terminal.
import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { type FakeTwinlock, fakeId, fakeLinkToken, startFake } from '../fixtures/fake-twinlock.ts'

const identity = (kind: string, id: string) => ({ kind, id, name: null, spiffeId: null, ends: null })
const run = {
  id: fakeId('run', 1),
  twin: fakeId('twn', 1),
  scenario: fakeId('scn', 1),
  environment: fakeId('env', 1),
  state: 'ended',
  outcome: 'failed',
  cause: 'memory',
  reason: 'its program needed more memory than it was given',
  remedy: 'Give it more in the scenario’s manifest.',
  identities: {
    operator: identity('person', fakeId('per', 1)),
    orchestrator: identity('scheduler', 'scheduler'),
    twin: identity('run', fakeId('run', 1)),
  },
  sensitivity: 'internal',
  seed: 1,
  queuedAt: '2026-11-22T05:00:00.000Z',
  startedAt: '2026-11-22T05:00:01.000Z',
  deadline: '2026-11-22T05:10:00.000Z',
  endedAt: '2026-11-22T05:01:00.000Z',
  closed: null,
}
const read = {
  id: run.id,
  outcome: run.outcome,
  cause: run.cause,
  reason: run.reason,
  parameters: { accounts: 3 },
  summary: { error: { message: 'gone\u001b[2J' } },
  exit: { code: 134, signal: null, detail: 'Its heap was full.', words: 'first\u202e\n\tat map', cut: true, redacted: 1 },
}

let one: FakeTwinlock
let exit: unknown = read.exit
before(async () => {
  one = await startFake({
    'run:show': () => run,
    'run:read': () => ({ ...read, exit }),
    'run:launch': () => ({ ...run, state: 'queued', outcome: null, reason: null }),
    'run:tape': () => ({ items: [], allowed: 1, denied: 0, next: null }),
    'artifact:list': () => ({ items: [{ id: fakeId('art', 1), run: run.id, digest: 'sha256:0' }], next: null }),
  })
  assert.equal((await one.run('login', fakeLinkToken)).exit, 0)
})
after(() => one.stop())

describe('a run that failed, on the command line', () => {
  it('is shown with why, what to do, and where to look', async () => {
    const { out, err } = await one.run('run', 'show', run.id)
    assert.match(out, /ended, failed: its program needed more memory than it was given\n/)
    assert.match(out, /what to do +Give it more in the scenario’s manifest\./)
    assert.match(err, /its last words: twinlock run read run_\w+/)
  })

  it('is shown so at the end of a launch that is watched, and is not offered for promotion', async () => {
    const { out, err } = await one.run('run', 'launch', '--scenario', run.scenario, '--environment', run.environment, '--watch')
    assert.match(out, /failed: its program needed more memory/)
    assert.match(err, /twinlock run read run_\w+/)
    assert.doesNotMatch(err, /promotion request/)
  })

  it('is read with what was noticed, and with its own words apart, harmless and marked as its own', async () => {
    const { out } = await one.run('run', 'read', run.id)
    assert.match(out, /noticed +Its heap was full\.\n +exit code +134\n/)
    assert.match(
      out,
      /Its last words \(the run’s own; nobody vouches for them\)\n +\| … earlier words were left out\n +\| first\ufffd\n +\| {3}at map\n1 place that looked like a secret was taken out\./,
    )
    assert.match(out, /What it was given\n +\{\n +"accounts": 3/)
    assert.ok(!/[\u001b\u202e]/.test(out), 'nothing in it speaks to the terminal')
  })

  it('is read without either where its cell said nothing, or nobody saw it', async () => {
    exit = { ...read.exit, code: null, words: '', cut: false, redacted: 0, signal: 'SIGSEGV' }
    assert.match((await one.run('run', 'read', run.id)).out, /signal +SIGSEGV\n\nIt said nothing on its error output\./)
    exit = { ...read.exit, code: null, words: null, detail: 'There is no ready-made twin `x`.' }
    assert.match((await one.run('run', 'read', run.id)).out, /noticed +There is no ready-made twin `x`\.\n\nWhat it was given/)
    exit = null
    const { out } = await one.run('run', 'read', run.id)
    assert.doesNotMatch(out, /error output|noticed/)
    assert.match(out, /failed: its program needed more memory[^\n]*\n\nWhat it was given/)
  })
})
