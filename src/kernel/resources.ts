// The resource types that several rooms speak of. A type's attributes are what policies may know of it.
import type { Principal } from './principal.ts'
import type { Entity, EntityRef, ResourceType } from './vocabulary.ts'

/** The tenant: what belongs to no project is decided on it. */
export const organizationType = { name: 'Organization', attributes: {}, parents: [] } as const satisfies ResourceType

/** A folder of twins that grants are scoped to. */
export const projectType = { name: 'Project', attributes: {}, parents: ['Organization'] } as const satisfies ResourceType

/** The organization as an entity. */
export function organizationEntity(org: string): Entity {
  return { type: 'Organization', id: org, attributes: {}, parents: [] }
}

/** The `locate` of what is decided on the organization itself: nothing has to be found. */
export async function locateOrganization({ principal }: { readonly principal: Pick<Principal, 'org'> }) {
  return { resource: organizationEntity(principal.org), found: undefined }
}

/** A reference to the organization. */
export function organizationRef(org: string): EntityRef {
  return { type: 'Organization', id: org }
}

/** A project as an entity under its organization. */
export function projectEntity(org: string, project: string): Entity {
  return { type: 'Project', id: project, attributes: {}, parents: [organizationRef(org)] }
}
