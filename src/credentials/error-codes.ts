// What can go wrong when credentials are made, sealed or shown; the server's map to HTTP does not compile without each of them.

/** Failure codes of `credentials`, beside those of its token formats. */
export type CredentialsErrorCode =
  | 'not_promoted' // production signs only for what a promotion made
  | 'sealed_elsewhere' // sealed bytes do not open under this key or binding
  | 'token_revoked' // the token holds, and was taken away
  | 'assertion_replayed' // a client assertion was used before

declare module '../kernel/errors.ts' {
  interface ErrorCodes {
    credentials: CredentialsErrorCode
  }
}
