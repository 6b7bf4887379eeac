// The audit trail: entries of the ledger, and one entry with its proof.
import type { Screen } from '../../shell/screen.ts'

/** The screens of this folder. */
export const screens: readonly Screen[] = [
  { path: '/audit', place: { name: 'Audit', icon: 'book', letter: 'u', order: 6 }, load: async () => (await import('./audit.tsx')).Audit },
  { path: '/audit/$entry', load: async () => (await import('./entry.tsx')).AuditEntry },
]
