// What is said about every failure code: problems, /problems/<code> and docs/errors/<code>.md are all from here.
// It does not compile when a code of any room is missing.
import type { ErrorCode } from '../kernel/index.ts'

/** What a code means, and what to do about it. */
export interface Explanation {
  readonly means: string
  readonly next: string
}

const signInAgain = 'Sign in again with a new link, or get a new token.'
const newAssertion = 'Make a new assertion for this very endpoint and send it once.'

/** The explanation of every failure code. */
export const explanationOf = {
  malformed: {
    means: 'The body, the query or the media type is not what this route reads.',
    next: 'Send what the OpenAPI description at /openapi.json says, as application/json.',
  },
  invalid: {
    means: 'The request can be read, and a field in it is missing, unknown or out of range. `errors` holds a JSON pointer to each.',
    next: 'Change the fields that `errors` points at.',
  },
  too_large: { means: 'Something in the request is larger than allowed; the detail names the limit.', next: 'Send less, or split it.' },
  unauthenticated: {
    means: 'No credential came with the request, or it is not one that we accept here.',
    next: 'Sign in with `twinlock login <link>`, or send a workload’s token.',
  },
  denied: {
    means: 'It is known who is calling, and nothing permits this, or something forbids it. `policies` names what decided.',
    next: 'Ask an administrator for one of the roles in `roles`, or let somebody else do it.',
  },
  not_found: {
    means: 'There is nothing here that this caller may know of. A thing of another organization looks the same.',
    next: 'Check the id; list what there is.',
  },
  conflict: { means: 'The thing exists already, or is in another state than this asks for.', next: 'Look at it again, then decide.' },
  stale: { means: 'What was decided on changed before it could be recorded, so nothing was done.', next: 'Try again.' },
  busy: {
    means: 'A limit on how much happens at once was hit, or a checkpoint is not signed yet.',
    next: 'Try again after the seconds that Retry-After says.',
  },
  unavailable: {
    means:
      'The database cannot be reached, is read-only, or has no room or connection left. Nothing is admitted meanwhile; the server goes on by itself when it is back. `undone` says whether it is certain that nothing was done.',
    next: 'Try again after the seconds that Retry-After says; where `undone` is false, look first whether it was done.',
  },
  internal: {
    means: 'Something went wrong on our side. Nothing was done that is not on the record.',
    next: 'Try again; if it stays, report the request id.',
  },
  method_not_allowed: {
    means: 'The path exists and takes other methods; the Allow header names them.',
    next: 'Use a method that Allow names.',
  },
  timed_out: { means: 'The request did not arrive whole in time, so its connection was closed.', next: 'Send it again, without pauses.' },
  headers_too_large: {
    means: 'The request line and headers together are over the limit, so its connection was closed.',
    next: 'Send fewer and shorter headers.',
  },
  rate_limited: {
    means: 'So many requests of this address were refused as unauthenticated that it has to wait.',
    next: 'Wait for the seconds that Retry-After says, then send a credential that holds.',
  },
  too_many_requests: {
    means: 'More requests wait than the server takes, of this organization or in all; this one was not looked at, and nothing was done.',
    next: 'Try again after the seconds that Retry-After says, and ask for less at once.',
  },
  slow_reader: {
    means:
      'The reader of a stream did not take what was sent for so long that the stream was cut. Nothing is lost: it goes on where it stopped.',
    next: 'Open it again with the id of the last event as Last-Event-ID.',
  },
  too_many_listeners: {
    means: 'So many streams are open, of this person or in all, that no other is opened.',
    next: 'Close one of them, or wait for the seconds that Retry-After says.',
  },
  run_frozen: {
    means: 'The run is frozen: it lives, and nothing of it is admitted until somebody thaws it.',
    next: 'See who froze it and until when with `twinlock run show`; thaw it with `twinlock run thaw`.',
  },
  not_promoted: {
    means: 'Production signs only for what a promotion made, and no promotion made this active.',
    next: 'Have its promotion approved and crossed.',
  },
  sealed_elsewhere: {
    means: 'Stored secret bytes do not open under the key and the binding that they should have.',
    next: 'Check that the key folder belongs to this data folder.',
  },
  token_revoked: { means: 'The token is genuine, and was taken away.', next: signInAgain },
  assertion_replayed: { means: 'This client assertion was used before; each is good once.', next: newAssertion },
  token_malformed: { means: 'The token does not have the one form that is accepted here.', next: signInAgain },
  token_expired: { means: 'The time of the token is over.', next: signInAgain },
  token_not_yet_valid: { means: 'The time of the token has not come.', next: 'Check the clock of the machine that made it.' },
  token_signature: { means: 'The signature of the token is not by the key that it names.', next: signInAgain },
  token_audience: { means: 'The token was made for another audience, or for more than one.', next: newAssertion },
  token_issuer: { means: 'The token was made by an issuer that is not expected here.', next: signInAgain },
  token_key_unknown: { means: 'The token names a key that is not among the keys of its issuer.', next: signInAgain },
  secret_found: {
    means: 'Something that looks like a secret would have been sealed, where it could never be taken out again.',
    next: 'Take the secret out, replace it where it is used, and send it again.',
  },
  seal_broken: { means: 'What is stored is not what was sealed.', next: 'Publish it again, and look into who changed it.' },
  twin_retired: { means: 'Nothing of a retired twin runs or crosses any more.', next: 'Use another twin.' },
  owner_left: {
    means: 'The twin, the environment, a connection or an input of the run belongs to somebody who has left, and nobody took it over.',
    next: 'Have an administrator hand it over to somebody who is here, then launch again.',
  },
  manifest_exceeds: {
    means: 'The manifest asks for more than the environment has.',
    next: 'Ask for less, or have the connection made in that environment.',
  },
  run_not_live: { means: 'The run is ending or ended: nothing under it counts any more.', next: 'Launch another run.' },
  ends_too_soon: {
    means: 'A run ends with what allowed its launch, at the latest, and that ends within seconds: a grant, an invitation, an engagement.',
    next: 'Ask for what is about to end anew, then launch again.',
  },
  claim_lost: { means: 'Another worker holds the run, or nobody does.', next: 'Stop the cell: its run is not yours any more.' },
  foreign_subject: { means: 'A run gets credentials for itself alone.', next: 'Leave the subject out, or name your own.' },
  undeclared_connection: {
    means: 'Nothing with this name is connected here, and nothing undeclared is reachable.',
    next: 'Declare it in the manifest, and have it connected.',
  },
  path_refused: {
    means: 'The path could be read in two ways: dot segments, encoded slashes, backslashes, control characters.',
    next: 'Send the plain path.',
  },
  foreign_token: { means: 'A token came along with the call that is not the caller’s own.', next: 'Send no token of others.' },
  header_refused: {
    means: 'A header came along that only the broker may set.',
    next: 'Leave it out: the connection has its own credential.',
  },
  upstream_refused: {
    means: 'The upstream’s name leads to an address that the broker does not connect to.',
    next: 'Correct the connection’s base URL.',
  },
  upstream_failed: { means: 'The upstream did not answer, or not in time.', next: 'Try again, and look at the upstream.' },
  response_too_large: { means: 'The upstream’s answer is larger than a call may bring back.', next: 'Ask the upstream for less.' },
  output_limit: {
    means: 'The run wrote more than its manifest allows.',
    next: 'Write less, or publish a scenario whose manifest allows more.',
  },
  blob_missing: { means: 'Bytes that were kept under their digest are not there.', next: 'Restore them from a backup.' },
  blob_changed: {
    means: 'Bytes that were kept under their digest are not the ones that were kept.',
    next: 'Restore them from a backup, and look into who changed them.',
  },
  filter_refused: {
    means: 'A SCIM filter, or the filter in a path, cannot be read, or is longer, deeper or of more terms than one may be.',
    next: 'Correct it by RFC 7644 section 3.4.2.2, or ask for less at once.',
  },
  attribute_unknown: {
    means: 'A SCIM path leads to no attribute of this resource.',
    next: 'See which there are at `/scim/v2/Schemas`.',
  },
  no_target: {
    means: 'A SCIM change names no place, or one where nothing is.',
    next: 'Name a path that matches something, or send what should be there.',
  },
  read_only: {
    means: 'A SCIM change addresses an attribute that is set here and not by directories: an id, `meta`, the groups of a user.',
    next: 'Leave it out. To change who is in a group, change the group.',
  },
  value_refused: {
    means: 'A SCIM attribute cannot hold the value that was sent.',
    next: 'See the type of the attribute at `/scim/v2/Schemas`, and correct what is mapped to it.',
  },
  claimed: {
    means: 'Another user or group, a person who was here before, or another directory has this name, address or external id already.',
    next: 'Look whose it is. A directory takes over people who were here before it only if it was created to.',
  },
  etag_moved: {
    means: 'The resource is not at the version that `If-Match` names.',
    next: 'Read it again and decide again.',
  },
  last_administrator: {
    means: 'Nobody would be left who can manage the organization.',
    next: 'Make somebody else an administrator of the organization first, then send the change again.',
  },
  example_broken: {
    means: 'An example that was saved beside a guardrail or a role would not hold any more. `broken` names all of them.',
    next: 'Change it so that the examples hold, or remove an example with `twinlock example remove`.',
  },
  request_closed: {
    means:
      'The request for access was approved, denied or withdrawn, it expired, its asker left, or the role that it was for became another. `state` says which.',
    next: 'Ask again with `twinlock request create`, if it is still needed.',
  },
  request_expired: {
    means: 'Nobody decided on the request for access before it expired; what expires is not approved any more, not even a moment later.',
    next: 'Ask again with `twinlock request create`, if it is still needed.',
  },
  sign_in_expired: {
    means: 'This browser began no sign-in, began it more than ten minutes ago, or it was begun in another browser.',
    next: 'Begin again from the sign-in page of the console.',
  },
  sign_in_replayed: {
    means: 'What the provider answered, or its logout token, was used before; nothing was done again.',
    next: 'Begin again. If you did not use it yourself, tell an administrator: somebody else did.',
  },
  sign_in_refused: {
    means:
      'What came back from the identity provider does not hold: it is of another sign-in, provider, client or time, or the provider refused. The detail says which. Or what a device or a recovery code was to prove does not hold.',
    next: 'Begin again; if it stays, an administrator looks with `twinlock sso test`.',
  },
  sign_in_unmatched: {
    means:
      'The provider knows this person, and nobody here is linked to him: his address is not one that the provider may vouch for here, or there is nobody with it.',
    next: 'Ask an administrator to add the person, to verify the domain, or to let the connection add people.',
  },
  provider_failed: {
    means:
      'The identity provider does not answer, not in time, or not as one of OpenID Connect; or it does not accept us as a client; or none of its SAML certificates is good at this time.',
    next: 'Try again in a minute; an administrator sees what is wrong with `twinlock sso test`.',
  },
  sso_required: {
    means: 'The organization requires that people sign in through its identity provider.',
    next: 'Sign in through it. Where it is down, an administrator makes a break-glass link, which every administrator sees.',
  },
  step_up_required: {
    means: 'The sign-in of this session is too old, or not strong enough, for something that cannot be taken back.',
    next: 'Sign in again, then repeat it.',
  },
  domain_unproved: {
    means: 'The DNS of the domain does not hold the TXT record that proves it, or does not answer.',
    next: 'Set the record that `twinlock domain list` shows, wait until DNS tells it, then try again.',
  },
  domain_taken: {
    means: 'Another organization of this deployment has proved the domain; it belongs to one at a time.',
    next: 'Have it released there first. Where it is yours now and its record is no longer theirs, it lapses there after a fortnight.',
  },
  organization_closing: {
    means:
      'Two administrators have said that this organization is to be deleted. Until then nothing is launched, issued, fetched or exported in it.',
    next: 'If that is wrong, an administrator keeps it with `twinlock organization keep`; if it is right, export what you need of it.',
  },
  gate_failed: {
    means: 'A check that the gate asks for has not passed. What was not assessed has not passed either.',
    next: 'See the checks with `twinlock promotion show`.',
  },
  wrong_state: {
    means: 'The promotion is at another step than this asks for.',
    next: 'See where it stands with `twinlock promotion show`.',
  },
  key_not_proved: {
    means: 'The holder of the production key has not proved that it holds it.',
    next: 'Have the service prove its key for this promotion.',
  },
  changed_since: { means: 'The promotion changed since the version that you decided on.', next: 'Look at it again, then decide.' },
  attestation_malformed: { means: 'The attestation does not have the form of its standard.', next: 'Get it again from where it was made.' },
  attestation_signature: { means: 'The attestation is signed by none of the trusted keys.', next: 'Do not use what it speaks of.' },
  attestation_subject: { means: 'The attestation speaks about something else.', next: 'Get the attestation of this very digest.' },
  attestation_predicate: {
    means: 'The attestation says something else than was asked, or says that a check failed.',
    next: 'Do not use what it speaks of.',
  },
} as const satisfies Record<ErrorCode, Explanation>
