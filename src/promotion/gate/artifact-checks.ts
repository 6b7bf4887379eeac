// Checks on the artifact itself: the run succeeded, the bytes are the sealed ones, the provenance verifies, nothing secret is inside.
import { readTape, tapeDigest } from '../../egress/index.ts'
import { type Digest, digestOf, fail, isCoded } from '../../kernel/index.ts'
import { artifactDigest, artifactManifest, attestationKeys, provenanceType, readRun, verifyAttestation } from '../../outputs/index.ts'
import { reasonOf } from '../../runs/index.ts'
import { type ArtifactSubject, failed, type GateCheck, notAssessed, passed } from './check.ts'

/** The run that made it ended well. */
export const runSucceeded: GateCheck<ArtifactSubject> = {
  name: 'run-succeeded',
  blocking: true,
  assess: async ({ artifact: { run } }) =>
    run.outcome === 'succeeded'
      ? passed('The run succeeded.')
      : failed(`The run ended as \`${run.outcome ?? run.state}\`: ${reasonOf(run) ?? 'no reason was given'}.`),
}

/** Manifest and files are the ones that were sealed: every digest is computed again. */
export const digestHolds: GateCheck<ArtifactSubject> = {
  name: 'digest',
  blocking: true,
  async assess({ artifact: { artifact }, ports }) {
    const manifest = artifactManifest.parse(artifact.manifest)
    if (artifactDigest(manifest, ports.sha256) !== artifact.digest) return failed('The manifest is not the one that was sealed.')
    for (const file of manifest.files) {
      try {
        const bytes = await ports.blobs.get(file.digest as Digest) // the schema has just held it to its form
        if (digestOf(bytes, ports.sha256) !== file.digest) return failed(`The file \`${file.name}\` is not the one that was sealed.`)
      } catch (error) {
        if (!isCoded(error)) throw error
        return failed(`The file \`${file.name}\` cannot be read: ${error.message}`)
      }
    }
    return passed(`${manifest.files.length} files and their manifest have their sealed digests.`, { digest: artifact.digest })
  },
}

/** A signed statement of the environment that ran it says how it was made, and agrees with what is recorded. */
export const provenanceHolds: GateCheck<ArtifactSubject> = {
  name: 'provenance',
  blocking: true,
  async assess({ artifact: { artifact, run }, tx, ports }) {
    const row = await tx
      .selectFrom('attestation')
      .select('envelope')
      .where('subject_id', '=', artifact.id)
      .where('predicate_type', '=', provenanceType)
      .executeTakeFirst()
    if (row === undefined) return failed('There is no provenance.')
    try {
      const keys = await attestationKeys(tx, run.environment_id, ports)
      const { predicate } = verifyAttestation(row.envelope, {
        keys,
        subjectDigest: artifact.digest as Digest,
        predicateType: provenanceType,
      })
      const told = readRun(predicate)
      if (told.runId !== run.id) throw fail('attestation_subject', 'It is about another run.')
      const tape = tapeDigest(await readTape(tx, run.id), ports.sha256)
      if (told.tape !== tape) return failed('The tape is not the one that the provenance names.', { told: told.tape, found: tape })
      return passed('The provenance verifies, and names this run and its tape.', { builder: told.builderId })
    } catch (error) {
      if (!isCoded(error)) throw error
      return failed(`The provenance does not verify: ${error.message}`)
    }
  },
}

/** The scan at the door found nothing that looks like a secret. */
export const nothingSecretInside: GateCheck<ArtifactSubject> = {
  name: 'no-secret-inside',
  blocking: true,
  async assess({ artifact: { artifact } }) {
    const findings = Array.isArray(artifact.findings) ? artifact.findings.length : 1
    return findings === 0
      ? passed('The scan of every file found no secret.')
      : failed(`The scan found ${findings} places that look like a secret.`)
  },
}

/** No credential of the run is alive any more. */
export const runCredentialsEnded: GateCheck<ArtifactSubject> = {
  name: 'run-credentials-ended',
  blocking: true,
  async assess({ artifact: { run }, tx }) {
    if (run.state !== 'ended') return notAssessed('The run has not been closed yet.')
    const alive = await tx.selectFrom('credential').select('id').where('holder_id', '=', run.id).where('revoked_at', 'is', null).execute()
    return alive.length === 0
      ? passed('Every credential of the run was taken away when it ended.')
      : failed(`${alive.length} credentials of the run are alive.`)
  },
}
