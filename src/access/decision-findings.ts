// What deciding found out about policies: permits and forbids that err, policies that cannot be compiled, requests that only the reference engine decides.
// Kept in memory, per organization and in a bounded number; `access:engine` shows them. A finding says nothing of the request that it was met in.
import type { OrgId } from '../kernel/index.ts'

/** What was found: a policy that errs, one that the compiler leaves to cedar-wasm, or requests to an action that it leaves to cedar-wasm. */
export const findingKinds = ['permit-errs', 'forbid-errs', 'policy-not-compiled', 'request-not-compiled'] as const

/** One of the kinds. */
export type FindingKind = (typeof findingKinds)[number]

/** One finding, with how often it was met since the process began. */
export interface DecisionFinding {
  readonly kind: FindingKind
  /** The policy's id; for requests the name of the action. */
  readonly about: string
  readonly count: number
}

/** How many different findings are kept of one organization; later ones are counted together. */
export const findingsMax = 200
/** How many organizations are kept; the one that was met first makes room. */
export const organizationsMax = 1000

/** Where later findings are counted when there is no room. */
export const furtherFindings = '(further)'

/** The findings of this process. */
export class DecisionFindings {
  private readonly byOrg = new Map<OrgId, Map<string, DecisionFinding>>()

  /** Counts one. */
  note(org: OrgId, kind: FindingKind, about: string): void {
    const found = this.of(org)
    const key = `${kind} ${about}`
    const known = found.get(key)
    if (known === undefined && found.size >= findingsMax && about !== furtherFindings) this.note(org, kind, furtherFindings)
    else found.set(key, { kind, about, count: (known?.count ?? 0) + 1 })
  }

  /** What was found in an organization, the most frequent first. */
  list(org: OrgId): readonly DecisionFinding[] {
    return [...(this.byOrg.get(org)?.values() ?? [])].sort((a, b) => b.count - a.count)
  }

  private of(org: OrgId): Map<string, DecisionFinding> {
    const known = this.byOrg.get(org)
    if (known !== undefined) return known
    if (this.byOrg.size >= organizationsMax) for (const oldest of this.byOrg.keys()) if (this.byOrg.delete(oldest)) break
    const made = new Map<string, DecisionFinding>()
    this.byOrg.set(org, made)
    return made
  }
}
