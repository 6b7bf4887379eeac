// The actions that grants hold, as sets. A change of a role touches thousands of grants and is asked about act by act, but few of them hold anything different: those of
// one role share one set, those with the same list of actions as well, and what a row holds is found out once.
import { actionsGiven } from '../../../access/index.ts'
import type { Ports } from '../../../kernel/index.ts'
import type { Grant } from './holders.ts'

/** What each grant holds, for as long as one answer takes. */
export class ActionSets {
  readonly #grantable: Ports['grantable']
  readonly #byContent = new Map<string, ReadonlySet<string>>()
  readonly #byGrant = new Map<Grant, ReadonlySet<string>>()

  constructor({ grantable }: Pick<Ports, 'grantable'>) {
    this.#grantable = grantable
  }

  /** The actions of a grant, in the order of the catalogue where it is of a role. */
  of(grant: Grant): ReadonlySet<string> {
    const known = this.#byGrant.get(grant)
    if (known !== undefined) return known
    const { role, actions } = grant
    const content = role === null ? `actions ${actions.join(' ')}` : `role ${role}`
    const found = this.#byContent.get(content) ?? new Set(actionsGiven(grant, this.#grantable))
    this.#byContent.set(content, found)
    this.#byGrant.set(grant, found)
    return found
  }
}
