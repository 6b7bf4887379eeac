// A sign-in under way, as the browser keeps it: sealed, so that nobody reads or changes it, and worth nothing without what the provider answers to it.
// What a browser shows is attacker-controlled until it opens; then it is what we gave to some browser of this organization, which may not be this person's.
import { z } from 'zod'
import type { SignInQuestion } from '../../identity/index.ts'
import { base64url, fail, fromBase64url, idOf, isId, type OrgId, type Ports } from '../../kernel/index.ts'

/** How long somebody may take at his provider. */
export const attemptSeconds = 600

const keptBytesMax = 3_000

const attemptShape = z.strictObject({
  sso: idOf('sso'),
  at: z.number(),
  state: z.string(),
  nonce: z.string(),
  verifier: z.string(),
  redirectUri: z.string(),
  returnTo: z.string(),
  isStepUp: z.boolean(),
})

/** A sign-in under way. */
export type Attempt = z.output<typeof attemptShape>

type Sealing = Pick<Ports, 'signInSeal'>

/** A fresh sign-in: its state, nonce and verifier are 256 random bits each. */
export function newAttempt(
  it: Pick<Attempt, 'sso' | 'redirectUri' | 'returnTo' | 'isStepUp'>,
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

/** Seals it for the browser: the organization in front says where to look, and is bound into the seal. */
export function keepAttempt(org: OrgId, attempt: Attempt, { signInSeal }: Sealing): string {
  return `${org}.${base64url(signInSeal.seal(org, 'attempt', org, JSON.stringify(attempt)))}`
}

function expired(): Error {
  return fail('sign_in_expired', 'This browser began no sign-in in the last ten minutes.', { next: 'Begin again from the sign-in page.' })
}

/** Opens what a browser kept. Throws `sign_in_expired`. */
export function readAttempt(
  kept: string | undefined,
  { signInSeal, clock }: Sealing & Pick<Ports, 'clock'>,
): { org: OrgId; attempt: Attempt } {
  const [org, sealed] = (kept ?? '').slice(0, keptBytesMax).split('.')
  if (!isId('org', org) || sealed === undefined) throw expired()
  const attempt = openAttempt(org, sealed, { signInSeal })
  const now = clock.now()
  if (attempt === undefined || now - attempt.at > attemptSeconds * 1000) throw expired()
  return { org, attempt }
}

function openAttempt(org: OrgId, sealed: string, { signInSeal }: Sealing): Attempt | undefined {
  try {
    return attemptShape.parse(JSON.parse(signInSeal.open(org, 'attempt', org, fromBase64url(sealed))))
  } catch {
    return undefined // whoever shows what we did not seal is told no more than that he began nothing
  }
}

/** The page to go on to: within the console, whatever was asked for. Everything that a browser could read as another host is not. */
export function pageWithin(asked: string | undefined): string {
  const home = '/console/'
  if (asked === undefined || asked.length > 500 || !/^\/console\/[\w\-./~?=&%:@,+]*$/.test(asked)) return home
  const url = new URL(asked, 'http://console.invalid')
  return url.origin === 'http://console.invalid' && url.pathname.startsWith(home) ? `${url.pathname}${url.search}` : home
}
