// What can go wrong with twins and what they are made of; the server's map to HTTP does not compile without each of them.

/** Failure codes of `twins`. */
export type TwinsErrorCode =
  | 'secret_found' // something that looks like a secret would have been sealed
  | 'seal_broken' // what is stored is not what was sealed
  | 'twin_retired' // nothing runs any more
  | 'owner_left' // somebody who answered for it has left, and nobody took it over
  | 'manifest_exceeds' // a manifest asks for more than the environment has

declare module '../kernel/errors.ts' {
  interface ErrorCodes {
    twins: TwinsErrorCode
  }
}
