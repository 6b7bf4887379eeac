// A service proves its key for one promotion: the assertion's audience is that promotion's URL with its nonce, so that it proves nothing else.
// That the nonce is the promotion's own is checked behind the door, like the assertion.
import type { FastifyInstance } from 'fastify'
import { z } from 'zod'
import { idOf, type OrgId } from '../../kernel/index.ts'
import { keyProofAudience } from '../../promotion/index.ts'
import type { ServerParts } from '../door.ts'

/** The body of a key proof. */
export const keyProofInput = z.strictObject({
  assertion: z
    .string()
    .min(1)
    .max(8192)
    .meta({ description: 'A private-key JWT (RFC 7523) whose audience is this URL, a `#`, and the nonce.' }),
  organization: idOf('org'),
  nonce: z
    .string()
    .regex(/^[A-Za-z0-9_-]{16,64}$/, 'must be the nonce that `promotion show` prints')
    .meta({ description: 'The nonce of the promotion.' }),
})

/** Registers `POST /v1/promotions/{promotion}/prove-key`. */
export function proveKey(app: FastifyInstance, parts: ServerParts): void {
  app.post<{ Params: { promotion: string } }>('/v1/promotions/:promotion/prove-key', async (request, reply) => {
    const { promotion } = request.params
    const { assertion, organization, nonce } = keyProofInput.parse(request.body ?? {})
    const org: OrgId = organization
    const credential = { kind: 'assertion' as const, token: assertion, org, audience: keyProofAudience(parts.baseUrl, promotion, nonce) }
    const answer = await parts.door.govern({
      action: 'promotion:prove-key',
      credential,
      input: { promotion, nonce },
      requestId: request.id,
      address: request.ip,
    })
    if (answer.entry !== null) reply.header('twinlock-entry', answer.entry)
    return reply.send(answer.result)
  })
}
