// What an invitation gives: its role on each of its projects, until its end. It must be the inviter's to give, when he invites, whenever a sponsor accepts and when
// it is prolonged: an invitation never outgrows whoever made it. Where it is his no more, whoever could invite himself stands in for him.
import { fail, newId, type Ports, type Principal, principalType, type Tx } from '../../kernel/index.ts'
import { lacking, requireHeld } from '../bounds.ts'
import { conflictsMet, holdersBeside, holdGiving, requireApart } from '../duties.ts'
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
    until_batch: null,
    custom_role: null,
  }
}

/** Whoever invited, as somebody who gives. */
function inviter(principal: Principal, { invited_by: id }: Guest): Principal {
  return principal.id === id ? principal : { ...principal, kind: 'person', id, chain: [id] }
}

/** Requires that an invitation is whoever invited's to give, until its end, and brings no duties together. Throws `denied`, `conflict`. */
export async function requireMayInvite({ tx, ports, principal }: Giving, guest: Guest): Promise<void> {
  const giver = inviter(principal, guest)
  await holdGiving(tx)
  for (const project of guest.projects) {
    const given = givenOn(guest, project)
    await requireHeld({ tx, ports, giver, given })
    requireApart(await conflictsMet({ tx, ports, holders: await holdersBeside(tx, guest.person_id), given }))
  }
}

async function isHisToGive({ tx, ports }: Giving, guest: Guest, giver: Principal): Promise<boolean> {
  for (const project of guest.projects) {
    const given = givenOn(guest, project)
    if ((await lacking({ tx, ports, giver, given })).length > 0) return false
  }
  return true
}

async function couldInvite({ tx, ports, principal: giver }: Giving, guest: Guest): Promise<boolean> {
  if (giver.kind !== 'person' || giver.id === guest.person_id) return false
  for (const project of guest.projects) {
    const given = { ...givenOn(guest, project), role: null, actions: ['guest:invite'] }
    if ((await lacking({ tx, ports, giver, given })).length > 0) return false
  }
  return isHisToGive({ tx, ports, principal: giver }, guest, giver)
}

/** Who gives an invitation from now on: whoever invited, for as long as it is his to give; then whoever asks for a sponsor, where he could invite himself. */
export async function inviterFor(it: Giving, guest: Guest): Promise<string> {
  if (await isHisToGive(it, guest, inviter(it.principal, guest))) return guest.invited_by
  return (await couldInvite(it, guest)) ? it.principal.id : guest.invited_by
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
