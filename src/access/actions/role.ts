// Actions on roles of an organization's own. Nobody makes a role of more than he has, adds to one that he holds himself, or puts two of author, run, export and
// hand off into one. Live grants follow their role within the same transaction.
import { z } from 'zod'
import {
  action,
  fail,
  locateOrganization,
  organizationEntity,
  organizationType,
  type Ports,
  type Principal,
  reasonText,
  roles,
  slugText,
  type Tx,
  titleText,
} from '../../kernel/index.ts'
import { holdAdmissions } from '../admission.ts'
import { requireHeld } from '../bounds.ts'
import { requireExamplesHold } from '../examples/hold.ts'
import { withoutRole, withRole } from '../examples/verdict.ts'
import { endOutgrown, relatedRequests } from '../requests/outgrown.ts'
import { endGrantsOf, follow, holdersOf, losersOf, requireMayAdd } from '../roles/live-grants.ts'
import { type CustomRole, findRole, requireOneHand, requireOwnName, roleActionsMax, roleOutput, shownRole } from '../roles/shown.ts'

/** How many roles of an organization are kept, those that are retired among them. */
const rolesMax = 200

const title = titleText.meta({ description: 'What it is for, in one line.' })
const actions = z.array(z.string().max(60)).min(1).max(roleActionsMax).meta({ description: 'What it may do: actions, as `noun:verb`.' })

const noTerms = { role: null, environments: [], not_before: null, expires_at: null, until_run: null, until_batch: null }

/** Nobody makes what he does not have on the whole organization, where the role could be given. */
async function requireOwn(it: { tx: Tx; ports: Ports; giver: Principal }, wanted: string[]): Promise<void> {
  const { org } = it.giver
  await requireHeld({ ...it, given: { ...noTerms, actions: wanted, scope_type: organizationType.name, scope_id: org } })
}

/** Of two that are made at once, the second sees the first. */
async function requireRoom(tx: Tx, slug: string): Promise<void> {
  await holdAdmissions(tx)
  const rows = await tx.selectFrom('custom_role').select('slug').execute()
  if (rows.some((row) => row.slug === slug)) throw fail('conflict', 'A role has, or had, this name.', { pointer: '/slug' })
  if (rows.length >= rolesMax) throw fail('too_large', `At most ${rolesMax} roles are kept.`)
}

function factsOf({ slug, actions: held, state, version }: CustomRole) {
  return { role: slug, actions: held, state, version }
}

/** Ends the live runs of whoever held a role, if nothing that they hold launches them any more. */
async function endRuns({ tx, ports }: { tx: Tx; ports: Ports }, holders: readonly string[]): Promise<number> {
  return ports.dependents.endFor(tx, { holders, at: new Date(ports.clock.now()), ports })
}

/** Makes a role. */
export const createRole = action({
  name: 'role:create',
  summary: 'Make a role of your own out of actions: none that you do not have, and not two of author, run, export and hand off.',
  effect: 'change',
  roles: ['admin'],
  resource: organizationType,
  input: z.strictObject({ slug: slugText, title, actions, reason: reasonText }),
  output: roleOutput,
  locate: locateOrganization,
  async perform({ input, tx, ports, principal }) {
    requireOwnName(input.slug)
    await requireRoom(tx, input.slug)
    const wanted = requireOneHand(input.actions, ports.grantable, ports.guardrails.words)
    await requireOwn({ tx, ports, giver: principal }, wanted)
    const row: CustomRole = {
      org_id: principal.org,
      slug: input.slug,
      title: input.title,
      actions: wanted,
      state: 'active',
      version: 1,
      created_by: principal.id,
      created_at: new Date(ports.clock.now()),
      retired_at: null,
    }
    await tx.insertInto('custom_role').values(row).execute()
    return { result: shownRole(row), facts: factsOf(row), texts: { reason: input.reason } }
  },
})

/** Lists roles. */
export const listRoles = action({
  name: 'role:list',
  summary: 'List the roles of the organization’s own, and those that ship with the product.',
  effect: 'read',
  roles: ['admin', 'auditor'],
  resource: organizationType,
  input: z.strictObject({}),
  output: z.object({
    items: z.array(roleOutput),
    shipped: z.array(z.object({ role: z.enum(roles), actions: z.array(z.string()) })),
  }),
  locate: locateOrganization,
  async perform({ tx, ports }) {
    const rows = await tx.selectFrom('custom_role').selectAll().orderBy('slug').limit(rolesMax).execute()
    const shipped = roles.map((role) => ({
      role,
      actions: [...ports.grantable].filter(([, held]) => held.includes(role)).map(([name]) => name),
    }))
    return { result: { items: rows.map(shownRole), shipped } }
  },
})

