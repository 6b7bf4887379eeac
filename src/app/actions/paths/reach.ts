// Which acts a grant reaches: those on its scope or below it, that it gives, where it counts. Grants are compared with acts by what stands above these, so that
// each meets only the acts that it could reach.
import { givesAction, givesIn } from '../../../access/index.ts'
import type { EntityRef, EnvironmentRef, Ports } from '../../../kernel/index.ts'
import type { Grant } from './holders.ts'

/** An act, as far as a grant looks at it. */
interface Reachable {
  readonly action: string
  readonly above: readonly EntityRef[]
  readonly environment?: EnvironmentRef
}

const keyOf = ({ type, id }: EntityRef): string => `${type} ${id}`

/** Tells of each grant which acts it reaches, by their numbers; asked once for each row. */
export class Reach {
  private readonly acts: readonly Reachable[]
  private readonly ports: Pick<Ports, 'grantable'>
  private readonly below = new Map<string, number[]>()
  private readonly known = new Map<Grant, readonly number[]>()

  constructor(acts: readonly Reachable[], ports: Pick<Ports, 'grantable'>) {
    this.acts = acts
    this.ports = ports
    for (const [at, { above }] of acts.entries())
      for (const one of above) {
        const list = this.below.get(keyOf(one))
        if (list === undefined) this.below.set(keyOf(one), [at])
        else list.push(at)
      }
  }

  /** The acts that a grant reaches. */
  of(grant: Grant): readonly number[] {
    const known = this.known.get(grant)
    if (known !== undefined) return known
    const found = (this.below.get(`${grant.scope_type} ${grant.scope_id}`) ?? []).filter((at) => {
      const act = this.acts[at]
      return act !== undefined && givesAction(grant, act.action, this.ports.grantable) && givesIn(grant, act.environment?.id)
    })
    this.known.set(grant, found)
    return found
  }
}
