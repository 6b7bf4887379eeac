// Actions on positions: the names that an organization has for what somebody does there, each standing for roles on scopes. A position gives nothing by itself;
// mappings give it, and follow it when it changes, in the same transaction.
import { z } from 'zod'
import {
  action,
  fail,
  idOf,
  locateOrganization,
  organizationEntity,
  organizationType,
  reasonText,
  slugText,
  type Tx,
  titleText,
  toMoment,
} from '../../kernel/index.ts'
import { holdAdmissions } from '../admission.ts'
import { findPosition, mappingsGiving, mappingsMax, type Position } from '../mappings/mapping.ts'
import { settle } from '../mappings/settle.ts'
import { readTerms, requireMayMap, shownTerm, termOutput, termsInput } from '../mappings/terms.ts'
import { granteesOf, keepPosition } from '../mappings/write.ts'
import { counted, relatedGrants, settledOutput } from './mapping.ts'

const positionOutput = z.object({
  position: slugText,
  title: z.string(),
  gives: z.array(termOutput),
  state: z.enum(['active', 'retired']),
  version: z.number(),
  createdBy: z.string(),
  createdAt: z.string().nullable(),
  retiredAt: z.string().nullable(),
})

function shown(row: Position): z.input<typeof positionOutput> {
  return {
    position: row.slug,
    title: row.title,
    gives: row.terms.map(shownTerm),
    state: row.state,
    version: row.version,
    createdBy: row.created_by,
    createdAt: toMoment(row.created_at),
    retiredAt: toMoment(row.retired_at),
  }
}

/** Of two that are made at once, the second sees the first. */
async function requireRoom(tx: Tx, slug: string): Promise<void> {
  await holdAdmissions(tx)
  const rows = await tx.selectFrom('position').select('slug').execute()
  if (rows.some((row) => row.slug === slug)) throw fail('conflict', 'A position has, or had, this name.', { pointer: '/slug' })
  if (rows.length >= mappingsMax) throw fail('too_large', `At most ${mappingsMax} positions are kept.`)
}

const factsOf = ({ slug, terms, state, version }: Position) => ({
  position: slug,
  gives: terms.map((term) => ({ ...shownTerm(term), environments: [...term.environments] })),
  state,
  version,
})

/** Makes a position. */
export const createPosition = action({
  name: 'position:create',
  summary: 'Name a set of roles on scopes after what somebody does here. It gives nothing until a mapping gives it.',
  effect: 'change',
  roles: ['admin'],
  resource: organizationType,
  input: z.strictObject({ slug: slugText, title: titleText, gives: termsInput, reason: reasonText }),
  output: positionOutput,
  locate: locateOrganization,
  async perform({ input, tx, ports, principal }) {
    await requireRoom(tx, input.slug)
    const row: Position = {
      org_id: principal.org,
      slug: input.slug,
      title: input.title,
      terms: await readTerms({ tx, ports, org: principal.org }, input.gives),
      state: 'active',
      version: 1,
      created_by: principal.id,
      created_at: new Date(ports.clock.now()),
      retired_at: null,
    }
    await requireMayMap({ tx, ports, giver: principal }, row.terms, null)
    await tx
      .insertInto('position')
      .values({ ...row, terms: JSON.stringify(row.terms) })
      .execute()
    return { result: shown(row), facts: factsOf(row), texts: { reason: input.reason, title: row.title } }
  },
})

/** Lists positions. */
export const listPositions = action({
  name: 'position:list',
  summary: 'List the positions of the organization, and what each stands for.',
  effect: 'read',
  roles: ['admin', 'auditor'],
  resource: organizationType,
  input: z.strictObject({}),
  output: z.object({ items: z.array(positionOutput) }),
  locate: locateOrganization,
  async perform({ tx }) {
    const rows = await tx.selectFrom('position').selectAll().orderBy('slug').limit(mappingsMax).execute()
    return { result: { items: rows.map(shown) } }
  },
})

