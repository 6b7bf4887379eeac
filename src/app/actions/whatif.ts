// What a change would come to before it is made: who would gain what, and who would lose it. The store is read as if the change had been made, and the door's
// decision is asked on the scopes of the grants that differ; nothing is written. Whoever asks needs no right to make the change, and gets none by asking.
import type { Selectable } from 'kysely'
import { z } from 'zod'
import type { GrantTable } from '../../access/index.ts'
import { findGroup } from '../../identity/index.ts'
import {
  action,
  type EnvironmentRef,
  fail,
  idOf,
  moment,
  newId,
  organizationEntity,
  organizationType,
  type Ports,
  roles,
  type Tx,
} from '../../kernel/index.ts'
import { type Change, type HolderFound, holdersFound } from './paths/holders.ts'

/** How many people and workloads one answer compares. */
export const changedMax = 1_000
const bodyBytesMax = 16_384
const scopeTypes = ['Organization', 'Project', 'Twin', 'Scenario', 'Artifact', 'Connection', 'Channel'] as const

const principal = z.union([idOf('per'), idOf('pip'), idOf('agt'), idOf('svc'), idOf('grp')])
const membership = { group: idOf('grp'), member: principal }

const change = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('give'),
    principal,
    role: z.enum(roles).optional(),
    actions: z.array(z.string().max(60)).max(40).default([]),
    scopeType: z.enum(scopeTypes).default('Organization'),
    scope: z.string().max(120).optional(),
    environments: z.array(idOf('env')).max(20).default([]),
    notBefore: moment.optional(),
    expiresAt: moment.optional(),
  }),
  z.strictObject({ kind: z.literal('take'), grant: idOf('grt') }),
  z.strictObject({ kind: z.literal('join'), ...membership }),
  z.strictObject({ kind: z.literal('leave'), ...membership }),
])
type Asked = z.output<typeof change>
type Give = Extract<Asked, { kind: 'give' }>

function rowOf(ports: Ports, org: string, give: Give): Selectable<GrantTable> {
  if ((give.role === undefined) === (give.actions.length === 0))
    throw fail('invalid', 'Give either a role or actions.', { pointer: '/change/role' })
  const unknown = give.actions.findIndex((name) => !ports.grantable.has(name))
  if (unknown !== -1)
    throw fail('invalid', 'There is no action of this name that can be granted.', { pointer: `/change/actions/${unknown}` })
  return {
    org_id: org,
    id: newId('grt', ports),
    principal_type: give.principal.startsWith('grp_') ? 'Group' : 'Person',
    principal_id: give.principal,
    role: give.role ?? null,
    actions: give.actions,
    scope_type: give.scopeType,
    scope_id: give.scope ?? org,
    environments: [...give.environments],
    not_before: give.notBefore === undefined ? null : new Date(give.notBefore),
    expires_at: give.expiresAt === undefined ? null : new Date(give.expiresAt),
    until_run: null,
    custom_role: null,
    given_by: '',
    created_at: new Date(ports.clock.now()),
    revoked_at: null,
  }
}

async function requireMember(tx: Tx, id: string, pointer: string): Promise<void> {
  const found =
    (await tx.selectFrom('person').select('id').where('id', '=', id).executeTakeFirst()) ??
    (await tx.selectFrom('workload').select('id').where('id', '=', id).executeTakeFirst()) ??
    (await tx.selectFrom('group').select('id').where('id', '=', id).executeTakeFirst())
  if (found === undefined) throw fail('not_found', 'There is no person, workload or group with this id.', { pointer })
}

async function giveOf(tx: Tx, ports: Ports, org: string, asked: Give): Promise<Change> {
  await requireMember(tx, asked.principal, '/change/principal')
  const given = rowOf(ports, org, asked)
  if (!(await ports.scopes.exists(tx, { type: given.scope_type, id: given.scope_id })))
    throw fail('not_found', `There is no ${given.scope_type.toLowerCase()} with this id.`, { pointer: '/change/scope' })
  for (const id of asked.environments)
    if (!(await ports.scopes.exists(tx, { type: 'Environment', id })))
      throw fail('not_found', 'There is no environment with this id.', { pointer: '/change/environments' })
  return { given }
}

/** The change as the store would hold it. Throws `not_found` for what is not there. */
async function changeOf(tx: Tx, ports: Ports, org: string, asked: Asked): Promise<Change> {
  if (asked.kind === 'give') return giveOf(tx, ports, org, asked)
  if (asked.kind === 'take') {
    const there = await tx.selectFrom('grant').select('id').where('id', '=', asked.grant).where('revoked_at', 'is', null).executeTakeFirst()
    if (there === undefined) throw fail('not_found', 'There is no live grant with this id.', { pointer: '/change/grant' })
    return { revoked: asked.grant }
  }
  await findGroup(tx, asked.group)
  await requireMember(tx, asked.member, '/change/member')
  const { group, member } = asked
  return asked.kind === 'join' ? { joined: { group, member } } : { left: { group, member } }
}

