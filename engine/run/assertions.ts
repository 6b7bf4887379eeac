// What must hold during a run, as data, and the verdict: passed or not, the moment, the reason, the measures.

/** One promise that a run is held to. */
export type Assertion =
  /** Every goal in order, each within the goal tolerance of the robot's true position. */
  | { readonly kind: 'reaches-goals' }
  /** The robot touches nothing but floors. */
  | { readonly kind: 'touches-nothing' }
  /** Free metres between the robot's footprint circle and a person's. */
  | { readonly kind: 'keeps-distance'; readonly metres: number }
  /** The charge never falls below this share. */
  | { readonly kind: 'keeps-charge'; readonly share: number }
  /** All goals within this time. */
  | { readonly kind: 'within-seconds'; readonly seconds: number }
  /** The controller's own estimate stays this near the truth. */
  | { readonly kind: 'stays-localised'; readonly metres: number }

/** What runs are held to unless they say otherwise. */
export const usualAssertions: readonly Assertion[] = [
  { kind: 'reaches-goals' },
  { kind: 'touches-nothing' },
  { kind: 'keeps-distance', metres: 0.25 },
  { kind: 'keeps-charge', share: 0.05 },
  { kind: 'within-seconds', seconds: 300 },
]

/** Numbers of a run, whatever its outcome. */
export interface Measures {
  readonly seconds: number
  readonly steps: number
  readonly goalsReached: number
  readonly goals: number
  /** Metres that the base really travelled. */
  readonly distance: number
  readonly touches: number
  /** Least free metres to a person; null when there was nobody. */
  readonly nearestPerson: number | null
  readonly charge: number
  /** Metres between the controller's estimate and the truth at worst; null when it never said. */
  readonly worstEstimate: number | null
  /** Metres between odometry alone and the truth at the end: how much the controller had to correct. */
  readonly odometryDrift: number
  readonly decisions: number
}

/** What kind of promise was broken, or what else ended a run. */
export type FailureKind = Assertion['kind'] | 'controller-gave-up' | 'controller-failed' | 'physics-exploded'

/** The outcome of a run. */
export interface Verdict {
  readonly passed: boolean
  /** Simulated nanoseconds of the failure; null when it passed or has not ended. */
  readonly momentNs: number | null
  /** Which promise was broken; null when it passed or has not ended. */
  readonly failure: FailureKind | null
  /** One sentence for people. */
  readonly reason: string
  readonly measures: Measures
}
