// What somebody is to be given: a role that ships, a role of the organization's own or single actions, on a scope, in environments. It comes from outside and
// must be there. Whatever gives (`grant:create`, the approval of a request, break-glass) reads, checks and keeps it here, so that there is one way to hold.
import type { Selectable } from 'kysely'
import { z } from 'zod'
import {
  type Entity,
  type EntityRef,
  fail,
  idOf,
  moment,
  newId,
  type Ports,
  type Principal,
  type ResourceType,
  roles,
  slugText,
  type Tx,
  toMoment,
} from '../kernel/index.ts'
import { type ConflictMet, conflictsMet, holdersBeside, holdGiving, requireApart } from './duties.ts'
import { type GrantEnds, noOtherEnds } from './grant-ends.ts'
import { requireWithin } from './guests/within.ts'
import type { GrantTable } from './tables.ts'

/** The kinds of things that grants are given on. */
export const scopeTypes = ['Organization', 'Project', 'Twin', 'Scenario', 'Asset', 'Artifact', 'Connection', 'Channel'] as const
const actionsMax = 50
const environmentsMax = 20

/** The fields of an input that say what is to be given. */
export const termsShape = {
  role: z.enum(roles).optional().meta({ description: 'A role that ships; or a role of your own, or single actions.' }),
  customRole: slugText.optional().meta({ description: 'A role of your own.' }),
  actions: z.array(z.string().max(60)).min(1).max(actionsMax).optional().meta({ description: 'Single actions, as `noun:verb`.' }),
  scopeType: z.enum(scopeTypes).default('Organization'),
  scope: z
    .string()
    .max(120)
    .optional()
    .meta({ description: 'The id of the scope; the organization where it is left out. A channel is <environment>/<name>.' }),
  environments: z
    .array(idOf('env'))
    .max(environmentsMax)
    .default([])
    .meta({ description: 'Only in these environments; everywhere when empty.' }),
  notBefore: moment.optional(),
}
const terms = z.object(termsShape)

/** What is to be given, as it was asked for. */
export type Terms = z.output<typeof terms>

/** Somebody who gives, within a transaction. */
export interface Giver {
  readonly tx: Tx
  readonly ports: Ports
  readonly principal: Principal
}

/** The grants on a scope: what is decided on when one of them is given or taken away. */
export const grantsType = { name: 'Grants', attributes: {}, parents: [...scopeTypes] } as const satisfies ResourceType

/** The grants on a scope, as an entity; `above` is the scope and everything above it. */
export function grantsEntity(above: readonly EntityRef[]): Entity {
  return { type: 'Grants', id: above[0]?.id ?? '', attributes: {}, parents: above }
}

/** Where the scope that somebody names lies. Throws `invalid` for one that is not there. */
export async function scopeOf(
  tx: Tx,
  ports: Ports,
  { scopeType, scope }: Pick<Terms, 'scopeType' | 'scope'>,
  org: string,
): Promise<readonly EntityRef[]> {
  const above = await ports.scopes.above(tx, { type: scopeType, id: scope ?? org })
  if (above !== undefined) return above
  throw fail('invalid', `There is no ${scopeType.toLowerCase()} with this id.`, { pointer: '/scope' })
}

/** Refuses environments that are not there, and actions that cannot be granted. Throws `invalid`. */
export async function requireThere(tx: Tx, ports: Ports, { environments, actions }: Terms): Promise<void> {
  for (const [at, environment] of environments.entries()) {
    if (!(await ports.scopes.exists(tx, { type: 'Environment', id: environment })))
      throw fail('invalid', 'There is no environment with this id.', { pointer: `/environments/${at}` })
  }
  for (const [at, name] of (actions ?? []).entries()) {
    if (!ports.grantable.has(name))
      throw fail('invalid', 'There is no action of this name that can be granted.', { pointer: `/actions/${at}` })
  }
}

/** Refuses what names a role and actions, or neither. Throws `invalid`. */
export function requireOne({ role, customRole, actions }: Pick<Terms, 'role' | 'customRole' | 'actions'>): void {
  if ([role, customRole, actions].filter((one) => one !== undefined).length !== 1)
    throw fail('invalid', 'Give either a role or actions.', { pointer: '/role' })
}

/** The single actions that are given: those of a role of the organization's own, held as it is until this transaction ends, or those that are named. */
export async function actionsOf(tx: Tx, { role, customRole, actions }: Pick<Terms, 'role' | 'customRole' | 'actions'>): Promise<string[]> {
  requireOne({ role, customRole, actions })
  if (customRole === undefined) return [...new Set(actions)]
  const row = await tx.selectFrom('custom_role').selectAll().where('slug', '=', customRole).forShare().executeTakeFirst()
  if (row?.state === 'active') return row.actions
  throw fail('invalid', 'There is no active role of this organization’s own with this name.', { pointer: '/customRole' })
}

