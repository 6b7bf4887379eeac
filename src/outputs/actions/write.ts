// A run's outputs: each file is kept by digest and scanned as it comes in; at the end they are sealed into one artifact, in quarantine.
import { sql } from 'kysely'
import { z } from 'zod'
import { formatSpiffeId } from '../../credentials/index.ts'
import { readTape, tapeDigest } from '../../egress/index.ts'
import {
  action,
  canonicalBytes,
  type Digest,
  digestOf,
  digestText,
  fail,
  idOf,
  type Json,
  newId,
  type Ports,
  type Tx,
} from '../../kernel/index.ts'
import { findRun, type Run, runType } from '../../runs/index.ts'
import { findAsset, findScenario, manifestSchema, scanBytes } from '../../twins/index.ts'
import { type ArtifactManifest, artifactDigest } from '../artifact-manifest.ts'
import { describeRun, makeStatement, provenanceType } from '../attestation/index.ts'
import { admittedSensitivity } from '../sensitivity.ts'
import { attest } from '../sign.ts'

const fileName = z
  .string()
  .max(200)
  .regex(/^[A-Za-z0-9_][A-Za-z0-9._-]*(?:\/[A-Za-z0-9_][A-Za-z0-9._-]*)*$/)

/** Keeps a file that a run has finished writing. Its bytes are in the blob store already; here they are counted, scanned and recorded. */
export const writeOutput = action({
  name: 'artifact:write',
  summary: 'Keep a file that a run wrote, until the run is sealed.',
  effect: 'change',
  roles: [],
  by: ['run'],
  servedBy: 'broker',
  resource: runType,
  input: z.strictObject({ run: idOf('run'), name: fileName, mediaType: z.string().max(100), digest: digestText }),
  output: z.object({ name: z.string(), bytes: z.number(), findings: z.number() }),
  locate: async ({ input, tx, ports }) => {
    const found = await findRun(tx, input.run)
    const environment = await ports.environments.find(tx, found.run.environment_id)
    return { resource: found.entity, others: found.above, environment, found: found.run }
  },
  async perform({ input, found: run, tx, ports }) {
    const bytes = await ports.blobs.get(input.digest as Digest) // digestText has just been checked
    const scan = scanBytes(input.name, bytes, ports)
    const number = await placeAmongFiles(tx, run, input.name, bytes.length)
    // What could not be scanned whole is a finding of its own: the gate must not take it for clean (law 10).
    const findings = scan.truncated === false ? scan.findings : [...scan.findings, { rule: 'not-scanned-whole', limit: scan.truncated }]
    await tx
      .insertInto('output_file')
      .values({
        org_id: run.org_id,
        run_id: run.id,
        name: input.name,
        number,
        media_type: input.mediaType,
        digest: input.digest,
        bytes: bytes.length,
        findings: JSON.stringify(findings),
        at: new Date(ports.clock.now()),
      })
      .execute()
    return {
      result: { name: input.name, bytes: bytes.length, findings: findings.length },
      facts: { digest: input.digest, bytes: bytes.length, findings: findings.length },
      texts: { name: input.name },
    }
  },
})

/** The number of the next file, if the manifest leaves room for it. Files of one run are numbered one after the other: whoever saw one saw all before it. */
async function placeAmongFiles(tx: Tx, run: Run, name: string, bytes: number): Promise<number> {
  await sql`select take_turns(${[run.id]}::text[], ${[`files of ${run.id}`]}::text[])`.execute(tx)
  const limits = manifestSchema.parse((await findScenario(tx, run.scenario_id)).manifest).outputs
  const files = await tx.selectFrom('output_file').select(['name', 'bytes']).where('run_id', '=', run.id).execute()
  if (files.some((file) => file.name === name)) throw fail('conflict', `The run wrote \`${name}\` before.`)
  if (files.length >= limits.filesMax) throw fail('output_limit', `The manifest allows ${limits.filesMax} output files.`)
  const total = files.reduce((sum, file) => sum + file.bytes, bytes)
  if (total > limits.bytesMax) throw fail('output_limit', `The manifest allows ${limits.bytesMax} bytes of output.`)
  return files.length + 1
}

