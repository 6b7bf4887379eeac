// A run's own credential: a JWT-SVID for one audience, at most 60 seconds long and never past the deadline, for a live run and for nobody else.
import { z } from 'zod'
import { mintToken, runTokenSecondsMax } from '../../credentials/index.ts'
import { action, fail, idOf } from '../../kernel/index.ts'
import { findRun, runType } from '../find-run.ts'

/** Issues a JWT-SVID to the run that asks. */
export const issueRunCredential = action({
  name: 'run:credential',
  summary: 'Issue a JWT-SVID to the run itself: one audience, at most 60 seconds.',
  effect: 'change',
  roles: [],
  by: ['run'],
  resource: runType,
  input: z.strictObject({ run: idOf('run'), audience: z.string().min(1).max(512), subject: z.string().max(2048).optional() }),
  output: z.object({ token: z.string(), expiresAt: z.number(), spiffeId: z.string() }),
  locate: async ({ input, tx, ports }) => {
    const found = await findRun(tx, input.run)
    const environment = await ports.environments.find(tx, found.run.environment_id)
    return { resource: found.entity, others: found.above, environment, found: { run: found.run, environment } }
  },
  async perform({ input, found: { run, environment }, tx, ports, principal }) {
    if (input.subject !== undefined && input.subject !== run.spiffe_id) {
      throw fail('foreign_subject', 'A run gets credentials for itself alone.', { facts: { own: run.spiffe_id } })
    }
    const secondsLeft = Math.floor((run.deadline.getTime() - ports.clock.now()) / 1000)
    if (secondsLeft <= 0) throw fail('run_not_live', 'The run is past its deadline.')
    const ttlSeconds = Math.min(runTokenSecondsMax, secondsLeft)
    const order = {
      org: principal.org,
      environment,
      holder: run.id,
      spiffeId: run.spiffe_id,
      audience: input.audience,
      ttlSeconds,
      typ: 'JWT' as const,
    }
    const minted = await mintToken(tx, order, ports)
    return {
      result: { token: minted.token, expiresAt: minted.expiresAt.getTime(), spiffeId: run.spiffe_id },
      facts: { jti: minted.jti, ttlSeconds },
      related: [{ rel: 'credential', type: 'Credential', id: minted.jti }],
      texts: { audience: input.audience },
    }
  },
})
