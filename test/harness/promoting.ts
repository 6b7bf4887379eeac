// From an artifact to a promotion under review, step by step, as the people and the service whose business each step is.
import type { Door, Starter } from '../../src/app/index.ts'
import { type Act, actWith, asPart, textAt } from './acting.ts'
import { baseUrl, type WorkloadKey } from './twinlock.ts'

/** A service of the starter with its key, and the channel that it pulls from. */
export interface PromotedTo {
  readonly service: { readonly id: string; readonly spiffeId: string }
  readonly key: WorkloadKey
  readonly channel: string
  /** How long the identity is to live; as long as the action says where it is left out. */
  readonly days?: number
}

/** Asks to promote an artifact, as the operator; answers the promotion's id. */
export async function request(operator: Act, starter: Starter, artifact: string, to: PromotedTo): Promise<string> {
  const input = { artifact, environment: starter.environments.production, service: to.service.id, channel: to.channel, days: to.days }
  return textAt(await operator('promotion:request', input), 'id')
}

/** Proves the service's key for a promotion; `nonce` is the promotion's own where a test does not say another. */
export async function prove(door: Door, operator: Act, starter: Starter, promotion: string, to: PromotedTo, nonce?: string): Promise<void> {
  const asked = nonce ?? textAt(await operator('promotion:show', { promotion }), 'nonce')
  const audience = `${baseUrl}/v1/promotions/${promotion}/prove-key#${asked}`
  const token = await to.key.assertion(audience, to.service.spiffeId)
  await actWith(door, { kind: 'assertion', token, org: starter.org, audience })('promotion:prove-key', { promotion, nonce: asked })
}

/** Has the gate check a promotion and answers what it found. */
export async function check(door: Door, starter: Starter, promotion: string): Promise<Record<string, unknown>> {
  return asPart(door, starter.org, 'gate')('promotion:check', { promotion })
}

/** Request, proof and check; answers the promotion's id. */
export async function askToPromote(door: Door, operator: Act, starter: Starter, artifact: string, to: PromotedTo): Promise<string> {
  const promotion = await request(operator, starter, artifact, to)
  await prove(door, operator, starter, promotion, to)
  await check(door, starter, promotion)
  return promotion
}
