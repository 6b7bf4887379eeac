// A receipt, verified here: with this browser's own cryptography, over the bytes that the receipt came with, against a key that the reader trusts. The server
// is not believed: what it shows of the entry is held against the text that the log has.
import type { VerifiedReceipt } from '../../../../sdk/verify/index.ts'
import type { OutputOf } from '../../api/call.ts'

/** A receipt as the server answers it. */
export type Receipt = OutputOf<'ledger:receipt'>
/** An entry as the server shows it. */
export type ShownEntry = OutputOf<'ledger:show'>

/** What verifying came to. */
export type Proof =
  | { readonly state: 'checking' }
  /** This browser cannot check it: not assessed, which is not passed. */
  | { readonly state: 'unable'; readonly why: string }
  | { readonly state: 'failed'; readonly code: string; readonly why: string }
  | {
      readonly state: 'held'
      readonly proved: VerifiedReceipt
      readonly texts: readonly { readonly name: string; readonly holds: boolean }[]
    }

// RFC 8032, 7.1, test 1: a public key that any browser with Ed25519 takes.
const knownKey = Uint8Array.from('d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a'.match(/../g) ?? [], (byte) =>
  Number.parseInt(byte, 16),
)

async function whyUnable(): Promise<string | undefined> {
  if (!window.isSecureContext)
    return 'The page was not opened over https or on this machine, so the browser keeps its cryptography from it.'
  try {
    await crypto.subtle.importKey('raw', knownKey, 'Ed25519', false, ['verify'])
    return undefined
  } catch {
    return 'This browser has no Ed25519.'
  }
}

type Json = Readonly<Record<string, unknown>>

const record = (value: unknown): Json => (typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Json) : {}) // by the line itself

/** What the server shows of an entry otherwise than the log holds it; empty when it shows what is there. */
function differencesBetween(shown: ShownEntry, body: string): readonly string[] {
  const held = record(JSON.parse(body))
  const pairs: readonly (readonly [name: string, shown: unknown, held: unknown])[] = [
    ['the action', shown.action, held.action],
    ['the outcome', shown.outcome, held.outcome],
    ['its code', shown.code, held.code ?? null],
    ['the time', shown.at, held.at],
    ['who acted', shown.actor.id, record(held.actor).id],
    ['the SPIFFE id', shown.actor.spiffe, record(held.actor).spiffe ?? null],
    ['what it was about', shown.resource.id, record(held.resource).id],
    ['the environment', shown.environment?.id, record(held.environment).id],
    ['the policies', shown.policies.join(), (Array.isArray(held.policies) ? held.policies : []).join()],
    ['the text of the entry', shown.body, body],
    ...shown.texts.map(({ name, commitment }) => [`the commitment of ${name}`, commitment, record(held.texts)[name]] as const),
  ]
  return pairs.filter(([, one, other]) => one !== other).map(([name]) => name)
}

/** Verifies an entry's receipt against a verifier key line. Nothing is thrown: what did not hold is what this is for. */
export async function prove(entry: ShownEntry, receipt: Receipt, verifierKey: string): Promise<Proof> {
  const unable = await whyUnable()
  if (unable !== undefined) return { state: 'unable', why: unable }
  // Loaded here: most who look at an entry's list never verify one.
  const { commitText, sha256, trustIn, verifyReceiptInBrowser } = await import('../../../../sdk/verify/index.ts')
  try {
    const proved = await verifyReceiptInBrowser(receipt, trustIn(verifierKey))
    const differences = differencesBetween(entry, receipt.body)
    if (differences.length > 0)
      return {
        state: 'failed',
        code: 'shown-differs',
        why: `The log holds an entry with another content than is shown here: ${differences.join(', ')}.`,
      }
    if (proved.index !== receipt.index || (entry.index !== null && proved.index !== entry.index))
      return { state: 'failed', code: 'index-differs', why: `It is entry No. ${proved.index} of the log, which is not the number shown.` }
    const texts = entry.texts.flatMap(({ name, commitment, content, salt }) =>
      content === null || salt === null ? [] : [{ name, holds: commitText(sha256, salt, content) === commitment }],
    )
    return { state: 'held', proved, texts }
  } catch (error) {
    const code = typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : 'unreadable'
    return { state: 'failed', code, why: error instanceof Error ? error.message : 'It cannot be read.' }
  }
}
