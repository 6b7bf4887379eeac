// Asking whether somebody might do something, without doing it: the port behind which `app` answers with the very steps of its door.
// What comes back tells a caller no more than trying would; it proves nothing, and nothing can be done with it.
import type { AttributeValue, EntityRef, EnvironmentRef, ErrorCode, Principal, Tx } from '../kernel/index.ts'
import type { Policy } from './grants.ts'

/** A question about one action. `input` is attacker-controlled, as it would be at the door. */
export interface ExaminedQuestion {
  readonly action: string
  readonly input: unknown
}

/** Who asks, or is asked about; `version` is the take-away version of the deciding transaction. */
export interface Examined {
  readonly principal: Principal
  readonly version: number
}

/** Whoever is supposed to do something; `now`, in milliseconds since the epoch, is another moment than this one, where it is there. */
export interface SupposedBy extends Examined {
  readonly now?: number
}

/** Questions about one principal. */
export interface Examination {
  readonly who: Examined
  readonly questions: readonly ExaminedQuestion[]
}

/** What trying would come to. `code` is null when it is allowed. */
export interface ExaminedAnswer {
  readonly allowed: boolean
  readonly code: ErrorCode | null
  readonly detail: string | null
  /** What allowed it (grants, shipped policies), or what forbids it. */
  readonly policies: readonly string[]
  /** The roles of which each would hold it; none where no grant could help. */
  readonly roles: readonly string[]
  /** What it was decided on, or the nearest above that which something can be granted on; where a grant could help. */
  readonly on?: EntityRef
  /** The action that was decided against, where it is not the one that was asked about but one that it takes besides. */
  readonly besides?: string
}

/** A thing that an action could be done to, whether or not there is one yet. */
export interface Supposed {
  readonly action: string
  /** Where it would lie, nearest first, up to the organization; where the first is of the action's own type, it is that thing itself. */
  readonly above: readonly EntityRef[]
  /** What is known of its attributes. */
  readonly known: Readonly<Record<string, AttributeValue>>
  /** What is known of what the action itself says of the request. */
  readonly context?: Readonly<Record<string, AttributeValue>>
  readonly environment?: EnvironmentRef
}

/** Answers about things that need not be there, from memory alone: the same decision, about a resource that was not located. */
export interface Supposing {
  suppose(
    who: SupposedBy,
    policies: readonly Policy[],
    supposed: Supposed,
  ): { readonly allowed: boolean; readonly policies: readonly string[] }
}

/** Answers within the transaction. Whatever a question touches is undone; a question that cannot be answered is answered with no. */
export interface Examiner extends Supposing {
  /** The names of the actions that can be asked about. */
  readonly actions: readonly string[]
  examine(tx: Tx, who: Examined, questions: readonly ExaminedQuestion[]): Promise<readonly ExaminedAnswer[]>
  /** The same about several, all in one moment: the answers to each one’s questions, in order. */
  examineEach(tx: Tx, examinations: readonly Examination[]): Promise<readonly (readonly ExaminedAnswer[])[]>
}

declare module '../kernel/action.ts' {
  interface Ports {
    readonly examiner: Examiner
  }
}
