// The rules of signing in, as an organization sets them. Whoever makes the provider the only way in has just come through it himself, so that nobody locks
// everybody out; what stays open beside it is a break-glass link, which nobody makes or uses unseen.
import { z } from 'zod'
import { action, fail, idOf, locateOrganization, organizationType, reasonText } from '../../kernel/index.ts'
import { changeRules, signInRules } from '../sign-in/rules.ts'

const rulesOutput = z.object({
  organization: idOf('org'),
  requireSso: z.boolean(),
  stepUpMinutes: z.number(),
})

/** Requires that people sign in through the organization's provider, or stops requiring it. */
export const requireSso = action({
  name: 'organization:require-sso',
  summary: 'Require that everybody, guests included, signs in through the organization’s provider; other sessions and links end at once.',
  effect: 'change',
  roles: ['admin'],
  resource: organizationType,
  input: z.strictObject({ required: z.boolean(), reason: reasonText }),
  output: rulesOutput.extend({ sessions: z.number(), links: z.number() }),
  locate: locateOrganization,
  async perform({ input, tx, ports, principal }) {
    const { required: isRequired, reason } = input
    if (isRequired) {
      // Whoever is signing in by a link at this moment is through before, and ended below, or not at all.
      await ports.holdAdmissions(tx)
      const own = await tx
        .selectFrom('session')
        .select('sso_id')
        .where('id', '=', principal.credential ?? '')
        .executeTakeFirst()
      if (own?.sso_id == null) {
        throw fail('conflict', 'You are not signed in through a provider yourself.', {
          next: 'Sign in through it first: that shows that nobody is locked out.',
        })
      }
    }
    const rules = await changeRules(tx, principal.org, { requireSso: isRequired })
    const at = new Date(ports.clock.now())
    const ended = isRequired
      ? await tx.updateTable('session').set({ ended_at: at }).where('sso_id', 'is', null).where('ended_at', 'is', null).executeTakeFirst()
      : undefined
    const spent = isRequired
      ? await tx.updateTable('one_time_link').set({ used_at: at }).where('used_at', 'is', null).executeTakeFirst()
      : undefined
    const counts = { sessions: Number(ended?.numUpdatedRows ?? 0), links: Number(spent?.numUpdatedRows ?? 0) }
    return {
      result: { organization: principal.org, requireSso: rules.requireSso, stepUpMinutes: rules.stepUpSeconds / 60, ...counts },
      facts: { required: isRequired, ...counts },
      texts: { reason },
      takesAway: isRequired,
    }
  },
})

/** Says how fresh a sign-in must be for consequential acts. */
export const requireStepUp = action({
  name: 'organization:step-up',
  summary:
    'Say how many minutes a sign-in counts as fresh for what cannot be taken back: approving, crossing, changes of who signs in how.',
  effect: 'change',
  roles: ['admin'],
  resource: organizationType,
  input: z.strictObject({ minutes: z.number().int().min(5).max(480) }),
  output: rulesOutput,
  locate: locateOrganization,
  async perform({ input, tx, principal }) {
    const rules = await changeRules(tx, principal.org, { stepUpSeconds: input.minutes * 60 })
    const result = { organization: principal.org, requireSso: rules.requireSso, stepUpMinutes: rules.stepUpSeconds / 60 }
    // A sign-in that was fresh enough for something may be no longer.
    return { result, facts: { minutes: result.stepUpMinutes }, takesAway: true }
  },
})

/** Shows the rules. */
export const showSignInRules = action({
  name: 'organization:sign-in',
  summary: 'Show how people sign in to the organization: whether its provider is required, and how long a sign-in counts as fresh.',
  effect: 'read',
  roles: ['admin', 'auditor'],
  resource: organizationType,
  input: z.strictObject({}),
  output: rulesOutput,
  locate: locateOrganization,
  async perform({ tx, principal }) {
    const rules = await signInRules(tx)
    return { result: { organization: principal.org, requireSso: rules.requireSso, stepUpMinutes: rules.stepUpSeconds / 60 } }
  },
})
