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

/** Where things of a line are looked at; nowhere for what has no view of its own. */
export function viewOfLine(what: string, person: string): string | undefined {
  const views: Readonly<Record<string, string>> = {
    sessions: place('/sessions', {}, { person }),
    passkeys: place('/sessions', {}, { person }),
    grants: place('/access/grants', {}, { principal: person, state: 'all' }),
    requests: '/access/requests',
    runs: '/runs',
    reviews: '/promotions',
    guests: '/people/guests',
    engagements: '/people/engagements',
    memberships: place('/people/$id', { id: person }),
    admin_links: '/identity/links',
  }
  return views[what]
}
