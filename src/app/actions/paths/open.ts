// Whether anything stands in the way of an act: the door's own decision, asked of somebody who holds everything. What a decision can see of whoever acts is his
// kind, his clearance, the environment that he is bound to, and which of the ids that rules speak of are his; so it is asked once for all who are alike in that,
// and ten thousand people cost no more than a few. Whoever is bounded, as guests are, is asked about by himself.
import { boundCondition, boundForbids, guardrailsInForce, type Policy, type Supposed } from '../../../access/index.ts'
import type { Ports, Principal, Tx } from '../../../kernel/index.ts'
import { type Bounds, boundsHere } from './bounds.ts'

/** A policy that holds everything, as far as somebody is not bounded. */
function everything(bound: string | undefined): Policy {
  return { id: 'everything', text: `permit(principal, action, resource)${bound === undefined ? '' : ` when { ${bound} }`};` }
}

const idPattern = /\b(?:per|pip|agt|svc|run)_[0-9a-z]{26}\b/g

/** The ids that policies name; undefined where a text may name one that cannot be read off it. */
function namedIn(policies: readonly Policy[]): ReadonlySet<string> | undefined {
  if (policies.some(({ text }) => text.includes('\\'))) return undefined
  return new Set(policies.flatMap(({ text }) => text.match(idPattern) ?? []))
}

function textsIn({ known, context = {} }: Supposed): readonly string[] {
  return [...Object.values(known), ...Object.values(context)].flatMap((value) =>
    typeof value === 'string' ? [value] : typeof value === 'object' ? value : [],
  )
}

/** What being open depends on. */
export interface OpenParts {
  readonly ports: Ports
  readonly version: number
  readonly guardrails: readonly Policy[]
  readonly bounds: Bounds
  readonly acts: readonly Supposed[]
}

/** Answers for some acts whether they are open to somebody who holds what they take. */
export class Open {
  readonly acts: readonly Supposed[]
  private readonly ports: Ports
  private readonly version: number
  private readonly guardrails: readonly Policy[]
  private readonly bounds: Bounds
  private readonly named: ReadonlySet<string> | undefined
  private readonly known = new Map<string, (boolean | undefined)[]>()

  /** `guardrails` are those of the organization; `acts` are asked about by their number. */
  constructor(it: OpenParts) {
    this.acts = it.acts
    this.ports = it.ports
    this.version = it.version
    this.guardrails = it.guardrails
    this.bounds = it.bounds
    const named = namedIn(it.guardrails)
    this.named = named === undefined ? undefined : new Set([...named, ...it.acts.flatMap(textsIn)])
  }

  /** As the guardrails in force and everything that bounds anybody leave it. */
  static async now(tx: Tx, parts: Pick<OpenParts, 'ports' | 'version' | 'acts'>): Promise<Open> {
    return new Open({ ...parts, guardrails: await guardrailsInForce(tx), bounds: await boundsHere(tx) })
  }

  /** The same rules and bounds about other acts. */
  about(acts: readonly Supposed[]): Open {
    const { ports, version, guardrails, bounds } = this
    return new Open({ ports, version, guardrails, bounds, acts })
  }

  /** Whether nothing forbids an act to somebody. */
  to(principal: Principal, act: number): boolean {
    return this.for(principal)(act)
  }

  /** The same for whoever is asked about often. */
  for(principal: Principal): (act: number) => boolean {
    const answers = this.answersFor(principal)
    return (act) => {
      const known = answers[act]
      if (known !== undefined) return known
      const isOpen = this.ask(principal, act)
      answers[act] = isOpen
      return isOpen
    }
  }

  private ask(principal: Principal, act: number): boolean {
    const supposed = this.acts[act]
    if (supposed === undefined) return false
    const who = { principal, version: this.version, now: this.ports.clock.now() }
    return this.ports.examiner.suppose(who, this.policiesFor(principal), supposed).allowed
  }

  private policiesFor({ id }: Principal): readonly Policy[] {
    const bounds = this.bounds.get(id) ?? []
    return [everything(boundCondition(bounds)?.text), ...boundForbids(bounds), ...this.guardrails]
  }

  private answersFor(principal: Principal): (boolean | undefined)[] {
    const key = this.likenessOf(principal)
    const found = this.known.get(key) ?? []
    this.known.set(key, found)
    return found
  }

  /** What a decision can see of somebody: those who are alike are answered alike. An id that no rule and no act speaks of is as good as any other. */
  likenessOf({ kind, id, clearance, chain, environment = '', authenticatedAt = 0 }: Principal): string {
    const { named } = this
    const own = named === undefined || this.bounds.has(id) ? [id] : chain.filter((one) => named.has(one))
    return [kind, clearance, environment, authenticatedAt, ...own].join(' ')
  }
}