/** Shows a position. */
export const showPosition = action({
  name: 'position:show',
  summary: 'Show a position, and the mappings that give it.',
  effect: 'read',
  roles: ['admin', 'auditor'],
  resource: organizationType,
  input: z.strictObject({ position: slugText }),
  output: positionOutput.extend({ mappings: z.array(idOf('map')) }),
  locate: async ({ input, tx, principal }) => ({
    resource: organizationEntity(principal.org),
    found: await findPosition(tx, input.position),
  }),
  async perform({ found, tx }) {
    return { result: { ...shown(found), mappings: (await mappingsGiving(tx, found.slug)).map(({ id }) => id) } }
  },
})

/** Changes a position for everybody who holds it. */
export const changePosition = action({
  name: 'position:change',
  summary: 'Change what a position stands for, for everybody who holds it by a mapping. What it gives no more ends before this returns.',
  effect: 'change',
  roles: ['admin'],
  resource: organizationType,
  context: { grantees: 'Set<String>' },
  input: z.strictObject({
    position: slugText,
    title: titleText.optional(),
    gives: termsInput.optional(),
    despite: z
      .array(z.string().max(60))
      .max(20)
      .default([])
      .meta({ description: 'Declared conflicts of duties that this is given in spite of.' }),
    reason: reasonText,
  }),
  output: positionOutput.extend(settledOutput),
  locate: async ({ input, tx, principal }) => {
    const found = await findPosition(tx, input.position)
    const grantees = new Set<string>()
    if (input.gives !== undefined)
      for (const mapping of await mappingsGiving(tx, found.slug)) for (const id of await granteesOf(tx, mapping)) grantees.add(id)
    return { resource: organizationEntity(principal.org), context: { grantees: [...grantees] }, found }
  },
  async perform({ input, found, tx, ports, principal }) {
    if (found.state !== 'active') throw fail('conflict', 'This position is retired.')
    await holdAdmissions(tx)
    const terms = input.gives === undefined ? found.terms : await readTerms({ tx, ports, org: principal.org }, input.gives)
    const row: Position = { ...found, title: input.title ?? found.title, terms, version: found.version + 1 }
    const mappings = await mappingsGiving(tx, row.slug)
    await requireMayMap({ tx, ports, giver: principal }, terms, null)
    await keepPosition(tx, found, row)
    const conflicts = { kind: 'refuse', despite: input.despite } as const
    const settlement = await settle({ tx, ports, org: principal.org, conflicts }, mappings)
    return {
      result: { ...shown(row), ...counted(settlement) },
      facts: { ...factsOf(row), ...counted(settlement) },
      related: [...mappings.map(({ id }) => ({ rel: 'mapping', type: 'Mapping', id })), ...relatedGrants(settlement)],
      texts: { reason: input.reason, title: row.title },
      takesAway: true,
    }
  },
})

/** Ends a position that no mapping gives. */
export const retirePosition = action({
  name: 'position:retire',
  summary: 'End a position that no mapping gives any more.',
  effect: 'change',
  roles: ['admin'],
  resource: organizationType,
  input: z.strictObject({ position: slugText, reason: reasonText }),
  output: positionOutput,
  locate: async ({ input, tx, principal }) => ({
    resource: organizationEntity(principal.org),
    found: await findPosition(tx, input.position),
  }),
  async perform({ input, found, tx, ports }) {
    if (found.state !== 'active') throw fail('conflict', 'This position was retired before.')
    await holdAdmissions(tx)
    const mappings = await mappingsGiving(tx, found.slug)
    if (mappings.length > 0)
      throw fail('conflict', 'Mappings give this position.', {
        next: `Retire or change them first: ${mappings.map(({ slug }) => slug).join(', ')}.`,
      })
    const row: Position = { ...found, state: 'retired', version: found.version + 1, retired_at: new Date(ports.clock.now()) }
    await keepPosition(tx, found, row)
    return { result: shown(row), facts: factsOf(row), texts: { reason: input.reason } }
  },
})
