// The key-encryption keys of the three sides, read once. What leaves this file are handles derived by HKDF for one use each; the key's own bytes
// are zeroed. A side whose file is missing is an error unless the caller says that nothing can have been sealed yet.
import { createSecretKey, hkdfSync, type KeyObject } from 'node:crypto'
import type { Side } from '../../credentials/index.ts'
import { hex, utf8 } from '../../kernel/index.ts'
import { KeyFileError } from './errors.ts'
import { createKeyFile, keyBytes, keyPath, readKeyFile } from './key-file.ts'
import { prepareKeyFolder } from './key-folder.ts'
import { sides } from './sides.ts'

/** The length of a key's id in sealed bytes. */
export const keyIdBytes = 8

/** A side's key-encryption key, as handles. */
export interface SideKey {
  readonly side: Side
  /** Tells keys apart without showing them; 8 bytes. */
  readonly id: Uint8Array
  /** Wraps data keys (AES-256-GCM). */
  readonly wrapping: KeyObject
  /** Derives the keys of fingerprints (HKDF-SHA-256). */
  readonly fingerprints: KeyObject
}

/** The keys of all sides: the newest of each seals, older ones still open what they sealed. */
export interface KeyRing extends Readonly<Record<Side, SideKey>> {
  readonly older: readonly SideKey[]
}

/** The key of a side that sealed these bytes, by the id in them; the newest where none did. */
export function keyOf(ring: KeyRing, side: Side, sealed: Uint8Array): SideKey {
  const id = hex(sealed.subarray(1, 1 + keyIdBytes))
  return ring.older.find((key) => key.side === side && hex(key.id) === id) ?? ring[side]
}

/** Whether one of the keys of a side sealed these bytes, by the id in them. */
export function holdsKeyOf(ring: KeyRing, side: Side, sealed: Uint8Array): boolean {
  return hex(keyOf(ring, side, sealed).id) === hex(sealed.subarray(1, 1 + keyIdBytes))
}

function derive(key: Uint8Array, use: string, length: number): Uint8Array {
  return new Uint8Array(hkdfSync('sha256', key, new Uint8Array(0), utf8(`twinlock/${use}/v1`), length))
}

function deriveHandle(key: Uint8Array, use: string): KeyObject {
  const derived = derive(key, use, keyBytes)
  const handle = createSecretKey(derived)
  derived.fill(0)
  return handle
}

function missing(path: string, side: Side): KeyFileError {
  return new KeyFileError(
    'key_missing',
    `The ${side} key ${path} is missing, and what was sealed with it opens with no other. Restore it from where keys are kept; TWINLOCK_KEYS says which folder is read.`,
  )
}

function loadSide(folder: string, side: Side, mayCreate: boolean): SideKey {
  const path = keyPath(folder, side)
  let key = readKeyFile(path)
  if (key === undefined && mayCreate) {
    createKeyFile(path)
    key = readKeyFile(path)
  }
  if (key === undefined) throw missing(path, side)
  return sideKey(side, key)
}

function sideKey(side: Side, key: Uint8Array): SideKey {
  try {
    return {
      side,
      id: derive(key, 'key-id', keyIdBytes),
      wrapping: deriveHandle(key, 'wrapping'),
      fingerprints: deriveHandle(key, 'fingerprints'),
    }
  } finally {
    key.fill(0)
  }
}

/** The key before the last rotation, while anything may still be sealed under it. */
function loadOlder(folder: string, newest: SideKey): SideKey[] {
  const bytes = readKeyFile(keyPath(folder, newest.side, 'older'))
  if (bytes === undefined) return []
  const older = sideKey(newest.side, bytes)
  // A rotation that was cut off before its last step has left the newest key under both names.
  return hex(older.id) === hex(newest.id) ? [] : [older]
}

// Law 6: a key that is copied from one side to another would make credentials valid on both.
function requireDifferent(folder: string, keys: readonly SideKey[]): void {
  if (new Set(keys.map((key) => hex(key.id))).size === keys.length) return
  throw new KeyFileError(
    'key_shared',
    `Two key files in ${folder} hold the same key. Restore each side's own key: no key may be valid on both sides.`,
  )
}

/** Reads the keys of all sides, making those that are missing only where `mayCreate` says so. Throws `KeyFileError`. */
export function loadKeyRing(options: { readonly folder: string; readonly mayCreate: boolean }): KeyRing {
  prepareKeyFolder(options.folder)
  const load = (side: Side) => loadSide(options.folder, side, options.mayCreate)
  const ring = { simulation: load('simulation'), production: load('production'), ledger: load('ledger') }
  const older = sides.flatMap((side) => loadOlder(options.folder, ring[side]))
  requireDifferent(options.folder, [...Object.values(ring), ...older])
  return { ...ring, older }
}
