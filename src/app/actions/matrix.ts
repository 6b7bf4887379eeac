// The access matrix of an organization: which role may do what, in which class of environments, with the roles and the guardrails of its own. Found by asking the
// decision itself about somebody who holds that one role on the whole organization, of things that nobody has had a hand in and that are public.
import { z } from 'zod'
import { guardrailsInForce, holdsIn } from '../../access/index.ts'
import { action, environmentClass, environmentClasses, locateOrganization, organizationType, roles } from '../../kernel/index.ts'

/** Shows who may do what. */
export const showMatrix = action({
  name: 'access:matrix',
  summary: 'Show which role may do what in which class of environments, your own roles and guardrails among them.',
  effect: 'read',
  roles: ['admin', 'auditor'],
  resource: organizationType,
  input: z.strictObject({}),
  output: z.object({
    roles: z.array(z.object({ role: z.string(), isOwn: z.boolean() })),
    actions: z.array(
      z.object({
        action: z.string(),
        may: z.array(
          z.object({
            role: z.string(),
            classes: z.array(environmentClass).meta({ description: 'Where; all four for what guardrails hold back nowhere.' }),
          }),
        ),
      }),
    ),
  }),
  locate: locateOrganization,
  async perform({ tx, ports, principal: { org }, allowed: { version } }) {
    const own = await tx.selectFrom('custom_role').select(['slug', 'actions']).where('state', '=', 'active').orderBy('slug').execute()
    const guardrails = await guardrailsInForce(tx)
    const principal = { kind: 'person', id: 'somebody', org, name: 'somebody', clearance: 3, chain: ['somebody'] } as const
    const who = { principal: { ...principal, authenticatedAt: ports.clock.now() }, version }
    const all = [
      ...roles.map((role) => ({ role, isOwn: false, policy: holdsIn(org, { role, actions: [] }) })),
      ...own.map(({ slug, actions }) => ({ role: slug, isOwn: true, policy: holdsIn(org, { role: null, actions }) })),
    ]
    const above = [{ type: 'Organization', id: org }]
    const actions = [...ports.grantable.keys()].map((name) => ({
      action: name,
      may: all.flatMap(({ role, policy }) => {
        const classes = environmentClasses.filter((one) => {
          const supposed = { action: name, above, known: {}, environment: { id: one, class: one } }
          return ports.examiner.suppose(who, [policy, ...guardrails], supposed).allowed
        })
        return classes.length === 0 ? [] : [{ role, classes }]
      }),
    }))
    return { result: { roles: all.map(({ role, isOwn }) => ({ role, isOwn })), actions } }
  },
})
