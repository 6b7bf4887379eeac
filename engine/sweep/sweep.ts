// Runs many cases of one scenario: a grid, at random, or a search that goes towards failure; and shrinks a failing case to the
// smallest change of the scenario that still fails. How a case is run is a port, so it may run here or in workers.

import { EngineError } from '../errors.ts'
import { createRandom, type Random } from '../math/random.ts'
import type { Verdict } from '../run/assertions.ts'
import type { Scenario } from '../scenarios/scenario.ts'
import { withParameters } from '../scenarios/scenario.ts'
import { allowed, casesMax, checkSpace, drawCase, gridCases, neighbour, type Space, type Values } from './space.ts'

/** How cases are chosen. `count` cases; `steps` values of each number on a grid. */
export type Strategy =
  | { readonly kind: 'grid'; readonly steps: number }
  | { readonly kind: 'random'; readonly count: number }
  /** Ends with the first failing case, which is then shrunk. */
  | { readonly kind: 'search'; readonly count: number }

/** What one run of a scenario gives. */
export interface RunOutcome {
  readonly verdict: Verdict
  readonly digest: string
}

/** Runs one scenario to its end; may be called for several at a time, up to `width`. */
export interface CaseRunner {
  readonly width: number
  run(scenario: Scenario): Promise<RunOutcome>
}

/** One case with its outcome. */
export interface CaseResult extends RunOutcome {
  readonly index: number
  readonly values: Values
}

/** What a sweep found. */
export interface SweepReport {
  readonly scenario: string
  readonly results: readonly CaseResult[]
  readonly passed: number
  readonly failed: number
  /** The first failing case, shrunk; null when none failed. Its runs are not among `results`. */
  readonly shrunk: CaseResult | null
  readonly shrinkRuns: number
}

/** What to sweep. */
export interface SweepRequest {
  readonly scenario: Scenario
  readonly space: Space
  readonly strategy: Strategy
  readonly seed: number
  readonly runner: CaseRunner
  /** Whether to shrink the first failing case; default yes. */
  readonly shrink?: boolean
  progress?(done: number, total: number, failed: number): void
}

/** How near a passed run was to failing: 0 on the edge, larger is better, below 0 failed. */
function marginOf(verdict: Verdict, scenario: Scenario): number {
  if (!verdict.passed) return -1
  const { measures } = verdict
  const margins = scenario.assertions.flatMap((assertion) => {
    if (assertion.kind === 'within-seconds') return [1 - measures.seconds / assertion.seconds]
    if (assertion.kind === 'keeps-charge') return [measures.charge - assertion.share]
    if (assertion.kind === 'keeps-distance' && measures.nearestPerson !== null) return [measures.nearestPerson - assertion.metres]
    if (assertion.kind === 'stays-localised' && measures.worstEstimate !== null) return [1 - measures.worstEstimate / assertion.metres]
    return []
  })
  return Math.min(1, ...margins)
}

class Sweeper {
  readonly results: CaseResult[] = []
  readonly #request: SweepRequest

  constructor(request: SweepRequest) {
    this.#request = request
  }

  async runCase(values: Values, index: number): Promise<CaseResult> {
    const outcome = await this.#request.runner.run(withParameters(this.#request.scenario, values))
    return { index, values, ...outcome }
  }

