// By which way somebody holds a grant: the groups that lead to it, nearest first, and what the grant is. One statement finds the groups of everybody who is shown.
import { sql } from 'kysely'
import { rolesByGlass } from '../../../access/index.ts'
import type { Ports, Tx } from '../../../kernel/index.ts'
import type { Grant } from './holders.ts'

/** What a step of a way can be. */
export const stepKinds = [
  'group',
  'role',
  'custom-role',
  'actions',
  'ownership',
  'delegation',
  'credential',
  'promotion',
  'break-glass',
  'own',
] as const

/** One step of a way, from whoever acts to what he may. */
export interface Step {
  readonly kind: (typeof stepKinds)[number]
  /** The group, the grant, the workload that is owned, the run, the connection or the promotion. */
  readonly id: string
  readonly name: string
}

/** The groups above some members. */
export class Groups {
  private readonly above: ReadonlyMap<string, readonly string[]>
  private readonly names: ReadonlyMap<string, string>

  constructor(above: ReadonlyMap<string, readonly string[]>, names: ReadonlyMap<string, string>) {
    this.above = above
    this.names = names
  }

  /** What a group is called. */
  nameOf(group: string): string {
    return this.names.get(group) ?? group
  }

  /** The shortest way from a member to one of the groups above him; none where it is himself. */
  between(member: string, to: string): readonly string[] {
    const before = new Map<string, string>()
    const waiting = [member]
    for (const at of waiting) {
      if (at === to) break
      for (const next of this.above.get(at) ?? []) {
        if (before.has(next) || next === member) continue
        before.set(next, at)
        waiting.push(next)
      }
    }
    const way: string[] = []
    for (let at: string | undefined = to; at !== undefined && at !== member; at = before.get(at)) way.unshift(at)
    return way
  }

  /** The way by which somebody holds a grant. */
  wayTo(holder: string, grant: Grant): Step[] {
    const groups = this.between(holder, grant.principal_id).map((id): Step => ({ kind: 'group', id, name: this.nameOf(id) }))
    return [...groups, stepOf(grant)]
  }
}

/** What a grant is, as the last step of a way. */
function stepOf({ id, role, custom_role: own, actions }: Grant): Step {
  if (role !== null) return { kind: 'role', id, name: role }
  return own === null ? { kind: 'actions', id, name: actions.join(', ') } : { kind: 'custom-role', id, name: own }
}

/** Breaking the glass by a grant, for an action: the roles that could be taken. */
export function glassStep({ id }: Grant, action: string, grantable: Ports['grantable']): Step {
  return { kind: 'break-glass', id, name: `breaking the glass as ${rolesByGlass(action, grantable).join(' or ')}` }
}

/** Reads the groups above these members, however deep. */
export async function groupsOver(tx: Tx, members: readonly string[]): Promise<Groups> {
  if (members.length === 0) return new Groups(new Map(), new Map())
  const found = await sql<{ member: string; above: string; name: string }>`
    with recursive up (member, above) as (
      select member_id, group_id from group_member where member_id = any(${[...members]}::text[])
      union select m.member_id, m.group_id from group_member m join up on m.member_id = up.above
    ) select up.member, up.above, g.slug as name from up join "group" g on g.id = up.above order by up.above`.execute(tx)
  const above = new Map<string, string[]>()
  for (const { member, above: group } of found.rows) {
    const groups = above.get(member)
    if (groups === undefined) above.set(member, [group])
    else groups.push(group)
  }
  return new Groups(above, new Map(found.rows.map(({ above: group, name }) => [group, name])))
}