async function provenanceOf(tx: Tx, run: Run, scenarioDigest: string, trustDomain: string, ports: Ports) {
  const scenario = await findScenario(tx, run.scenario_id)
  const assets = []
  for (const { name, asset } of manifestSchema.parse(scenario.manifest).assets) {
    assets.push({ name, digest: (await findAsset(tx, asset)).digest as Digest }) // the column holds digests alone
  }
  return describeRun({
    runId: run.id as never,
    builderId: formatSpiffeId(trustDomain, []),
    scenario: scenarioDigest as Digest, // as above
    seed: run.seed,
    parameters: digestOf(canonicalBytes(run.parameters as Json), ports.sha256),
    assets,
    tape: tapeDigest(await readTape(tx, run.id), ports.sha256),
    startedAt: (run.started_at ?? run.queued_at).getTime(),
    finishedAt: (run.ending_at ?? run.queued_at).getTime(),
    decidedBy: { operator: run.operator_id, orchestrator: run.orchestrator_id, spiffeId: run.spiffe_id },
  })
}

/** Seals what a run wrote: one manifest, one digest, signed provenance, quarantine. Idempotent by run. */
export const sealArtifact = action({
  name: 'artifact:seal',
  summary: 'Seal what a run wrote into one artifact with signed provenance, in quarantine.',
  effect: 'change',
  roles: [],
  system: ['sealer'],
  resource: runType,
  input: z.strictObject({ run: idOf('run') }),
  output: z.object({ artifact: idOf('art').nullable(), digest: digestText.nullable(), files: z.number(), findings: z.number() }),
  locate: async ({ input, tx, ports }) => {
    const found = await findRun(tx, input.run)
    const environment = await ports.environments.find(tx, found.run.environment_id)
    return { resource: found.entity, others: found.above, environment, found: { run: found.run, environment } }
  },
  async perform({ found: { run, environment }, tx, ports }) {
    if (run.state !== 'ending') throw fail('conflict', 'Only a run that is ending can be sealed.')
    const files = await tx.selectFrom('output_file').selectAll().where('run_id', '=', run.id).orderBy('name').execute()
    const before = await tx.selectFrom('artifact').select(['id', 'digest']).where('run_id', '=', run.id).executeTakeFirst()
    if (before !== undefined) return { result: { artifact: before.id, digest: before.digest, files: files.length, findings: 0 } }
    if (files.length === 0) return { result: { artifact: null, digest: null, files: 0, findings: 0 }, facts: { files: 0 } }
    const scenario = await findScenario(tx, run.scenario_id)
    const manifest: ArtifactManifest = {
      v: 1,
      run: run.id,
      twin: run.twin_id,
      scenario: scenario.digest,
      outcome: run.outcome ?? 'failed',
      files: files.map((file) => ({ name: file.name, mediaType: file.media_type, digest: file.digest, bytes: file.bytes })),
    }
    const digest = artifactDigest(manifest, ports.sha256)
    const id = newId('art', ports)
    const findings = files.flatMap((file) => file.findings as Json[]) // written by `artifact:write` alone
    const admitted = await admittedSensitivity(tx, run)
    await tx
      .insertInto('artifact')
      .values({
        org_id: run.org_id,
        id,
        run_id: run.id,
        twin_id: run.twin_id,
        digest,
        manifest: JSON.stringify(manifest),
        sensitivity: admitted.sensitivity,
        because: JSON.stringify(admitted.because),
        findings: JSON.stringify(findings),
        state: 'quarantined',
        sealed_at: new Date(ports.clock.now()),
      })
      .execute()
    const provenance = await provenanceOf(tx, run, scenario.digest, environment.trustDomain, ports)
    const statement = makeStatement([{ name: id, digest }], provenanceType, provenance)
    await attest(tx, { org: run.org_id, environment: environment.id, subject: id, id: `${id}/provenance` }, statement, ports)
    return {
      result: { artifact: id, digest, files: files.length, findings: findings.length },
      facts: { artifact: id, digest, files: files.length, findings: findings.length, sensitivity: admitted.sensitivity },
      related: [
        { rel: 'artifact', type: 'Artifact', id },
        { rel: 'scenario', type: 'Scenario', id: run.scenario_id },
      ],
    }
  },
})
