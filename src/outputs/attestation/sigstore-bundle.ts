// The Sigstore bundle (v0.3): an envelope with what a verifier needs beside it, in the file that cosign and its relatives read.
// Ours carries a key hint and, where a timestamp authority was asked, its answer. No Rekor entry: our receipt lies beside the bundle.
import { z } from 'zod'
import { base64, fail } from '../../kernel/index.ts'
import { Envelope, payloadBytesMax } from './envelope.ts'
import { readAs, readJson } from './read-json.ts'

/** The media type of the bundles that we make. */
export const bundleMediaType = 'application/vnd.dev.sigstore.bundle.v0.3+json'
/** The longest bundle that is read, in characters. */
export const bundleCharactersMax = 2 * payloadBytesMax
const timestampsMax = 8

const Bundle = z.object({
  mediaType: z.literal(bundleMediaType),
  verificationMaterial: z.object({
    publicKey: z.object({ hint: z.string().max(256).optional() }),
    tlogEntries: z.array(z.json()).max(16).optional(),
    timestampVerificationData: z
      .object({
        rfc3161Timestamps: z
          .array(z.object({ signedTimestamp: z.string().max(32_768) }))
          .max(timestampsMax)
          .optional(),
      })
      .optional(),
  }),
  dsseEnvelope: Envelope,
})

/** A Sigstore bundle around an envelope that a key of ours signed. */
export type SigstoreBundle = z.output<typeof Bundle>

/** Wraps an envelope. `timestamps` are RFC 3161 answers in DER over the signature's bytes; `hint` names the key to verifiers. */
export function wrapBundle(envelope: Envelope, hint: string, timestamps: readonly Uint8Array[] = []): SigstoreBundle {
  if (timestamps.length > timestampsMax) throw fail('too_large', `A bundle has at most ${timestampsMax} timestamps.`)
  return {
    mediaType: bundleMediaType,
    verificationMaterial: {
      publicKey: { hint },
      tlogEntries: [],
      timestampVerificationData: { rfc3161Timestamps: timestamps.map((timestamp) => ({ signedTimestamp: base64(timestamp) })) },
    },
    dsseEnvelope: envelope,
  }
}

/**
 * Reads a bundle's text and answers its envelope and key hint; neither is verified, and log entries and timestamps in it are not looked at.
 * Throws `too_large` over 2 MiB, `attestation_malformed`.
 */
export function readBundle(text: string): { readonly envelope: Envelope; readonly hint: string | undefined } {
  if (text.length > bundleCharactersMax) throw fail('too_large', `A bundle has at most ${bundleCharactersMax} characters.`)
  const bundle = readAs('bundle', Bundle, readJson('bundle', text))
  return { envelope: bundle.dsseEnvelope, hint: bundle.verificationMaterial.publicKey.hint }
}
