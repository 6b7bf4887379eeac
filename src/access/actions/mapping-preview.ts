// What a mapping would come to before it is one: it is written and settled as it would be, read, and undone. So what is foretold is what would happen.
import { z } from 'zod'
import {
  action,
  fail,
  idOf,
  moment,
  organizationEntity,
  organizationType,
  type Ports,
  type Principal,
  slugText,
  type Tx,
} from '../../kernel/index.ts'
import { lacking } from '../bounds.ts'
import { called } from '../called.ts'
import { conditionsInput, findMapping, type Mapping, sayingInput, termsOf } from '../mappings/mapping.ts'
import { behind, type Settled, type Settlement, settle } from '../mappings/settle.ts'
import { actionsOf, givenBy, shownTerm, termOutput, termsInput } from '../mappings/terms.ts'
import { keepChanged, keepNew, mappingOf, onTrial } from '../mappings/write.ts'
import type { Term } from '../tables.ts'

const shownMax = 200
const conflictsMax = 100

const told = z.object({ principal: z.string(), name: z.string().nullable(), term: termOutput })
const previewInput = z.strictObject({
  mapping: idOf('map').optional().meta({ description: 'The mapping that would change; a new one, where it is left out.' }),
  retire: z.boolean().default(false).meta({ description: 'Whether it would end.' }),
  group: idOf('grp').optional(),
  when: conditionsInput.optional(),
  directory: sayingInput.optional(),
  position: slugText.optional(),
  gives: termsInput.optional(),
  expiresAt: moment.optional(),
})

interface Asking {
  readonly tx: Tx
  readonly ports: Ports
  readonly principal: Principal
  readonly input: z.output<typeof previewInput>
}

async function wished(it: Asking, before: Mapping | undefined): Promise<Mapping> {
  const { mapping: _, retire, ...wish } = it.input
  if (!retire) return mappingOf(it, wish, before)
  if (before === undefined) throw fail('invalid', 'Only a mapping that is there can end.', { pointer: '/retire' })
  return { ...before, state: 'retired', version: before.version + 1, retired_at: new Date(it.ports.clock.now()) }
}

async function missingOf({ tx, ports, principal }: Asking, row: Mapping, terms: readonly Term[]): Promise<string[]> {
  const missing = new Set<string>()
  if (row.state !== 'active') return []
  for (const term of terms) {
    const given = givenBy(term, (await actionsOf(tx, term)) ?? [], row.expires_at)
    for (const name of await lacking({ tx, ports, giver: principal, given })) missing.add(name)
  }
  return [...missing]
}

interface Tried {
  readonly settlement: Settlement
  readonly missing: string[]
  readonly gains: readonly Settled[]
  readonly loses: readonly Settled[]
}

/** Opens groups: whoever is in one gains and loses what it does. */
async function opened(tx: Tx, settled: readonly Settled[]): Promise<Settled[]> {
  const all: Settled[] = []
  const members = new Map<string, readonly string[]>()
  for (const one of settled) {
    const these = members.get(one.principal) ?? (await behind(tx, [one.principal]))
    members.set(one.principal, these)
    all.push(...these.map((principal) => ({ ...one, principal })))
  }
  return all
}

async function tried(it: Asking, before: Mapping | undefined): Promise<Tried> {
  const { tx, ports, principal } = it
  const row = await wished(it, before)
  const missing = await missingOf(it, row, await termsOf(tx, row))
  return onTrial(tx, async () => {
    await (before === undefined ? keepNew(tx, row) : keepChanged(tx, before, row))
    // Every conflict is shown, so none refuses here; making the mapping would.
    const settlement = await settle({ tx, ports, org: principal.org, conflicts: { kind: 'show' } }, [row])
    return { settlement, missing, gains: await opened(tx, settlement.made), loses: await opened(tx, settlement.ended) }
  })
}

/** Says what a mapping, a change of one, or its end would come to. */
export const previewMapping = action({
  name: 'mapping:preview',
  summary: 'Say who would gain and who would lose what by a mapping, a change of one or its end, without making it.',
  effect: 'read',
  roles: ['admin'],
  resource: organizationType,
  bodyBytesMax: 65_536,
  input: previewInput,
  output: z.object({
    gains: z.array(told),
    loses: z.array(told.extend({ grant: z.string() })),
    counts: z.object({ gain: z.number(), lose: z.number() }),
    missing: z.array(z.string()).meta({ description: 'Actions that are not the caller’s to give.' }),
    conflicts: z
      .array(z.object({ name: z.string(), stops: z.boolean(), holder: z.string(), grant: z.string() }))
      .meta({ description: 'Duties that are kept apart and that somebody would hold together; what stops would refuse the mapping.' }),
    runs: z.number().meta({ description: 'How many live runs would end.' }),
    truncated: z.boolean(),
  }),
  locate: async ({ input, tx, principal }) => ({
    resource: organizationEntity(principal.org),
    found: input.mapping === undefined ? undefined : await findMapping(tx, input.mapping),
  }),
  async perform(it) {
    const { tx, found } = it
    if (found?.state === 'retired') throw fail('conflict', 'This mapping is retired.')
    const { settlement, missing, gains, loses } = await tried(it, found)
    const [gaining, losing] = [gains.slice(0, shownMax), loses.slice(0, shownMax)]
    const names = await called(
      tx,
      [...gaining, ...losing].map(({ principal }) => principal),
    )
    const tell = ({ principal, term }: Settled) => ({ principal, name: names.get(principal) ?? null, term: shownTerm(term) })
    return {
      result: {
        gains: gaining.map(tell),
        loses: losing.map((one) => ({ ...tell(one), grant: one.grant })),
        counts: { gain: gains.length, lose: loses.length },
        missing,
        conflicts: settlement.conflicts.slice(0, conflictsMax).map((one) => ({ ...one })),
        runs: settlement.runs,
        truncated: gains.length > shownMax || loses.length > shownMax || settlement.conflicts.length > conflictsMax,
      },
    }
  },
})
