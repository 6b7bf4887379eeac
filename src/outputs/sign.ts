// Signing and checking attestations with the keys of environments. A statement is kept beside what it is about; whoever relies on one verifies it again.
import { activeKey, publicKeys, signWith } from '../credentials/index.ts'
import type { Id, Ports, Tx } from '../kernel/index.ts'
import { type AttestationKey, type Envelope, type Statement, signStatement } from './attestation/index.ts'

/** Signs a statement with an environment's provenance key and keeps it. */
export async function attest(
  tx: Tx,
  about: { org: string; environment: string; subject: string; id: Id<'art'> | Id<'prm'> | string },
  statement: Statement,
  ports: Ports,
): Promise<Envelope> {
  const key = await activeKey(tx, about.environment, 'provenance')
  const envelope = await signStatement(statement, { sign: (bytes) => signWith(key, bytes, ports) })
  await tx
    .insertInto('attestation')
    .values({
      org_id: about.org,
      id: about.id,
      subject_id: about.subject,
      predicate_type: statement.predicateType,
      envelope: JSON.stringify(envelope),
      at: new Date(ports.clock.now()),
    })
    .execute()
  return envelope
}

/** The keys that may have signed attestations in an environment. */
export async function attestationKeys(tx: Tx, environment: string, ports: Ports): Promise<AttestationKey[]> {
  const keys = await publicKeys(tx, environment, 'provenance')
  return [...keys].map(([id, jwk]) => ({ id, verify: (bytes, signature) => ports.verifyEs256(jwk, bytes, signature) }))
}
