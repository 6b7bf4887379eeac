// What is done on access, for the palette.
import type { Act } from '../../shell/acts.ts'

/** What is done here. */
export const acts: readonly Act[] = [
  { path: '/access/new-grant', name: 'Give access', icon: 'key' },
  { path: '/access/new-request', name: 'Ask for access', icon: 'key' },
  { path: '/access/break-glass', name: 'Break the glass', icon: 'warn' },
  { path: '/access/new-guardrail', name: 'Draft a guardrail', icon: 'gate' },
  { path: '/access/new-conflict', name: 'Keep duties apart', icon: 'stop' },
  { path: '/access/new-role', name: 'Make a role', icon: 'person' },
]