/** To whom, until when, and where it comes from. */
export interface Giving {
  readonly to: EntityRef
  readonly expiresAt: Date | null
  readonly untilRun?: string | undefined
  readonly untilBatch?: string | undefined
  /** The request that it answers. */
  readonly request?: string
  readonly breakGlass?: boolean
}

/** Throws `invalid` where there is no moment, from `now` on, at which it would hold; `pointer` is where its terms are in the input. */
export function requireTime(
  { notBefore, expiresAt }: { readonly notBefore: Date | null; readonly expiresAt: Date | null },
  now: number,
  pointer = '',
): void {
  if (expiresAt === null) return
  if (expiresAt.getTime() <= now) throw fail('invalid', 'The grant would have expired already.', { pointer: `${pointer}/expiresAt` })
  if (notBefore !== null && expiresAt <= notBefore)
    throw fail('invalid', 'The grant would be over before it begins.', { pointer: `${pointer}/notBefore` })
}

/** The row that a grant of these terms would be; `actions` are those of `actionsOf`. Throws `invalid` for one that would never hold. */
export function grantRow({ ports, principal }: Giver, asked: Terms, actions: readonly string[], giving: Giving): Selectable<GrantTable> {
  const { to, expiresAt, untilRun, untilBatch, request, breakGlass = false } = giving
  const notBefore = asked.notBefore === undefined ? null : new Date(asked.notBefore)
  requireTime({ notBefore, expiresAt }, ports.clock.now())
  return {
    org_id: principal.org,
    id: newId('grt', ports),
    principal_type: to.type,
    principal_id: to.id,
    role: asked.role ?? null,
    actions: [...actions],
    scope_type: asked.scopeType,
    scope_id: asked.scope ?? principal.org,
    environments: [...asked.environments],
    not_before: notBefore,
    expires_at: expiresAt,
    until_run: untilRun ?? null,
    until_batch: untilBatch ?? null,
    custom_role: asked.customRole ?? null,
    request_id: request ?? null,
    break_glass: breakGlass,
    given_by: principal.id,
    created_at: new Date(ports.clock.now()),
    revoked_at: null,
  }
}

/** Keeps a grant, unless it brings declared duties together that are not named in `despite`; answers those that it brings together. Throws `conflict`. */
export async function give({ tx, ports }: Giver, given: Selectable<GrantTable>, despite?: readonly string[]): Promise<ConflictMet[]> {
  await requireWithin(tx, ports, given)
  await holdGiving(tx)
  const conflicts = await conflictsMet({ tx, ports, holders: await holdersBeside(tx, given.principal_id), given })
  requireApart(conflicts, despite)
  await tx.insertInto('grant').values(given).execute()
  return conflicts
}

/** Those that are there. */
function present(facts: Readonly<Record<string, string | null>>): Record<string, string> {
  return Object.fromEntries(Object.entries(facts).flatMap(([name, value]) => (value === null ? [] : [[name, value] as const])))
}

/** What an entry says of a grant: the whole of what was given, with everything that begins or ends it. */
export function factsOf(row: Selectable<GrantTable>, conflicts: readonly ConflictMet[] = [], ends: GrantEnds = noOtherEnds) {
  const { role, actions, environments } = row
  const scope = { type: row.scope_type, id: row.scope_id }
  const met = conflicts.length > 0 ? { conflicts: [...new Set(conflicts.map(({ name }) => name))] } : {}
  return {
    role,
    ...present({ customRole: row.custom_role }),
    ...(actions.length > 0 ? { actions } : {}),
    scope,
    environments,
    ...present({ notBefore: toMoment(row.not_before) }),
    expiresAt: toMoment(row.expires_at),
    ...present({ untilRun: row.until_run, untilBatch: row.until_batch, ...ends }),
    ...met,
  }
}

/** What the entry of a grant speaks of. */
export function grantRelated({ id, principal_type, principal_id }: Pick<Selectable<GrantTable>, 'id' | 'principal_type' | 'principal_id'>) {
  return [
    { rel: 'grant', type: 'Grant', id },
    { rel: 'grantee', type: principal_type, id: principal_id },
  ]
}

/** The conflicts of an answer. */
export const conflictsOutput = z
  .array(z.object({ name: z.string(), stops: z.boolean(), holder: z.string(), grant: z.string() }))
  .meta({ description: 'Duties that are kept apart and that somebody holds, or would hold, together.' })
