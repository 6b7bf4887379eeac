// Warrants: what production's signer wants to see before it signs an identity. They are objects that only this file makes and recognises, so
// one cannot be forged from data, whatever a caller or a database row says.
import type { ProductionWarrant } from '../../credentials/index.ts'

const issued = new WeakSet<object>()

/**
 * Issues a warrant for a workload that a promotion made. To be called by the `Promotions` port alone, after it read in a transaction of its own
 * that the promotion is committed as crossed.
 */
export function issueWarrant(named: { readonly promotion: string; readonly workload: string }): ProductionWarrant {
  if (named.promotion === '' || named.workload === '') throw new Error('A warrant names a promotion and a workload.')
  // The brand exists for the compiler alone; at run time a warrant is known by being in `issued`.
  const warrant = Object.freeze({ promotion: named.promotion, workload: named.workload }) as ProductionWarrant
  issued.add(warrant)
  return warrant
}

/** Whether this very object was issued here; a copy is not. */
export function isIssuedWarrant(warrant: ProductionWarrant | undefined): warrant is ProductionWarrant {
  return warrant !== undefined && issued.has(warrant)
}
