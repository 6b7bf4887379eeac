// Actions on duties that are kept apart: declaring a conflict, listing those that hold, ending one. They bind later grants; who holds both sides already
// is shown before a conflict is declared, and takes nothing from anybody.
import { z } from 'zod'
import {
  action,
  fail,
  idOf,
  locateOrganization,
  organizationEntity,
  organizationType,
  reasonText,
  roles,
  slugText,
  type Tx,
  toMoment,
} from '../../kernel/index.ts'
import { holdAdmissions } from '../admission.ts'
import { called } from '../called.ts'
import { conflictsDeclared, shippedConflicts } from '../duties.ts'
import { heldTogether } from '../held-together.ts'
import type { GrantableActions } from '../ports.ts'

const sideMax = 20
const conflictsMax = 100
const side = z.array(z.string().max(60)).min(1).max(sideMax)

const conflictOutput = z.object({
  slug: z.string(),
  one: z.array(z.string()),
  other: z.array(z.string()),
  stops: z.boolean().meta({ description: 'Whether it stops a grant, or is only shown.' }),
})

function requireWords(words: readonly string[], pointer: string, grantable: GrantableActions): void {
  const known = new Set<string>([...roles, ...grantable.keys()])
  const at = words.findIndex((word) => !known.has(word))
  if (at !== -1) throw fail('invalid', 'This is neither a role nor an action that can be granted.', { pointer: `${pointer}/${at}` })
}

function requireSides(one: readonly string[], other: readonly string[], grantable: GrantableActions): void {
  requireWords(one, '/one', grantable)
  requireWords(other, '/other', grantable)
  if (one.some((word) => other.includes(word))) throw fail('invalid', 'Both sides name the same duty.', { pointer: '/other' })
}

/** Of two that are declared at once, the second sees the first. */
async function requireRoom(tx: Tx, slug: string): Promise<void> {
  await holdAdmissions(tx)
  const rows = await tx.selectFrom('duty_conflict').select(['slug', 'ended_at']).execute()
  if (rows.some((row) => row.slug === slug)) throw fail('conflict', 'A conflict has, or had, this slug.', { pointer: '/slug' })
  if (rows.filter((row) => row.ended_at === null).length >= conflictsMax)
    throw fail('too_large', `At most ${conflictsMax} conflicts are declared at a time.`)
}

/** Declares that nobody shall hold both. */
export const declareConflict = action({
  name: 'conflict:declare',
  summary: 'Declare duties that nobody shall hold together: roles or actions on either side. Later grants are held to it.',
  effect: 'change',
  roles: ['admin'],
  resource: organizationType,
  input: z.strictObject({ slug: slugText, one: side, other: side, reason: reasonText }),
  output: conflictOutput,
  locate: locateOrganization,
  async perform({ input, tx, ports, principal }) {
    const { slug, one, other } = input
    requireSides(one, other, ports.grantable)
    await requireRoom(tx, slug)
    const created_at = new Date(ports.clock.now())
    const row = { org_id: principal.org, slug, one_side: [...one], other_side: [...other], created_at, ended_at: null }
    await tx.insertInto('duty_conflict').values(row).execute()
    return {
      result: { slug, one: [...one], other: [...other], stops: true },
      facts: { slug, one: [...one], other: [...other] },
      texts: { reason: input.reason },
    }
  },
})

const grantId = idOf('grt')

/** Says who holds both already. */
export const previewConflict = action({
  name: 'conflict:preview',
  summary:
    'Say who holds both of two sides of duties now, without declaring anything: by which grants, through groups and workloads of theirs as well.',
  effect: 'read',
  roles: ['admin', 'auditor'],
  resource: organizationType,
  input: z.strictObject({ one: side, other: side }),
  output: z.object({
    items: z.array(
      z.object({
        holder: z.string(),
        name: z.string().nullable(),
        one: grantId.meta({ description: 'A grant of the one side that meets the other.' }),
        other: grantId,
      }),
    ),
    cut: z.boolean().meta({
      description: 'Whether there may be more than is named: 200 are, and 20,000 who hold something of both sides are looked at.',
    }),
  }),
  locate: locateOrganization,
  async perform({ input, tx, ports, principal: { org } }) {
    requireSides(input.one, input.other, ports.grantable)
    const { held, cut } = await heldTogether({ tx, ports, org }, input)
    const names = await called(
      tx,
      held.map(({ holder }) => holder),
    )
    return {
      result: {
        items: held.map(({ holder, one, other }) => ({
          holder,
          name: names.get(holder) ?? null,
          one: grantId.parse(one),
          other: grantId.parse(other),
        })),
        cut,
      },
    }
  },
})

/** Lists the conflicts that hold. */
export const listConflicts = action({
  name: 'conflict:list',
  summary: 'List the duties that are kept apart: those that ship with the product, and those that were declared here.',
  effect: 'read',
  roles: ['admin', 'auditor'],
  resource: organizationType,
  input: z.strictObject({}),
  output: z.object({ items: z.array(conflictOutput) }),
  locate: locateOrganization,
  async perform({ tx }) {
    const all = [...(await conflictsDeclared(tx)), ...shippedConflicts]
    return { result: { items: all.map(({ name, one, other, stops }) => ({ slug: name, one: [...one], other: [...other], stops })) } }
  },
})

/** Ends a declared conflict. */
export const endConflict = action({
  name: 'conflict:end',
  summary: 'End a conflict that was declared: later grants are no longer held to it.',
  effect: 'change',
  roles: ['admin'],
  resource: organizationType,
  input: z.strictObject({ slug: slugText, reason: reasonText }),
  output: z.object({ slug: z.string(), endedAt: z.string().nullable() }),
  locate: async ({ input, tx, principal }) => {
    const row = await tx.selectFrom('duty_conflict').selectAll().where('slug', '=', input.slug).executeTakeFirst()
    if (row === undefined) throw fail('not_found', 'There is no declared conflict with this slug.')
    return { resource: organizationEntity(principal.org), found: row }
  },
  async perform({ input, found, tx, ports }) {
    if (found.ended_at !== null) throw fail('conflict', 'It was ended before.')
    const ended_at = new Date(ports.clock.now())
    const moved = await tx
      .updateTable('duty_conflict')
      .set({ ended_at })
      .where('slug', '=', found.slug)
      .where('ended_at', 'is', null)
      .executeTakeFirst()
    if (moved.numUpdatedRows === 0n) throw fail('conflict', 'Somebody else ended it.')
    return { result: { slug: found.slug, endedAt: toMoment(ended_at) }, facts: { slug: found.slug }, texts: { reason: input.reason } }
  },
})
