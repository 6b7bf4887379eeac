// What signing in needs from outside: a client of OpenID Connect, the DNS, and a place to seal client credentials. Whatever comes back through the first two
// was written by others: a provider vouches for the people of verified domains and of nobody else, and DNS for nothing but what it says at the moment.

/** How we prove ourselves to a provider (OpenID Connect Core 1.0 section 9). The key is a private JWK as JSON. */
export type ClientAuthentication = { readonly kind: 'secret'; readonly secret: string } | { readonly kind: 'key'; readonly jwk: string }

/** A provider as a client must know it. */
export interface ProviderSettings {
  readonly id: string
  readonly issuer: string
  readonly clientId: string
  readonly authentication: ClientAuthentication
  /** Whether it was declared to live on this machine; otherwise addresses that are not public are refused. */
  readonly loopback: boolean
}

/** What one sign-in asks for. All texts but the hints are random and of this sign-in alone. */
export interface SignInQuestion {
  readonly redirectUri: string
  readonly state: string
  readonly nonce: string
  /** The PKCE verifier (RFC 7636); the provider sees its SHA-256. */
  readonly verifier: string
  /** Whether the provider is to sign the person in anew. */
  readonly isStepUp: boolean
  /** By what means the provider is asked to sign him in, in its own words. */
  readonly acr: string | undefined
  readonly loginHint?: string
}

/** What a provider says of who signed in; checked to be its own, for us, for this sign-in and of now. Its words about a person are its own. */
export interface ProviderAnswer {
  readonly subject: string
  readonly email: string | undefined
  readonly emailVerified: boolean
  readonly name: string | undefined
  readonly acr: string | undefined
  /** When the person proved himself, in milliseconds since the epoch; undefined where the provider does not say. */
  readonly authenticatedAt: number | undefined
  /** The provider's id of its own session (`sid`). */
  readonly session: string | undefined
}

/** Who a provider says has signed out (OpenID Connect Back-Channel Logout 1.0 section 2.4): a subject, one of its sessions, or both. */
export interface ProviderSignOut {
  readonly subject: string | undefined
  readonly session: string | undefined
  readonly tokenId: string
}

/** What a look at a provider found. */
export interface ProviderLook {
  readonly authorizationEndpoint: string
  readonly algorithms: readonly string[]
  readonly keys: number
  readonly namesIssuer: boolean
  readonly backChannelLogout: boolean
}

/**
 * A client of OpenID providers. Every call is bounded in time and bytes and reaches public addresses alone (or loopback alone, where the settings say so). A
 * signature under an unknown key makes the keys be fetched once more. Throws `provider_failed` where the provider does not answer as one, and
 * `sign_in_refused` where its answer does not hold.
 */
export interface IdentityProvider {
  /** Where to send the browser. */
  authorizationUrl(settings: ProviderSettings, question: SignInQuestion): Promise<string>
  /** Redeems what the browser came back with. `query` is attacker-controlled. */
  redeem(settings: ProviderSettings, question: SignInQuestion, query: string): Promise<ProviderAnswer>
  /** Where to send a browser that signs out; undefined where the provider has no such place. */
  signOutUrl(settings: ProviderSettings, returnTo: string): Promise<string | undefined>
  /** Checks a logout token, which is attacker-controlled. */
  checkSignOut(settings: ProviderSettings, token: string): Promise<ProviderSignOut>
  /** Looks whether the provider is there and what it can do. */
  look(settings: ProviderSettings): Promise<ProviderLook>
  /** Makes a key pair for `private_key_jwt`, as JWKs in JSON. */
  newKey(): Promise<{ readonly publicJwk: string; readonly privateJwk: string }>
}

/** The texts of a name's TXT records; empty where there are none. Bounded in time; throws `domain_unproved` where DNS does not answer. */
export type TextRecords = (name: string) => Promise<readonly string[]>

/** Seals texts of an organization (client credentials, and what a browser keeps of a sign-in under way). `open` throws `sealed_elsewhere`. */
export interface SignInSeal {
  seal(org: string, purpose: 'provider' | 'attempt', id: string, text: string): Uint8Array
  open(org: string, purpose: 'provider' | 'attempt', id: string, sealed: Uint8Array): string
  isCurrent(sealed: Uint8Array): boolean
}

declare module '../../kernel/action.ts' {
  interface Ports {
    readonly identityProvider: IdentityProvider
    readonly textRecords: TextRecords
    readonly signInSeal: SignInSeal
  }
}
