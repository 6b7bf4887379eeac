// Standing things as a person sees them: who answers for each, since when nobody does, who was asked.
import { sql } from 'kysely'
import { z } from 'zod'
import { isHereAt } from '../../identity/index.ts'
import { idOf, type OrgId, type Ports, type Tx } from '../../kernel/index.ts'
import { type Names, namesOf } from '../../twins/index.ts'
import { Answering } from './answering.ts'
import { standingThings, standsStill, type Thing, thingKinds } from './things.ts'

/** A thing's id; a channel's environment and name. */
const thingId = z
  .string()
  .max(120)
  .regex(
    /^(?:[a-z]{3}_[0-9a-z]{26}|env_[0-9a-z]{26}\/[a-z0-9-]{1,40})$/,
    'must be the id of a thing; of a channel, <environment id>/<name>',
  )
  .meta({ description: 'The id of a thing; of a channel, <environment id>/<name>.' })

/** Things of one request: each once. */
export const thingIds = z.array(thingId).min(1).max(100)

const somebody = z.object({ id: idOf('per'), name: z.string() })

/** A standing thing and who answers for it. */
export const ownedThing = z.object({
  id: z.string(),
  kind: z.enum(thingKinds),
  name: z.string(),
  project: idOf('prj').nullable(),
  owner: somebody.extend({ state: z.enum(['active', 'left']) }),
  isOrphan: z.boolean().meta({ description: 'Whether its owner has left and nobody took it over.' }),
  since: z.string().nullable().meta({ description: 'Since when nobody answers for it, as far as it was noticed.' }),
  through: idOf('twn').nullable().meta({ description: 'The twin that a scenario goes with.' }),
  stops: z.string().meta({ description: 'What stands still while nobody answers for it.' }),
  fallback: z.object({
    kind: z.enum(['group', 'administrators']),
    id: idOf('grp').nullable(),
    name: z.string(),
    scope: z.enum(['project', 'organization']),
  }),
  offer: z
    .object({ to: somebody, by: z.object({ id: z.string(), name: z.string() }), at: z.string(), reason: z.string().nullable() })
    .nullable(),
  declined: z
    .object({
      by: somebody,
      at: z.string(),
      reason: z.string().nullable(),
      hasLeft: z.boolean().meta({ description: 'Whether this person has left without an answer.' }),
    })
    .nullable()
    .meta({ description: 'Who was asked last and did not take it over, where nobody has been asked since.' }),
})

/** Which things are wanted. */
export interface Wanted {
  readonly person?: string | undefined
  readonly offeredTo?: string | undefined
  /** What this person offered, or still answers for, and whoever was asked did not take over since a moment. */
  readonly refused?: { readonly to: string; readonly since: Date } | undefined
  readonly kind?: string | undefined
  readonly orphans?: boolean | undefined
  readonly after?: string | undefined
  readonly limit: number
}

interface Row extends Thing {
  readonly owner_name: string | null
  readonly owner_is_here: boolean
  readonly found_at: Date | null
  readonly offer_state: 'open' | 'declined' | 'lapsed' | null
  readonly to_id: string | null
  readonly offered_by: string | null
  readonly offered_at: Date | null
  readonly decided_at: Date | null
  readonly reason: string | null
}

async function rowsOf(
  tx: Tx,
  at: Date,
  { person = null, offeredTo = null, refused = null, kind = null, orphans = false, after = null, limit }: Nullable<Wanted>,
): Promise<Row[]> {
  const [refusedTo, since] = [refused?.to ?? null, refused?.since.toISOString() ?? null]
  // What was declined by somebody whom an earlier owner asked says nothing of the owner that it has now.
  const { rows } = await sql<Row>`
    select t.*, p.name as owner_name, (${isHereAt(at)}) is true as owner_is_here, o.found_at, f.state as offer_state, f.to_id, f.offered_by, f.offered_at,
      f.decided_at, s.content as reason
    from ${standingThings} t left join person p on p.id = t.owner_id left join orphan o on o.thing_id = t.id
    left join ownership_offer f on f.thing_id = t.id and (f.state = 'open' or (f.state in ('declined', 'lapsed') and f.from_id = t.owner_id))
    left join sidecar s on s.entry_id = case f.state when 'open' then f.entry_id else f.decided_entry_id end and s.name = 'reason'
    where (${person}::text is null or t.owner_id = ${person}) and (${offeredTo}::text is null or (f.to_id = ${offeredTo} and f.state = 'open'))
      and (${refusedTo}::text is null or (f.state <> 'open' and f.decided_at > ${since}::timestamptz and ${refusedTo} in (f.offered_by, f.from_id)))
      and (${kind}::text is null or t.kind = ${kind}) and (${after}::text is null or t.id > ${after})
      and (not ${orphans}::boolean or (${isHereAt(at)}) is not true)
    order by t.id limit ${limit}`.execute(tx)
  return rows
}

type Nullable<T> = { readonly [K in keyof T]: T[K] | null }

/** What was asked of somebody last, as it is shown: an offer that is open, or one that was not taken. */
function askedLast(row: Row, names: Names): Pick<z.input<typeof ownedThing>, 'offer' | 'declined'> {
  const { offer_state, to_id, offered_by, offered_at, decided_at, reason } = row
  if (offer_state === null || to_id === null || offered_by === null || offered_at === null) return { offer: null, declined: null }
  const asked = { id: to_id, name: names(to_id) ?? to_id }
  if (offer_state === 'open') {
    const by = { id: offered_by, name: names(offered_by) ?? offered_by }
    return { offer: { to: asked, by, at: offered_at.toISOString(), reason }, declined: null }
  }
  const at = (decided_at ?? offered_at).toISOString()
  return { offer: null, declined: { by: asked, at, reason, hasLeft: offer_state === 'lapsed' } }
}

/** The things that are wanted, smallest id first. */
export async function ownedThings(tx: Tx, ports: Ports, org: OrgId, wanted: Wanted): Promise<z.input<typeof ownedThing>[]> {
  const rows = await rowsOf(tx, new Date(ports.clock.now()), wanted)
  const names = await namesOf(
    tx,
    rows.flatMap(({ to_id, offered_by }) => [to_id, offered_by]),
  )
  const answering = new Answering(tx, ports)
  const items: z.input<typeof ownedThing>[] = []
  for (const row of rows) {
    const { kind: of, group, scope } = await answering.fallbackOf(org, row)
    const isOrphan = !row.owner_is_here
    items.push({
      id: row.id,
      kind: row.kind,
      name: row.name,
      project: row.project_id,
      owner: { id: row.owner_id, name: row.owner_name ?? row.owner_id, state: isOrphan ? 'left' : 'active' },
      isOrphan,
      since: isOrphan ? (row.found_at?.toISOString() ?? null) : null,
      through: row.through,
      stops: standsStill[row.kind],
      fallback: { kind: of, id: group?.id ?? null, name: group?.name ?? 'The administrators', scope },
      ...askedLast(row, names),
    })
  }
  return items
}
