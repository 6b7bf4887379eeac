// What can go wrong on the way across; the server's map to HTTP does not compile without each of them.

/** Failure codes of `promotion`. */
export type PromotionErrorCode =
  | 'gate_failed' // a check that the gate asks for has not passed
  | 'wrong_state' // the promotion is at another step
  | 'key_not_proved' // the holder of the production key has not proved it
  | 'changed_since' // the promotion changed since it was looked at

declare module '../kernel/errors.ts' {
  interface ErrorCodes {
    promotion: PromotionErrorCode
  }
}
