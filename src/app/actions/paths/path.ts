// A path: somebody, one action that leads over a leg, by what, and where.
import type { ExplainedGrant } from '../../../access/index.ts'
import type { Leg } from './legs.ts'
import type { Step } from './ways.ts'

/** What makes a path. */
export const pathKinds = ['grant', 'break-glass', 'ownership', 'delegation', 'credential', 'promotion'] as const

/** One path: somebody, one action, by what, and where. */
export interface Path {
  readonly leg: Leg
  readonly action: string
  readonly kind: (typeof pathKinds)[number]
  readonly principal: { readonly type: string; readonly id: string; readonly name: string }
  /** Whoever owns it, where it is a workload. */
  readonly owner: string | null
  /** The environments that it is possible in; none where the action happens in none. */
  readonly environments: string[]
  readonly policies: string[]
  readonly ways: Step[][]
  readonly grants: (ExplainedGrant & { readonly customRole: string | null })[]
  /** What guardrails say about the action, for people. */
  readonly conditions: string[]
  readonly lastUsed: string | null
  /** How many live sessions or tokens whoever acts has. */
  readonly credentials: number
}