/** Somebody could do an action on a scope, or could not any more. */
interface Difference {
  readonly principal: string
  readonly name: string
  readonly action: string
  readonly scope: { readonly type: string; readonly id: string }
  readonly environments: string[]
}

interface Comparing {
  readonly tx: Tx
  readonly ports: Ports
  readonly version: number
  readonly environments: readonly EnvironmentRef[]
}

function actionsOf(ports: Ports, { role, actions }: Selectable<GrantTable>): readonly string[] {
  return role === null ? actions : [...ports.grantable].filter(([, held]) => held.some((one) => one === role)).map(([name]) => name)
}

/** What a holder may on the scopes of `grants` and could not with other policies. */
async function allowedBeyond(
  it: Comparing,
  holder: HolderFound,
  grants: HolderFound['grants'],
  without: HolderFound['policies'],
): Promise<Difference[]> {
  const { tx, ports, version, environments } = it
  const who = { principal: holder.principal, version }
  const found = new Map<string, Difference>()
  for (const grant of grants) {
    const scope = { type: grant.scope_type, id: grant.scope_id }
    const above = (await ports.scopes.above(tx, scope)) ?? []
    for (const name of actionsOf(ports, grant)) {
      const supposed = [undefined, ...environments].map((environment) => ({
        action: name,
        above,
        known: {},
        ...(environment && { environment }),
      }))
      const more = supposed.filter(
        (one) => ports.examiner.suppose(who, holder.policies, one).allowed && !ports.examiner.suppose(who, without, one).allowed,
      )
      if (more.length === 0) continue
      const { id, name: called } = holder.principal
      const places = more.flatMap(({ environment }) => environment?.id ?? [])
      found.set(`${name} ${scope.id}`, { principal: id, name: called, action: name, scope, environments: places })
    }
  }
  return [...found.values()]
}

const idsIn = ({ grants }: HolderFound): ReadonlySet<string> => new Set(grants.map(({ id }) => id))

/** What everybody in `here` could do beyond what he could do in `there`. */
async function gained(
  it: Comparing,
  here: readonly HolderFound[],
  there: readonly HolderFound[],
): Promise<{ differences: Difference[]; cut: boolean }> {
  const others = new Map(there.map((one) => [one.principal.id, one]))
  const changed = here.flatMap((holder) => {
    const other = others.get(holder.principal.id)
    const known = other === undefined ? new Set<string>() : idsIn(other)
    const grants = holder.grants.filter(({ id }) => !known.has(id))
    return grants.length === 0 ? [] : [{ holder, grants, without: other?.policies ?? [] }]
  })
  const differences: Difference[] = []
  for (const { holder, grants, without } of changed.slice(0, changedMax))
    differences.push(...(await allowedBeyond(it, holder, grants, without)))
  return { differences, cut: changed.length > changedMax }
}

const difference = z.object({
  principal: z.string(),
  name: z.string(),
  action: z.string(),
  scope: z.object({ type: z.string(), id: z.string() }),
  environments: z.array(z.string()).meta({ description: 'The environments in which it makes a difference.' }),
})

/** Says what a change would come to. */
export const foreseeChange = action({
  name: 'access:whatif',
  summary:
    'Say who would gain and who would lose what, if a grant were given or taken away, or somebody joined or left a group; without doing it.',
  effect: 'read',
  roles: ['admin', 'auditor'],
  resource: organizationType,
  bodyBytesMax,
  input: z.strictObject({ change }),
  output: z.object({
    gains: z.array(difference).meta({ description: 'Asked on things that are public and that nobody has had a hand in.' }),
    loses: z.array(difference),
    cut: z.boolean().meta({ description: `Whether more than ${changedMax} people and workloads would change; the first are shown.` }),
  }),
  locate: async ({ input, tx, ports, principal: caller }) => ({
    resource: organizationEntity(caller.org),
    found: await changeOf(tx, ports, caller.org, input.change),
  }),
  async perform({ found, tx, ports, allowed }) {
    const environments = await tx.selectFrom('environment').select(['id', 'class']).where('state', '=', 'active').orderBy('id').execute()
    const it = { tx, ports, version: allowed.version, environments }
    const before = await holdersFound(tx, ports)
    const after = await holdersFound(tx, ports, found)
    const gains = await gained(it, after, before)
    const loses = await gained(it, before, after)
    return { result: { gains: gains.differences, loses: loses.differences, cut: gains.cut || loses.cut } }
  },
})
