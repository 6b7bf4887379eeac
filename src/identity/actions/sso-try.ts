// Beginning a trial sign-in: an address that walks a browser through a connection as signing in would, and says what would come of it. It opens no session, links
// nobody and adds nobody, so that a connection can be tried before it is in use.
import { z } from 'zod'
import { action, fail, idOf, organizationEntity, organizationType } from '../../kernel/index.ts'
import { adminLinkContext, askedOf } from '../admin-link/reach.ts'
import { findSso } from '../sign-in/connection.ts'
import { keepTrial, trialMakerOf, trialSeconds } from '../sign-in/trial.ts'

/** Makes the address of a trial. */
export const trySso = action({
  name: 'sso:try',
  summary: 'Make an address for a trial sign-in, which says what the provider told and who that would be, and lets nobody in.',
  effect: 'read',
  roles: ['admin'],
  by: ['admin_link'],
  resource: organizationType,
  context: adminLinkContext,
  input: z.strictObject({ sso: idOf('sso') }),
  output: z.object({ url: z.string().meta({ description: 'To be opened in a browser.' }), expiresAt: z.string() }),
  locate: async ({ input, tx, principal }) => ({
    resource: organizationEntity(principal.org),
    context: askedOf(principal, 'sso', input.sso),
    found: await findSso(tx, input.sso),
  }),
  async perform({ found, input, ports, principal }) {
    if (found.state === 'retired') throw fail('conflict', 'This connection is retired.', { pointer: '/sso' })
    const at = ports.clock.now()
    const trial = keepTrial(principal.org, { sso: input.sso, at, by: trialMakerOf(principal) }, ports)
    return {
      result: {
        url: `${ports.baseUrl}/sso/start?trial=${trial}`,
        expiresAt: new Date(at + trialSeconds * 1000).toISOString(),
      },
    }
  },
})
