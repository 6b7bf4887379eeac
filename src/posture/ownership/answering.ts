// Who answers for a thing: its owner while he is here; when he has left, the fallback group of its project or organization; where none is set, or nobody is in
// it any more, the organization's administrators. Read from rows, never from a request.
import { sql } from 'kysely'
import { administratorIds } from '../../access/index.ts'
import { hereAmong, isHereAt } from '../../identity/index.ts'
import type { Ports, Principal, Tx } from '../../kernel/index.ts'
import type { Thing } from './things.ts'

/** Who stands in where an owner is gone. */
export interface Fallback {
  readonly kind: 'group' | 'administrators'
  readonly group: { readonly id: string; readonly name: string } | null
  readonly scope: 'project' | 'organization'
  readonly people: ReadonlySet<string>
}

/** The people of a group who are here, however deep. */
async function peopleOf(tx: Tx, group: string, at: Date): Promise<ReadonlySet<string>> {
  const { rows } = await sql<{ id: string }>`
    with recursive below (id) as (
      select ${group}::text union select m.member_id from group_member m join below b on m.group_id = b.id
    ) select p.id from person p join below b on b.id = p.id where ${isHereAt(at)}`.execute(tx)
  return new Set(rows.map(({ id }) => id))
}

/** Answers who stands in for things; looks each group up once. */
export class Answering {
  readonly #tx: Tx
  readonly #ports: Ports
  readonly #people = new Map<string, ReadonlySet<string>>()
  #groups: Promise<ReadonlyMap<string, { id: string; name: string }>> | undefined
  #administrators: Promise<ReadonlySet<string>> | undefined

  constructor(tx: Tx, ports: Ports) {
    this.#tx = tx
    this.#ports = ports
  }

  /** Who stands in for a thing of this organization. */
  async fallbackOf(org: string, { project_id }: Pick<Thing, 'project_id'>): Promise<Fallback> {
    this.#groups ??= this.#readGroups()
    const groups = await this.#groups
    for (const scope of [project_id, org]) {
      const group = scope === null ? undefined : groups.get(scope)
      if (group === undefined) continue
      const people = this.#people.get(group.id) ?? (await peopleOf(this.#tx, group.id, new Date(this.#ports.clock.now())))
      this.#people.set(group.id, people)
      if (people.size > 0) return { kind: 'group', group, scope: scope === org ? 'organization' : 'project', people }
    }
    this.#administrators ??= administratorIds(this.#tx, this.#ports.clock.now()).then((ids) => new Set(ids))
    return { kind: 'administrators', group: null, scope: 'organization', people: await this.#administrators }
  }

  /** Whether the owner of a thing is here. */
  async isOwnerHere({ owner_id }: Pick<Thing, 'owner_id'>): Promise<boolean> {
    return (await hereAmong(this.#tx, [owner_id], this.#ports.clock.now())).has(owner_id)
  }

  /** Whether this caller answers for a thing now: its owner, or where that one has left, somebody of the fallback. */
  async isAnswering(principal: Principal, thing: Thing): Promise<boolean> {
    if (principal.kind !== 'person') return false
    if (thing.owner_id === principal.id) return true
    if (await this.isOwnerHere(thing)) return false
    return (await this.fallbackOf(principal.org, thing)).people.has(principal.id)
  }

  async #readGroups(): Promise<ReadonlyMap<string, { id: string; name: string }>> {
    const rows = await this.#tx
      .selectFrom('ownership_fallback as f')
      .innerJoin('group as g', 'g.id', 'f.group_id')
      .select(['f.scope_id', 'g.id', 'g.name'])
      .execute()
    return new Map(rows.map(({ scope_id, id, name }) => [scope_id, { id, name }]))
  }
}
