// Verifying a receipt in a browser, whose Ed25519 can only be awaited (Web Cryptography API, "Secure Curves"). The verifier runs twice: once to learn which
// signatures it asks about, which are then checked; and once over what was found. INVARIANT: a signature that was not checked is one that does not hold.
import { type Ed25519Verify, type LogTrust, parseVerifierKey, type VerifiedReceipt, verifyReceipt } from '../../src/ledger/index.ts'
import { sha256 } from './sha256.ts'

/** A receipt with what it is about, as `ledger:receipt` answers them. Both come from whoever wants to be believed. */
export interface ReceiptOfEntry {
  readonly receipt: string
  /** The entry's canonical text, whose UTF-8 the log holds. */
  readonly body: string
}

type Question = Readonly<Record<'publicKey' | 'message' | 'signature', Uint8Array<ArrayBuffer>>>

const nameOf = (parts: readonly Uint8Array[]): string => parts.map((part) => part.join(',')).join(';')

async function holds({ publicKey, message, signature }: Question): Promise<boolean> {
  try {
    const key = await crypto.subtle.importKey('raw', publicKey, 'Ed25519', false, ['verify'])
    return await crypto.subtle.verify('Ed25519', key, signature, message)
  } catch {
    return false // bytes that are no point of the curve sign nothing
  }
}

/** The trust in one log by its key alone: the line that `ledger:receipt` answers, or, better, a copy of it that came another way. Throws `key-malformed`. */
export function trustIn(verifierKeyLine: string): LogTrust {
  const key = parseVerifierKey(sha256, verifierKeyLine.trim())
  return { origin: key.name, logKeys: [key], witnessKeys: [], witnessQuorum: 0 }
}

/** Verifies a receipt with the browser's own Ed25519. Throws what `verifyReceipt` throws: a `LedgerError` with its code. */
export async function verifyReceiptInBrowser({ receipt, body }: ReceiptOfEntry, trust: LogTrust): Promise<VerifiedReceipt> {
  const entry = new TextEncoder().encode(body)
  const asked: Question[] = []
  const collect: Ed25519Verify = (publicKey, message, signature) => {
    asked.push({ publicKey: new Uint8Array(publicKey), message: new Uint8Array(message), signature: new Uint8Array(signature) })
    return true
  }
  verifyReceipt({ sha256, ed25519Verify: collect }, receipt, entry, trust)
  const found = new Set<string>()
  for (const question of asked) if (await holds(question)) found.add(nameOf([question.publicKey, question.message, question.signature]))
  return verifyReceipt({ sha256, ed25519Verify: (...parts) => found.has(nameOf(parts)) }, receipt, entry, trust)
}
