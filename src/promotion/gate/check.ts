// A gate check: one question about a promotion, answered passed, failed or not assessed, with a detail that a reviewer can act on.
// Unknown is not passed (law 10): a blocking check lets through only what passed.
import type { Json, Ports, Tx } from '../../kernel/index.ts'
import type { PromotionFound } from '../find-promotion.ts'
import type { Proposal } from '../narrow.ts'

/** What a check may look at. */
export interface GateSubject extends PromotionFound {
  readonly proposal: Proposal
  readonly tx: Tx
  readonly ports: Ports
}

/** What a check of the artifact itself may look at, whether or not anybody asked to promote it. */
export type ArtifactSubject = Pick<GateSubject, 'artifact' | 'tx' | 'ports'>

/** What a check found. */
export interface Finding {
  readonly result: 'passed' | 'failed' | 'not_assessed'
  readonly detail: string
  readonly facts?: Readonly<Record<string, Json>>
}

/** One check of the gate; `S` is what it needs to look at. */
export interface GateCheck<S = GateSubject> {
  readonly name: string
  /** Whether anything but `passed` stops the promotion. */
  readonly blocking: boolean
  assess(subject: S): Promise<Finding>
}

/** A finding that holds. */
export const passed = (detail: string, facts?: Finding['facts']): Finding => ({
  result: 'passed',
  detail,
  ...(facts === undefined ? {} : { facts }),
})
/** A finding that does not hold. */
export const failed = (detail: string, facts?: Finding['facts']): Finding => ({
  result: 'failed',
  detail,
  ...(facts === undefined ? {} : { facts }),
})
/** A finding that nobody could make. */
export const notAssessed = (detail: string, facts?: Finding['facts']): Finding => ({
  result: 'not_assessed',
  detail,
  ...(facts === undefined ? {} : { facts }),
})
