// Access: what one holds, every path to production, what is reached if something is stolen, what a change would come to, grants, requests, guardrails and roles.
import type { Screen } from '../../shell/screen.ts'

/** The screens of this folder. */
export const screens: readonly Screen[] = [
  { path: '/access', place: { name: 'Access', icon: 'key', letter: 'c', order: 5 }, load: async () => (await import('./yours.tsx')).Yours },
  { path: '/access/paths', load: async () => (await import('./paths/paths.tsx')).Paths },
  { path: '/access/blast', load: async () => (await import('./blast/blast.tsx')).Blast },
  { path: '/access/what-if', load: async () => (await import('./what-if/what-if.tsx')).WhatIf },
  { path: '/access/grants', load: async () => (await import('./grants/grants.tsx')).Grants },
  {
    path: '/access/new-grant',
    act: { name: 'Give access', icon: 'key' },
    load: async () => (await import('./grants/new-grant.tsx')).NewGrant,
  },
  { path: '/access/requests', load: async () => (await import('./requests/requests.tsx')).Requests },
  { path: '/access/requests/$request', load: async () => (await import('./requests/request.tsx')).Request },
  {
    path: '/access/new-request',
    act: { name: 'Ask for access', icon: 'key' },
    load: async () => (await import('./requests/new-request.tsx')).NewRequest,
  },
  {
    path: '/access/break-glass',
    act: { name: 'Break the glass', icon: 'warn' },
    load: async () => (await import('./requests/break-glass.tsx')).BreakGlass,
  },
  { path: '/access/guardrails', load: async () => (await import('./guardrails/guardrails.tsx')).Guardrails },
  { path: '/access/guardrails/$guardrail', load: async () => (await import('./guardrails/guardrail.tsx')).Guardrail },
  {
    path: '/access/new-guardrail',
    act: { name: 'Draft a guardrail', icon: 'gate' },
    load: async () => (await import('./guardrails/new-guardrail.tsx')).NewGuardrail,
  },
  { path: '/access/roles', load: async () => (await import('./roles/roles.tsx')).Roles },
  { path: '/access/roles/$role', load: async () => (await import('./roles/role.tsx')).Role },
  { path: '/access/new-role', load: async () => (await import('./roles/new-role.tsx')).NewRole },
]
