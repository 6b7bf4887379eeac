// Issuing: a short-lived ES256 token for one subject, one audience, one environment; its jti is kept so that it can be taken away.
// Law 4 and 8: a run's token needs a live run (its caller shows the row), a production identity needs a warrant.
import { sql } from 'kysely'
import { base64url, fail, type Ports, type Tx } from '../kernel/index.ts'
import { issuerUrl, sideOf } from './issuer.ts'
import { signJwt } from './jose/index.ts'
import { activeKey, signWith } from './keys.ts'
import type { EnvironmentFacts, ProductionWarrant } from './ports.ts'

/** The longest life of a run's JWT-SVID. */
export const runTokenSecondsMax = 60
/** The longest life of a standing workload's access token. */
export const workloadTokenSecondsMax = 300

/** What a token is for. */
export interface TokenOrder {
  readonly org: string
  readonly environment: EnvironmentFacts
  /** The id of the run or workload. */
  readonly holder: string
  /** The subject: a whole SPIFFE ID. */
  readonly spiffeId: string
  readonly audience: string
  readonly ttlSeconds: number
  /** `JWT` for a JWT-SVID, `at+jwt` for an access token (RFC 9068). */
  readonly typ: 'JWT' | 'at+jwt'
  readonly claims?: Readonly<Record<string, string | number>>
  readonly warrant?: ProductionWarrant
}

/** A token as it is handed out once. */
export interface MintedToken {
  readonly token: string
  readonly jti: string
  readonly expiresAt: Date
}

/** Issues a token and keeps its jti. Throws `not_promoted` for a production identity without a warrant. */
export async function mintToken(tx: Tx, order: TokenOrder, ports: Ports): Promise<MintedToken> {
  const side = sideOf(order.environment)
  if (side === 'production' && order.warrant?.workload !== order.holder) {
    throw fail('not_promoted', 'No promotion that crossed made this identity, so production signs nothing for it.', {
      next: 'Promote the workload first.',
    })
  }
  const key = await activeKey(tx, order.environment.id, 'identity')
  const jti = base64url(ports.random.bytes(16))
  const issued = Math.floor(ports.clock.now() / 1000)
  const claims = {
    ...order.claims,
    iss: issuerUrl(ports.baseUrl, order.org, order.environment.id),
    sub: order.spiffeId,
    aud: order.audience,
    iat: issued,
    exp: issued + order.ttlSeconds,
    jti,
  }
  const sign = (bytes: Uint8Array) => signWith(key, bytes, ports, order.warrant)
  const token = await signJwt({ header: { kid: key.id, typ: order.typ }, claims, sign })
  const expiresAt = new Date((issued + order.ttlSeconds) * 1000)
  await tx
    .insertInto('credential')
    .values({
      org_id: order.org,
      id: jti,
      holder_id: order.holder,
      environment_id: order.environment.id,
      audience: order.audience,
      issued_at: new Date(issued * 1000),
      expires_at: expiresAt,
      revoked_at: null,
    })
    .execute()
  return { token, jti, expiresAt }
}

/** Takes away every token of a holder, or of many; returns how many were still alive. Idempotent. */
export async function revokeTokensOf(tx: Tx, holder: string | readonly string[], at: Date): Promise<number> {
  const ended = await tx
    .updateTable('credential')
    .set({ revoked_at: at })
    .where('holder_id', '=', sql<string>`any(${[holder].flat()}::text[])`)
    .where('revoked_at', 'is', null)
    .executeTakeFirst()
  return Number(ended.numUpdatedRows)
}
