// Actions on mappings: standing grants to whoever is in a group, or is said to be something by a directory. Nobody maps what is not his to give, or to himself.
// Names and values come from administrators and directories; what comes of a change is settled in its own transaction.
import { z } from 'zod'
import {
  action,
  fail,
  idOf,
  type Locating,
  locateOrganization,
  moment,
  organizationEntity,
  organizationType,
  type Ports,
  type Principal,
  pageInput,
  pageOf,
  reasonText,
  slugText,
  type Tx,
  titleText,
  toMoment,
  toPage,
} from '../../kernel/index.ts'
import { holdAdmissions } from '../admission.ts'
import { called } from '../called.ts'
import { conditionsInput, findMapping, type Mapping, mappingOutput, sayingInput, shownMapping, termsOf } from '../mappings/mapping.ts'
import { givenSoFar, heldBy, type Settlement, settle } from '../mappings/settle.ts'
import { keyOf, requireMayMap, shownTerm, termOutput, termsInput } from '../mappings/terms.ts'
import { granteesOf, keepChanged, keepNew, mappingOf } from '../mappings/write.ts'

const wish = {
  group: idOf('grp').optional().meta({ description: 'Whoever is in this group, yours or a directory’s.' }),
  when: conditionsInput
    .optional()
    .meta({ description: 'Whoever a directory says all of this of: attribute, and values of which one is said.' }),
  directory: sayingInput
    .optional()
    .meta({ description: 'The directory or sign-in connection that must say so; any, where it is left out.' }),
  position: slugText.optional().meta({ description: 'A position of yours: what it stands for is given.' }),
  gives: termsInput.optional().meta({ description: 'Roles on scopes, in environments.' }),
  expiresAt: moment.optional(),
}
const despite = z
  .array(z.string().max(60))
  .max(20)
  .default([])
  .meta({ description: 'Declared conflicts of duties that this is given in spite of.' })

const organization = ({ principal }: Pick<Locating<unknown>, 'principal'>) => organizationEntity(principal.org)

/** What changing a mapping answers beside it. */
export const settledOutput = {
  made: z.number().meta({ description: 'How many grants were made.' }),
  ended: z.number().meta({ description: 'How many grants ended.' }),
  runs: z.number().meta({ description: 'How many live runs ended, because nothing that their launchers hold keeps them going.' }),
}

/** What came of settling, in numbers. */
export function counted({ made, ended, runs }: Settlement) {
  return { made: made.length, ended: ended.length, runs }
}

/** Grants that an act made or ended, for its entry: the first of them. */
export function relatedGrants({ made, ended }: Settlement) {
  return [...made, ...ended].slice(0, 50).map(({ grant }) => ({ rel: 'grant', type: 'Grant', id: grant }))
}

function textsOf({ conditions, title }: Mapping, reason: string): Record<string, string> {
  return { reason, title, ...(conditions === null ? {} : { when: JSON.stringify(conditions) }) }
}

async function factsOf(tx: Tx, row: Mapping, settled: Settlement) {
  const { group_id: group, directory_id: directory, position, state, version } = row
  const attributes = row.conditions?.map(({ attribute }) => attribute) ?? []
  const gives = (await termsOf(tx, row)).map((term) => ({ ...shownTerm(term), environments: [...term.environments] }))
  return {
    mapping: row.slug,
    group,
    attributes,
    directory,
    position,
    gives,
    expiresAt: toMoment(row.expires_at),
    state,
    version,
    ...counted(settled),
  }
}

interface Acting {
  readonly tx: Tx
  readonly ports: Ports
  readonly principal: Principal
}

/** Settles a mapping that was written, and says what is to be answered and recorded. Whoever reads people or mappings meanwhile decides again. */
async function settled(
  { tx, ports, principal }: Acting,
  row: Mapping,
  input: { readonly despite: readonly string[]; readonly reason: string },
) {
  const settlement = await settle({ tx, ports, org: principal.org, conflicts: { kind: 'refuse', despite: input.despite } }, [row])
  return {
    result: { ...(await shownMapping(tx, row)), ...counted(settlement) },
    facts: await factsOf(tx, row, settlement),
    related: [{ rel: 'mapping', type: 'Mapping', id: row.id }, ...relatedGrants(settlement)],
    texts: textsOf(row, input.reason),
    takesAway: true,
  }
}

/** Makes a mapping. */
export const createMapping = action({
  name: 'mapping:create',
  summary: 'Give roles to whoever is in a group, or is said to be something by a directory, for as long as that is so.',
  effect: 'change',
  roles: ['admin'],
  resource: organizationType,
  context: { grantees: 'Set<String>' },
  input: z.strictObject({ slug: slugText, title: titleText, ...wish, despite, reason: reasonText }),
  output: mappingOutput.extend(settledOutput),
  locate: async (it) => ({
    resource: organization(it),
    context: { grantees: await granteesOf(it.tx, await mappingOf(it, it.input)) },
    found: undefined,
  }),
  async perform(it) {
    const { input, tx, ports, principal } = it
    await holdAdmissions(tx)
    const row = await mappingOf(it, input)
    await requireMayMap({ tx, ports, giver: principal }, await termsOf(tx, row), row.expires_at)
    await keepNew(tx, row)
    return settled(it, row, input)
  },
})

