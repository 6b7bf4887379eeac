// The starter's second twin: a warehouse robot, confidential, with a mission board on both sides, three scenarios by the author, and a production
// service that may fetch what was learned from its drives.
import type { OrgId } from '../../kernel/index.ts'
import type { Door } from '../door/govern.ts'
import { connect, type StarterUpstream } from './connect.ts'
import { asPerson, asStarter, text } from './people.ts'

/** The scenarios of the warehouse robot that the starter publishes. */
export const warehouseScenarios = ['deliver', 'blocked-aisle', 'reach-out'] as const

/** One of them. */
export type WarehouseScenario = (typeof warehouseScenarios)[number]

/** What the warehouse robot needs to be set up. */
export interface WarehousePlan {
  readonly missions: Readonly<Record<'staging' | 'production', StarterUpstream>>
  readonly manifests: Readonly<Record<WarehouseScenario, unknown>>
  /** The public key of the service that fetches its artifacts, a P-256 JWK. */
  readonly key: Readonly<Record<string, string>>
}

/** What was set up of it. */
export interface StarterWarehouse {
  readonly twin: string
  readonly scenarios: Readonly<Record<WarehouseScenario, string>>
  readonly service: { readonly id: string; readonly spiffeId: string }
}

/** What the starter has by then. */
export interface StarterSoFar {
  readonly org: OrgId
  readonly people: { readonly author: string; readonly owner: string }
  readonly environments: { readonly staging: string; readonly production: string }
  readonly project: string
}

/** Adds the warehouse robot to a starter. */
export async function addWarehouse(
  door: Door,
  { org, people, environments, project }: StarterSoFar,
  { missions, manifests, key }: WarehousePlan,
): Promise<StarterWarehouse> {
  const act = asStarter(door, org)
  const { owner } = people
  const service = await act('workload:create', {
    kind: 'service',
    slug: 'perception-trainer',
    environment: environments.production,
    owner,
    clearance: 'confidential',
    jwk: key,
  })
  await connect(act, { slug: 'mission-board', access: 'read', owner, environments }, missions)
  const program = 'warehouse-robot'
  const twin = text((await act('twin:create', { project, slug: program, kind: 'robot', program, owner, sensitivity: 'confidential' })).id)
  const scenarios = await asPerson(door, org, people.author, async (author) => {
    const publish = async (slug: WarehouseScenario) =>
      text((await author('scenario:publish', { twin, slug, manifest: manifests[slug] })).id)
    return { deliver: await publish('deliver'), 'blocked-aisle': await publish('blocked-aisle'), 'reach-out': await publish('reach-out') }
  })
  return { twin, scenarios, service: { id: text(service.id), spiffeId: text(service.spiffeId) } }
}
