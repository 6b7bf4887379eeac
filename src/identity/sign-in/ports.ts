// What signing in needs from outside: a client of OpenID Connect, a service provider of SAML, whoever checks passkeys, the DNS, and a place to seal secrets.
// Whatever comes back through the first four was written by others: a provider vouches for the people of verified domains and of nobody else, and DNS for nothing
// but what it says at the moment.

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
  /** In which format the provider names the subject, where it said so (SAML). */
  readonly nameFormat?: string | undefined
  readonly email: string | undefined
  readonly emailVerified: boolean
  readonly name: string | undefined
  readonly acr: string | undefined
  /** When the person proved himself, in milliseconds since the epoch; undefined where the provider does not say. */
  readonly authenticatedAt: number | undefined
  /** The provider's id of its own session (`sid`). */
  readonly session: string | undefined
  /** All that it said of the person, by its own names. */
  readonly claims?: Readonly<Record<string, unknown>>
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

/** A certificate of a SAML provider or of ours, read: base64 of DER, its SHA-256 in hexadecimal, and its own dates in RFC 3339. */
export interface SamlCertificate {
  readonly certificate: string
  readonly sha256: string
  readonly notBefore: string
  readonly notAfter: string
}

/** What a SAML provider says of itself. */
export interface SamlMetadata {
  /** Its entity id. */
  readonly issuer: string
  readonly signInUrl: string
  /** Where it is told that somebody signed out, and where it takes our answers to the same; undefined where it has no such place. */
  readonly signOutUrl: string | undefined
  readonly signOutAnswerUrl: string | undefined
  readonly certificates: readonly SamlCertificate[]
}

/** A SAML connection as the service provider must know it. */
export interface SamlSettings extends SamlMetadata {
  /** What we are called at this provider, and where it posts its answers. */
  readonly entityId: string
  readonly answerUrl: string
  /** Where it tells us that somebody signed out. */
  readonly signOutAddress: string
  /** Base64 of DER; the key in PKCS #8. */
  readonly ownCertificate: string
  readonly privateKey: string
}

/** What one sign-in asks a SAML provider for. */
export interface SamlQuestion {
  /** Random, and of this sign-in alone; the answer repeats it (`InResponseTo`). */
  readonly id: string
  readonly isStepUp: boolean
  readonly acr: string | undefined
  /** What the provider sends back beside its answer, unsigned; at most 80 bytes. */
  readonly relayState?: string
}

/** What a SAML provider answered; checked to be its own, for us and of now. */
export interface SamlAnswer {
  readonly answer: ProviderAnswer
  /** The question that it answers; undefined where nobody asked. Whether somebody did in this browser is for the caller to compare. */
  readonly inResponseTo: string | undefined
  /** The assertion's own id, and until when (milliseconds since the epoch) it could be shown again. */
  readonly assertion: string
  readonly until: number
}

/** Whose session at a SAML provider is to end: as the provider named him. */
export interface SamlSignOutWish {
  /** Random, and of this message alone. */
  readonly id: string
  readonly subject: string
  readonly format: string | undefined
  readonly session: string | undefined
}

/** What a SAML provider says of a sign-out; checked to be its own, for us and of now. That it counts once is for the caller to see. */
export interface SamlSignOut {
  readonly id: string
  readonly subject: string
  /** Those of its sessions that ended; all of his, where it names none. */
  readonly sessions: readonly string[]
  readonly relayState: string | undefined
}

/** Our answer to a sign-out: done. */
export interface SamlSignedOut {
  readonly id: string
  readonly inResponseTo: string
  readonly relayState: string | undefined
}

/**
 * A service provider of SAML 2.0. It reaches nothing: what a provider says of itself is given to it, and a browser carries the rest. Throws `sign_in_refused` where
 * an answer does not hold, `provider_failed` where nothing of a provider's could hold now, and `invalid` for metadata that is none.
 */
