// Watches the truth of a run and holds it to its assertions. It believes nothing that the controller says; it only notes how
// far the controller's estimate was from the truth. The first broken promise is the verdict.

import type { Goal, PlanarPose } from '../control/controller.ts'
import { EngineError } from '../errors.ts'
import type { Assertion, FailureKind, Measures, Verdict } from './assertions.ts'

/** What the monitor is told after each step; metres, in the world. */
export interface Truth {
  readonly timeNs: number
  readonly step: number
  readonly x: number
  readonly y: number
  readonly charge: number
}

interface Failure {
  readonly kind: FailureKind
  readonly momentNs: number
  readonly reason: string
}

/** Everything that the monitor remembers. */
export interface MonitorState {
  timeNs: number
  step: number
  x: number
  y: number
  charge: number
  goalsReached: number
  distance: number
  touches: number
  nearestPerson: number | null
  worstEstimate: number | null
  odometryDrift: number
  decisions: number
  failure: Failure | null
}

/** Simulated seconds after which every run ends, whatever it was promised. */
export const runSecondsMax = 7200

const seconds = (ns: number): string => `${(ns / 1e9).toFixed(2)} s`
const place = (x: number, y: number): string => `(${x.toFixed(2)}, ${y.toFixed(2)})`
const distance = (ax: number, ay: number, bx: number, by: number): number => Math.sqrt((ax - bx) * (ax - bx) + (ay - by) * (ay - by))

/** The judge of one run. */
export class Monitor {
  readonly #goals: readonly Goal[]
  readonly #tolerance: number
  readonly #limits: Partial<Record<Assertion['kind'], number>> = {}
  #state: MonitorState

  constructor(goals: readonly Goal[], tolerance: number, assertions: readonly Assertion[], start: PlanarPose, charge: number) {
    this.#goals = goals
    this.#tolerance = tolerance
    for (const assertion of assertions) {
      const limit =
        'metres' in assertion ? assertion.metres : 'share' in assertion ? assertion.share : 'seconds' in assertion ? assertion.seconds : 0
      if (!(limit >= 0 && limit <= 1e6))
        throw new EngineError('run/bad-input', `Assertion \`${assertion.kind}\` has the limit ${limit}; it must be 0 or more`)
      this.#limits[assertion.kind] = limit
    }
    this.#state = {
      timeNs: 0,
      step: 0,
      x: start.x,
      y: start.y,
      charge,
      goalsReached: 0,
      distance: 0,
      touches: 0,
      nearestPerson: null,
      worstEstimate: null,
      odometryDrift: 0,
      decisions: 0,
      failure: null,
    }
  }

  /** Ends the run with a reason; only the first counts. */
  fail(kind: FailureKind, reason: string): void {
    this.#state.failure ??= { kind, momentNs: this.#state.timeNs, reason: `${reason} at ${seconds(this.#state.timeNs)}` }
  }

  /** Takes one step of truth. */
  observe(truth: Truth): void {
    const s = this.#state
    s.distance += distance(s.x, s.y, truth.x, truth.y)
    s.timeNs = truth.timeNs
    s.step = truth.step
    s.x = truth.x
    s.y = truth.y
    s.charge = truth.charge
    const goal = this.#goals[s.goalsReached]
    if (goal !== undefined && distance(s.x, s.y, goal.x, goal.y) <= this.#tolerance) s.goalsReached += 1
    this.#judge()
  }

  #judge(): void {
    const s = this.#state
    const { 'keeps-charge': least, 'within-seconds': most } = this.#limits
    if (least !== undefined && s.charge < least)
      this.fail('keeps-charge', `the battery fell to ${(100 * s.charge).toFixed(1)} %, below ${100 * least} %,`)
    if (s.timeNs > runSecondsMax * 1e9)
      this.fail('within-seconds', `the run did not end within ${runSecondsMax} s, the limit of every run;`)
    if (most !== undefined && s.timeNs > most * 1e9 && s.goalsReached < this.#goals.length)
      this.fail(
        'within-seconds',
        `only ${s.goalsReached} of ${this.#goals.length} goals were reached within ${most} s; it ended near ${place(s.x, s.y)},`,
      )
  }

  /** The robot began to touch something. */
  touched(label: string, name: string): void {
    const s = this.#state
    s.touches += 1
    if (this.#limits['touches-nothing'] !== undefined)
      this.fail('touches-nothing', `the robot touched ${label} \`${name}\` near ${place(s.x, s.y)}`)
  }

  /** Free metres to the nearest person now. */
  personAt(name: string, metres: number): void {
    const s = this.#state
    if (s.nearestPerson === null || metres < s.nearestPerson) s.nearestPerson = metres
    const least = this.#limits['keeps-distance']
    if (least !== undefined && metres < least)
      this.fail(
        'keeps-distance',
        `the robot came within ${metres.toFixed(2)} m of person \`${name}\`, nearer than ${least} m, near ${place(s.x, s.y)}`,
      )
  }

  /** The controller decided, and said where it believes to be. */
  decided(estimate: PlanarPose | null, odometryDrift: number): void {
    const s = this.#state
    s.decisions += 1
    s.odometryDrift = odometryDrift
    if (estimate === null) return
    const error = distance(estimate.x, estimate.y, s.x, s.y)
    // A claim that is not a number is infinitely wrong.
    const wrong = Number.isFinite(error) ? error : Number.POSITIVE_INFINITY
    if (s.worstEstimate === null || wrong > s.worstEstimate) s.worstEstimate = wrong
    const most = this.#limits['stays-localised']
    if (most !== undefined && wrong > most)
      this.fail('stays-localised', `the controller was ${wrong.toFixed(2)} m wrong about where it is, more than ${most} m,`)
  }

  /** Goals reached so far. */
  goalsReached(): number {
    return this.#state.goalsReached
  }

  /** Whether the outcome is known: a promise is broken, every goal is reached, or a run without goals has lasted its time. */
  hasEnded(): boolean {
    const s = this.#state
    if (s.failure !== null) return true
    if (this.#goals.length > 0) return s.goalsReached === this.#goals.length
    const most = this.#limits['within-seconds']
    return most !== undefined && s.timeNs >= most * 1e9
  }

  /** The outcome so far. */
  verdict(): Verdict {
    const s = this.#state
    const measures: Measures = {
      seconds: s.timeNs / 1e9,
      steps: s.step,
      goalsReached: s.goalsReached,
      goals: this.#goals.length,
      distance: s.distance,
      touches: s.touches,
      nearestPerson: s.nearestPerson,
      charge: s.charge,
      worstEstimate: s.worstEstimate,
      odometryDrift: s.odometryDrift,
      decisions: s.decisions,
    }
    if (s.failure !== null)
      return { passed: false, momentNs: s.failure.momentNs, failure: s.failure.kind, reason: s.failure.reason, measures }
    const left = this.#goals.length - s.goalsReached
    if (left > 0 && this.#limits['reaches-goals'] !== undefined)
      return {
        passed: false,
        momentNs: null,
        failure: null,
        reason: `${left} of ${this.#goals.length} goals are still to be reached`,
        measures,
      }
    const reason = `every promise held for ${seconds(s.timeNs)}; ${s.goalsReached} of ${this.#goals.length} goals were reached`
    return { passed: true, momentNs: null, failure: null, reason, measures }
  }

  /** A copy of everything remembered. */
  state(): MonitorState {
    return { ...this.#state }
  }

  /** Continues from an earlier state of the same run. */
  restore(state: MonitorState): void {
    this.#state = { ...state }
  }
}
