// The door of `identity`: who. Organizations, people, sign-in, standing workloads.
import { createPerson, linkPerson, listPeople, offboardPerson } from './actions/person.ts'
import { createSession, endSession, recordRefusals, showSession } from './actions/session.ts'

/** What `identity` can do. */
export const identityActions = [
  createPerson,
  listPeople,
  linkPerson,
  offboardPerson,
  createSession,
  showSession,
  endSession,
  recordRefusals,
] as const
export { personType } from './actions/person.ts'
export { callerEntity, sessionType } from './actions/session.ts'
export type { Entitlements, HeldGrant } from './entitlements.ts'
export type { Holder, Leaver } from './holders.ts'
export { findPerson, requireActivePerson } from './people.ts'
export { organizationOfSecret } from './secret-token.ts'
export { linkTtlSeconds, personOfLink, personOfSession, personPrincipal, sessionTtlSeconds } from './session.ts'
export type { OrganizationTable, PersonTable, SessionTable, WorkloadTable } from './tables.ts'
