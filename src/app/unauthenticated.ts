// Requests that nobody could be found behind: counted by organization and code, bounded, and recorded as one entry now and then (`session:refusals`),
// so that whoever floods the door fills neither the ledger nor the memory.
import type { OrgId } from '../kernel/index.ts'

const organizationsMax = 1000

/** Counts refusals between two entries. */
export class UnauthenticatedCounter {
  readonly #counts = new Map<OrgId, Map<string, number>>()

  /** Counts one. A refusal that names no organization is nobody's, and is left to the access log. */
  count(org: OrgId | undefined, code: string): void {
    if (org === undefined) return
    let codes = this.#counts.get(org)
    if (codes === undefined) {
      if (this.#counts.size >= organizationsMax) return
      codes = new Map()
      this.#counts.set(org, codes)
    }
    codes.set(code, (codes.get(code) ?? 0) + 1)
  }

  /** Takes what was counted since the last time. */
  take(): { readonly org: OrgId; readonly counts: Readonly<Record<string, number>> }[] {
    const taken = [...this.#counts].map(([org, codes]) => ({ org, counts: Object.fromEntries(codes) }))
    this.#counts.clear()
    return taken
  }
}
