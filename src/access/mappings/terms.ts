// What a mapping or a position gives: roles on scopes, in environments. A term is known by what it says, so that changing one ends its grants and leaves the
// others as they are. Terms come from administrators: each must exist, and be theirs to give.
import type { Selectable } from 'kysely'
import { z } from 'zod'
import { canonicalText, fail, hex, idOf, type Ports, type Principal, roles, slugText, type Tx, toMoment, utf8 } from '../../kernel/index.ts'
import { requireHeld } from '../bounds.ts'
import { scopeTypes } from '../give.ts'
import type { GrantTable, Term } from '../tables.ts'

/** How many terms a mapping or a position has. */
const termsMax = 20

/** A term as somebody writes it. */
const termInput = z.strictObject({
  role: z.enum(roles).optional().meta({ description: 'A role that ships; or a role of your own.' }),
  customRole: slugText.optional().meta({ description: 'A role of your own.' }),
  scopeType: z.enum(scopeTypes).default('Organization'),
  scope: z.string().max(120).optional().meta({ description: 'The id of the scope; the organization where it is left out.' }),
  environments: z.array(idOf('env')).max(20).default([]).meta({ description: 'Only in these environments; everywhere when empty.' }),
})

/** Several terms as somebody writes them. */
export const termsInput = z.array(termInput).min(1).max(termsMax)

/** A term as it is answered. */
export const termOutput = z.object({
  role: z.enum(roles).nullable(),
  customRole: z.string().nullable(),
  scope: z.object({ type: z.string(), id: z.string() }),
  environments: z.array(z.string()),
})

/** A term as it is answered. */
export function shownTerm({ role, customRole, scope, environments }: Term): z.input<typeof termOutput> {
  return { role, customRole, scope: { ...scope }, environments: [...environments] }
}

/** What a term is known by: the same for the same words, until the same time. */
export function keyOf(term: Term, expiresAt: Date | null, { sha256 }: Pick<Ports, 'sha256'>): string {
  return hex(sha256(utf8(canonicalText({ ...shownTerm(term), expiresAt: toMoment(expiresAt) })))).slice(0, 32)
}

interface Reading {
  readonly tx: Tx
  readonly ports: Ports
  readonly org: string
}

async function requireThere({ tx, ports }: Reading, term: Term, pointer: string): Promise<void> {
  if ((await ports.scopes.above(tx, term.scope)) === undefined)
    throw fail('invalid', `There is no ${term.scope.type.toLowerCase()} with this id.`, { pointer: `${pointer}/scope` })
  for (const environment of term.environments)
    if (!(await ports.scopes.exists(tx, { type: 'Environment', id: environment })))
      throw fail('invalid', 'There is no environment with this id.', { pointer: `${pointer}/environments` })
  if ((await actionsOf(tx, term)) === undefined)
    throw fail('invalid', 'There is no active role of this organization’s own with this name.', { pointer: `${pointer}/customRole` })
}

/** Terms as they are kept, each once. Throws `invalid` for one that names what is not there. */
export async function readTerms(it: Reading, given: readonly z.output<typeof termInput>[]): Promise<Term[]> {
  const terms = new Map<string, Term>()
  for (const [at, { role, customRole, scopeType, scope, environments }] of given.entries()) {
    const pointer = `/gives/${at}`
    if ((role === undefined) === (customRole === undefined))
      throw fail('invalid', 'A term gives either a role that ships or one of your own.', { pointer })
    const term: Term = {
      role: role ?? null,
      customRole: customRole ?? null,
      scope: { type: scopeType, id: scope ?? it.org },
      environments: [...new Set(environments)].sort(),
    }
    await requireThere(it, term, pointer)
    terms.set(keyOf(term, null, it.ports), term)
  }
  return [...terms.values()]
}

/** The single actions of a term's own role, held as they are until the transaction ends; none for a shipped role, undefined for a role that has ended. */
export async function actionsOf(tx: Tx, { customRole }: Term): Promise<string[] | undefined> {
  if (customRole === null) return []
  const row = await tx.selectFrom('custom_role').select(['state', 'actions']).where('slug', '=', customRole).forShare().executeTakeFirst()
  return row?.state === 'active' ? row.actions : undefined
}

/** A grant of a term, before it is anybody's. */
export function givenBy(term: Term, actions: readonly string[], expiresAt: Date | null) {
  return {
    role: term.role,
    actions: [...actions],
    scope_type: term.scope.type,
    scope_id: term.scope.id,
    environments: [...term.environments],
    not_before: null,
    expires_at: expiresAt,
    until_run: null,
    until_batch: null,
    custom_role: term.customRole,
  } satisfies Partial<Selectable<GrantTable>>
}

/** A mapping gives for as long as it stands: every term must be its maker's to give. Throws `denied`. */
export async function requireMayMap(
  it: { readonly tx: Tx; readonly ports: Ports; readonly giver: Principal },
  terms: readonly Term[],
  expiresAt: Date | null,
): Promise<void> {
  for (const term of terms) await requireHeld({ ...it, given: givenBy(term, (await actionsOf(it.tx, term)) ?? [], expiresAt) })
}
