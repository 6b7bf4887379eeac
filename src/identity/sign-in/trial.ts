// A trial of a sign-in connection: what begins one, and whom what a provider said would be here. It looks and changes nothing; no proof is made of what it sees, so
// that nothing of it can open a session.
import { z } from 'zod'
import { base64url, fail, isCoded, type OrgId, type Ports, type Principal, type Tx } from '../../kernel/index.ts'
import { adminLinkWithId } from '../admin-link/links.ts'
import { personOfSessionWithId } from '../session.ts'
import { type Judged, judgeNewcomer, requireVouchedFor } from './match.ts'
import type { ProviderAnswer } from './ports.ts'
import type { SsoRow } from './tables.ts'

/** How long a trial can be begun with the address that was made for it. */
export const trialSeconds = 600

/** Whoever made the address of a trial: an administrator in one of his sessions, or an admin link. */
export const trialMaker = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('session'), id: z.string() }),
  z.strictObject({ kind: z.literal('admin_link'), id: z.string() }),
])

/** Whoever made it. */
export type TrialMaker = z.output<typeof trialMaker>

/** As whom a caller makes the address of a trial. Whoever acts otherwise than in a session or by an admin link makes none. */
export function trialMakerOf({ kind, id, credential }: Principal): TrialMaker {
  if (kind === 'admin_link') return { kind, id }
  if (kind !== 'person' || credential === undefined)
    throw fail('denied', 'The address of a trial is made in a session, or by an admin link.')
  return { kind: 'session', id: credential }
}

/** Whoever made the address of a trial, as he is now. Throws `unauthenticated` where his session, his link or he himself is no more. */
export function makerNow(tx: Tx, { kind, id }: TrialMaker, ports: Pick<Ports, 'clock'>): Promise<Principal> {
  return kind === 'session' ? personOfSessionWithId(tx, id, ports) : adminLinkWithId(tx, id, ports)
}

/** Seals what begins a trial of a connection. */
export function keepTrial(
  org: OrgId,
  trial: { readonly sso: string; readonly at: number; readonly by: TrialMaker },
  { signInSeal }: Pick<Ports, 'signInSeal'>,
): string {
  return `${org}.${base64url(signInSeal.seal(org, 'trial', org, JSON.stringify(trial)))}`
}

/** What would come of an answer: somebody here, somebody to be added, or nobody, and why. */
export type WouldBe =
  | { readonly kind: 'here'; readonly name: string; readonly slug: string; readonly isLinked: boolean }
  | { readonly kind: 'new' }
  /** The connection is not in use yet: nobody is looked for. */
  | { readonly kind: 'proposed' }
  | { readonly kind: 'nobody'; readonly why: string; readonly next: string | undefined }

async function judged(tx: Tx, sso: SsoRow, newcomer: ProviderAnswer): Promise<Judged> {
  // Whoever sets up by a link is told nothing of the people here.
  if (sso.state === 'active') return judgeNewcomer(tx, sso, newcomer)
  await requireVouchedFor(tx, sso.id, newcomer)
  return { kind: 'new' }
}

/** Who would be signed in by what a provider said. */
export async function wouldBe(tx: Tx, sso: SsoRow, answer: ProviderAnswer): Promise<WouldBe> {
  try {
    const found = await judged(tx, sso, answer)
    if (sso.state !== 'active') return { kind: 'proposed' }
    if (found.kind === 'new') return { kind: 'new' }
    const { name, slug, state } = await tx.selectFrom('person').selectAll().where('id', '=', found.person).executeTakeFirstOrThrow()
    if (state !== 'active') return { kind: 'nobody', why: 'Whoever signed in so before has left.', next: undefined }
    return { kind: 'here', name, slug, isLinked: found.kind === 'linked' }
  } catch (error) {
    if (isCoded(error)) return { kind: 'nobody', why: error.message, next: error.notes.next }
    throw error
  }
}
