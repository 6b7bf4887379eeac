// What a failed exchange with a provider is told as. The provider's own words stay private, but for the error codes that OAuth knows: whoever holds the
// browser can write the others.
import { CodedError, fail } from '../../kernel/index.ts'
import { nameUnresolved } from '../upstream/failures.ts'

const knownErrors = new Set([
  'access_denied',
  'consent_required',
  'interaction_required',
  'invalid_client',
  'invalid_grant',
  'invalid_request',
  'invalid_scope',
  'login_required',
  'server_error',
  'temporarily_unavailable',
  'unauthorized_client',
  'unmet_authentication_requirements',
])
const ourFault = new Set(['invalid_client', 'unauthorized_client', 'invalid_scope'])

/** What did not hold, by the codes of oauth4webapi. */
const reasons: Readonly<Record<string, string>> = {
  OAUTH_JWT_TIMESTAMP_CHECK_FAILED: 'Its ID token is of another time.',
  OAUTH_JWT_CLAIM_COMPARISON_FAILED: 'Its ID token was made for somebody else, or for another sign-in.',
  OAUTH_KEY_SELECTION_FAILED: 'Its ID token is signed by a key that the provider does not publish.',
  OAUTH_INVALID_RESPONSE: 'What came back does not belong to this sign-in.',
  OAUTH_JSON_ATTRIBUTE_COMPARISON_FAILED: 'It calls itself by another issuer than it is known by.',
}
const brokenProvider =
  /NOT_CONFORM|NOT_JSON|PARSE_ERROR|TIMEOUT|ABORT|FORBIDDEN|MISSING_SERVER_METADATA|JSON_ATTRIBUTE|UNSUPPORTED_OPERATION/

function textOf(error: unknown, name: 'error' | 'code'): string | undefined {
  const value: unknown = typeof error === 'object' && error !== null ? Reflect.get(error, name) : undefined
  return typeof value === 'string' ? value : undefined
}

function codedWithin(error: unknown): CodedError | undefined {
  let here = error
  for (let depth = 0; depth < 5 && here instanceof Error; depth++) {
    if (here instanceof CodedError) return here
    here = here.cause
  }
  return undefined
}

/**
 * Whether a name was not found, or what it leads to is not connected to. The two are told as one: whoever may have a provider looked for, by an admin link too, would
 * learn by the difference which names there are in the network of this server.
 */
const isNotFound = ({ code, message }: CodedError): boolean => code === 'upstream_refused' || message === nameUnresolved

/** A refusal of what a provider answered; `detail` says what did not hold. */
export function answerRefused(detail: string, cause?: unknown): CodedError {
  return fail('sign_in_refused', `The sign-in does not hold. ${detail}`, { next: 'Begin again.', cause })
}

/** A provider that does not answer as one. */
export function providerFailed(detail: string, cause?: unknown): CodedError {
  return fail('provider_failed', `The identity provider does not work. ${detail}`, {
    next: 'Try again in a minute; if it stays, have an administrator run `twinlock sso test`.',
    cause,
  })
}

/** The failure of an exchange in which the provider itself said what is wrong, by the codes of OAuth. */
function failureBySaid(said: string, thrown: unknown): CodedError {
  const known = knownErrors.has(said) ? said : 'an error of its own'
  return ourFault.has(said)
    ? providerFailed(`It does not accept us: ${known}.`, thrown)
    : answerRefused(`The provider said: ${known}.`, thrown)
}

/** The coded failure of whatever an exchange with a provider threw. */
export function providerFailure(thrown: unknown): CodedError {
  const within = codedWithin(thrown)
  if (within?.code === 'sign_in_refused' || within?.code === 'provider_failed') return within
  if (within !== undefined && isNotFound(within))
    return providerFailed('Its name is not known here, or leads into an internal network.', thrown)
  if (within !== undefined) return providerFailed(within.message.replace('upstream of this connection', 'provider'), thrown)
  const said = textOf(thrown, 'error')
  if (said !== undefined) return failureBySaid(said, thrown)
  const code = textOf(thrown, 'code') ?? ''
  const reason = reasons[code]
  if (brokenProvider.test(code)) return providerFailed(reason ?? 'Its answer is not one of OpenID Connect.', thrown)
  return reason === undefined ? providerFailed('Its answer cannot be read.', thrown) : answerRefused(reason, thrown)
}
