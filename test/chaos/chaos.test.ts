// The short form of `npm run chaos`: a few deaths at the steps that matter most, on one ground, each followed by a start and an audit of every promise.
import assert from 'node:assert/strict'
import { it } from 'node:test'
import { runRound } from './round.ts'

const limitMs = 8_000

it('keeps every promise through deaths at the steps that matter most', { timeout: 400_000 }, async () => {
  let began: number | undefined
  const report = await runRound({
    seed: 1,
    number: 0,
    steps: [
      'promotion:cross/included',
      'sequencer/appended',
      'run:end/committed',
      'promotion:complete/committed',
      'broker/answered',
      'key:rotate/committed',
    ],
    died: () => {
      began ??= performance.now()
    },
    // On a slow machine, all but the first are left to the command.
    isOver: () => began !== undefined && performance.now() - began > limitMs,
  })
  assert.deepEqual(report.faults, [])
  assert.ok(report.deaths.length > 0)
  assert.equal(report.deaths[0]?.at, 'promotion:cross/included')
  assert.ok(report.acknowledged > 20)
})
