// What can go wrong with organizations and people; the server's map to HTTP does not compile without each of them.

/** Failure codes of `identity` that are neither of directories nor of signing in. */
export type IdentityErrorCode = 'organization_closing' // the organization is to be deleted, and nothing leaves or begins in it

declare module '../kernel/errors.ts' {
  interface ErrorCodes {
    identity: IdentityErrorCode
  }
}
