// Who holds together already what is to be kept apart: for whoever declares a conflict, before he does, and for whoever looks at one that holds. The same rules as for
// a grant that would bring two duties together (`duties.ts`): through groups, through workloads that somebody owns, and only where scopes and environments meet.
// What is counted has limits; where one was reached, the answer says that there may be more.
import { type Selectable, sql } from 'kysely'
import type { Ports, Tx } from '../kernel/index.ts'
import { type ChainOf, chains, doMeet, isOn, wordsOn } from './duties.ts'
import type { GrantableActions } from './ports.ts'
import type { GrantTable } from './tables.ts'

/** How many who hold both are named, how many grants of a side are looked at, and how many of each side of one holder are compared. */
const holdersMax = 200
const grantsMax = 2_000
const lookedMax = 1_000
const comparedMax = 50

type Grant = Selectable<GrantTable>

/** Somebody who holds both, and by which grants: one of each side. */
export interface HeldTogether {
  readonly holder: string
  readonly one: string
  readonly other: string
}

/** Who holds both. `cut`: there may be more. */
export interface AllHeld {
  readonly held: readonly HeldTogether[]
  readonly cut: boolean
}

async function grantsOfSide(tx: Tx, side: readonly string[], { grantable, clock }: Pick<Ports, 'grantable' | 'clock'>): Promise<Grant[]> {
  const { roles, actions } = wordsOn(side, grantable)
  const { rows } = await sql<Grant>`
    select * from "grant" g where g.revoked_at is null and (g.expires_at is null or g.expires_at > ${new Date(clock.now()).toISOString()}::timestamptz)
      and (g.role = any(${roles}::text[]) or g.actions && ${actions}::text[]) order by g.id limit ${grantsMax + 1}`.execute(tx)
  return rows
}

interface Both {
  readonly holder: string
  readonly ones: readonly string[]
  readonly others: readonly string[]
}

/** Whoever holds a grant of each side: himself, through groups, or by a workload of his own. What a workload holds, its owner has. */
async function holdersOfBoth(tx: Tx, ones: readonly Grant[], others: readonly Grant[]): Promise<Both[]> {
  const ids = (grants: readonly Grant[]): string[] => grants.map(({ id }) => id)
  const principals = [...new Set([...ones, ...others].map(({ principal_id }) => principal_id))]
  const { rows } = await sql<Both>`
    with recursive below (principal, id) as (
      select id, id from unnest(${principals}::text[]) as t (id) union select b.principal, m.member_id from group_member m join below b on m.group_id = b.id
    ), held as (
      select coalesce(w.owner_id, b.id) as holder, g.id from below b join "grant" g on g.principal_id = b.principal
        left join workload w on w.id = b.id and w.state <> 'ended'
      where g.id = any(${[...ids(ones), ...ids(others)]}::text[])
    ) select holder, coalesce(array_agg(distinct id) filter (where id = any(${ids(ones)}::text[])), '{}') as ones,
        coalesce(array_agg(distinct id) filter (where id = any(${ids(others)}::text[])), '{}') as others
      from held group by holder
      having bool_or(id = any(${ids(ones)}::text[])) and bool_or(id = any(${ids(others)}::text[])) and count(distinct id) > 1
      order by holder limit ${lookedMax + 1}`.execute(tx)
  return rows
}

/** The first two grants of a holder that are on either side and meet somewhere; undefined where none do among those that are compared. */
async function meeting(chainOf: ChainOf, { ones, others }: Both, byId: ReadonlyMap<string, Grant>): Promise<[string, string] | undefined> {
  for (const one of ones.slice(0, comparedMax)) {
    for (const other of others.slice(0, comparedMax)) {
      const [left, right] = [byId.get(one), byId.get(other)]
      if (one !== other && left !== undefined && right !== undefined && (await doMeet(chainOf, left, right))) return [one, other]
    }
  }
  return undefined
}

const onSide = (grants: readonly Grant[], side: readonly string[], grantable: GrantableActions): Grant[] =>
  grants.slice(0, grantsMax).filter((grant) => isOn(side, grant, grantable))

/** Who holds something of both sides, where scopes and environments meet. */
export async function heldTogether(
  tx: Tx,
  ports: Ports,
  sides: { readonly one: readonly string[]; readonly other: readonly string[] },
): Promise<AllHeld> {
  const [allOnes, allOthers] = [await grantsOfSide(tx, sides.one, ports), await grantsOfSide(tx, sides.other, ports)]
  const [ones, others] = [onSide(allOnes, sides.one, ports.grantable), onSide(allOthers, sides.other, ports.grantable)]
  let cut = allOnes.length > grantsMax || allOthers.length > grantsMax
  if (ones.length === 0 || others.length === 0) return { held: [], cut }
  const both = await holdersOfBoth(tx, ones, others)
  cut ||= both.length > lookedMax
  const byId = new Map([...ones, ...others].map((grant) => [grant.id, grant]))
  const chainOf = chains(tx, ports)
  const held: HeldTogether[] = []
  for (const one of both.slice(0, lookedMax)) {
    if (held.length === holdersMax) return { held, cut: true }
    const met = await meeting(chainOf, one, byId)
    if (met !== undefined) held.push({ holder: one.holder, one: met[0], other: met[1] })
    else cut ||= one.ones.length > comparedMax || one.others.length > comparedMax
  }
  return { held, cut }
}
