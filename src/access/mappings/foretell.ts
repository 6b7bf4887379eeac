// What writing a mapping or a position would come to, before it is done: it is written and settled as it would be, read, and undone. So what is foretold is what
// would happen.
import { z } from 'zod'
import type { Tx } from '../../kernel/index.ts'
import { lacking } from '../bounds.ts'
import { called } from '../called.ts'
import type { Term } from '../tables.ts'
import type { Mapping } from './mapping.ts'
import { behind, type Settled, type Settlement, settle } from './settle.ts'
import { actionsOf, givenBy, shownTerm, termOutput } from './terms.ts'
import { onTrial, type Writing } from './write.ts'

const shownMax = 200
const conflictsMax = 100

const told = z.object({ principal: z.string(), name: z.string().nullable(), term: termOutput })

/** What a change would come to, as it is answered. */
export const foretoldOutput = z.object({
  gains: z.array(told),
  loses: z.array(told.extend({ grant: z.string() })),
  counts: z.object({ gain: z.number(), lose: z.number() }),
  missing: z.array(z.string()).meta({ description: 'Actions that are not the caller’s to give.' }),
  conflicts: z
    .array(z.object({ name: z.string(), stops: z.boolean(), holder: z.string(), holderName: z.string().nullable(), grant: z.string() }))
    .meta({ description: 'Duties that are kept apart and that somebody would hold together; what stops would refuse the change.' }),
  runs: z.number().meta({ description: 'How many live runs would end.' }),
  truncated: z.boolean(),
})

/** What would be written. */
export interface Writes {
  /** What would be given, and until when: it must be the writer’s to give. */
  readonly terms: readonly Term[]
  readonly expiresAt: Date | null
  /** Writes it, and says which mappings are settled after it. */
  write(): Promise<readonly Mapping[]>
}

async function missingOf({ tx, ports, principal }: Writing, { terms, expiresAt }: Writes): Promise<string[]> {
  const missing = new Set<string>()
  for (const term of terms) {
    const given = givenBy(term, (await actionsOf(tx, term)) ?? [], expiresAt)
    for (const name of await lacking({ tx, ports, giver: principal, given })) missing.add(name)
  }
  return [...missing]
}

interface Tried {
  readonly settlement: Settlement
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

function tried({ tx, ports, principal }: Writing, { write }: Writes): Promise<Tried> {
  return onTrial(tx, async () => {
    // Every conflict is shown, so none refuses here; the change itself would be refused.
    const settlement = await settle({ tx, ports, org: principal.org, conflicts: { kind: 'show' } }, await write())
    return { settlement, gains: await opened(tx, settlement.made), loses: await opened(tx, settlement.ended) }
  })
}

/** Says who would gain and who would lose what, which live runs would end, and what stands against it; nothing of it stays. */
export async function foretell(it: Writing, writes: Writes): Promise<z.input<typeof foretoldOutput>> {
  const missing = await missingOf(it, writes)
  const { settlement, gains, loses } = await tried(it, writes)
  const [gaining, losing] = [gains.slice(0, shownMax), loses.slice(0, shownMax)]
  const conflicts = settlement.conflicts.slice(0, conflictsMax)
  const names = await called(it.tx, [
    ...[...gaining, ...losing].map(({ principal }) => principal),
    ...conflicts.map(({ holder }) => holder),
  ])
  const tell = ({ principal, term }: Settled) => ({ principal, name: names.get(principal) ?? null, term: shownTerm(term) })
  return {
    gains: gaining.map(tell),
    loses: losing.map((one) => ({ ...tell(one), grant: one.grant })),
    counts: { gain: gains.length, lose: loses.length },
    missing,
    conflicts: conflicts.map((one) => ({ ...one, holderName: names.get(one.holder) ?? null })),
    runs: settlement.runs,
    truncated: gains.length > shownMax || loses.length > shownMax || settlement.conflicts.length > conflictsMax,
  }
}
