// One checklist of somebody's leaving: before it, what would end and what is to be handed over; after it, what became of each, and a read-back that asks the rows
// themselves again. It is done when that finds nothing that still counts; what stands still until somebody takes it over is said beside it.
import { sql } from 'kysely'
import { z } from 'zod'
import { type Becomes, findPerson, type Held, type Holder, waysIn } from '../../identity/index.ts'
import { action, idOf, type Ports, type Tx, toMoment } from '../../kernel/index.ts'
import { standingThings, standsStill, type ThingKind, thingKinds } from '../ownership/things.ts'
import { ownershipOf, ownershipType } from './ownership.ts'

const outcomes = [
  'would_end',
  'would_stop',
  'would_be_taken_back',
  'to_hand_over',
  'ended',
  'stopped',
  'taken_back',
  'handed_over',
  'nothing_found',
  'still_there',
] as const
type Outcome = (typeof outcomes)[number]

const wouldBecome: Readonly<Record<Becomes, Outcome>> = { ended: 'would_end', stopped: 'would_stop', taken_back: 'would_be_taken_back' }

const line = z.object({
  what: z.string(),
  title: z.string(),
  outcome: z.enum(outcomes),
  count: z.number().meta({ description: 'Before: how many there are. After: how many were dealt with.' }),
  remaining: z.number().meta({ description: 'How many the read-back finds now.' }),
})

const ownershipLine = z.object({
  kind: z.enum(thingKinds),
  outcome: z.enum(outcomes),
  count: z.number().meta({ description: 'How many are still in this name.' }),
  offered: z.number().meta({ description: 'How many of those were offered to somebody.' }),
  handedOver: z.number(),
  stops: z.string(),
})

const leavingOutput = z.object({
  person: z.object({ id: idOf('per'), slug: z.string(), name: z.string(), state: z.enum(['active', 'left']) }),
  phase: z.enum(['here', 'left']),
  leftAt: z.string().nullable(),
  because: z.string().nullable(),
  lines: z.array(line),
  ownership: z.array(ownershipLine),
  readBack: z.object({
    at: z.string(),
    found: z.number().meta({ description: 'How much of it still counts.' }),
    isDone: z.boolean().meta({ description: 'Whether the person has left and the read-back found nothing.' }),
    toHandOver: z.number().meta({ description: 'How many things stand in this name until somebody takes them over.' }),
  }),
})

/** What is not called as it is counted. */
const titles: Readonly<Record<string, string>> = {
  links: 'One-time links',
  admin_links: 'Set-up links',
  memberships: 'Memberships of groups',
  mapped: 'Grants by mappings',
  invitations: 'Invitations as a guest',
  guests: 'Guests answered for',
  engagements: 'Engagements answered for',
  requests: 'Requests for access',
  request_approvals: 'Approvals of requests',
  reviews: 'Reviews begun',
  runs: 'Live runs',
  waiting_runs: 'Runs not begun of what is answered for',
  workloads: 'Pipelines, agents and services',
  offers: 'Offers to take something over',
  owned_things: 'Things answered for',
  archives: 'Archives of the organization',
}

const titleOf = (what: string): string => titles[what] ?? `${what.charAt(0).toUpperCase()}${what.slice(1).replaceAll('_', ' ')}`

/** How many of it were dealt with when he left; nothing where he is here. */
type Dealt = Readonly<Record<string, number>> | undefined

function outcomeOf({ what, becomes }: Holder, remaining: number, dealt: Dealt): Outcome {
  if (dealt === undefined) return remaining > 0 ? wouldBecome[becomes] : 'nothing_found'
  if (remaining > 0) return 'still_there'
  return (dealt[what] ?? 0) > 0 ? becomes : 'nothing_found'
}

async function linesOf(tx: Tx, ports: Ports, held: Held, dealt: Dealt): Promise<z.input<typeof line>[]> {
  const lines: z.input<typeof line>[] = []
  for (const holder of [...waysIn, ...ports.holders]) {
    const remaining = await holder.remaining(tx, held)
    const count = dealt === undefined ? remaining : (dealt[holder.what] ?? 0)
    lines.push({ what: holder.what, title: titleOf(holder.what), outcome: outcomeOf(holder, remaining, dealt), count, remaining })
  }
  return lines
}

interface Owning {
  readonly kind: ThingKind
  readonly count: number
  readonly offered: number
  readonly handed: number
}

async function ownedBy(tx: Tx, person: string): Promise<ReadonlyMap<ThingKind, Owning>> {
  const { rows } = await sql<Owning>`
    select kind, sum(count)::int as count, sum(offered)::int as offered, sum(handed)::int as handed from (
      select t.kind, count(*) as count, count(f.thing_id) as offered, 0 as handed from ${standingThings} t
        left join ownership_offer f on f.thing_id = t.id and f.state = 'open' where t.owner_id = ${person} group by t.kind
      union all select kind, 0, 0, count(*) from former_owner where person_id = ${person} group by kind
    ) as each group by kind`.execute(tx)
  return new Map(rows.map((row) => [row.kind, row]))
}

function ownershipOutcome({ count, handed }: Pick<Owning, 'count' | 'handed'>, hasLeft: boolean): Outcome {
  if (count > 0) return hasLeft ? 'stopped' : 'to_hand_over'
  return handed > 0 ? 'handed_over' : 'nothing_found'
}

/** Shows what somebody's leaving would end, or has ended, and reads back what still counts. */
export const showLeaving = action({
  name: 'person:leaving',
  summary:
    'Show the checklist of a person’s leaving: what would end and be handed over, or what became of it, with a read-back of what still counts.',
  effect: 'read',
  roles: ['admin', 'auditor'],
  by: ['person'],
  resource: ownershipType,
  input: z.strictObject({ person: idOf('per') }),
  output: leavingOutput,
  locate: async ({ input, tx, principal }) => {
    const person = await findPerson(tx, input.person)
    return { ...ownershipOf(principal, person.id, person.id), found: person }
  },
  async perform({ found: { id, slug, name, state }, tx, ports, principal }) {
    const at = new Date(ports.clock.now())
    const hasLeft = state === 'left'
    const leaving = hasLeft ? await tx.selectFrom('person_leaving').selectAll().where('person_id', '=', id).executeTakeFirst() : undefined
    const lines = await linesOf(tx, ports, { org: principal.org, person: id, at }, hasLeft ? (leaving?.ended ?? {}) : undefined)
    const owned = await ownedBy(tx, id)
    const ownership = thingKinds.map((kind) => {
      const { count = 0, offered = 0, handed = 0 } = owned.get(kind) ?? {}
      return { kind, outcome: ownershipOutcome({ count, handed }, hasLeft), count, offered, handedOver: handed, stops: standsStill[kind] }
    })
    const found = lines.reduce((sum, { remaining }) => sum + remaining, 0)
    return {
      result: {
        person: { id, slug, name, state },
        phase: hasLeft ? ('left' as const) : ('here' as const),
        leftAt: toMoment(leaving?.at ?? null),
        because: leaving?.because ?? null,
        lines,
        ownership,
        readBack: {
          at: at.toISOString(),
          found,
          isDone: hasLeft && found === 0,
          toHandOver: ownership.filter(({ kind }) => kind !== 'scenario').reduce((sum, { count }) => sum + count, 0),
        },
      },
    }
  },
})
