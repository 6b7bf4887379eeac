import assert from 'node:assert/strict'
import { test } from 'node:test'
import { EngineError } from '../errors.ts'
import { createRandom } from '../math/random.ts'
import type { Verdict } from '../run/assertions.ts'
import { loadScenario } from '../scenarios/load-scenario.ts'
import type { Scenario } from '../scenarios/scenario.ts'
import { localRunner } from './run-case.ts'
import { checkSpace, draw, drawCase, gridCases, type Space } from './space.ts'
import { type CaseRunner, sweep } from './sweep.ts'
import { createWorkerPool } from './worker-pool.ts'

const scenario = loadScenario('small-drive')
const measures = {
  seconds: 5,
  steps: 500,
  goalsReached: 1,
  goals: 1,
  distance: 5,
  touches: 0,
  nearestPerson: 1,
  charge: 0.8,
  worstEstimate: 0.1,
  odometryDrift: 0.1,
  decisions: 50,
}

/** A runner that fails when the person walks faster than 1.5 m/s and the aisle is narrower than 2.5 m, without simulating. */
const pretend: CaseRunner = {
  width: 1,
  run: ({ people, world }: Scenario) => {
    const [speed, aisle] = [people[0]?.speed ?? 0, world.aisleWidth ?? 3]
    const isBad = speed > 1.5 && aisle < 2.5
    const verdict: Verdict = {
      passed: !isBad,
      momentNs: isBad ? 1 : null,
      failure: isBad ? 'keeps-distance' : null,
      reason: '',
      measures: { ...measures, nearestPerson: Math.max(0.26, 3 - speed) },
    }
    return Promise.resolve({ verdict, digest: `${speed} ${aisle}` })
  },
}
const space: Space = {
  'people.0.speed': { kind: 'uniform', low: 0.5, high: 2.5 },
  'world.aisleWidth': { kind: 'uniform', low: 2, high: 3.5 },
}

test('a grid runs every combination, in order', async () => {
  const report = await sweep({ scenario, space, strategy: { kind: 'grid', steps: 3 }, seed: 1, runner: pretend, shrink: false })
  assert.equal(report.results.length, 9)
  assert.deepEqual(report.results[0]?.values, { 'people.0.speed': 0.5, 'world.aisleWidth': 2 })
  assert.equal(report.failed, 1)
  assert.equal(report.passed, 8)
})

test('a random sweep is the same for the same seed and another for another', async () => {
  const run = (seed: number): Promise<string> =>
    sweep({ scenario, space, strategy: { kind: 'random', count: 5 }, seed, runner: pretend }).then(({ results }) =>
      JSON.stringify(results.map(({ values }) => values)),
    )
  assert.equal(await run(3), await run(3))
  assert.notEqual(await run(3), await run(4))
})

test('a search finds the failing corner and shrinks it to its edge', async () => {
  const report = await sweep({ scenario, space, strategy: { kind: 'search', count: 60 }, seed: 2, runner: pretend })
  assert.ok(report.failed > 0, 'the search found nothing')
  assert.ok(report.results.length <= 60)
  const { 'people.0.speed': speed = 0, 'world.aisleWidth': aisle = 0 } = report.shrunk?.values ?? {}
  assert.ok(speed > 1.5 && speed < 1.7, `speed was shrunk to ${speed}`)
  assert.ok(aisle < 2.5 && aisle > 2.3, `the aisle was shrunk to ${aisle}`)
})

test('shrinking sets back what does not matter', async () => {
  const wide: Space = { ...space, 'world.fill': { kind: 'uniform', low: 0, high: 1 } }
  const report = await sweep({ scenario, space: wide, strategy: { kind: 'search', count: 60 }, seed: 2, runner: pretend })
  assert.equal(report.shrunk?.values['world.fill'], scenario.world.fill)
})

test('progress counts cases and failures', async () => {
  const seen: string[] = []
  const progress = (done: number, total: number, failed: number): void => void seen.push(`${done}/${total}/${failed}`)
  await sweep({ scenario, space, strategy: { kind: 'grid', steps: 2 }, seed: 1, runner: pretend, shrink: false, progress })
  assert.deepEqual(seen, ['1/4/0', '2/4/0', '3/4/1', '4/4/1'])
})

test('distributions stay within their limits', () => {
  const random = createRandom(5)
  for (let i = 0; i < 500; i++) {
    const n = draw({ kind: 'normal', mean: 1, sigma: 2, low: 0, high: 2 }, random)
    assert.ok(n >= 0 && n <= 2)
    assert.ok(Number.isInteger(draw({ kind: 'integer', low: 1, high: 4 }, random)))
    assert.ok([2, 4].includes(draw({ kind: 'choice', values: [2, 4] }, random)))
  }
  assert.deepEqual(drawCase(space, createRandom(1)), drawCase(space, createRandom(1)))
})

test('spaces and scenarios that cannot be swept are refused by name', async () => {
  const code =
    (wanted: string) =>
    (error: unknown): boolean =>
      error instanceof EngineError && error.code === wanted
  assert.throws(() => checkSpace({}), code('sweep/bad-space'))
  assert.throws(() => checkSpace({ seed: { kind: 'uniform', low: 2, high: 1 } }), code('sweep/bad-space'))
  assert.throws(() => checkSpace({ seed: { kind: 'normal', mean: 0, sigma: 0, low: 0, high: 1 } }), code('sweep/bad-space'))
  assert.throws(
    () => gridCases({ a: { kind: 'uniform', low: 0, high: 1 }, b: { kind: 'uniform', low: 0, high: 1 } }, 1000),
    code('sweep/too-many-cases'),
  )
  const wrong: Space = { 'people.9.speed': { kind: 'uniform', low: 0, high: 1 } }
  await assert.rejects(
    sweep({ scenario, space: wrong, strategy: { kind: 'random', count: 1 }, seed: 1, runner: pretend }),
    code('sweep/bad-space'),
  )
  const sneaky: Space = { 'start.__proto__': { kind: 'uniform', low: 0, high: 1 } }
  await assert.rejects(
    sweep({ scenario, space: sneaky, strategy: { kind: 'random', count: 1 }, seed: 1, runner: pretend }),
    code('sweep/bad-space'),
  )
  await assert.rejects(
    sweep({ scenario, space, strategy: { kind: 'random', count: 0 }, seed: 1, runner: pretend }),
    code('sweep/too-many-cases'),
  )
})

test('two workers give the same verdicts and digests as one thread', async () => {
  const pool = createWorkerPool(2)
  try {
    const seeds: Space = { seed: { kind: 'choice', values: [11, 12] } }
    const request = { scenario, space: seeds, strategy: { kind: 'grid', steps: 2 } as const, seed: 1, shrink: false }
    const [here, there] = [await sweep({ ...request, runner: localRunner }), await sweep({ ...request, runner: pool })]
    assert.deepEqual(there.results, here.results)
    assert.equal(here.passed, 2)
  } finally {
    await pool.close()
  }
})
