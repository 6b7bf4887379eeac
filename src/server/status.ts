// The one map from failure codes to HTTP. It does not compile when a code of any room is missing.
// HTTP statuses are of RFC 9110 and, for 429 and 431, of RFC 6585.
import type { ErrorCode } from '../kernel/index.ts'

/** How a failure code is answered: its status, and a title that is the same for every occurrence (RFC 9457 section 3.1.3). */
export interface StatusEntry {
  readonly status: number
  readonly title: string
}

/** The status and title of every failure code. */
export const statusOf = {
  malformed: { status: 400, title: 'The request cannot be read' },
  invalid: { status: 400, title: 'The input is not acceptable' },
  too_large: { status: 413, title: 'A limit was hit' },
  unauthenticated: { status: 401, title: 'Nobody is signed in' },
  denied: { status: 403, title: 'Denied' },
  not_found: { status: 404, title: 'Not found' },
  conflict: { status: 409, title: 'In the way' },
  stale: { status: 409, title: 'Something moved' },
  busy: { status: 503, title: 'Busy' },
  unavailable: { status: 503, title: 'The store does not answer' },
  internal: { status: 500, title: 'Our mistake' },
  method_not_allowed: { status: 405, title: 'Not with this method' },
  timed_out: { status: 408, title: 'Too slow' },
  headers_too_large: { status: 431, title: 'Headers over the limit' },
  rate_limited: { status: 429, title: 'Too many refusals' },
  too_many_requests: { status: 429, title: 'Too many requests' },
  slow_reader: { status: 408, title: 'Read too slowly' },
  too_many_listeners: { status: 429, title: 'Too many streams' },
  run_frozen: { status: 409, title: 'The run is frozen' },
  not_promoted: { status: 403, title: 'Not promoted' },
  sealed_elsewhere: { status: 500, title: 'Sealed under another key' },
  token_revoked: { status: 401, title: 'Token revoked' },
  assertion_replayed: { status: 401, title: 'Assertion used before' },
  token_malformed: { status: 401, title: 'Token not readable' },
  token_expired: { status: 401, title: 'Token expired' },
  token_not_yet_valid: { status: 401, title: 'Token not valid yet' },
  token_signature: { status: 401, title: 'Signature does not hold' },
  token_audience: { status: 401, title: 'Token for somebody else' },
  token_issuer: { status: 401, title: 'Token of somebody else' },
  token_key_unknown: { status: 401, title: 'Unknown key' },
  secret_found: { status: 422, title: 'A secret was found' },
  seal_broken: { status: 409, title: 'The seal is broken' },
  twin_retired: { status: 409, title: 'The twin is retired' },
  owner_left: { status: 409, title: 'Nobody answers for it' },
  manifest_exceeds: { status: 422, title: 'The manifest asks for too much' },
  run_not_live: { status: 409, title: 'The run is over' },
  ends_too_soon: { status: 409, title: 'Too little time is left' },
  claim_lost: { status: 409, title: 'The claim is lost' },
  foreign_subject: { status: 403, title: 'Not your own identity' },
  undeclared_connection: { status: 403, title: 'Not connected' },
  path_refused: { status: 400, title: 'Not a plain path' },
  foreign_token: { status: 403, title: 'Somebody else’s token' },
  header_refused: { status: 400, title: 'A header of the broker’s' },
  upstream_refused: { status: 403, title: 'An address out of reach' },
  upstream_failed: { status: 502, title: 'The upstream did not answer' },
  response_too_large: { status: 502, title: 'The upstream answered too much' },
  output_limit: { status: 413, title: 'More output than allowed' },
  blob_missing: { status: 500, title: 'Kept bytes are missing' },
  blob_changed: { status: 500, title: 'Kept bytes were changed' },
  filter_refused: { status: 400, title: 'The filter is not acceptable' },
  attribute_unknown: { status: 400, title: 'No such attribute' },
  no_target: { status: 400, title: 'Nothing to change there' },
  read_only: { status: 400, title: 'Not yours to change' },
  value_refused: { status: 400, title: 'The value is not acceptable' },
  claimed: { status: 409, title: 'Taken already' },
  etag_moved: { status: 412, title: 'Another version' },
  last_administrator: { status: 409, title: 'The last administrator' },
  example_broken: { status: 409, title: 'An example would break' },
  request_closed: { status: 409, title: 'The request is decided' },
  request_expired: { status: 409, title: 'The request has expired' },
  sign_in_expired: { status: 401, title: 'No sign-in under way' },
  sign_in_replayed: { status: 401, title: 'Sign-in used before' },
  sign_in_refused: { status: 401, title: 'The sign-in does not hold' },
  sign_in_unmatched: { status: 403, title: 'Nobody here is who the provider says' },
  provider_failed: { status: 502, title: 'The identity provider does not work' },
  sso_required: { status: 403, title: 'The provider is required' },
  step_up_required: { status: 403, title: 'Sign in again' },
  domain_unproved: { status: 409, title: 'The domain is not proved' },
  domain_taken: { status: 409, title: 'The domain is somebody else’s' },
  organization_closing: { status: 409, title: 'The organization is to be deleted' },
  gate_failed: { status: 409, title: 'The gate has not passed it' },
  wrong_state: { status: 409, title: 'At another step' },
  key_not_proved: { status: 409, title: 'The key is not proved' },
  changed_since: { status: 412, title: 'Changed since you looked' },
  attestation_malformed: { status: 422, title: 'Attestation not readable' },
  attestation_signature: { status: 422, title: 'Attestation signed by a stranger' },
  attestation_subject: { status: 422, title: 'Attestation about something else' },
  attestation_predicate: { status: 422, title: 'Attestation says otherwise' },
} as const satisfies Record<ErrorCode, StatusEntry>

/** Every failure code, in the order of the map. */
export const errorCodes = Object.keys(statusOf) as readonly ErrorCode[] // the keys of the map are exactly the codes, as its type says

/** Whether a text is one of the failure codes. */
export function isErrorCode(text: string): text is ErrorCode {
  return Object.hasOwn(statusOf, text)
}
