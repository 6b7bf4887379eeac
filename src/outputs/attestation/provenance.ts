// SLSA provenance of what a simulation run produced: which scenario with which seed and assets, in which environment, and by which recorded calls.
// Written by the environment's signer when a run's outputs are sealed; every value comes from the store. Read again at the gate and by auditors.
import { z } from 'zod'
import type { Digest, Json, RunId } from '../../kernel/index.ts'
import { fail } from '../../kernel/index.ts'
import { readAs } from './read-json.ts'
import type { NamedDigest } from './statement.ts'
import { descriptorsMax, digestSet, ResourceDescriptor } from './statement.ts'

/** The predicate type of SLSA provenance; stays v1 for every SLSA 1.x. */
export const provenanceType = 'https://slsa.dev/provenance/v1'
/** Our build type: what `externalParameters` of a simulation run mean. */
export const simulationRunType = 'https://twinlock.dev/simulation-run/v1'
/** The name of the tape among the byproducts. */
const tapeName = 'tape'

const uri = z.string().min(1).max(2048)
const parameters = z.record(z.string().max(256), z.json())
const descriptors = z.array(ResourceDescriptor).max(descriptorsMax)

/** The SLSA provenance predicate (slsa.dev/spec/v1.0/provenance); unknown members are ignored. */
export const Provenance = z.object({
  buildDefinition: z.object({
    buildType: uri,
    externalParameters: parameters,
    internalParameters: parameters.optional(),
    resolvedDependencies: descriptors.optional(),
  }),
  runDetails: z.object({
    builder: z.object({ id: uri, version: z.record(z.string().max(256), z.string().max(256)).optional() }),
    metadata: z
      .object({
        invocationId: z.string().max(2048).optional(),
        startedOn: z.iso.datetime().optional(),
        finishedOn: z.iso.datetime().optional(),
      })
      .optional(),
    byproducts: descriptors.optional(),
  }),
})

/** A SLSA provenance predicate. */
export type Provenance = z.output<typeof Provenance>

const digest = z.templateLiteral(['sha256:', z.string().regex(/^[0-9a-f]{64}$/)])
const RunParameters = z.strictObject({ scenario: digest, seed: z.int().min(0), parameters: digest })

/** A simulation run as its provenance tells it. Times are milliseconds since 1970. */
export interface SimulationRun {
  readonly runId: RunId
  /** The SPIFFE ID of the environment's trust domain. */
  readonly builderId: string
  readonly scenario: Digest
  readonly seed: number
  /** The digest of the run's canonical parameters. */
  readonly parameters: Digest
  /** Worlds, models and datasets that the run used. */
  readonly assets: readonly NamedDigest[]
  readonly tape: Digest
  readonly startedAt: number
  readonly finishedAt: number
  /** What we decided by: for instance the grant's id and the policy version. */
  readonly decidedBy?: { readonly [name: string]: Json }
}

/** Tells a simulation run as SLSA provenance. Throws `attestation_malformed` for values that we would not read back. */
export function describeRun(run: SimulationRun): Provenance {
  const { scenario, seed, parameters: parametersDigest, assets, decidedBy } = run
  return readAs('provenance', Provenance, {
    buildDefinition: {
      buildType: simulationRunType,
      externalParameters: readAs('run', RunParameters, { scenario, seed, parameters: parametersDigest }),
      ...(decidedBy === undefined ? {} : { internalParameters: decidedBy }),
      resolvedDependencies: assets.map((asset) => ({ name: asset.name, digest: digestSet(asset.digest) })),
    },
    runDetails: {
      builder: { id: run.builderId },
      metadata: { invocationId: run.runId, startedOn: instant(run.startedAt), finishedOn: instant(run.finishedAt) },
      byproducts: [{ name: tapeName, digest: digestSet(run.tape) }],
    },
  })
}

/** What a provenance says about a run of ours. Throws `attestation_predicate` where it is about another kind of build, `attestation_malformed`. */
export function readRun(
  provenance: Provenance,
): Pick<SimulationRun, 'scenario' | 'seed' | 'parameters' | 'builderId' | 'tape'> & { runId: string } {
  const { buildDefinition, runDetails } = provenance
  if (buildDefinition.buildType !== simulationRunType) throw fail('attestation_predicate', 'The provenance is not of a simulation run.')
  const external = readAs('run', RunParameters, buildDefinition.externalParameters)
  const tape = runDetails.byproducts?.find((byproduct) => byproduct.name === tapeName)?.digest?.sha256
  const runId = runDetails.metadata?.invocationId
  if (tape === undefined || runId === undefined) throw fail('attestation_malformed', 'The provenance does not name the run and its tape.')
  return { ...external, builderId: runDetails.builder.id, tape: `sha256:${tape}`, runId }
}

/** A time as provenance writes it: RFC 3339 in UTC. Throws `invalid` for what is not a time. */
export function instant(milliseconds: number): string {
  const date = new Date(milliseconds)
  if (Number.isNaN(date.getTime())) throw fail('invalid', 'The time is not one that can be written.')
  return date.toISOString()
}
