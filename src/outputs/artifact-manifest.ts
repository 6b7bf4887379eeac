// What an artifact is: a manifest of its files by digest, with the run that made it. Its digest is the artifact's digest, printed whole everywhere.
import { z } from 'zod'
import { canonicalBytes, type Digest, digestOf, digestText, type Sha256 } from '../kernel/index.ts'

/** One file of an artifact. */
export const artifactFile = z.object({
  name: z.string().max(200),
  mediaType: z.string().max(100),
  digest: digestText,
  bytes: z.number().int().min(0),
})

/** The manifest of an artifact. */
export const artifactManifest = z.object({
  v: z.literal(1),
  run: z.string(),
  twin: z.string(),
  scenario: digestText,
  outcome: z.string(),
  files: z.array(artifactFile).max(1000),
})

/** A parsed manifest. */
export type ArtifactManifest = z.output<typeof artifactManifest>

/** The digest of an artifact: SHA-256 over its manifest's canonical JSON. */
export function artifactDigest(manifest: ArtifactManifest, sha256: Sha256): Digest {
  return digestOf(canonicalBytes(manifest), sha256)
}
