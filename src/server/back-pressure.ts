// Back-pressure: requests that would wait for the store wait here instead, bounded and in turn by organization, and are told `429` with `Retry-After` when there
// are too many. An organization that a request only claims is not believed: until its credential was accepted, it waits with others of its address, so
// that nobody can fill the queue of somebody else.
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { organizationOfToken } from '../credentials/index.ts'
import { organizationOfSecret } from '../identity/index.ts'
import { fail, isCoded } from '../kernel/index.ts'
import { FairQueue, type NotLetIn, type QueueLimits } from './fair-queue.ts'
import type { Metrics } from './metrics.ts'
import { networkOf, type RefusalLimit } from './refusal-limit.ts'
import { Room, watchThread } from './room.ts'
import { shownSecrets } from './wire/console-credential.ts'

/** What telling holders apart needs. */
export interface PressureParts {
  readonly baseUrl: string
  readonly refusals: RefusalLimit
  readonly metrics: Metrics
}

const why: Readonly<Record<Exclude<NotLetIn, 'gone'>, string>> = {
  full: 'So many requests wait that this one was not taken.',
  full_of_own: 'So many requests of yours wait that this one was not taken.',
  waited: 'The server had no room for this in time.',
}

/** The organization that an accepted secret belongs to; undefined for one that does not say. */
function organizationOf(secret: string, baseUrl: string): string | undefined {
  const token = secret.replace(/^(bearer|dpop) /i, '')
  try {
    return organizationOfSecret('tws', token) ?? (token.split('.').length === 3 ? organizationOfToken(token, baseUrl) : undefined)
  } catch (error) {
    // Whether it may come in is the door's to say; here it only waits with others of its address.
    if (isCoded(error)) return undefined
    throw error
  }
}

function holderOf(request: FastifyRequest, { baseUrl, refusals }: PressureParts): string {
  const accepted = shownSecrets(request, baseUrl).find((secret) => refusals.wasAccepted(secret))
  const org = accepted === undefined ? undefined : organizationOf(accepted, baseUrl)
  return org ?? `address ${networkOf(request.ip)}`
}

/** The queues, and who waits in each, as metrics tell them. */
const whoWaits = {
  queue: 'Requests',
  broker_queue: 'Broker calls',
  evaluation_queue: 'Questions by AuthZEN',
  provider_queue: 'Sign-ins that ask an identity provider',
} as const

/** Puts the routes of a scope behind one queue. `name` tells queues apart in metrics. */
export function backPressure(scope: FastifyInstance, name: keyof typeof whoWaits, limits: QueueLimits, parts: PressureParts): void {
  const { atOnce, atOnceLeast } = limits
  const room = new Room({ most: atOnce, least: atOnceLeast ?? atOnce })
  const queue = new FairQueue(limits, room)
  if (atOnceLeast !== undefined) {
    const unwatch = watchThread(room)
    scope.addHook('onClose', async () => unwatch())
  }
  parts.metrics.gauge(`twinlock_${name}_waiting`, `${whoWaits[name]} that wait for their turn.`, () => queue.waiting)
  parts.metrics.gauge(`twinlock_${name}_inside`, `${whoWaits[name]} that have their turn.`, () => queue.inside)
  parts.metrics.gauge(`twinlock_${name}_room`, `${whoWaits[name]} that may have their turn at once.`, () => room.now)
  // After the body has come, so that whoever sends slowly holds nothing.
  scope.addHook('preHandler', async (request, reply) => {
    const gone = new AbortController()
    reply.raw.once('close', () => gone.abort())
    const answer = await queue.enter(holderOf(request, parts), gone.signal)
    if (typeof answer === 'function') {
      // Whichever comes first: the answer is on its way, or there is nobody left to answer.
      reply.raw.once('finish', answer)
      reply.raw.once('close', answer)
      if (reply.raw.destroyed) answer()
      return
    }
    throw fail('too_many_requests', answer === 'gone' ? 'The caller has left.' : why[answer])
  })
}
