// What we say over the HTTP-Redirect binding (SAML 2.0 Bindings section 3.4): a message is deflated into the query of an address and signed as that query stands.
// The address is the provider's own, from its metadata, and a browser carries the message there; nothing in it is secret.
import { sign } from 'node:crypto'
import { deflateRawSync } from 'node:zlib'
import type { SamlQuestion, SamlSettings } from '../../../identity/index.ts'
import { privateKeyOf } from './certificate.ts'
import { bindings, ns, rsaSha256 } from './names.ts'

/** A text as it stands in an attribute or an element. */
export const escaped = (text: string): string => text.replace(/[&<>"']/g, (one) => `&#${one.codePointAt(0)};`)

/** What a message is made of: its attributes beside those that each has, and its elements after the issuer, both as XML. */
export interface Message {
  readonly name: 'AuthnRequest' | 'LogoutRequest' | 'LogoutResponse'
  readonly id: string
  readonly to: string
  readonly now: number
  readonly attributes: string
  readonly elements: string
}

/** A message of ours to a provider, as XML. */
function message({ entityId }: Pick<SamlSettings, 'entityId'>, { name, id, to, now, attributes, elements }: Message): string {
  const common = `ID="${escaped(id)}" Version="2.0" IssueInstant="${new Date(now).toISOString()}" Destination="${escaped(to)}"`
  return (
    `<samlp:${name} xmlns:samlp="${ns.protocol}" xmlns:saml="${ns.assertion}" ${common}${attributes}>` +
    `<saml:Issuer>${escaped(entityId)}</saml:Issuer>${elements}</samlp:${name}>`
  )
}

/** An address with a signed message in its query. */
export function carried(settings: Pick<SamlSettings, 'entityId' | 'privateKey'>, it: Message, relayState?: string): string {
  const said = [
    [it.name === 'LogoutResponse' ? 'SAMLResponse' : 'SAMLRequest', deflateRawSync(message(settings, it)).toString('base64')],
    ...(relayState === undefined ? [] : [['RelayState', relayState]]),
    ['SigAlg', rsaSha256],
  ]
  const query = said.map(([key = '', value = '']) => `${key}=${encodeURIComponent(value)}`).join('&')
  const signature = sign('sha256', Buffer.from(query), privateKeyOf(settings.privateKey)).toString('base64')
  return `${it.to}${it.to.includes('?') ? '&' : '?'}${query}&Signature=${encodeURIComponent(signature)}`
}

/** Where a browser goes to be asked who sits there (SAML 2.0 Core section 3.4.1): anew, and by a means of its own, where that is asked for. */
export function signInUrl(settings: SamlSettings, { id, isStepUp, acr, relayState }: SamlQuestion, now: number): string {
  const answer = ` ProtocolBinding="${bindings.post}" AssertionConsumerServiceURL="${escaped(settings.answerUrl)}"`
  const by =
    acr === undefined
      ? ''
      : `<samlp:RequestedAuthnContext Comparison="exact"><saml:AuthnContextClassRef>${escaped(acr)}</saml:AuthnContextClassRef></samlp:RequestedAuthnContext>`
  const it: Message = {
    name: 'AuthnRequest',
    id,
    to: settings.signInUrl,
    now,
    attributes: `${answer}${isStepUp ? ' ForceAuthn="true"' : ''}`,
    elements: `<samlp:NameIDPolicy AllowCreate="true"/>${by}`,
  }
  return carried(settings, it, relayState)
}
