// What `credentials` needs from outside: sealing and signing under a side's key-encryption key, and facts that later rooms own.
import type { EnvironmentRef, OrgId, Tx } from '../kernel/index.ts'
import type { EcJwk, Es256Verify } from './jose/index.ts'
import type { Side } from './tables.ts'

/** What sealed bytes are bound to: opened under any other, they do not open. */
export interface SealedFor {
  readonly org: string
  /** The environment's id, or an empty text for the organization. */
  readonly environment: string
  readonly purpose: string
  readonly id: string
  readonly version: number
}

/**
 * Seals bytes under the key-encryption key of one side (AES-256-GCM, a fresh data key each, everything in `SealedFor` authenticated).
 * `open` throws `sealed_elsewhere` for other bytes, another side, or another binding. Keys never leave the implementation.
 */
export interface Vault {
  seal(side: Side, binding: SealedFor, bytes: Uint8Array): Uint8Array
  open(side: Side, binding: SealedFor, sealed: Uint8Array): Uint8Array
  /** Whether the newest key of the side sealed these bytes: others are to be sealed again. */
  isCurrent(side: Side, sealed: Uint8Array): boolean
  /** A keyed fingerprint (HMAC-SHA-256, hexadecimal) that tells equal secrets of one organization, across environments, without showing them. */
  fingerprint(org: string, bytes: Uint8Array): string
}

/** A key pair as it is made: the public half as a JWK, the private half sealed. */
export interface MadeKey {
  readonly publicJwk: EcJwk | OkpJwk
  readonly wrapped: Uint8Array
}

/** An Ed25519 public key as a JWK (RFC 8037). */
export interface OkpJwk {
  readonly kty: 'OKP'
  readonly crv: 'Ed25519'
  readonly x: string
}

/** A sealed signing key with what it was sealed for. */
export interface KeyToUse {
  readonly side: Side
  readonly binding: SealedFor
  readonly wrapped: Uint8Array
}

/**
 * Signs with sealed keys. The production side signs identities only with a `ProductionWarrant`, which names a promotion that is committed as crossed.
 * ES256 signatures are raw r and s; Ed25519 ones 64 bytes.
 */
export interface Signers {
  create(side: Side, algorithm: 'ES256' | 'Ed25519', binding: SealedFor): MadeKey
  sign(key: KeyToUse, algorithm: 'ES256' | 'Ed25519', bytes: Uint8Array, warrant?: ProductionWarrant): Uint8Array
  /** The private half sealed again under the newest key of its side; undefined where it is already. It signs nothing. */
  rewrap(key: KeyToUse): Uint8Array | undefined
}

declare const warranted: unique symbol

/** Proof that a workload's promotion is committed as crossed. Made by the `Promotions` port alone. */
export interface ProductionWarrant {
  readonly [warranted]: true
  readonly promotion: string
  readonly workload: string
}

/** What `promotion` tells `credentials`, through `app`: whether a workload was promoted, read in a transaction of its own so that nothing uncommitted counts. */
export interface Promotions {
  warrant(org: OrgId, workload: string): Promise<ProductionWarrant | undefined>
}

/** Something that a workload keeps going in a later room. `endForWorkload` runs within the suspension's own transaction, is idempotent, and returns how many things it ended. */
export interface WorkloadPart {
  readonly what: string
  endForWorkload(tx: Tx, suspended: { readonly workload: string; readonly at: Date }): Promise<number>
}

/** An environment as `credentials` needs to know it. */
export interface EnvironmentFacts extends EnvironmentRef {
  readonly slug: string
  readonly trustDomain: string
}

/** What `twins` tells `credentials`, through `app`. Throws `not_found`. */
export interface Environments {
  find(tx: Tx, id: string): Promise<EnvironmentFacts>
}

declare module '../kernel/action.ts' {
  interface Ports {
    readonly vault: Vault
    readonly signers: Signers
    readonly verifyEs256: Es256Verify
    readonly environments: Environments
    readonly promotions: Promotions
    /** Filled by `app` with the parts of later rooms. */
    readonly workloadParts: readonly WorkloadPart[]
    /** The public base URL of this deployment, without a slash at its end. Set by whoever runs it. */
    readonly baseUrl: string
  }
}
