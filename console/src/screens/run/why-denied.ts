// Why a call was denied, in words. The tape holds the code; a code that is not known here is shown by itself, never guessed at.

const words: Readonly<Record<string, string>> = {
  denied: 'No rule of its manifest and no policy allows this call.',
  undeclared_connection: 'The manifest names no connection of this name, or none is connected in this environment.',
  path_refused: 'What was asked for is not a plain path: it could mean more than one place.',
  foreign_token: 'The call carried a token that is not the run’s own.',
  header_refused: 'The call carried a header that only the broker may set.',
  upstream_refused: 'The address behind the connection is one that the broker does not connect to.',
  upstream_failed: 'The service behind the connection did not answer, or not in time.',
  response_too_large: 'The service answered more than a call may bring back.',
  token_revoked: 'The credential was taken away before the call.',
  token_expired: 'The credential had run out before the call.',
  unauthenticated: 'Who called could not be established.',
  run_not_live: 'The run was over.',
  rate_limited: 'The run called more often than it may.',
  run_frozen: 'The run was frozen.',
}

/** A sentence about a code; undefined for a code that is not known. */
export function whyDenied(code: string | null): string | undefined {
  return code === null || !Object.hasOwn(words, code) ? undefined : words[code]
}
