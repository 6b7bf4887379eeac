// Standing things as a person sees them: who answers for each, since when nobody does, who was asked.
import { sql } from 'kysely'
import { z } from 'zod'
import { idOf, type OrgId, type Ports, type Tx } from '../../kernel/index.ts'
import { namesOf } from '../../twins/index.ts'
import { Answering } from './answering.ts'
import { standingThings, standsStill, type Thing, thingKinds } from './things.ts'

/** A thing's id; a channel's environment and name. */
export const thingId = z
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
})

/** Which things are wanted. */
export interface Wanted {
  readonly person?: string | undefined
  readonly offeredTo?: string | undefined
  readonly kind?: string | undefined
  readonly orphans?: boolean | undefined
  readonly after?: string | undefined
  readonly limit: number
}

interface Row extends Thing {
  readonly owner_name: string | null
  readonly owner_state: 'active' | 'left' | null
  readonly found_at: Date | null
  readonly to_id: string | null
  readonly offered_by: string | null
  readonly offered_at: Date | null
  readonly reason: string | null
}

async function rowsOf(
  tx: Tx,
  { person = null, offeredTo = null, kind = null, orphans = false, after = null, limit }: Nullable<Wanted>,
): Promise<Row[]> {
  const { rows } = await sql<Row>`
    select t.*, p.name as owner_name, p.state as owner_state, o.found_at, f.to_id, f.offered_by, f.offered_at, s.content as reason
    from ${standingThings} t left join person p on p.id = t.owner_id left join orphan o on o.thing_id = t.id
    left join ownership_offer f on f.thing_id = t.id and f.state = 'open' left join sidecar s on s.entry_id = f.entry_id and s.name = 'reason'
    where (${person}::text is null or t.owner_id = ${person}) and (${offeredTo}::text is null or f.to_id = ${offeredTo})
      and (${kind}::text is null or t.kind = ${kind}) and (${after}::text is null or t.id > ${after})
      and (not ${orphans}::boolean or p.state is distinct from 'active')
    order by t.id limit ${limit}`.execute(tx)
  return rows
}

type Nullable<T> = { readonly [K in keyof T]: T[K] | null }

/** The things that are wanted, smallest id first. */
export async function ownedThings(tx: Tx, ports: Ports, org: OrgId, wanted: Wanted): Promise<z.input<typeof ownedThing>[]> {
  const rows = await rowsOf(tx, wanted)
  const names = await namesOf(
    tx,
    rows.flatMap(({ to_id, offered_by }) => [to_id, offered_by]),
  )
  const answering = new Answering(tx, ports)
  const items: z.input<typeof ownedThing>[] = []
  for (const row of rows) {
    const { kind: of, group, scope } = await answering.fallbackOf(org, row)
    const { to_id, offered_by, offered_at, reason } = row
    const isOrphan = row.owner_state !== 'active'
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
      offer:
        to_id === null || offered_by === null || offered_at === null
          ? null
          : {
              to: { id: to_id, name: names(to_id) ?? to_id },
              by: { id: offered_by, name: names(offered_by) ?? offered_by },
              at: offered_at.toISOString(),
              reason,
            },
    })
  }
  return items
}
