// Issuers: one per environment, in the environment's own trust domain, under its own URL. The URL only says where to look for keys.
import { isId, type OrgId } from '../kernel/index.ts'
import type { EnvironmentFacts } from './ports.ts'

/** The issuer URL of an environment. */
export function issuerUrl(baseUrl: string, org: string, environment: string): string {
  return `${baseUrl}/o/${org}/e/${environment}`
}

/** The organization and environment that an issuer URL of ours names. The text is attacker-controlled. */
export function readIssuer(baseUrl: string, issuer: string): { readonly org: OrgId; readonly environment: string } | undefined {
  if (!issuer.startsWith(`${baseUrl}/o/`)) return undefined
  const match = /^\/o\/(org_[0-9a-z]{26})\/e\/(env_[0-9a-z]{26})$/.exec(issuer.slice(baseUrl.length))
  const [, org, environment] = match ?? []
  return isId('org', org) && isId('env', environment) ? { org, environment } : undefined
}

/** The side whose keys an environment uses. */
export function sideOf(environment: Pick<EnvironmentFacts, 'class'>): 'simulation' | 'production' {
  return environment.class === 'production' ? 'production' : 'simulation'
}