export interface SamlProvider {
  /** Reads a provider's metadata, which is attacker-controlled. */
  readMetadata(xml: string): SamlMetadata
  /** What we say of ourselves to a provider, as XML. */
  ownMetadata(settings: Pick<SamlSettings, 'entityId' | 'answerUrl' | 'signOutAddress' | 'ownCertificate'>): string
  /** Makes a key and a certificate for it that bears this name: base64 of DER. */
  newCertificate(name: string): Promise<{ readonly own: SamlCertificate; readonly privateKey: string }>
  /** Where to send the browser. */
  signInUrl(settings: SamlSettings, question: SamlQuestion): Promise<string>
  /** Reads an answer as a browser posted it (base64), which is attacker-controlled. */
  read(settings: SamlSettings, response: string): Promise<SamlAnswer>
  /** Where to send a browser that signs out; undefined where the provider has no such place. */
  signOutUrl(settings: SamlSettings, wish: SamlSignOutWish): string | undefined
  /** Reads a sign-out as a browser brought it: a query, which is attacker-controlled. */
  readSignOut(settings: SamlSettings, query: string): SamlSignOut
  /** Where to send a browser with our answer to a sign-out; undefined where the provider has no such place. */
  signedOutUrl(settings: SamlSettings, answer: SamlSignedOut): string | undefined
}

/** The texts of a name's TXT records; empty where there are none. Bounded in time; throws `domain_unproved` where DNS does not answer. */
export type TextRecords = (name: string) => Promise<readonly string[]>

/** What a sealed text is: one of these opens as nothing else. */
export type SealedPurpose = 'provider' | 'attempt' | 'answer' | 'hand-over' | 'challenge' | 'trial' | 'tried'

/** A new passkey as a browser hands it on (WebAuthn level 3 section 5.2.1); its texts are base64url, and attacker-controlled. */
export interface NewPasskey {
  readonly id: string
  readonly clientDataJSON: string
  readonly attestationObject: string
  readonly transports: readonly string[]
}

/** A passkey that was used, as a browser hands it on (WebAuthn level 3 section 5.2.2); its texts are base64url, and attacker-controlled. */
export interface UsedPasskey {
  readonly id: string
  readonly clientDataJSON: string
  readonly authenticatorData: string
  readonly signature: string
}

/** Where passkeys are asked for: a name that they belong to, and the one origin that may ask. */
export interface PasskeyPlace {
  readonly rpId: string
  readonly origin: string
}

/** A passkey as it was registered; checked. */
export interface RegisteredPasskey {
  /** The authenticator's own id of it, in base64url. */
  readonly credentialId: string
  /** COSE (RFC 9052). */
  readonly publicKey: Uint8Array
  readonly counter: number
  readonly transports: readonly string[]
  /** Whether it is kept by more than one device. */
  readonly isSynced: boolean
}

/**
 * Checks what devices say of passkeys (WebAuthn level 3 sections 7.1 and 7.2): challenge, origin, RP id, signature, and that the person was verified by his device.
 * Throws `sign_in_refused`. Whether a counter went back is for the caller to see.
 */
export interface Passkeys {
  register(place: PasskeyPlace, challenge: string, made: NewPasskey): Promise<RegisteredPasskey>
  /** The counter that the device told. */
  check(
    place: PasskeyPlace,
    challenge: string,
    used: UsedPasskey,
    publicKey: Uint8Array,
  ): Promise<{ readonly counter: number; readonly isSynced: boolean }>
}

/** Seals texts of an organization (client credentials, and what a browser keeps of a sign-in under way). `open` throws `sealed_elsewhere`. */
export interface SignInSeal {
  seal(org: string, purpose: SealedPurpose, id: string, text: string): Uint8Array
  open(org: string, purpose: SealedPurpose, id: string, sealed: Uint8Array): string
  isCurrent(sealed: Uint8Array): boolean
}

declare module '../../kernel/action.ts' {
  interface Ports {
    readonly identityProvider: IdentityProvider
    readonly samlProvider: SamlProvider
    readonly passkeys: Passkeys
    readonly textRecords: TextRecords
    readonly signInSeal: SignInSeal
  }
}
