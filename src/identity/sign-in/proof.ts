// From what a provider said to a proof that a session can be opened with. A proof is made in this process alone, once for each sign-in, and used once.
// INVARIANT: nobody signs in as a person whom this very connection's subject was not linked to before.
import { fail, hex, type OrgId, type Ports, type Tx, utf8 } from '../../kernel/index.ts'
import type { ProviderAnswer } from './ports.ts'

declare const proved: unique symbol

/** What a provider proved of somebody, for one sign-in. */
export interface SignInProof extends ProviderAnswer {
  readonly [proved]: true
  readonly org: OrgId
  /** The connection. */
  readonly sso: string
  /** Names the sign-in that it is of: SHA-256 of its state, in hexadecimal. */
  readonly attempt: string
}

const made = new WeakSet<object>()

/** Makes a proof of a checked answer. `state` is the one that this sign-in began with. */
export function proveSignIn(
  it: { readonly org: OrgId; readonly sso: string; readonly state: string; readonly answer: ProviderAnswer },
  ports: Pick<Ports, 'sha256'>,
): SignInProof {
  const attempt = hex(ports.sha256(utf8(`sign-in ${it.state}`)))
  // reason: the brand exists in the type alone; the WeakSet is its counterpart at run time
  const proof = Object.freeze({ ...it.answer, org: it.org, sso: it.sso, attempt }) as unknown as SignInProof
  made.add(proof)
  return proof
}

/** The person whom a proof's subject was linked to, if the connection is still good. Throws for a proof that was not made here. */
export async function linkedPerson(tx: Tx, proof: SignInProof): Promise<string | undefined> {
  if (!made.has(proof)) throw new Error('A sign-in came without a proof.')
  const row = await tx
    .selectFrom('sso_identity as link')
    .innerJoin('sso', 'sso.id', 'link.sso_id')
    .select('link.person_id')
    .where('link.sso_id', '=', proof.sso)
    .where('link.subject', '=', proof.subject)
    .where('sso.state', '=', 'active')
    .executeTakeFirst()
  return row?.person_id
}

const rememberedMs = 3600_000

/** Uses something of one sign-in up. Throws `sign_in_replayed` where that was done before; forgets what is too old to come again. */
export async function spendOnce(tx: Tx, org: OrgId, hash: string, ports: Pick<Ports, 'clock'>): Promise<void> {
  const now = ports.clock.now()
  const inserted = await tx
    .insertInto('sso_used')
    .values({ org_id: org, hash, expires_at: new Date(now + rememberedMs) })
    .onConflict((conflict) => conflict.doNothing())
    .executeTakeFirst()
  if (inserted.numInsertedOrUpdatedRows !== 1n)
    throw fail('sign_in_replayed', 'This sign-in was used before.', {
      next: 'Begin again; if you did not use it yourself, tell an administrator.',
    })
  await tx.deleteFrom('sso_used').where('expires_at', '<', new Date(now)).execute()
}
