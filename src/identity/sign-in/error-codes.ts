// What can go wrong when somebody signs in through a provider; the server's map to HTTP does not compile without each of them.

/** Failure codes of signing in. */
export type SignInErrorCode =
  | 'sign_in_expired' // this browser began no sign-in, or began it too long ago
  | 'sign_in_replayed' // what the provider answered was used before
  | 'sign_in_refused' // what the provider answered does not hold, or it refused
  | 'sign_in_unmatched' // the provider knows this person; nobody here is who it says
  | 'provider_failed' // the provider does not answer, or not as one
  | 'sso_required' // this organization is signed in to through its provider
  | 'step_up_required' // the sign-in is too long ago, or was too weak, for this
  | 'domain_unproved' // the DNS of a domain does not say what was asked for
  | 'domain_taken' // a domain that another organization has proved

declare module '../../kernel/errors.ts' {
  interface ErrorCodes {
    signIn: SignInErrorCode
  }
}
