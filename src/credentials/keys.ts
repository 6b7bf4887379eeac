// Signing keys of environments and organizations: made with what they sign for, used through the Signers port, published by their public half.
import type { Selectable } from 'kysely'
import { base64url, fail, type Ports, type Tx } from '../kernel/index.ts'
import { sideOf } from './issuer.ts'
import { EcJwk } from './jose/index.ts'
import type { EnvironmentFacts, KeyToUse, ProductionWarrant } from './ports.ts'
import type { KeyPurpose, Side, SigningKeyTable } from './tables.ts'

type KeyRow = Selectable<SigningKeyTable>

const keyIdBytes = 12

/** The algorithm of a purpose: checkpoints are Ed25519 (C2SP signed notes), everything else ES256. */
function algorithmOf(purpose: KeyPurpose): 'ES256' | 'Ed25519' {
  return purpose === 'checkpoint' ? 'Ed25519' : 'ES256'
}

/** Makes a signing key and keeps it sealed. Returns its id. */
export async function createKey(
  tx: Tx,
  key: { org: string; environment: string; side: Side; purpose: KeyPurpose },
  ports: Ports,
): Promise<string> {
  const id = base64url(ports.random.bytes(keyIdBytes))
  const binding = { org: key.org, environment: key.environment, purpose: key.purpose, id, version: 1 }
  const made = ports.signers.create(key.side, algorithmOf(key.purpose), binding)
  await tx
    .insertInto('signing_key')
    .values({
      org_id: key.org,
      environment_id: key.environment,
      id,
      purpose: key.purpose,
      side: key.side,
      public_jwk: JSON.stringify(made.publicJwk),
      wrapped: made.wrapped,
      state: 'active',
      created_at: new Date(ports.clock.now()),
    })
    .execute()
  return id
}

/** Makes the keys of a new environment: one for identities, one for provenance. */
export async function createEnvironmentKeys(tx: Tx, org: string, environment: EnvironmentFacts, ports: Ports): Promise<void> {
  for (const purpose of ['identity', 'provenance'] as const) {
    await createKey(tx, { org, environment: environment.id, side: sideOf(environment), purpose }, ports)
  }
}

/** The key that signs now. Throws `internal` when there is none: then nothing is signed. */
export async function activeKey(tx: Tx, environment: string, purpose: KeyPurpose): Promise<KeyRow> {
  const key = await tx
    .selectFrom('signing_key')
    .selectAll()
    .where('environment_id', '=', environment)
    .where('purpose', '=', purpose)
    .where('state', '=', 'active')
    .orderBy('created_at', 'desc')
    .executeTakeFirst()
  if (key === undefined) throw fail('internal', `There is no ${purpose} key for this environment.`)
  return key
}

/** Every key of a purpose, retired ones too: the one that signs now first, then those that it followed, newest first. */
export async function keysOf(tx: Tx, environment: string, purpose: KeyPurpose): Promise<readonly KeyRow[]> {
  return tx
    .selectFrom('signing_key')
    .selectAll()
    .where('environment_id', '=', environment)
    .where('purpose', '=', purpose)
    .orderBy((eb) => eb('state', '=', 'active'), 'desc')
    .orderBy('created_at', 'desc')
    .execute()
}

/** A stored key in the form that the Signers port takes. */
export function keyToUse(key: KeyRow): KeyToUse {
  const binding = { org: key.org_id, environment: key.environment_id, purpose: key.purpose, id: key.id, version: 1 }
  return { side: key.side, binding, wrapped: key.wrapped }
}

/** Signs bytes with a stored key. */
export function signWith(key: KeyRow, bytes: Uint8Array, ports: Ports, warrant?: ProductionWarrant): Uint8Array {
  return ports.signers.sign(keyToUse(key), algorithmOf(key.purpose), bytes, warrant)
}

/** The ES256 public keys of an environment for a purpose, by key id; retired ones are not among them. */
export async function publicKeys(tx: Tx, environment: string, purpose: KeyPurpose): Promise<Map<string, EcJwk>> {
  const rows = await tx
    .selectFrom('signing_key')
    .select(['id', 'public_jwk'])
    .where('environment_id', '=', environment)
    .where('purpose', '=', purpose)
    .where('state', '!=', 'retired')
    .execute()
  return new Map(rows.map((row) => [row.id, EcJwk.parse(row.public_jwk)]))
}
