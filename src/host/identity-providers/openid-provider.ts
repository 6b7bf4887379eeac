// The client of OpenID Connect (Core 1.0, Discovery 1.0, RP-Initiated Logout 1.0) over the guarded upstream client: discovery, PKCE, RFC 9207, signatures under
// keys that rotate. The provider and the browser are hostile until what they say is checked; what is handed on is checked.
import { generateKeyPair, type webcrypto } from 'node:crypto'
import { promisify } from 'node:util'
import * as openid from 'openid-client'
import type { Upstream } from '../../egress/index.ts'
import type { IdentityProvider, ProviderAnswer, ProviderSettings, SignInQuestion } from '../../identity/index.ts'
import type { Clock } from '../../kernel/index.ts'
import { readSignOut } from './logout-token.ts'
import { answerRefused, providerFailed, providerFailure } from './provider-failure.ts'
import { fetchThrough, providerLimits } from './upstream-fetch.ts'

const discoveredMs = 10 * 60_000
const rememberedMax = 1_000
const skewMs = 60_000
const answerAgeMs = 10 * 60_000
const scope = 'openid email profile'
/** How long ago, in seconds, a person may have proved himself to his provider. */
const signInAgeMax = 86_400
/** How old fetched keys are said to be (seconds): old enough that an unknown key makes them be fetched once more, young enough to be used. */
const keysAge = 61

interface Known {
  readonly metadata: openid.ServerMetadata
  readonly at: number
  keys?: openid.ExportedJWKSCache['jwks'] | undefined
}

/** What the client is made of. */
export interface IdentityProviderParts {
  readonly upstream: Upstream
  readonly clock: Clock
}

class OpenIdProviders implements IdentityProvider {
  readonly #parts: IdentityProviderParts
  readonly #known = new Map<string, Known>()

  constructor(parts: IdentityProviderParts) {
    this.#parts = parts
  }

  async #discover(settings: ProviderSettings): Promise<Known> {
    const { issuer, loopback } = settings
    const name = `${loopback ? 'here' : 'there'} ${issuer}`
    const at = this.#parts.clock.monotonic()
    const before = this.#known.get(name)
    if (before !== undefined && at - before.at < discoveredMs) return before
    const found = await openid.discovery(new URL(issuer), settings.clientId, {}, openid.None(), {
      algorithm: 'oidc',
      execute: loopback ? [openid.allowInsecureRequests] : [],
      [openid.customFetch]: fetchThrough(this.#parts.upstream, loopback),
      timeout: providerLimits.timeoutMs / 1000,
    })
    const metadata = found.serverMetadata()
    // Some clients let a provider of many tenants name itself otherwise; here an issuer is the one that was agreed on, to the letter.
    if (metadata.issuer !== issuer) throw providerFailed('It calls itself by another issuer than it is known by.')
    if (this.#known.size >= rememberedMax) this.#known.clear()
    const known: Known = { metadata, at }
    this.#known.set(name, known)
    return known
  }

  /** A configuration of one exchange's own: it carries the keys that were fetched before, aged so that an unknown one is looked for once. */
  async #configured(settings: ProviderSettings, known: Known): Promise<openid.Configuration> {
    const { clock, upstream } = this.#parts
    const skew = Math.round((clock.now() - Date.now()) / 1000)
    const metadata = { [openid.clockSkew]: skew, [openid.clockTolerance]: skewMs / 1000 }
    const config = new openid.Configuration(known.metadata, settings.clientId, metadata, await authenticationOf(settings, known))
    config[openid.customFetch] = fetchThrough(upstream, settings.loopback)
    config.timeout = providerLimits.timeoutMs / 1000
    if (settings.loopback) openid.allowInsecureRequests(config)
    openid.enableNonRepudiationChecks(config)
    if (known.keys !== undefined) openid.setJwksCache(config, { jwks: known.keys, uat: Math.floor(Date.now() / 1000) - keysAge })
    return config
  }

