// What is done on people, for the palette.
import type { Act } from '../../shell/acts.ts'

/** What is done here. */
export const acts: readonly Act[] = [
  { path: '/people/new', name: 'Add a person', icon: 'person' },
  { path: '/people/guests/new', name: 'Invite a guest', icon: 'person' },
  { path: '/people/engagements/new', name: 'Begin an engagement', icon: 'gate' },
  { path: '/people/groups', name: 'Find a group', icon: 'person' },
  { path: '/people/groups/new', name: 'Make a group', icon: 'person' },
  { path: '/people/mappings/new', name: 'Make a mapping', icon: 'right' },
  { path: '/people/workloads', name: 'Find a workload', icon: 'key' },
  { path: '/people/workloads/new', name: 'Register a workload', icon: 'key' },
  { path: '/people/ownership', name: 'See what nobody answers for', icon: 'person' },
  { path: '/people/offers', name: 'Answer what you are asked to take over', icon: 'person' },
  { path: '/people/positions/new', name: 'Name a position', icon: 'key' },
]
