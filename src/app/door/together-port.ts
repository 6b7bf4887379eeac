// What a room fills in for actions that are governed several at once.
// Trust: whoever fills it acts within the transaction that it is given, on what was decided, as an action does.
import type { Done, Located, Performing, Principal, Sendable, Tx } from '../../kernel/index.ts'

/** One of several requests that are located together. */
export interface LocatingOne {
  readonly input: unknown
  readonly principal: Principal
}

/** Takes a statement that goes to the store with the commit, in one message: when it fails, nothing is committed. */
export type Last = (statement: Sendable) => void

/** How an action is done to several at once; what it does to each is what its `locate` and `perform` do to one. */
export interface Together {
  /** Whether batches of all organizations take turns, a few at a time: those who only look leave the store's connections to those who do something. */
  readonly takesTurns?: true
  /** How many batches of it may be under way at once; as many as of others, where nothing is said. With one they are larger, which costs less for each. */
  readonly batchesMax?: number
  /** What is found for each, in order; nothing where it takes the action's own `locate` to say. */
  locate(tx: Tx, its: readonly LocatingOne[]): Promise<readonly (Located<unknown> | undefined)[]>
  /**
   * Does all of them, in order. What nobody has to wait for, because nothing is said of it but whether it failed, is given to `last`. Those who are answered
   * the same object are answered what was checked once. Nothing for one that leaves no entry and to which nothing was done: it is governed on its own.
   */
  perform(its: readonly Performing<string, unknown, unknown>[], last: Last): Promise<readonly (Done<unknown> | undefined)[]>
}
