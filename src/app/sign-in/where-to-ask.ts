// Where a browser is sent to be asked who sits there: the provider's own page, by its protocol. What is asked names one attempt and no other.
import { type SsoRow, samlSettingsOf, settingsOf } from '../../identity/index.ts'
import { type Attempt, questionOf, samlQuestionOf } from './attempt.ts'
import type { SignInParts } from './parts.ts'

/** Answers the address; `email`, which is attacker-controlled, spares the person typing it again. */
export function whereToAsk(
  { ports }: Pick<SignInParts, 'ports'>,
  sso: SsoRow,
  attempt: Attempt,
  { baseUrl, email }: { readonly baseUrl: string; readonly email?: string | undefined },
): Promise<string> {
  if (sso.protocol === 'saml')
    return ports.samlProvider.signInUrl(samlSettingsOf(sso, ports, baseUrl), samlQuestionOf(attempt, sso.step_up_acr))
  const hint = email === undefined ? {} : { loginHint: email.trim().slice(0, 320) }
  return ports.identityProvider.authorizationUrl(settingsOf(sso, ports), { ...questionOf(attempt, sso.step_up_acr), ...hint })
}
