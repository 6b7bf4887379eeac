// Looking at artifacts: what exists and where it stands is metadata; a file's bytes are governed content; an export is a consequence.
import { z } from 'zod'
import { requireGoing } from '../../identity/index.ts'
import { action, base64, type Digest, fail, idOf, pageInput, pageOf, reasonText, toPage } from '../../kernel/index.ts'
import { requireOwners } from '../../runs/index.ts'
import { findTwin, listType, locateList } from '../../twins/index.ts'
import { artifactFile, artifactManifest } from '../artifact-manifest.ts'
import { artifactFilters, artifactRow, artifactRows } from '../artifact-row.ts'
import { type ArtifactFound, artifactType, findArtifact } from '../find-artifact.ts'

const readers = ['author', 'operator', 'observer', 'exporter', 'reviewer'] as const

/** Lists artifacts, newest first. */
export const listArtifacts = action({
  name: 'artifact:list',
  summary: 'List artifacts, newest first.',
  effect: 'read',
  roles: [...readers, 'deployer', 'auditor'],
  resource: listType,
  input: z.strictObject({ ...artifactFilters, ...pageInput }),
  output: pageOf(artifactRow),
  locate: ({ input, tx, principal }) => locateList(tx, principal, input),
  async perform({ input, tx }) {
    return { result: toPage(await artifactRows(tx, { ...input, limit: input.limit + 1 }), input.limit) }
  },
})

async function fileOf({ artifact }: ArtifactFound, name: string, blobs: { get(digest: Digest): Promise<Uint8Array> }) {
  const file = artifactManifest.parse(artifact.manifest).files.find((one) => one.name === name)
  if (file === undefined) throw fail('not_found', 'The artifact has no file with this name.', { pointer: '/file' })
  return { file, bytes: await blobs.get(file.digest as Digest) } // the manifest's schema holds digests to their form
}

/** The bytes of one file, as they travel in JSON. */
const fileOutput = artifactFile.extend({ content: z.string().meta({ contentEncoding: 'base64' }) })

/** Reads one file of an artifact in quarantine, to look at it: needs the clearance. */
export const readArtifact = action({
  name: 'artifact:read',
  summary: 'Read one file of an artifact, to look at it.',
  effect: 'content',
  roles: ['operator', 'observer', 'exporter', 'reviewer'],
  resource: artifactType,
  input: z.strictObject({ artifact: idOf('art'), file: z.string().max(200) }),
  output: fileOutput,
  locate: async ({ input, tx }) => {
    const found = await findArtifact(tx, input.artifact)
    return { resource: found.entity, others: found.above, environment: found.environment, found }
  },
  async perform({ input, found, ports }) {
    const { file, bytes } = await fileOf(found, input.file, ports.blobs)
    return { result: { ...file, content: base64(bytes) }, facts: { digest: file.digest, bytes: bytes.length } }
  },
})

/** Takes a file out of the product, with a reason; never by a hand that made it. */
export const exportArtifact = action({
  name: 'artifact:export',
  summary: 'Take one file of an artifact out of quarantine, with a reason; never by a hand that made it.',
  effect: 'consequence',
  roles: ['exporter'],
  resource: artifactType,
  context: { privilegedTwin: 'Boolean' },
  input: z.strictObject({ artifact: idOf('art'), file: z.string().max(200), reason: reasonText }),
  output: fileOutput,
  locate: async ({ input, tx, ports }) => {
    const found = await findArtifact(tx, input.artifact)
    const context = { privilegedTwin: await ports.scopes.isPrivileged(tx, { type: 'Twin', id: found.run.twin_id }) }
    return { resource: found.entity, others: found.above, environment: found.environment, context, found }
  },
  async perform({ input, found, tx, ports }) {
    await requireGoing(tx)
    const { twin } = await findTwin(tx, found.run.twin_id)
    await requireOwners(tx, [{ what: `the twin \`${twin.slug}\``, owner: twin.owner_id }], ports.clock.now())
    const { file, bytes } = await fileOf(found, input.file, ports.blobs)
    return {
      result: { ...file, content: base64(bytes) },
      facts: { digest: file.digest, bytes: bytes.length },
      texts: { reason: input.reason },
    }
  },
})
