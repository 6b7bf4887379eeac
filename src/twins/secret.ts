// Upstream credentials as they come in: sealed at once under the key-encryption key of their environment's side, and never shown again. Whoever may create or
// rotate a connection controls header and value.
import { z } from 'zod'
import { type Ports, type Tx, utf8 } from '../kernel/index.ts'

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

/** Seals a version of a credential and keeps it. */
export async function keepSecret(tx: Tx, value: string, place: SecretPlace, ports: Ports): Promise<void> {
  const { org, environment, side, id, version } = place
  const bytes = utf8(value)
  await tx
    .insertInto('secret')
    .values({
      org_id: org,
      id,
      environment_id: environment,
      version,
      side,
      source: 'store',
      fingerprint: ports.vault.fingerprint(org, bytes),
      wrapped: ports.vault.seal(side, { org, environment, purpose: 'secret', id, version }, bytes),
      created_at: new Date(ports.clock.now()),
    })
    .execute()
}
