// The ports that every room may ask for. `host` implements them; tests inject their own.
// Trust: an implementation is part of the trusted base; values that pass through are not made trustworthy by that.

/**
 * Time in milliseconds. `now` is since 1970-01-01T00:00:00Z, the same for all servers over one store but for some milliseconds, and never goes back in one;
 * it throws `unavailable` where it cannot be trusted. It may leap ahead, so nothing exact may hang on it alone.
 */
export interface Clock {
  now(): number
  /** A clock that only goes forward, for measuring durations; fractions of a millisecond count. */
  monotonic(): number
}

/** A cryptographically secure source of random bytes. */
export interface Random {
  bytes(count: number): Uint8Array
}

/** SHA-256 over bytes, synchronous (FIPS 180-4); 32 bytes. */
export type Sha256 = (bytes: Uint8Array) => Uint8Array

/** Bytes kept under their own digest. Durable before `put` returns; idempotent; the reader re-checks the digest. */
export interface BlobStore {
  put(bytes: Uint8Array): Promise<Digest>
  /** Throws `blob_missing` or `blob_changed`: a store that lies is refused, never believed. */
  get(digest: Digest): Promise<Uint8Array>
}

/** `sha256:` and 64 lower-case hexadecimal digits. */
export type Digest = `sha256:${string}`
