// A sign-in under way, as the browser keeps it: sealed, so that nobody reads or changes it, and worth nothing without what the provider answers to it.
// What a browser shows is attacker-controlled until it opens; then it is what we gave to some browser of this organization, which may not be this person's.
import { z } from 'zod'
import { type SamlQuestion, type SignInQuestion, trialMaker } from '../../identity/index.ts'
import { base64url, fail, idOf, type OrgId, type Ports } from '../../kernel/index.ts'
import { keep, openKept } from './keep.ts'

/** How long somebody may take at his provider. */
export const attemptSeconds = 600

/** A command line that waits on this machine for a sign-in: the port that it listens on, and what binds the answer to it (RFC 7636, RFC 8252 section 7.3). */
export const handOverShape = z.strictObject({
  port: z.number().int().min(1_024).max(65_535),
  state: z.string().regex(/^[\w-]{43}$/),
  challenge: z.string().regex(/^[\w-]{43}$/),
})

/** A command line that waits. */
export type HandOver = z.output<typeof handOverShape>

const attemptShape = z.strictObject({
  sso: idOf('sso'),
  at: z.number(),
  state: z.string(),
  nonce: z.string(),
  verifier: z.string(),
  redirectUri: z.string(),
  returnTo: z.string(),
  isStepUp: z.boolean(),
  handOver: handOverShape.optional(),
  /** A trial, by whoever made its address: nobody is let in by it, it says what would come of signing in. */
  trial: trialMaker.optional(),
  /** The session that the browser held when it began. It ends with the sign-in: its own cookie does not come back from another site. */
  held: z.string().max(200).optional(),
})

/** What a SAML provider sends back beside its answer in a trial: anybody can say it, and it lets nobody in. */
export const trialRelay = 'trial'

/** A sign-in under way. */
export type Attempt = z.output<typeof attemptShape>

type Sealing = Pick<Ports, 'signInSeal'>

/** A fresh sign-in: its state, nonce and verifier are 256 random bits each. */
export function newAttempt(
  it: Pick<Attempt, 'sso' | 'redirectUri' | 'returnTo' | 'isStepUp' | 'handOver' | 'held' | 'trial'>,
  { random, clock }: Pick<Ports, 'random' | 'clock'>,
): Attempt {
  const text = () => base64url(random.bytes(32))
  return { ...it, at: clock.now(), state: text(), nonce: text(), verifier: text() }
}

/** What is asked of the provider. */
export function questionOf(attempt: Attempt, stepUpAcr: string | null): SignInQuestion {
  const { redirectUri, state, nonce, verifier, isStepUp } = attempt
  return { redirectUri, state, nonce, verifier, isStepUp, acr: stepUpAcr ?? undefined }
}

/** What is asked of a SAML provider: its answer repeats the id, which names this sign-in and no other. */
export function samlQuestionOf({ state, isStepUp, trial }: Attempt, stepUpAcr: string | null): SamlQuestion {
  // An id of XML may not begin with a digit.
  return { id: `_${state}`, isStepUp, acr: stepUpAcr ?? undefined, ...(trial === undefined ? {} : { relayState: trialRelay }) }
}

/** Seals it for the browser: the organization in front says where to look, and is bound into the seal. */
export function keepAttempt(org: OrgId, attempt: Attempt, { signInSeal }: Sealing): string {
  return keep(org, 'attempt', attempt, { signInSeal })
}

/** The failure of a sign-in that this browser did not begin. */
export function expired(): Error {
  return fail('sign_in_expired', 'This browser began no sign-in in the last ten minutes.', { next: 'Begin again from the sign-in page.' })
}

/** Opens what a browser kept. Throws `sign_in_expired`. */
export function readAttempt(
  kept: string | undefined,
  { signInSeal, clock }: Sealing & Pick<Ports, 'clock'>,
): { org: OrgId; attempt: Attempt } {
  const opened = openKept('attempt', kept, attemptShape, { signInSeal })
  if (opened === undefined || clock.now() - opened.value.at > attemptSeconds * 1000) throw expired()
  return { org: opened.org, attempt: opened.value }
}

/** The page to go on to: within the console, whatever was asked for. Everything that a browser could read as another host is not. */
export function pageWithin(asked: string | undefined): string {
  const home = '/console/'
  if (asked === undefined || asked.length > 500 || !/^\/console\/[\w\-./~?=&%:@,+]*$/.test(asked)) return home
  const url = new URL(asked, 'http://console.invalid')
  return url.origin === 'http://console.invalid' && url.pathname.startsWith(home) ? `${url.pathname}${url.search}` : home
}
