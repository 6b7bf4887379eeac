// The codes that token checks add to the product's list, by declaration merging.
// A detail never repeats what a token holds: the token is attacker-controlled and may be somebody's live credential.

/** Why a token is not accepted. Each of them means that nobody is known to be calling. */
export type JoseErrorCode =
  | 'token_malformed' // it does not have the one form that is accepted here; the detail says which rule it breaks
  | 'token_expired' // its time is over
  | 'token_not_yet_valid' // its time has not come
  | 'token_signature' // the signature is not by the key that it names
  | 'token_audience' // it was made for somebody else, or for more than one
  | 'token_issuer' // it was made by somebody else
  | 'token_key_unknown' // it names a key that is not among the issuer's

declare module '../../kernel/errors.ts' {
  interface ErrorCodes {
    jose: JoseErrorCode
  }
}
