// The short form of `npm run load`: some seconds of everything at once, and a stop in the middle of it. How fast it goes is for the long form to judge.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { fairness } from './figures.ts'
import { generate } from './generate.ts'

test('under load everything is answered or told when to come again, every organization is served, and a stop leaves nothing half done', {
  timeout: 120_000,
}, async () => {
  const report = await generate({ seconds: 10, runs: 3, calls: 30, listeners: 12, organizations: 3, requests: 2 })
  assert.deepEqual(report.faults, [])
  assert.ok(report.seconds.some(({ calls }) => calls > 0))
  assert.ok(report.listening > 0)
  for (const { ok } of report.served) assert.ok(ok > 0)
  assert.ok(fairness(report) > 0.2, `the others were served unevenly: ${fairness(report)}`)
  assert.equal(report.openCalls, 0)
})
