// A small number of policies, one bit for each: an entity remembers which heads it fits, as a few small numbers, and whose heads fit a request is what
// principal, action and resource have in common. That takes next to no memory for each entity, and memory is what deciding about thousands of them waits for.
import { type Answer, type Said, Verdict } from './answers.ts'
import type { Asked } from './asked.ts'
import { EntityNode, type Memo } from './entity-store.ts'
import type { CompiledPolicy } from './policies.ts'
import { fits, type Head } from './scopes.ts'
import type { EntityUid } from './values.ts'

/** A word is a small integer to the runtime. */
const wordBits = 30
/** How many policies masks are good for. */
export const maskedPoliciesMax = 2 * wordBits
/** How many different masks are remembered, and how many selections; when there are more, all are made anew. */
export const masksMax = 10_000

type Words = readonly [low: number, high: number]

function wordsOf(policies: readonly CompiledPolicy[], isIn: (policy: CompiledPolicy) => boolean): Words {
  const words: [number, number] = [0, 0]
  policies.forEach((policy, at) => {
    if (isIn(policy)) words[at < wordBits ? 0 : 1] |= 1 << (at % wordBits)
  })
  return words
}

/** The policies whose heads an entity fits, as principal, as action or as resource: those with conditions, and those without. */
class Mask implements Memo {
  readonly owner: object
  readonly low: number
  readonly high: number
  readonly plainLow: number
  readonly plainHigh: number

  constructor(owner: object, [low, high]: Words, [plainLow, plainHigh]: Words) {
    this.owner = owner
    this.low = low
    this.high = high
    this.plainLow = plainLow
    this.plainHigh = plainHigh
  }
}

/** The masks of entities in one place of heads. The store forgets a mask when what is above its entity changes. */
class Masking {
  private readonly place: keyof Head
  private readonly conditional: readonly CompiledPolicy[]
  private readonly plain: readonly CompiledPolicy[]
  private readonly owner = {}
  /** Entities that fit the same heads share one mask. */
  private readonly same = new Map<string, Mask>()

  constructor(place: keyof Head, conditional: readonly CompiledPolicy[], plain: readonly CompiledPolicy[]) {
    this.place = place
    this.conditional = conditional
    this.plain = plain
  }

  of(uid: EntityUid, asked: Asked): Mask {
    const known = uid instanceof EntityNode ? uid.indexed : undefined
    if (known instanceof Mask && known.owner === this.owner) return known
    const made = this.make(uid, asked)
    if (uid instanceof EntityNode) uid.indexed = made
    return made
  }

  private make(uid: EntityUid, asked: Asked): Mask {
    const isIn = ({ head }: CompiledPolicy): boolean => fits(head[this.place], uid, asked)
    const [words, plain] = [wordsOf(this.conditional, isIn), wordsOf(this.plain, isIn)]
    const key = [...words, ...plain].join()
    const mask = this.same.get(key) ?? new Mask(this.owner, words, plain)
    if (this.same.size >= masksMax) this.same.clear()
    this.same.set(key, mask)
    return mask
  }
}

/** What was made of the policies that a mask selects, and the next one under the same key. */
interface Selection<T> {
  readonly low: number
  readonly high: number
  readonly made: T
  readonly next: Selection<T> | undefined
}

/** One small integer for two words; hardly ever the same one for others. */
const keyOf = (low: number, high: number): number => low ^ Math.imul(high, 0x9e3779b1)

/** What is made of the policies that a mask selects, made once for each mask. */
class Selections<T> {
  private readonly policies: readonly CompiledPolicy[]
  private readonly make: (selected: readonly CompiledPolicy[]) => T
  private readonly byKey = new Map<number, Selection<T>>()
  private made = 0

  constructor(policies: readonly CompiledPolicy[], make: (selected: readonly CompiledPolicy[]) => T) {
    this.policies = policies
    this.make = make
  }

  of(low: number, high: number): T {
    let known = this.byKey.get(keyOf(low, high))
    while (known !== undefined && (known.low !== low || known.high !== high)) known = known.next
    return known === undefined ? this.select(low, high) : known.made
  }

  private select(low: number, high: number): T {
    if (++this.made > masksMax) {
      this.byKey.clear()
      this.made = 1
    }
    const made = this.make(this.policies.filter((_, at) => ((at < wordBits ? low : high) & (1 << (at % wordBits))) !== 0))
    const key = keyOf(low, high)
    this.byKey.set(key, { low, high, made, next: this.byKey.get(key) })
    return made
  }
}

/** What policies without conditions say, and the answer where no others say anything: one for all such requests. */
interface Settled extends Said {
  readonly answer: Answer
}

function settled(policies: readonly CompiledPolicy[]): Settled {
  const idsOf = (effect: 'permit' | 'forbid') => Object.freeze(policies.filter((one) => one.effect === effect).map(({ id }) => id))
  const said: Said = { permits: idsOf('permit'), forbids: idsOf('forbid') }
  return { ...said, answer: Object.freeze(new Verdict().answer(said)) }
}

/** A set of no more than `maskedPoliciesMax` policies. */
export class Masks {
  private readonly principals: Masking
  private readonly actions: Masking
  private readonly resources: Masking
  private readonly heard: Selections<readonly CompiledPolicy[]>
  private readonly settled: Selections<Settled>

  constructor(policies: readonly CompiledPolicy[]) {
    const conditional = policies.filter(({ condition }) => condition !== undefined)
    const plain = policies.filter(({ condition }) => condition === undefined)
    this.principals = new Masking('principal', conditional, plain)
    this.actions = new Masking('action', conditional, plain)
    this.resources = new Masking('resource', conditional, plain)
    this.heard = new Selections(conditional, (selected) => selected)
    this.settled = new Selections(plain, settled)
  }

  /** The full answer. */
  answer(asked: Asked): Answer {
    const principal = this.principals.of(asked.principal, asked)
    const action = this.actions.of(asked.action, asked)
    const resource = this.resources.of(asked.resource, asked)
    const verdict = new Verdict()
    const heard = this.heard.of(principal.low & action.low & resource.low, principal.high & action.high & resource.high)
    for (const policy of heard) verdict.hear(policy, asked)
    const plainLow = principal.plainLow & action.plainLow & resource.plainLow
    const before = this.settled.of(plainLow, principal.plainHigh & action.plainHigh & resource.plainHigh)
    return verdict.isSilent ? before.answer : verdict.answer(before)
  }
}
