// Access: what one holds, every path to production, what is reached if something is stolen, what a change would come to, grants, requests, guardrails, roles and duties kept apart.
import type { Screen } from '../../shell/screen.ts'
import type { views } from './views.ts'

const load =
  (name: keyof typeof views): Screen['load'] =>
  async () =>
    (await import('./views.ts')).views[name]

/** The screens of this folder. */
export const screens: readonly Screen[] = [
  { path: '/access', place: { name: 'Access', icon: 'key', letter: 'c', order: 5 }, load: load('Yours') },
  { path: '/access/paths', load: load('Paths') },
  { path: '/access/blast', load: load('Blast') },
  { path: '/access/what-if', load: load('WhatIf') },
  { path: '/access/grants', load: load('Grants') },
  { path: '/access/new-grant', load: load('NewGrant') },
  { path: '/access/requests', load: load('Requests') },
  { path: '/access/requests/$request', load: load('Request') },
  { path: '/access/new-request', load: load('NewRequest') },
  { path: '/access/break-glass', load: load('BreakGlass') },
  { path: '/access/guardrails', load: load('Guardrails') },
  { path: '/access/guardrails/$guardrail', load: load('Guardrail') },
  { path: '/access/new-guardrail', load: load('NewGuardrail') },
  { path: '/access/roles', load: load('Roles') },
  { path: '/access/roles/$role', load: load('Role') },
  { path: '/access/new-role', load: load('NewRole') },
  { path: '/access/conflicts', load: load('Conflicts') },
  { path: '/access/conflicts/$conflict', load: load('Conflict') },
  { path: '/access/new-conflict', load: load('NewConflict') },
]
