// What bounds a guest, and whatever is of an engagement, as policies: nothing that is granted reaches farther than the projects of an invitation or lasts longer,
// by whatever way it was granted; and while nobody confirms that an engagement needs to know, everything is forbidden to what is of it.
import type { Bound } from '../../identity/index.ts'
import { all, any, compared, forbidAll, grouped, never, type Policy, resourceIn, type Said, word } from '../said.ts'

/** How the ids of the policies begin that hold back what is of an engagement. */
export const ofEngagement = 'engagement/'

// Cut, so that nothing lasts longer than it says.
const seconds = (date: Date): number => Math.floor(date.getTime() / 1000)
const now = word('now')

function within({ until, projects }: Bound): Said {
  const reached = any(projects.map((id) => resourceIn({ type: 'Project', id })))
  return grouped(all([compared(now, '<', seconds(until)), reached]))
}

/** The condition that grants of somebody are under; nothing for whoever is not bounded. One who was a guest and is none any more holds nothing. */
export function boundCondition(bounds: readonly Bound[]): Said | undefined {
  if (bounds.length === 0) return undefined
  const guest = bounds.filter(({ kind }) => kind === 'guest')
  const open = (guest.length > 0 ? guest : bounds).filter(({ isOn, projects }) => isOn && projects.length > 0)
  return open.length === 0 ? never : any(open.map(within))
}

/** What forbids: an engagement whose need to know nobody confirmed, or which is over. */
export function boundForbids(bounds: readonly Bound[]): Policy[] {
  return bounds
    .filter(({ kind }) => kind === 'engagement')
    .map(({ id, isOn, until }) => forbidAll(`${ofEngagement}${id}`, isOn ? compared(now, '>=', seconds(until)) : undefined))
}
