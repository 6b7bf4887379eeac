// A trial of a sign-in connection: what begins one, and whom what a provider said would be here. It looks and changes nothing; no proof is made of what it sees, so
// that nothing of it can open a session.
import { base64url, isCoded, type OrgId, type Ports, type Tx } from '../../kernel/index.ts'
import { type Judged, judgeNewcomer, requireVouchedFor } from './match.ts'
import type { ProviderAnswer } from './ports.ts'
import type { SsoRow } from './tables.ts'

/** How long a trial can be begun with the address that was made for it. */
export const trialSeconds = 600

/** Seals what begins a trial of a connection. */
export function keepTrial(
  org: OrgId,
  trial: { readonly sso: string; readonly at: number },
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
