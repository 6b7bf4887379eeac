// From what a provider, a device or a recovery code said to a proof that a session can be opened with. A proof is made in this process alone, once for each
// sign-in, and used once.
// INVARIANT: nobody signs in as a person whom this very connection's subject was not linked to before.
import { fail, hex, type OrgId, type OwnSignIn, type Ports, type ProviderSignIn, type Tx, utf8 } from '../../kernel/index.ts'
import type { ProviderAnswer } from './ports.ts'

declare const proved: unique symbol

/** What a provider proved of somebody, for one sign-in. */
export interface ProviderProof extends ProviderAnswer {
  readonly [proved]: true
  readonly org: OrgId
  /** The connection. */
  readonly sso: string
  /** Names the sign-in that it is of: SHA-256 of its state, in hexadecimal. */
  readonly attempt: string
  /** Names what was signed, where that alone could be shown again. */
  readonly once?: ProviderSignIn['once']
}

/** What a person proved of himself to us, for one sign-in. */
export interface OwnProof {
  readonly [proved]: true
  readonly org: OrgId
  readonly person: string
  readonly own: OwnSignIn
  /** Names what is used up with it. */
  readonly attempt: string
  /** When he proved it, in milliseconds since the epoch. */
  readonly authenticatedAt: number
}

/** What was proved of somebody, for one sign-in. */
export type SignInProof = ProviderProof | OwnProof

const made = new WeakSet<object>()

/** Makes a proof of a checked answer. `state` is the one that this sign-in began with. */
export function proveSignIn(
  it: Pick<ProviderProof, 'org' | 'sso' | 'once'> & { readonly state: string; readonly answer: ProviderAnswer },
  ports: Pick<Ports, 'sha256'>,
): ProviderProof {
  const { org, sso, once, state, answer } = it
  const attempt = attemptName(state, ports)
  // reason: the brand exists in the type alone; the WeakSet is its counterpart at run time
  const proof = Object.freeze({ ...answer, org, sso, attempt, ...(once === undefined ? {} : { once }) }) as unknown as ProviderProof
  made.add(proof)
  return proof
}

/** Makes a proof of what a person showed to us himself; it was checked before. */
export function proveOwn(it: Pick<OwnProof, 'org' | 'person' | 'own' | 'authenticatedAt'>): OwnProof {
  const attempt = it.own.kind === 'passkey' ? it.own.attempt : it.own.hash
  const proof = Object.freeze({ ...it, attempt }) as unknown as OwnProof // reason: as above
  made.add(proof)
  return proof
}

/** The name under which a sign-in is used up: SHA-256 of its state, in hexadecimal. */
export function attemptName(state: string, { sha256 }: Pick<Ports, 'sha256'>): string {
  return hex(sha256(utf8(`sign-in ${state}`)))
}

/** Refuses a proof that was not made here. */
export function requireMadeHere(proof: SignInProof): void {
  if (!made.has(proof)) throw new Error('A sign-in came without a proof.')
}

/** Asks for the person whom a proof's subject was linked to, if the connection is still good. Throws for a proof that was not made here. */
export function personLinkedTo(tx: Tx, proof: ProviderProof) {
  requireMadeHere(proof)
  return tx
    .selectFrom('sso_identity as link')
    .innerJoin('sso', 'sso.id', 'link.sso_id')
    .select('link.person_id')
    .where('link.sso_id', '=', proof.sso)
    .where('link.subject', '=', proof.subject)
    .where('sso.state', '=', 'active')
}

/** The person whom a proof's subject was linked to, if the connection is still good. Throws for a proof that was not made here. */
export async function linkedPerson(tx: Tx, proof: ProviderProof): Promise<string | undefined> {
  return (await personLinkedTo(tx, proof).executeTakeFirst())?.person_id
}

const rememberedMs = 3600_000

/** The failure of a sign-in that was used before. */
export function replayed(): Error {
  return fail('sign_in_replayed', 'This sign-in was used before.', {
    next: 'Begin again; if you did not use it yourself, tell an administrator.',
  })
}

/** Whether something of one sign-in was used up, as far as it is remembered. */
export async function isSpent(tx: Tx, hash: string): Promise<boolean> {
  return (await tx.selectFrom('sso_used').select('hash').where('hash', '=', hash).executeTakeFirst()) !== undefined
}

/** Something of one sign-in that is used up with it: remembered for an hour, or until it could not be shown any more, in milliseconds since the epoch. */
export interface Spent {
  readonly hash: string
  readonly until?: number
}

/** Uses up what is of one sign-in. Throws `sign_in_replayed` where any of it was used before; forgets what is too old to come again. */
export async function spendOnce(tx: Tx, org: OrgId, spent: readonly Spent[], ports: Pick<Ports, 'clock'>): Promise<void> {
  const now = ports.clock.now()
  const rows = spent.map(({ hash, until = 0 }) => ({ org_id: org, hash, expires_at: new Date(Math.max(now + rememberedMs, until)) }))
  const [inserted] = await Promise.all([
    tx
      .insertInto('sso_used')
      .values(rows)
      .onConflict((conflict) => conflict.doNothing())
      .executeTakeFirst(),
    tx.deleteFrom('sso_used').where('expires_at', '<', new Date(now)).execute(),
  ])
  if (inserted.numInsertedOrUpdatedRows !== BigInt(rows.length)) throw replayed()
}
