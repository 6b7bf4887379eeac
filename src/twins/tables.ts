// The tables of `twins`: projects, environments, twins, assets, connections, scenarios.
// An attacker who can write here can point a connection elsewhere; sealed versions are checked against their digest when they are used.
import type { EnvironmentClass, Sensitivity } from '../kernel/index.ts'

/** A folder of twins. */
export interface ProjectTable {
  org_id: string
  id: string
  slug: string
  name: string
  owner_id: string
  created_at: Date
}

/** Where runs happen or production lives, with a trust domain of its own. */
export interface EnvironmentTable {
  org_id: string
  id: string
  slug: string
  class: EnvironmentClass
  trust_domain: string
  owner_id: string
  version: number
  state: 'active' | 'retired'
  created_at: Date
}

/** The governed model of something. `program` names a ready-made twin. */
export interface TwinTable {
  org_id: string
  id: string
  project_id: string
  slug: string
  kind: string
  program: string
  owner_id: string
  sensitivity: Sensitivity
  state: 'draft' | 'active' | 'retired'
  created_at: Date
}

/** A sealed input. */
export interface AssetTable {
  org_id: string
  id: string
  project_id: string
  slug: string
  version: number
  digest: string
  bytes: number
  media_type: string
  sensitivity: Sensitivity
  owner_id: string
  created_at: Date
}

/** A data source, API or tool server of one environment. */
export interface ConnectionTable {
  org_id: string
  id: string
  environment_id: string
  slug: string
  access: 'read' | 'write' | 'control'
  base_url: string
  sensitivity: Sensitivity
  owner_id: string
  counterpart_id: string | null
  secret_id: string | null
  secret_header: string | null
  loopback: boolean
  state: 'active' | 'suspended'
  created_at: Date
}

/** One sealed version of a way to run a twin. Rows are never changed. */
export interface ScenarioTable {
  org_id: string
  id: string
  twin_id: string
  slug: string
  version: number
  digest: string
  manifest: unknown
  author_id: string
  created_at: Date
}

/** That somebody owned a thing before. */
export interface FormerOwnerTable {
  org_id: string
  thing_id: string
  person_id: string
  kind: string
  until: Date
}

declare module '../kernel/action.ts' {
  interface Tables {
    project: ProjectTable
    environment: EnvironmentTable
    twin: TwinTable
    asset: AssetTable
    connection: ConnectionTable
    scenario: ScenarioTable
    former_owner: FormerOwnerTable
  }
}
