// RFC 6962 hashing: the two prefixes that keep leaves and nodes apart, and the hash of nothing. Everything else in the room is built on these
// three functions. They trust the digest port and take any bytes.
import { bytesEqual } from './bytes.ts'
import { LedgerError } from './errors.ts'
import type { Sha256 } from './ports.ts'

/** Bytes of a hash in this log (SHA-256). */
export const HASH_BYTES = 32

/** The most bytes an entry may have: its length is written in 16 bits (C2SP tlog-tiles, "Log entries"). */
export const ENTRY_BYTES_MAX = 65_535

/** First byte of what is hashed for a leaf (RFC 6962, section 2.1). */
const LEAF_PREFIX = 0x00

/** First byte of what is hashed for an inner node (RFC 6962, section 2.1). */
const NODE_PREFIX = 0x01

// INVARIANT: written in full just before each digest, which is synchronous and keeps no reference to it (`Sha256`). A fresh array per hash would cost
// more than the hash of a small entry.
const scratch = new Uint8Array(1 + ENTRY_BYTES_MAX)
const nodeScratch = scratch.subarray(0, 1 + 2 * HASH_BYTES)

/** The hash of an entry as a leaf: SHA-256(00 || entry); throws `entry-too-large` above 65,535 bytes. */
export function hashLeaf(sha256: Sha256, entry: Uint8Array): Uint8Array {
  if (entry.length > ENTRY_BYTES_MAX) {
    throw new LedgerError('entry-too-large', `An entry has ${entry.length} bytes; the limit is ${ENTRY_BYTES_MAX}.`)
  }
  scratch[0] = LEAF_PREFIX
  scratch.set(entry, 1)
  return sha256(scratch.subarray(0, 1 + entry.length))
}

/** The hash of an inner node over its two children: SHA-256(01 || left || right); throws `hash-length`. */
export function hashNode(sha256: Sha256, left: Uint8Array, right: Uint8Array): Uint8Array {
  // Without this a child too short would be filled up with bytes of the hash before.
  assertHash(left)
  assertHash(right)
  nodeScratch[0] = NODE_PREFIX
  nodeScratch.set(left, 1)
  nodeScratch.set(right, 1 + HASH_BYTES)
  return sha256(nodeScratch)
}

/** The root of the empty tree: SHA-256 of nothing. */
export function emptyRoot(sha256: Sha256): Uint8Array {
  return sha256(new Uint8Array(0))
}

/** Checks that something can be a hash, by its length of 32 bytes; throws `hash-length`. */
export function assertHash(hash: Uint8Array): void {
  if (hash.length !== HASH_BYTES) throw new LedgerError('hash-length', `A hash has ${hash.length} bytes; it must have ${HASH_BYTES}.`)
}

/** Whether two hashes are the same. */
export const hashesEqual: (a: Uint8Array, b: Uint8Array) => boolean = bytesEqual
