// One life of the server as its clients meet it: who they are, what they can find, and how they see a run to its end. The deeds are made of these.
import type { Credential, Door, Starter } from '../../src/app/index.ts'
import { tokenEndpoint } from '../../src/app/index.ts'
import { systemRandom } from '../../src/host/crypto/system-ports.ts'
import { newId } from '../../src/kernel/index.ts'
import { type Act, actWith, asPart, textAt } from '../harness/acting.ts'
import { baseUrl } from '../harness/twinlock.ts'
import { credentialOf, type Ground } from './ground.ts'
import type { Victim } from './victim.ts'

/** One life of the server, as a client meets it. */
export interface Life {
  readonly ground: Ground
  readonly door: Door
  readonly victim: Victim
}

/** Something that clients do. */
export type Deed = (life: Life) => Promise<void>

/** Acts as one of the starter’s people. */
export const as = async ({ ground, door }: Life, person: keyof Starter['people']): Promise<Act> =>
  actWith(door, await credentialOf(ground, door, person))
/** Acts as the part that sets organizations up. */
export const starterPart = ({ ground, door }: Life): Act => asPart(door, ground.org, 'starter')
/** The clock that clients follow. */
export const clockOf = (ground: Ground) => ({ now: () => Date.now() + ground.offsetMs, monotonic: () => performance.now() })
/** A slug that nothing has yet. */
export const freshSlug = ({ ground }: Life, what: string): string =>
  `${what}-${ground.lives}-${newId('hrq', { clock: clockOf(ground), random: systemRandom }).slice(-12)}`

/** A token of a workload, by its own key. */
export async function workloadToken({ ground, door }: Life, which: 'pipeline' | 'payments'): Promise<Credential> {
  const { org, starter, keys } = ground
  const environment = which === 'pipeline' ? starter.environments.staging : starter.environments.production
  const { spiffeId } = which === 'pipeline' ? starter.pipeline : starter.services.payments
  const audience = tokenEndpoint(baseUrl, org, environment)
  const token = await keys[which].assertion(audience, spiffeId)
  const issued = await actWith(door, { kind: 'assertion', token, org, audience })('token:issue')
  return { kind: 'token', token: textAt(issued, 'accessToken') }
}

/** Launches a run as the pipeline. */
export async function launch(life: Life): Promise<{ run: string; pipeline: Act }> {
  const pipeline = actWith(life.door, await workloadToken(life, 'pipeline'))
  const { scenario, environments } = life.ground.starter
  return { run: textAt(await pipeline('run:launch', { scenario, environment: environments.staging }), 'id'), pipeline }
}

/** Waits until a run is closed. */
export async function seenToItsEnd(life: Life, run: string): Promise<Record<string, unknown>> {
  const operator = await as(life, 'operator')
  for (;;) {
    const shown = await operator('run:show', { run })
    if (shown.state === 'ended') return shown
    await new Promise((resolve) => setTimeout(resolve, 10))
  }
}

/** One id that a query finds, by chance; undefined where there is none. */
export const oneOf = async ({ ground }: Life, query: string): Promise<string | undefined> => {
  const found = await ground.rows(query, [ground.org])
  return found.length === 0 ? undefined : String(ground.random.pick(found).id)
}