/** Shows a role. */
export const showRole = action({
  name: 'role:show',
  summary: 'Show a role of the organization’s own, and how often it is given.',
  effect: 'read',
  roles: ['admin', 'auditor'],
  resource: organizationType,
  input: z.strictObject({ role: slugText }),
  output: roleOutput.extend({ grants: z.number().meta({ description: 'How many grants of it are live.' }) }),
  locate: async ({ input, tx, principal }) => ({
    resource: organizationEntity(principal.org),
    found: await findRole(tx, input.role),
  }),
  async perform({ found, tx }) {
    const { live } = await tx
      .selectFrom('grant')
      .select((eb) => eb.fn.countAll<string>().as('live'))
      .where('custom_role', '=', found.slug)
      .where('revoked_at', 'is', null)
      .executeTakeFirstOrThrow()
    return { result: { ...shownRole(found), grants: Number(live) } }
  },
})

/** Keeps a changed row. Throws `stale` when somebody else changed it since it was looked at. */
async function keep(tx: Tx, before: CustomRole, row: CustomRole): Promise<void> {
  const moved = await tx
    .updateTable('custom_role')
    .set(row)
    .where('slug', '=', row.slug)
    .where('version', '=', before.version)
    .executeTakeFirst()
  if (moved.numUpdatedRows === 0n) throw fail('stale', 'Somebody else changed this role at the same time.')
}

/** Changes a role. */
export const changeRole = action({
  name: 'role:change',
  summary: 'Change what a role of your own may do, for everybody who holds it, when every example holds.',
  effect: 'change',
  roles: ['admin'],
  resource: organizationType,
  context: { grantees: 'Set<String>' },
  input: z.strictObject({ role: slugText, title: title.optional(), actions: actions.optional(), reason: reasonText }),
  output: roleOutput,
  locate: async ({ input, tx, principal }) => {
    const found = await findRole(tx, input.role)
    const isAdding = (input.actions ?? []).some((name) => !found.actions.includes(name))
    // only what is added is given to anybody
    const grantees = isAdding ? await holdersOf(tx, found.slug) : []
    return { resource: organizationEntity(principal.org), context: { grantees }, found }
  },
  async perform({ input, found, tx, ports, principal }) {
    if (found.state === 'retired') throw fail('conflict', 'This role is retired.')
    const wanted = requireOneHand(input.actions ?? found.actions, ports.grantable, ports.guardrails.words)
    const added = wanted.filter((name) => !found.actions.includes(name))
    const takesAway = found.actions.some((name) => !wanted.includes(name))
    await holdAdmissions(tx)
    const row: CustomRole = { ...found, title: input.title ?? found.title, actions: wanted, version: found.version + 1 }
    await keep(tx, found, row)
    if (added.length > 0) {
      await requireOwn({ tx, ports, giver: principal }, added)
      await requireMayAdd({ tx, ports, giver: principal }, row.slug, added)
    }
    await follow(tx, row.slug, wanted)
    const by = { role: row.slug, by: principal.id, at: new Date(ports.clock.now()) }
    const requests = await endOutgrown(tx, { ...by, actions: wanted })
    const runs = takesAway ? await endRuns({ tx, ports }, await losersOf(tx, row.slug)) : 0
    const it = { tx, ports, org: principal.org }
    await requireExamplesHold(it, { about: { role: row.slug }, after: (rules) => withRole(rules, row) })
    return {
      result: shownRole(row),
      facts: { ...factsOf(row), added, runs, requests: requests.length },
      related: relatedRequests(requests),
      texts: { reason: input.reason },
      takesAway,
    }
  },
})

/** Ends a role. */
export const retireRole = action({
  name: 'role:retire',
  summary: 'End a role of your own and every grant of it. When this returns, nothing is admitted under them any more.',
  effect: 'change',
  roles: ['admin'],
  resource: organizationType,
  input: z.strictObject({ role: slugText, reason: reasonText }),
  output: roleOutput.extend({ ended: z.number().meta({ description: 'How many grants ended with it.' }) }),
  locate: async ({ input, tx, principal }) => ({
    resource: organizationEntity(principal.org),
    found: await findRole(tx, input.role),
  }),
  async perform({ input, found, tx, ports, principal }) {
    if (found.state === 'retired') throw fail('conflict', 'This role was retired before.')
    await holdAdmissions(tx)
    const at = new Date(ports.clock.now())
    const row: CustomRole = { ...found, state: 'retired', version: found.version + 1, retired_at: at }
    await keep(tx, found, row)
    const it = { tx, ports, org: principal.org }
    await requireExamplesHold(it, { about: { role: row.slug }, after: (rules) => withoutRole(rules, row.slug) })
    const holders = await losersOf(tx, row.slug)
    const grants = await endGrantsOf(tx, row.slug, at)
    const ended = grants.length
    const requests = await endOutgrown(tx, { role: row.slug, actions: undefined, by: principal.id, at })
    const runs = await endRuns({ tx, ports }, holders)
    return {
      result: { ...shownRole(row), ended },
      facts: { ...factsOf(row), ended, runs, requests: requests.length },
      related: [...grants.slice(0, 50).map((id) => ({ rel: 'grant', type: 'Grant', id })), ...relatedRequests(requests)],
      texts: { reason: input.reason },
      takesAway: true,
    }
  },
})
