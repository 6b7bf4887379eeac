// Walks the main job once: the pipeline launches the scenario in staging with its own key, the run acts and ends, the operator asks for promotion,
// the production service proves its key, the gate checks. What remains is for people: review, and crossing.

import { isCoded, type OrgId } from '../../kernel/index.ts'
import type { Broker } from '../broker.ts'
import type { Door } from '../door/govern.ts'
import { type Act, actingWith, asPerson, asStarter, text } from './people.ts'
import type { Starter } from './set-up.ts'
import type { Artifact, WalkedRun } from './walked.ts'

/** Signs client assertions with a workload's own key: RFC 7523, for an audience. */
export type AssertionSigner = (audience: string, subject: string) => Promise<string>

/** What walking needs. */
export interface WalkParts {
  readonly door: Door
  readonly broker: Broker
  readonly baseUrl: string
  readonly signers: { readonly pipeline: AssertionSigner; readonly payments: AssertionSigner }
  /** Called while the run goes on; `total` is 0 until it is known. */
  progress(done: number, total: number, note: string): void
  /** Resolves a little later. */
  pause(): Promise<void>
}

/** The audience of a token request: the token endpoint of the workload's environment. */
export function tokenEndpoint(baseUrl: string, org: string, environment: string): string {
  return `${baseUrl}/o/${org}/e/${environment}/token`
}

async function pipelineToken(parts: WalkParts, { org, environments, pipeline }: Starter): Promise<string> {
  const audience = tokenEndpoint(parts.baseUrl, org, environments.staging)
  const token = await parts.signers.pipeline(audience, pipeline.spiffeId)
  const issued = await actingWith(parts.door, { kind: 'assertion', token, org, audience })('token:issue', {})
  return text(issued.accessToken)
}

/** How often a run is looked at again where the store did not answer: on a machine that has much else to do that is so at times. */
const looksMax = 10

/** Looks at a run. Throws `unavailable` for a store that goes on not answering. */
async function lookAt(operator: Act, run: string, parts: WalkParts, looks = looksMax): Promise<Record<string, unknown>> {
  try {
    return await operator('run:show', { run })
  } catch (error) {
    if (looks === 1 || !isCoded(error, 'unavailable')) throw error
    await parts.pause()
    return lookAt(operator, run, parts, looks - 1)
  }
}

async function runToItsEnd(parts: WalkParts, starter: Starter, run: string): Promise<Record<string, unknown>> {
  return asPerson(parts.door, starter.org, starter.people.operator, async (operator) => {
    for (;;) {
      const shown = await lookAt(operator, run, parts)
      const progress = shown.progress as { done: number; total: number; note: string } | null // the action's output schema has just checked it
      if (progress !== null) parts.progress(progress.done, progress.total, progress.note)
      if (shown.state === 'ended') return shown
      await parts.pause()
    }
  })
}

/** Asks to promote, has the key proved, and lets the gate check. Returns the promotion's id. */
async function askToPromote(parts: WalkParts, starter: Starter, artifact: string): Promise<string> {
  const { org, environments, services, people } = starter
  const promotion = await asPerson(parts.door, org, people.operator, (operator) =>
    operator('promotion:request', { artifact, environment: environments.production, service: services.payments.id, channel: 'payments' }),
  )
  const id = text(promotion.id)
  const nonce = text((await asPerson(parts.door, org, people.operator, (operator) => operator('promotion:show', { promotion: id }))).nonce)
  const audience = `${parts.baseUrl}/v1/promotions/${id}/prove-key#${nonce}`
  const token = await parts.signers.payments(audience, services.payments.spiffeId)
  await actingWith(parts.door, { kind: 'assertion', token, org, audience })('promotion:prove-key', { promotion: id, nonce })
  await actingWith(parts.door, { kind: 'system', org, part: 'gate' })('promotion:check', { promotion: id })
  return id
}

/** The pipeline launches a scenario in staging; the operator, who answers for it, sees it to its end and looks at what it left. */
async function walkRun(parts: WalkParts, starter: Starter, scenario: string, parameters: object): Promise<WalkedRun> {
  const { org, environments, people } = starter
  const pipeline = actingWith(parts.door, { kind: 'token', token: await pipelineToken(parts, starter) })
  const run = text((await pipeline('run:launch', { scenario, environment: environments.staging, parameters })).id)
  const ended = await runToItsEnd(parts, starter, run)
  return asPerson(parts.door, org, people.operator, async (operator) => {
    const tape = await operator('run:tape', { run, limit: 1 })
    const artifacts = (await operator('artifact:list', {})).items as Artifact[] // the action's output schema has just checked it
    const artifact = artifacts.find((one) => one.run === run)
    return { run, ended, allowed: Number(tape.allowed), denied: Number(tape.denied), artifact, promotion: undefined }
  })
}

/** Walks the main job once. */
export async function walkMainJob(parts: WalkParts, starter: Starter): Promise<WalkedRun> {
  const walked = await walkRun(parts, starter, starter.scenario, { reachOut: true })
  return walked.artifact === undefined ? walked : { ...walked, promotion: await askToPromote(parts, starter, walked.artifact.id) }
}

/** The warehouse robot delivers once, in a run of its own. Nothing where the starter has no such twin. */
export async function walkWarehouse(parts: WalkParts, starter: Starter): Promise<WalkedRun | undefined> {
  return starter.warehouse === undefined ? undefined : walkRun(parts, starter, starter.warehouse.scenarios.deliver, {})
}

/** A one-time link for each of the starter's people: a token that signs in once, within ten minutes. */
export async function linksFor(
  door: Door,
  starter: { readonly org: OrgId; readonly people: Readonly<Record<string, string>> },
): Promise<Record<string, string>> {
  const act = asStarter(door, starter.org)
  const link = async ([slug, person]: readonly [string, string]) => [slug, text((await act('person:link', { person })).token)] as const
  return Object.fromEntries(await Promise.all(Object.entries(starter.people).map(link)))
}
