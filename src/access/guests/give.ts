// What an invitation gives: its role on each of its projects, until its end. It must be the inviter's to give, when he invites, when the sponsor accepts and when
// it is prolonged: an invitation never outgrows whoever made it.
import { fail, newId, type Ports, type Principal, principalType, type Tx } from '../../kernel/index.ts'
import { requireHeld } from '../bounds.ts'
import { conflictsMet, holdGiving, requireApart } from '../duties.ts'
import { bindGrant } from './bound-grants.ts'
import { findEngagement } from './engagement.ts'
import type { Guest } from './guest.ts'

/** Where something is given. */
export interface Giving {
  readonly tx: Tx
  readonly ports: Ports
  readonly principal: Principal
}

function givenOn(guest: Guest, project: string) {
  return {
    role: guest.role,
    actions: [],
    scope_type: 'Project',
    scope_id: project,
    environments: guest.environments,
    not_before: null,
    expires_at: guest.until,
    until_run: null,
    custom_role: null,
  }
}

/** Requires that an invitation is whoever invited's to give, until its end, and brings no duties together. Throws `denied`, `conflict`. */
export async function requireMayInvite({ tx, ports, principal }: Giving, guest: Guest): Promise<void> {
  const giver: Principal =
    principal.id === guest.invited_by ? principal : { ...principal, kind: 'person', id: guest.invited_by, chain: [guest.invited_by] }
  await holdGiving(tx)
  for (const project of guest.projects) {
    const given = givenOn(guest, project)
    await requireHeld({ tx, ports, giver, given })
    requireApart(await conflictsMet({ tx, ports, holders: [guest.person_id], given }))
  }
}

/** Requires that an invitation lies within the engagement that it is for. Throws `invalid`, `conflict`. */
export async function requireWithinEngagement(tx: Tx, guest: Guest): Promise<void> {
  if (guest.engagement_id === null) return
  const engagement = await findEngagement(tx, guest.engagement_id)
  if (engagement.state === 'ended') throw fail('conflict', 'This engagement is over.', { pointer: '/engagement' })
  if (guest.until.getTime() > engagement.until.getTime())
    throw fail('invalid', 'The engagement ends before this.', { pointer: '/until', next: 'Prolong the engagement first.' })
  if (guest.projects.some((project) => !engagement.projects.includes(project)))
    throw fail('invalid', 'The engagement is not for this project.', { pointer: '/projects' })
}

/** Gives what an invitation gives; answers the grants. */
export async function giveGuest({ tx, ports }: Giving, guest: Guest): Promise<string[]> {
  const ids: string[] = []
  for (const project of guest.projects) {
    const id = newId('grt', ports)
    await tx
      .insertInto('grant')
      .values({
        org_id: guest.org_id,
        id,
        principal_type: principalType('person'),
        principal_id: guest.person_id,
        ...givenOn(guest, project),
        given_by: guest.invited_by,
        created_at: new Date(ports.clock.now()),
        revoked_at: null,
      })
      .execute()
    await bindGrant(tx, { id, org_id: guest.org_id }, guest.id)
    ids.push(id)
  }
  return ids
}
