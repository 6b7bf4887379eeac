// Upstream credentials as they come in: sealed at once under the key-encryption key of their environment's side, and never shown again. Whoever may create or
// rotate a connection controls header and value.
import { z } from 'zod'
import { fail, type Ports, type Tx, utf8 } from '../kernel/index.ts'

/** Headers that frame a request or say where it comes from: never a place for a credential. */
const framingHeader = /^(host|connection|content-length|transfer-encoding|upgrade|te|trailer|expect|via|forwarded|x-forwarded-.*|proxy-.*)$/

/** The header that carries a credential. */
export const secretHeader = z
  .string()
  .regex(/^[a-z0-9-]{1,60}$/)
  .refine((header) => !framingHeader.test(header), 'must not be a header that frames or routes a request')

/** A credential: visible ASCII, without the line end that a file brings along. */
export const secretValue = z
  .string()
  .trim()
  .min(8)
  .max(4000)
  .regex(/^[\x20-\x7e]+$/)

/** Where a version of a credential is kept, and which one it is. */
export interface SecretPlace {
  readonly org: string
  readonly environment: string
  readonly side: 'simulation' | 'production'
  readonly id: string
  readonly version: number
}

/** Refuses a credential that a connection of the other side has: none is valid on both. Of two that are given at one moment the gate finds the second. */
async function requireOfOneSide(tx: Tx, fingerprint: string, side: SecretPlace['side'], pointer: string): Promise<void> {
  const held = await tx
    .selectFrom('secret')
    .select('id')
    .where('fingerprint', '=', fingerprint)
    .where('side', '<>', side)
    .executeTakeFirst()
  if (held === undefined) return
  const other = side === 'production' ? 'a simulation' : 'production'
  throw fail('conflict', `A connection of ${other} has this credential, and none is valid on both sides.`, {
    pointer,
    next: 'Have the upstream issue one for this side alone.',
  })
}

/** Seals a version of a credential and keeps it; `pointer` is where it stands in the input. Throws `conflict` where the other side has it. */
export async function keepSecret(tx: Tx, value: string, place: SecretPlace, ports: Ports, pointer: string): Promise<void> {
  const { org, environment, side, id, version } = place
  const bytes = utf8(value)
  const fingerprint = ports.vault.fingerprint(org, bytes)
  await requireOfOneSide(tx, fingerprint, side, pointer)
  await tx
    .insertInto('secret')
    .values({
      org_id: org,
      id,
      environment_id: environment,
      version,
      side,
      source: 'store',
      fingerprint,
      wrapped: ports.vault.seal(side, { org, environment, purpose: 'secret', id, version }, bytes),
      created_at: new Date(ports.clock.now()),
    })
    .execute()
}
