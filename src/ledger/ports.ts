// What the ledger room needs from outside, and nothing more: a digest, a signature scheme and a place where hash tiles are kept.
// The digest and the verifier are trusted completely; the tile reader is trusted for nothing but liveness, because proofs are checked against a root.

/**
 * SHA-256 (FIPS 180-4): any bytes in, a fresh array of 32 bytes out.
 * Synchronous, deterministic, keeps no reference to its argument, and never hands out the same array twice.
 */
export type Sha256 = (bytes: Uint8Array) => Uint8Array

/**
 * Ed25519 verification (RFC 8032, pure): raw 32-byte public key, message, 64-byte signature.
 * Answers `false`, and does not throw, for a key or signature that is no valid point or scalar.
 */
export type Ed25519Verify = (publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array) => boolean

/**
 * Ed25519 signing by an opaque signer that holds its own key: message in, 64-byte signature out.
 * It throws when the key cannot be used; it never answers with something that is not a signature.
 */
export type Ed25519Sign = (message: Uint8Array) => Uint8Array

/** The two primitives that checking a proof needs. */
export interface VerifyCrypto {
  readonly sha256: Sha256
  readonly ed25519Verify: Ed25519Verify
}

/**
 * Where hash tiles are read from.
 *
 * `readTile(level, index, width)` answers exactly `width * 32` bytes: the first `width` hashes of that tile. A store that holds a wider tile
 * answers with its beginning, because a tile only ever grows at its end. It rejects when the tile is not there; it must not answer short.
 * Calls may run at the same time. Whoever controls the store can only make proofs fail to verify, never make a false one verify.
 */
export interface TileReader {
  readTile(level: number, index: number, width: number): Promise<Uint8Array>
}
