// Words of the checklist: why somebody left, what became of each thing, and where its view is.

import type { IconName } from '../../../design/icon.tsx'
import { place } from '../../../design/link.tsx'

/** Why somebody left, in words. */
export const becauseWord: Readonly<Record<string, string>> = {
  offboarded: 'an administrator said so',
  directory: 'the directory said so',
  sponsor_left: 'whoever answered for this guest left',
  engagement_over: 'the engagement is over',
  contract_ended: 'the time as a guest is over',
}

/** What became of something: icon, colour and word. */
export const outcomeLook: Readonly<Record<string, readonly [icon: IconName, tone: string, word: string]>> = {
  would_end: ['clock', 'text-soft', 'would end'],
  would_stop: ['clock', 'text-soft', 'would stop'],
  would_be_taken_back: ['clock', 'text-soft', 'would be taken back'],
  to_hand_over: ['right', 'text-warn', 'to hand over'],
  ended: ['check', 'text-good', 'ended'],
  stopped: ['stop', 'text-warn', 'stands still'],
  taken_back: ['check', 'text-good', 'taken back'],
  handed_over: ['check', 'text-good', 'handed over'],
  nothing_found: ['dash', 'text-faint', 'nothing found'],
  still_there: ['warn', 'text-bad', 'still there'],
}

/** What goes with a thing of a line, where its name does not say it. */
export const goesWith: Readonly<Record<string, string>> = {
  mapped: 'counted among the grants as well',
  runs: 'with their credentials and calls',
  workloads: 'with their tokens and what they had started; they go on when somebody takes them over',
  owned_things: 'noted as without an owner',
  guests: 'nothing is admitted for them before somebody else accepts',
  engagements: 'nothing of them is let through before another sponsor confirms',
  reviews: 'approvals of what is still in review count no more',
  archives: 'deleted: nobody else was to fetch them',
}

/** Where things of a line are looked at; entries of the ledger, where they have no view of their own. */
export function viewOfLine(what: string, person: string): string | undefined {
  const signedIn = place('/sessions', {}, { person })
  const self = place('/people/$id', { id: person })
  const views: Readonly<Record<string, string>> = {
    sessions: signedIn,
    passkeys: signedIn,
    recovery_codes: signedIn,
    links: place('/audit', {}, { action: 'person:link', resource: person }),
    grants: place('/access/grants', {}, { principal: person, state: 'all' }),
    mapped: self,
    memberships: self,
    invitations: self,
    requests: '/access/requests',
    request_approvals: '/access/requests',
    runs: place('/runs', {}, { operator: person }),
    reviews: '/promotions',
    guests: '/people/guests',
    engagements: '/people/engagements',
    admin_links: '/identity/links',
    archives: place('/audit', {}, { action: 'archive:create', principal: person }),
  }
  return views[what]
}
