// What is done on identity, for the palette.
import type { Act } from '../../shell/acts.ts'

/** What is done here. */
export const acts: readonly Act[] = [
  { path: '/identity/new', name: 'Connect a provider', icon: 'lock' },
  { path: '/identity/directories/new', name: 'Open a directory', icon: 'book' },
  { path: '/identity/links/new', name: 'Make an admin link', icon: 'key' },
  { path: '/identity/organization', name: 'Change what the organization set', icon: 'screen' },
  { path: '/identity/organization?edit=deletion', name: 'Delete the organization', icon: 'stop' },
]