/** Lists mappings. */
export const listMappings = action({
  name: 'mapping:list',
  summary: 'List mappings: who is given what for being in a group, or for what a directory says of him.',
  effect: 'read',
  roles: ['admin', 'auditor'],
  resource: organizationType,
  input: z.strictObject(pageInput),
  output: pageOf(mappingOutput),
  locate: locateOrganization,
  async perform({ input, tx }) {
    let query = tx
      .selectFrom('mapping')
      .selectAll()
      .orderBy('id')
      .limit(input.limit + 1)
    if (input.after !== undefined) query = query.where('id', '>', input.after)
    const page = toPage(await query.execute(), input.limit)
    return { result: { ...page, items: await Promise.all(page.items.map((row) => shownMapping(tx, row))) } }
  },
})

const shownMax = 200

/** Who is spoken of and was not given a term: because duties would come together, or because it was taken away by hand. */
async function withheldOf(tx: Tx, ports: Ports, row: Mapping) {
  const present = await givenSoFar(tx, row.id)
  const live = new Set(present.filter(({ isLive }) => isLive).map(({ principal, key }) => `${principal} ${key}`))
  const terms = row.state === 'active' ? await termsOf(tx, row) : []
  const holders = row.state === 'active' ? await heldBy(tx, row) : []
  const lacking = holders.flatMap((principal) =>
    terms.filter((term) => !live.has(`${principal} ${keyOf(term, row.expires_at, ports)}`)).map((term) => ({ principal, term })),
  )
  return { live: present.filter(({ isLive }) => isLive), lacking }
}

/** Shows a mapping. */
export const showMapping = action({
  name: 'mapping:show',
  summary: 'Show a mapping: who holds what by it, and who was not given it.',
  effect: 'read',
  roles: ['admin', 'auditor'],
  resource: organizationType,
  input: z.strictObject({ mapping: idOf('map') }),
  output: mappingOutput.extend({
    grants: z.number(),
    holders: z.array(z.object({ principal: z.string(), name: z.string().nullable(), grants: z.array(z.string()) })),
    withheld: z
      .array(z.object({ principal: z.string(), name: z.string().nullable(), term: termOutput }))
      .meta({ description: 'Not given, because duties would come together; or taken away by hand.' }),
  }),
  locate: async (it) => ({ resource: organization(it), found: await findMapping(it.tx, it.input.mapping) }),
  async perform({ found, tx, ports }) {
    const { live, lacking } = await withheldOf(tx, ports, found)
    const byHolder = Map.groupBy(live, ({ principal }) => principal)
    const holders = [...byHolder].slice(0, shownMax)
    const withheld = lacking.slice(0, shownMax)
    const names = await called(tx, [...holders.map(([id]) => id), ...withheld.map(({ principal }) => principal)])
    return {
      result: {
        ...(await shownMapping(tx, found)),
        grants: live.length,
        holders: holders.map(([principal, held]) => ({
          principal,
          name: names.get(principal) ?? null,
          grants: held.map(({ grant }) => grant),
        })),
        withheld: withheld.map(({ principal, term }) => ({ principal, name: names.get(principal) ?? null, term: shownTerm(term) })),
      },
    }
  },
})

function requireActive({ state }: Mapping): void {
  if (state !== 'active') throw fail('conflict', 'This mapping is retired.')
}

/** Changes a mapping. */
export const changeMapping = action({
  name: 'mapping:change',
  summary: 'Change whom a mapping speaks of, or what it gives. What it gives no more ends before this returns.',
  effect: 'change',
  roles: ['admin'],
  resource: organizationType,
  context: { grantees: 'Set<String>' },
  input: z.strictObject({ mapping: idOf('map'), title: titleText.optional(), ...wish, despite, reason: reasonText }),
  output: mappingOutput.extend(settledOutput),
  locate: async (it) => {
    const found = await findMapping(it.tx, it.input.mapping)
    return { resource: organization(it), context: { grantees: await granteesOf(it.tx, await mappingOf(it, it.input, found)) }, found }
  },
  async perform(it) {
    const { input, found, tx, ports, principal } = it
    requireActive(found)
    await holdAdmissions(tx)
    const row = await mappingOf(it, input, found)
    await requireMayMap({ tx, ports, giver: principal }, await termsOf(tx, row), row.expires_at)
    await keepChanged(tx, found, row)
    return settled(it, row, input)
  },
})

/** Ends a mapping and what it gave. */
export const retireMapping = action({
  name: 'mapping:retire',
  summary: 'End a mapping and every grant that came by it. When this returns, nothing is admitted under them any more.',
  effect: 'change',
  roles: ['admin'],
  resource: organizationType,
  input: z.strictObject({ mapping: idOf('map'), reason: reasonText }),
  output: mappingOutput.extend(settledOutput),
  locate: async (it) => ({ resource: organization(it), found: await findMapping(it.tx, it.input.mapping) }),
  async perform(it) {
    const { input, found, tx, ports } = it
    requireActive(found)
    await holdAdmissions(tx)
    const row: Mapping = { ...found, state: 'retired', version: found.version + 1, retired_at: new Date(ports.clock.now()) }
    await keepChanged(tx, found, row)
    return settled(it, row, { despite: [], reason: input.reason })
  },
})