  async #using<T>(settings: ProviderSettings, use: (config: openid.Configuration, known: Known) => Promise<T>): Promise<T> {
    try {
      const known = await this.#discover(settings)
      const config = await this.#configured(settings, known)
      try {
        return await use(config, known)
      } finally {
        known.keys = openid.getJwksCache(config)?.jwks ?? known.keys
      }
    } catch (error) {
      throw providerFailure(error)
    }
  }

  authorizationUrl(settings: ProviderSettings, question: SignInQuestion): Promise<string> {
    return this.#using(settings, async (config) => {
      const { redirectUri, state, nonce, verifier, isStepUp, acr, loginHint } = question
      const url = openid.buildAuthorizationUrl(config, {
        redirect_uri: redirectUri,
        scope,
        state,
        nonce,
        code_challenge: await openid.calculatePKCECodeChallenge(verifier),
        code_challenge_method: 'S256',
        ...(loginHint === undefined ? {} : { login_hint: loginHint }),
        // With `max_age` a provider says when the person proved himself (`auth_time`), which it may leave out otherwise.
        ...(isStepUp ? { prompt: 'login', max_age: '0' } : { max_age: String(signInAgeMax) }),
        ...(acr === undefined ? {} : { acr_values: acr }),
      })
      return plainUrl(url)
    })
  }

  redeem(settings: ProviderSettings, question: SignInQuestion, query: string): Promise<ProviderAnswer> {
    return this.#using(settings, async (config, known) => {
      const { redirectUri, state, nonce, verifier } = question
      const tokens = await openid.authorizationCodeGrant(config, new URL(`${redirectUri}?${query}`), {
        expectedState: state,
        expectedNonce: nonce,
        pkceCodeVerifier: verifier,
        idTokenExpected: true,
      })
      const claims = tokens.claims()
      if (claims === undefined) throw answerRefused('No ID token came back.')
      const answer = answerOf(claims, this.#parts.clock.now())
      if (answer.email !== undefined || known.metadata.userinfo_endpoint === undefined) return answer
      return withAddress(answer, await openid.fetchUserInfo(config, tokens.access_token, answer.subject))
    })
  }

  signOutUrl(settings: ProviderSettings, returnTo: string): Promise<string | undefined> {
    return this.#using(settings, async (config, { metadata }) => {
      if (metadata.end_session_endpoint === undefined) return undefined
      return plainUrl(openid.buildEndSessionUrl(config, { post_logout_redirect_uri: returnTo, client_id: settings.clientId }))
    })
  }

  checkSignOut(settings: ProviderSettings, token: string) {
    return this.#using(settings, async (_config, known) => {
      const fetchKeys = async () => {
        known.keys = await this.#fetchKeys(settings, known)
        return known.keys
      }
      const wanted = { issuer: settings.issuer, audience: settings.clientId, now: this.#parts.clock.now() }
      return readSignOut(token, wanted, known.keys, fetchKeys)
    })
  }

  async #fetchKeys(settings: ProviderSettings, { metadata }: Known): Promise<openid.ExportedJWKSCache['jwks']> {
    const from = metadata.jwks_uri
    if (from === undefined) throw providerFailed('It names no keys.')
    if (!settings.loopback && !from.startsWith('https:')) throw providerFailed('Its keys are not behind TLS.')
    const get = fetchThrough(this.#parts.upstream, settings.loopback)
    const answer = await get(from, { method: 'GET', headers: { accept: 'application/json' }, body: undefined, redirect: 'manual' })
    const read: unknown = answer.ok ? await answer.json().catch(() => undefined) : undefined
    const keys: unknown = typeof read === 'object' && read !== null ? Reflect.get(read, 'keys') : undefined
    if (!Array.isArray(keys) || keys.length > keysMax) throw providerFailed(`It publishes no key set of at most ${keysMax} keys.`)
    return { keys: keys.filter((one) => typeof one === 'object' && one !== null) }
  }

  look(settings: ProviderSettings) {
    return this.#using(settings, async (_config, known) => {
      known.keys = await this.#fetchKeys(settings, known)
      const { metadata } = known
      const endpoint = metadata.authorization_endpoint
      if (endpoint === undefined || metadata.token_endpoint === undefined)
        throw providerFailed('It names no authorization or token endpoint.')
      return {
        authorizationEndpoint: plainUrl(new URL(endpoint)),
        algorithms: (metadata.id_token_signing_alg_values_supported ?? []).slice(0, 20),
        keys: known.keys.keys.length,
        namesIssuer: metadata.authorization_response_iss_parameter_supported === true,
        backChannelLogout: metadata.backchannel_logout_supported === true,
      }
    })
  }

  async newKey() {
    const { publicKey, privateKey } = await promisify(generateKeyPair)('ec', { namedCurve: 'P-256' })
    const marks = { alg: 'ES256', use: 'sig' }
    return {
      publicJwk: JSON.stringify({ ...publicKey.export({ format: 'jwk' }), ...marks }),
      privateJwk: JSON.stringify({ ...privateKey.export({ format: 'jwk' }), ...marks }),
    }
  }
}

