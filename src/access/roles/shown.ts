// Roles of an organization's own, as they are found, shown and checked. A role is a set of the product's actions; what ships keeps author, run, export and
// hand off in different hands, and so does every role that is added.
import type { Selectable } from 'kysely'
import { z } from 'zod'
import { fail, roles, slugText, type Tx, toMoment } from '../../kernel/index.ts'
import type { ActionWords } from '../guardrails/held.ts'
import type { GrantableActions } from '../ports.ts'
import type { CustomRoleTable } from '../tables.ts'

/** A role of an organization's own. */
export type CustomRole = Selectable<CustomRoleTable>

/** How many actions a role holds. */
export const roleActionsMax = 50

/** A role as it is answered. */
export const roleOutput = z.object({
  role: slugText,
  title: z.string(),
  actions: z.array(z.string()),
  state: z.enum(['active', 'retired']),
  version: z.number(),
  createdBy: z.string(),
  createdAt: z.string().nullable(),
  retiredAt: z.string().nullable(),
})

/** A row as it is answered. */
export function shownRole(row: CustomRole): z.output<typeof roleOutput> {
  return {
    role: row.slug,
    title: row.title,
    actions: row.actions,
    state: row.state,
    version: row.version,
    createdBy: row.created_by,
    createdAt: toMoment(row.created_at),
    retiredAt: toMoment(row.retired_at),
  }
}

/** Finds a role. Throws `not_found`. */
export async function findRole(tx: Tx, slug: string): Promise<CustomRole> {
  const row = await tx.selectFrom('custom_role').selectAll().where('slug', '=', slug).executeTakeFirst()
  if (row === undefined) throw fail('not_found', 'There is no role of this organization’s own with this name.')
  return row
}

/** The hands that stay apart, and the shipped role of each. */
const hands: Readonly<Record<string, string>> = { author: 'author', operator: 'run', exporter: 'export', deployer: 'hand off' }

/** The hand that does an action: it changes something, and of the four roles one alone holds it, beside nobody but administrators. */
function handOf(name: string, grantable: GrantableActions, words: ReadonlyMap<string, ActionWords>): string | undefined {
  const effect = words.get(name)?.effect
  if (effect !== 'change' && effect !== 'consequence') return undefined
  const [only, ...more] = (grantable.get(name) ?? []).filter((role) => role !== 'admin')
  return only === undefined || more.length > 0 ? undefined : hands[only]
}

/** The actions of a role, each once. Throws `invalid` for what cannot be granted, and where author, run, export and hand off would come together. */
export function requireOneHand(actions: readonly string[], grantable: GrantableActions, words: ReadonlyMap<string, ActionWords>): string[] {
  const at = actions.findIndex((name) => !grantable.has(name))
  if (at !== -1) throw fail('invalid', 'There is no action of this name that can be granted.', { pointer: `/actions/${at}` })
  const found = new Map<string, string>()
  for (const name of actions) {
    const hand = handOf(name, grantable, words)
    if (hand !== undefined && !found.has(hand)) found.set(hand, name)
  }
  if (found.size > 1)
    throw fail('invalid', `No role has two of author, run, export and hand off, and this one has ${[...found.keys()].join(' and ')}.`, {
      pointer: '/actions',
      facts: { hands: [...found.keys()], actions: [...found.values()] },
      next: 'Make two roles, and give them to two people.',
    })
  return [...new Set(actions)]
}

/** Refuses the names of what ships. Throws `conflict`. */
export function requireOwnName(slug: string): void {
  if (roles.some((role) => role === slug)) throw fail('conflict', 'A role that ships with the product has this name.', { pointer: '/slug' })
}
