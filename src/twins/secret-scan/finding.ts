// What a scan says: which rule found something, where, and enough to recognise it again. Never the secret: a finding goes into entries, logs and
// the answers to people who may not hold what was found.
import type { Sha256 } from '../../kernel/index.ts'
import { hex, utf8 } from '../../kernel/index.ts'

/** Where something was found. Lines and columns count from 1; for a JSON value they count inside of the text at `pointer`. */
export interface SecretPlace {
  readonly file: string
  readonly line: number
  readonly column: number
  /** JSON pointer (RFC 6901) of the value, or of the object for a member's name; names that are secrets themselves are cut in it. */
  readonly pointer?: string
}

/** Something that looks like a secret. */
export interface SecretFinding {
  /** The rule's id: stable, for exceptions and counts. */
  readonly rule: string
  readonly title: string
  readonly place: SecretPlace
  /** At most three characters of the secret, an ellipsis, its length. */
  readonly preview: string
  /** The same for the same secret, so that occurrences can be counted. */
  readonly fingerprint: string
}

/** Which limit ended a scan early. */
export type ScanLimit = 'bytes' | 'findings' | 'values' | 'depth'

/** The result of a scan. Where it is truncated, the rest was not assessed and must not count as clean. */
export interface SecretScan {
  readonly findings: readonly SecretFinding[]
  readonly truncated: false | ScanLimit
  /** The work done, in characters looked at; bounded by a multiple of the input's length. */
  readonly steps: number
}

/** What a scan needs from outside. */
export interface ScanPorts {
  readonly sha256: Sha256
  /**
   * Makes a fingerprint of a secret: give an HMAC under a key of the organization where findings are kept. Without it the fingerprint is the first 8
   * hexadecimal digits of SHA-256, which whoever guesses the secret can confirm.
   */
  readonly fingerprint?: (secret: Uint8Array) => string
}

/** The limits of a scan. */
export interface ScanLimits {
  /** Bytes of a file, or characters of a text, that are looked at. */
  readonly bytesMax: number
  readonly findingsMax: number
  /** Members and items of a JSON value that are looked at. */
  readonly valuesMax: number
  readonly depthMax: number
}

/** The limits where the caller sets none: 16 MiB, 200 findings, 200,000 values, 64 levels. */
export const scanLimits: ScanLimits = { bytesMax: 16 * 1024 * 1024, findingsMax: 200, valuesMax: 200_000, depthMax: 64 }

/** What may be shown of a secret: its first three characters (fewer of a short one), an ellipsis, its length; thousands as `k`. */
export function previewOf(secret: string): string {
  const shown = secret.slice(0, Math.min(3, Math.floor(secret.length / 4))).replaceAll(/[^\x21-\x7e]/g, '·')
  return `${shown}…${secret.length < 1000 ? secret.length : `${Math.round(secret.length / 1000)}k`}`
}

/** The fingerprint of a secret. */
export function fingerprintOf(secret: string, ports: ScanPorts): string {
  const bytes = utf8(secret)
  return ports.fingerprint?.(bytes) ?? hex(ports.sha256(bytes)).slice(0, 8)
}