  #note(result: CaseResult, total: number): void {
    this.results.push(result)
    this.#request.progress?.(this.results.length, total, this.results.filter(({ verdict }) => !verdict.passed).length)
  }

  /** Runs cases as wide as the runner allows; results come back in the order of the cases, however they finish. */
  async runAll(cases: readonly Values[]): Promise<void> {
    let next = 0
    const lane = async (): Promise<void> => {
      for (let index = next++; index < cases.length; index = next++) {
        const values = cases[index]
        if (values !== undefined) this.#note(await this.runCase(values, index), cases.length)
      }
    }
    await Promise.all(Array.from({ length: Math.max(1, this.#request.runner.width) }, lane))
    this.results.sort((a, b) => a.index - b.index)
  }

  /** Random cases first, then neighbours of the one that came nearest to failing, until one fails. */
  async search(count: number, random: Random): Promise<void> {
    const { space, scenario, runner } = this.#request
    const explore = Math.max(1, Math.ceil(count / 3))
    for (let start = 0; start < count; ) {
      const size = Math.min(Math.max(1, runner.width), count - start)
      const best = this.results.reduce<CaseResult | null>(
        (a, b) => (a === null || marginOf(b.verdict, scenario) < marginOf(a.verdict, scenario) ? b : a),
        null,
      )
      const batch = Array.from({ length: size }, (_, i) => {
        const stream = random.stream(`case ${start + i}`)
        return start + i < explore || best === null ? drawCase(space, stream) : neighbour(space, best.values, stream)
      })
      const from = start
      const done = await Promise.all(batch.map((values, i) => this.runCase(values, from + i)))
      for (const result of done) this.#note(result, count)
      if (done.some(({ verdict }) => !verdict.passed)) return
      start += size
    }
  }
}

/** The number of the scenario itself at a path: what shrinking goes back to. The middle of the range when it states none. */
function baselineOf(request: SweepRequest): Values {
  return Object.fromEntries(
    Object.entries(request.space).map(([path, d]) => {
      const [head, ...rest] = path.split('.')
      const names = head === 'robot' ? ['robot', rest.join('.')] : [head ?? '', ...rest]
      const own = names.reduce<unknown>(
        (holder, name) => (typeof holder === 'object' && holder !== null ? Reflect.get(holder, name) : undefined),
        request.scenario,
      )
      const middle = d.kind === 'choice' ? (d.values[0] ?? 0) : (d.low + d.high) / 2
      return [path, typeof own === 'number' ? own : allowed(d, middle)]
    }),
  )
}

const shrinkRunsMax = 64
const halvings = 4

class Shrinker {
  runs = 0
  best: CaseResult
  readonly #request: SweepRequest
  readonly #sweeper: Sweeper
  readonly #baseline: Values

  constructor(request: SweepRequest, sweeper: Sweeper, failing: CaseResult) {
    this.#request = request
    this.#sweeper = sweeper
    this.best = failing
    this.#baseline = baselineOf(request)
  }

  /** Tries the best case with one number changed; keeps it when the same promise still breaks. */
  async #tryValue(path: string, value: number): Promise<boolean> {
    if (this.runs >= shrinkRunsMax) return false
    this.runs += 1
    const result = await this.#sweeper.runCase({ ...this.best.values, [path]: value }, this.best.index)
    const isSame = !result.verdict.passed && result.verdict.failure === this.best.verdict.failure
    if (isSame) this.best = result
    return isSame
  }

  async #shrinkOne(path: string): Promise<boolean> {
    const d = this.#request.space[path]
    const home = this.#baseline[path] ?? 0
    const away = this.best.values[path] ?? home
    if (d === undefined || away === home) return false
    if (await this.#tryValue(path, home)) return true
    let [passes, fails, moved] = [home, away, false]
    for (let i = 0; i < halvings && d.kind !== 'choice'; i++) {
      const middle = allowed(d, (passes + fails) / 2)
      if (middle === passes || middle === fails) break
      if (await this.#tryValue(path, middle)) [fails, moved] = [middle, true]
      else passes = middle
    }
    return moved
  }

  async run(): Promise<void> {
    for (let round = 0, moved = true; moved && round < 3; round++) {
      moved = false
      for (const path of Object.keys(this.#request.space)) moved = (await this.#shrinkOne(path)) || moved
    }
  }
}

/** Runs a sweep. The same request gives the same report, whatever the width of the runner (a search may see more cases when wider). */
export async function sweep(request: SweepRequest): Promise<SweepReport> {
  checkSpace(request.space)
  const { strategy } = request
  const count = strategy.kind === 'grid' ? strategy.steps : strategy.count
  if (!(Number.isInteger(count) && count >= 1 && count <= casesMax))
    throw new EngineError('sweep/too-many-cases', `A sweep of ${count} cases cannot be run; 1 to ${casesMax} can`)
  const random = createRandom(request.seed).stream('sweep')
  const sweeper = new Sweeper(request)
  if (strategy.kind === 'search') await sweeper.search(strategy.count, random)
  else if (strategy.kind === 'grid') await sweeper.runAll(gridCases(request.space, strategy.steps))
  else await sweeper.runAll(Array.from({ length: strategy.count }, (_, i) => drawCase(request.space, random.stream(`case ${i}`))))
  const failing = sweeper.results.find(({ verdict }) => !verdict.passed)
  const failed = sweeper.results.filter(({ verdict }) => !verdict.passed).length
  const shrinker = failing === undefined || request.shrink === false ? null : new Shrinker(request, sweeper, failing)
  await shrinker?.run()
  return {
    scenario: request.scenario.name,
    results: sweeper.results,
    passed: sweeper.results.length - failed,
    failed,
    shrunk: shrinker?.best ?? null,
    shrinkRuns: shrinker?.runs ?? 0,
  }
}
