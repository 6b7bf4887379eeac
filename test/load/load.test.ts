// The short form of `npm run load`: some seconds of everything at once, and a stop in the middle of it. How fast it goes is for the long form to judge.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { fairness, growth } from './figures.ts'
import { generate } from './generate.ts'
import type { Second } from './plan.ts'

test('growth is the slope of what was measured after the first third, whatever lies around it, and says nothing of seconds without a measure', () => {
  const second = (keptMegabytes: number | null): Second => ({
    rssMegabytes: 0,
    heapMegabytes: 0,
    keptMegabytes,
    delayP99Ms: 0,
    processorMs: 0,
    calls: 0,
    refusedCalls: 0,
    alive: 0,
  })
  const over = (measures: (number | null)[]) => growth({ seconds: measures.map(second) }, ({ keptMegabytes }) => keptMegabytes)
  assert.equal(over([900, 500, 0, 10, 20, 30, 40, 50, 60]), 36_000, 'ten megabytes a second')
  assert.equal(over([0, 0, 0, 10, null, 30, null, 50, null]), 36_000)
  assert.equal(over([1, 2, 3, 50, 51, 49, 51, 49, 50]) < 0, true)
  assert.equal(over([1, 2, 3, 7, 7, 7, 7, 7, 7]), 0)
  assert.equal(over([]), 0)
})

test('under load everything is answered or told when to come again, every organization is served, and a stop leaves nothing half done', {
  timeout: 280_000,
}, async () => {
  const plan = { seconds: 10, runs: 3, calls: 30, listeners: 12, organizations: 3, requests: 2 }
  const isEnough = (seconds: readonly Second[], listening: readonly number[]) =>
    listening.some((many) => many > 0) && seconds.some(({ calls }) => calls > 0)
  const report = await generate(plan, undefined, isEnough)
  assert.deepEqual(report.faults, [])
  assert.ok(report.seconds.some(({ calls }) => calls > 0))
  assert.ok(report.seconds.some(({ keptMegabytes }) => keptMegabytes !== null && keptMegabytes > 1))
  assert.ok(report.listening.some((many) => many > 0))
  for (const { ok } of report.served) assert.ok(ok > 0)
  assert.ok(fairness(report) > 0.2, `the others were served unevenly: ${fairness(report)}`)
  assert.equal(report.openCalls, 0)
})
