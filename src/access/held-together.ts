// Who holds together already what is to be kept apart: for whoever declares a conflict, before he does, and for whoever looks at one that holds. The same rules as for
// a grant that would bring two duties together (`duties.ts`): through groups, through workloads that somebody owns, and only where scopes and environments meet.
// However many grants there are, all are looked at. What is named and compared has limits; where one was reached, the answer says that there may be more.
import { type Selectable, sql } from 'kysely'
import type { EntityRef, OrgId, Ports, Tx } from '../kernel/index.ts'
import { wordsOn } from './duties.ts'
import type { GrantTable } from './tables.ts'

/** How many who hold both are named, how many are looked at, of how many at once, and how many grants of each side of one of them are compared. */
const holdersMax = 200
const lookedMax = 20_000
const lookedAtOnce = 1_000
const comparedMax = 500

type Grant = Pick<Selectable<GrantTable>, 'id' | 'scope_type' | 'scope_id' | 'environments'>

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

/** Two sides, as roles and actions. */
export interface Sides {
  readonly one: readonly string[]
  readonly other: readonly string[]
}

interface Both {
  readonly holder: string
  readonly ones: readonly string[]
  readonly others: readonly string[]
}

/** Whoever holds a grant of each side: himself, through groups, or by a workload of his own. What a workload holds, its owner has. */
async function holdersOfBoth(tx: Tx, { grantable, clock }: Pick<Ports, 'grantable' | 'clock'>, sides: Sides): Promise<Both[]> {
  const isOn = (words: readonly string[]) => {
    const { roles, actions } = wordsOn(words, grantable)
    return sql<boolean>`(coalesce(g.role = any(${roles}::text[]), false) or g.actions && ${actions}::text[])`
  }
  const now = sql`${new Date(clock.now()).toISOString()}::timestamptz`
  const { rows } = await sql<Both>`
    with recursive side (id, principal_id, is_one, is_other) as materialized (
      select * from (select g.id, g.principal_id, ${isOn(sides.one)} as is_one, ${isOn(sides.other)} as is_other from "grant" g
        where g.revoked_at is null and (g.expires_at is null or g.expires_at > ${now})) as live where is_one or is_other
    ), below (principal, id) as (
      select principal_id, principal_id from side union select b.principal, m.member_id from group_member m join below b on m.group_id = b.id
    ), held (holder, id, is_one, is_other) as (
      select distinct coalesce(w.owner_id, b.id), s.id, s.is_one, s.is_other from below b join side s on s.principal_id = b.principal
        left join workload w on w.id = b.id and w.state <> 'ended'
    ) select holder, (array_agg(id order by id) filter (where is_one))[1:${sql.lit(comparedMax + 1)}] as ones,
        (array_agg(id order by id) filter (where is_other))[1:${sql.lit(comparedMax + 1)}] as others
      from held group by holder having bool_or(is_one) and bool_or(is_other) and count(*) > 1 order by holder limit ${lookedMax + 1}`.execute(
    tx,
  )
  return rows
}

/** What grants are on, and what stands above that, looked up for many at once and once each. */
class Places {
  readonly #it: { readonly tx: Tx; readonly ports: Ports; readonly org: OrgId }
  readonly #grants = new Map<string, Grant>()
  readonly #above = new Map<string, readonly string[]>()

  constructor(it: { readonly tx: Tx; readonly ports: Ports; readonly org: OrgId }) {
    this.#it = it
  }

  async learn(ids: readonly string[]): Promise<void> {
    const { tx, ports, org } = this.#it
    const unknown = [...new Set(ids)].filter((id) => !this.#grants.has(id))
    const found = await sql<Grant>`select id, scope_type, scope_id, environments from "grant" where id = any(${unknown}::text[])`.execute(
      tx,
    )
    const scopes = new Map<string, EntityRef>()
    for (const grant of found.rows) {
      this.#grants.set(grant.id, grant)
      if (!this.#above.has(keyOf(grant))) scopes.set(keyOf(grant), { type: grant.scope_type, id: grant.scope_id })
    }
    const chains = await ports.scopes.chains(tx, org, [...scopes.values()])
    for (const [key, chain] of chains)
      this.#above.set(
        key,
        chain.map(({ type, id }) => `${type} ${id}`),
      )
  }

  /** The first two of these that count somewhere both: a grant meets those on its own scope, and on what stands above that. */
  meeting({ ones, others }: Pick<Both, 'ones' | 'others'>): readonly [string, string] | undefined {
    const [left, right] = [this.#known(ones), this.#known(others)]
    const [byLeft, byRight] = [Map.groupBy(left, keyOf), Map.groupBy(right, keyOf)]
    for (const one of left) {
      const other = this.#meets(one, byRight)
      if (other !== undefined) return [one.id, other.id]
    }
    for (const other of right) {
      const one = this.#meets(other, byLeft)
      if (one !== undefined) return [one.id, other.id]
    }
    return undefined
  }

  #known(ids: readonly string[]): Grant[] {
    return ids.slice(0, comparedMax).flatMap((id) => this.#grants.get(id) ?? [])
  }

  #meets(grant: Grant, among: ReadonlyMap<string, readonly Grant[]>): Grant | undefined {
    const above = this.#above.get(keyOf(grant)) ?? []
    return above.flatMap((key) => among.get(key) ?? []).find((one) => one.id !== grant.id && doShare(one, grant))
  }
}

const keyOf = ({ scope_type, scope_id }: Grant): string => `${scope_type} ${scope_id}`

/** Whether there is an environment in which both count; those that name none count in all. */
const doShare = (one: Grant, other: Grant): boolean =>
  one.environments.length === 0 || other.environments.length === 0 || one.environments.some((id) => other.environments.includes(id))

/** Who holds something of both sides, where scopes and environments meet. */
export async function heldTogether(it: { readonly tx: Tx; readonly ports: Ports; readonly org: OrgId }, sides: Sides): Promise<AllHeld> {
  const both = await holdersOfBoth(it.tx, it.ports, sides)
  const places = new Places(it)
  const held: HeldTogether[] = []
  let cut = both.length > lookedMax
  for (let from = 0; from < Math.min(both.length, lookedMax); from += lookedAtOnce) {
    const some = both.slice(from, Math.min(from + lookedAtOnce, lookedMax))
    await places.learn(some.flatMap(({ ones, others }) => [...ones, ...others]))
    for (const one of some) {
      const met = places.meeting(one)
      if (met === undefined) cut ||= one.ones.length > comparedMax || one.others.length > comparedMax
      else if (held.length === holdersMax) return { held, cut: true }
      else held.push({ holder: one.holder, one: met[0], other: met[1] })
    }
  }
  return { held, cut }
}
