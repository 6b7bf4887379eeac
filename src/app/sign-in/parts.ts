// What every way of signing in is made of, and how what is refused before anybody is known is counted.
import { z } from 'zod'
import type { SignInProof } from '../../identity/index.ts'
import { CodedError, type ErrorCode, type OrgId, type Ports, type Tx } from '../../kernel/index.ts'
import type { Door } from '../door/govern.ts'

/** What signing in is made of. */
export interface SignInParts {
  readonly door: Door
  readonly ports: Ports
  /** Reads in a transaction that can change nothing: whatever changes goes through the door. */
  glance<T>(org: OrgId, work: (tx: Tx) => Promise<T>): Promise<T>
  /** Counts a refusal that nobody could be found behind. */
  refused(org: OrgId | undefined, code: string): void
}

/** Whence a session is asked for; attacker-controlled but `requestId` and `address`. */
export interface AskedFrom {
  readonly device: string
  readonly requestId: string
  readonly address: string
}

/** What a browser needs of its new session. */
export const sessionShape = z.object({
  token: z.string(),
  expiresAt: z.string(),
  person: z.object({ id: z.string(), slug: z.string() }),
})

/** Opens a session for a proof, as the door opens any other. */
export async function openSession({ door }: SignInParts, proof: SignInProof, { device, requestId, address }: AskedFrom): Promise<unknown> {
  const credential = { kind: 'provider', org: proof.org, proof } as const
  return (await door.govern({ action: 'session:create', credential, input: { device }, requestId, address })).result
}

/** As which part of the product signing in acts. */
export const asSignIn = (org: OrgId) => ({ kind: 'system', org, part: 'sign-in' }) as const

/** What is refused before anybody is known; everything else the door has seen. */
const countedHere: ReadonlySet<ErrorCode> = new Set(['sign_in_expired', 'sign_in_refused'])

/** Counts what fails before the door knows anybody; the door counts and records the rest itself. `work` says which organization it found, as soon as it did. */
export async function counted<T>({ refused }: SignInParts, work: (found: (org: OrgId) => void) => Promise<T>): Promise<T> {
  let org: OrgId | undefined
  try {
    return await work((one) => {
      org = one
    })
  } catch (error) {
    if (error instanceof CodedError && countedHere.has(error.code)) refused(org, error.code)
    throw error
  }
}