const keysMax = 100

// A browser follows whatever it is sent to: a provider's endpoint is a page, not a script.
function plainUrl(url: URL): string {
  if (url.protocol !== 'https:' && url.protocol !== 'http:') throw providerFailed('It names an endpoint that is no web page.')
  return url.href
}

async function authenticationOf({ authentication }: ProviderSettings, { metadata }: Known): Promise<openid.ClientAuth> {
  if (authentication.kind === 'key') {
    const jwk: webcrypto.JsonWebKey = JSON.parse(authentication.jwk) // sealed by us when it was made
    const key = await crypto.subtle.importKey('jwk', jwk, { name: 'ECDSA', namedCurve: 'P-256' }, false, ['sign'])
    return openid.PrivateKeyJwt(key)
  }
  const supported = metadata.token_endpoint_auth_methods_supported
  const isPost = supported !== undefined && !supported.includes('client_secret_basic') && supported.includes('client_secret_post')
  return (isPost ? openid.ClientSecretPost : openid.ClientSecretBasic)(authentication.secret)
}

const textsMax = 320
const readText = (value: unknown): string | undefined =>
  typeof value === 'string' && value.length <= textsMax && /^\P{Cc}+$/u.test(value) ? value : undefined
const readName = (value: unknown): string | undefined =>
  typeof value === 'string' ? readText(value.replace(/[\p{Cc}\s]+/gu, ' ').trim()) : undefined

function answerOf(claims: openid.IDToken, now: number): ProviderAnswer {
  const issuedAt = claims.iat * 1000
  if (issuedAt > now + skewMs || issuedAt < now - answerAgeMs) throw answerRefused('Its ID token is of another time.')
  const authenticatedAt = claims.auth_time === undefined ? undefined : claims.auth_time * 1000
  if (authenticatedAt !== undefined && authenticatedAt > now + skewMs)
    throw answerRefused('It says that the person signed in in the future.')
  const subject = readText(claims.sub)
  if (subject === undefined) throw answerRefused('Its ID token names nobody.')
  return {
    subject,
    email: readText(claims.email)?.toLowerCase(),
    emailVerified: claims.email_verified === true,
    name: readName(claims.name),
    acr: readText(claims.acr),
    authenticatedAt: authenticatedAt === undefined ? undefined : Math.min(authenticatedAt, now),
    session: readText(claims.sid),
    claims,
  }
}

// Many providers say the address only where the access token is shown; it is of the same subject, which the client has compared.
function withAddress(answer: ProviderAnswer, told: openid.UserInfoResponse): ProviderAnswer {
  const email = readText(told.email)?.toLowerCase()
  const emailVerified = email !== undefined && told.email_verified === true
  return { ...answer, email, emailVerified, name: answer.name ?? readName(told.name), claims: { ...told, ...answer.claims } }
}

/** Makes the client; it remembers what it discovered for ten minutes. */
export function createIdentityProvider(parts: IdentityProviderParts): IdentityProvider {
  return new OpenIdProviders(parts)
}
