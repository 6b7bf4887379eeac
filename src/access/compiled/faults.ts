// How an evaluation or a compilation ends without a result: faults are answers about one policy, `Unsupported` hands over to cedar-wasm.

/** Why an expression has no value: the kinds of evaluation errors of the Cedar specification. */
export type FaultKind =
  | 'type'
  | 'missing-attribute'
  | 'missing-entity'
  | 'missing-tag'
  | 'overflow'
  | 'extension'
  | 'wrong-number-of-arguments'

/** An evaluation error. It is thrown, carries no stack because it is an answer and not a bug, and ends the evaluation of one policy. */
export class Fault {
  readonly kind: FaultKind
  /** What happened, for people; it can quote attribute names and values, so it is shown to those who may know them. */
  readonly message: string

  constructor(kind: FaultKind, message: string) {
    this.kind = kind
    this.message = message
  }
}

/** Thrown when something cannot be compiled exactly: whoever asked falls back to cedar-wasm. */
export class Unsupported extends Error {}
