// A small number of policies, one bit for each: an entity has with it which heads it fits, as two small numbers, and whose heads fit a request is what principal,
// action and resource have in common. Deciding about thousands of entities waits for memory: so nothing is looked up that lies elsewhere, and what the same policies
// say is answered with the same answer.
import { type Answer, type Said, Verdict } from './answers.ts'
import type { Asked } from './asked.ts'
import type { Condition } from './conditions.ts'
import { EntityNode } from './entity-store.ts'
import { Fault } from './faults.ts'
import type { CompiledPolicy } from './policies.ts'
import { fits, type Head } from './scopes.ts'
import type { EntityUid } from './values.ts'

/** A word is a small integer to the runtime. */
const wordBits = 30
/** How many policies masks are good for. */
export const maskedPoliciesMax = 2 * wordBits
/** How many selections are remembered; when there are more, all are made anew. */
export const selectionsMax = 10_000

type Words = readonly [low: number, high: number]

function wordsOf(policies: readonly CompiledPolicy[], isIn: (policy: CompiledPolicy) => boolean): Words {
  const words: [number, number] = [0, 0]
  policies.forEach((policy, at) => {
    if (isIn(policy)) words[at < wordBits ? 0 : 1] |= 1 << (at % wordBits)
  })
  return words
}

/** Which heads entities fit in one place of them. The store forgets it of an entity when what is above that changes. */
class Fitting {
  private readonly place: keyof Head
  private readonly policies: readonly CompiledPolicy[]

  constructor(place: keyof Head, policies: readonly CompiledPolicy[]) {
    this.place = place
    this.policies = policies
  }

  /** The entity with its words; one that is not there gets them for this once. */
  of(uid: EntityUid, asked: Asked): EntityNode {
    return uid instanceof EntityNode && uid.fitting === this ? uid : this.fit(uid, asked)
  }

  private fit(uid: EntityUid, asked: Asked): EntityNode {
    const [low, high] = wordsOf(this.policies, ({ head }) => fits(head[this.place], uid, asked))
    const node = uid instanceof EntityNode ? uid : new EntityNode(uid.type, uid.id)
    node.fit(this, low, high)
    return node
  }
}

/** Of how many policies every combination that is satisfied has an answer that is made once. */
const combinedMax = 6
const nothing: readonly string[] = Object.freeze([])

const withEffect = (policies: readonly CompiledPolicy[], effect: CompiledPolicy['effect']): readonly CompiledPolicy[] =>
  policies.filter((one) => one.effect === effect)

const idsOf = (policies: readonly CompiledPolicy[]): readonly string[] =>
  policies.length === 0 ? nothing : Object.freeze(policies.map(({ id }) => id))

/** The answer where some policies with conditions are satisfied beside what those without say. Many requests share it. */
function answerWith(said: Said, satisfied: readonly CompiledPolicy[]): Answer {
  const verdict = new Verdict()
  for (const one of satisfied) verdict.agree(one)
  const answer = verdict.answer(said)
  Object.freeze(answer.reasons)
  return Object.freeze(answer)
}

/** What is answered where these of some policies are satisfied, one bit for each, beside what is said anyway: of few policies made once. */
class Answers {
  private readonly said: Said
  private readonly policies: readonly CompiledPolicy[]
  private readonly known: (Answer | undefined)[]

  constructor(said: Said, policies: readonly CompiledPolicy[]) {
    this.said = said
    this.policies = policies
    this.known = policies.length > combinedMax ? [] : Array.from({ length: 1 << policies.length }, () => undefined)
  }

  of(bits: number): Answer {
    const known = this.known[bits]
    if (known !== undefined) return known
    const made = answerWith(
      this.said,
      this.policies.filter((_, at) => (bits & (1 << at)) !== 0),
    )
    if (bits < this.known.length) this.known[bits] = made
    return made
  }
}

/** Policies with conditions that are heard together: those that forbid come first, one bit for each. */
class Heard {
  readonly policies: readonly CompiledPolicy[]
  readonly permitting: readonly CompiledPolicy[]
  readonly forbidding: readonly CompiledPolicy[]
  /** The bits of those that forbid. */
  readonly forbids: number
  /** What is answered to these, where nothing without conditions forbids. */
  readonly denials: Answers
  private readonly conditions: readonly Condition[]

  constructor(policies: readonly CompiledPolicy[]) {
    this.permitting = withEffect(policies, 'permit')
    this.forbidding = withEffect(policies, 'forbid')
    this.policies = [...this.forbidding, ...this.permitting]
    this.forbids = this.forbidding.length > wordBits ? 0 : (1 << this.forbidding.length) - 1
    this.denials = new Answers({ permits: nothing, forbids: nothing }, this.forbidding)
    this.conditions = this.policies.flatMap(({ condition }) => condition ?? [])
  }

  /** The bits of those that are satisfied. Throws `Fault` when one errs. */
  satisfied(asked: Asked): number {
    const { conditions } = this
    let bits = 0
    for (let at = 0; at < conditions.length; at++) if (conditions[at]?.isMet(asked) === true) bits |= 1 << at
    return bits
  }
}

/** The policies of two words: those to be heard, and what the others say at once. */
class Selection implements Said {
  readonly low: number
  readonly high: number
  readonly heard: Heard
  /** The answer where none of those that are heard is satisfied. */
  readonly silent: Answer
  readonly permits: readonly string[]
  readonly forbids: readonly string[]
  /** What is answered to the bits of those that are heard: of those that forbid, and where none does, of those that permit. */
  readonly denials: Answers
  readonly permissions: Answers
  /** The next one in the same slot. */
  readonly next: Selection | undefined

  constructor([low, high]: Words, heard: Heard, plain: readonly CompiledPolicy[], next: Selection | undefined) {
    this.low = low
    this.high = high
    this.heard = heard
    this.permits = idsOf(withEffect(plain, 'permit'))
    this.forbids = idsOf(withEffect(plain, 'forbid'))
    this.denials = this.forbids.length === 0 ? heard.denials : new Answers(this, heard.forbidding)
    this.permissions = new Answers(this, heard.permitting)
    this.silent = this.permissions.of(0)
    this.next = next
  }
}

const slotBits = 10
const slotOf = (low: number, high: number): number => Math.imul(low ^ Math.imul(high, 0x9e3779b1), 0x85ebca6b) >>> (32 - slotBits)

/** Selections by their words, each made once. */
class Selections {
  private readonly policies: readonly CompiledPolicy[]
  private slots: (Selection | undefined)[] = []
  private heard = new Map<string, Heard>()
  private made = 0

  constructor(policies: readonly CompiledPolicy[]) {
    this.policies = policies
    this.forget()
  }

  of(low: number, high: number): Selection {
    let known = this.slots[slotOf(low, high)]
    while (known !== undefined && (known.low !== low || known.high !== high)) known = known.next
    return known ?? this.select(low, high)
  }

  private forget(): void {
    this.slots = Array.from({ length: 1 << slotBits }, () => undefined)
    this.heard = new Map()
    this.made = 0
  }

  private select(low: number, high: number): Selection {
    if (++this.made > selectionsMax) this.forget()
    const selected = this.policies.filter((_, at) => ((at < wordBits ? low : high) & (1 << (at % wordBits))) !== 0)
    const conditional = selected.filter(({ condition }) => condition !== undefined)
    const slot = slotOf(low, high)
    const plain = selected.filter(({ condition }) => condition === undefined)
    const made = new Selection([low, high], this.heardTogether(conditional), plain, this.slots[slot])
    this.slots[slot] = made
    return made
  }

  private heardTogether(policies: readonly CompiledPolicy[]): Heard {
    const key = policies.map((one) => this.policies.indexOf(one)).join()
    const known = this.heard.get(key) ?? new Heard(policies)
    this.heard.set(key, known)
    return known
  }
}

/** A set of no more than `maskedPoliciesMax` policies. */
export class Masks {
  private readonly principals: Fitting
  private readonly actions: Fitting
  private readonly resources: Fitting
  private readonly selections: Selections

  constructor(policies: readonly CompiledPolicy[]) {
    this.principals = new Fitting('principal', policies)
    this.actions = new Fitting('action', policies)
    this.resources = new Fitting('resource', policies)
    this.selections = new Selections(policies)
  }

  /** The full answer. An entity can stand in several places of a request: its words are taken before those of the next place are asked for. */
  answer(asked: Asked): Answer {
    const { fitLow: principalLow, fitHigh: principalHigh } = this.principals.of(asked.principal, asked)
    const { fitLow: actionLow, fitHigh: actionHigh } = this.actions.of(asked.action, asked)
    const { fitLow: resourceLow, fitHigh: resourceHigh } = this.resources.of(asked.resource, asked)
    const selection = this.selections.of(principalLow & actionLow & resourceLow, principalHigh & actionHigh & resourceHigh)
    return selection.heard.policies.length > wordBits ? oneByOne(selection, asked) : together(selection, asked)
  }
}

/** Hears everybody; one that errs has all of them heard one by one, which changes nothing: what a condition says depends on the request alone. */
function together(selection: Selection, asked: Asked): Answer {
  const { heard } = selection
  let bits: number
  try {
    bits = heard.satisfied(asked)
  } catch (fault) {
    if (!(fault instanceof Fault)) throw fault
    return oneByOne(selection, asked)
  }
  if (bits === 0) return selection.silent
  const forbids = bits & heard.forbids
  return forbids === 0 ? selection.permissions.of(bits >>> heard.forbidding.length) : selection.denials.of(forbids)
}

function oneByOne(selection: Selection, asked: Asked): Answer {
  const verdict = new Verdict()
  for (const policy of selection.heard.policies) verdict.hear(policy, asked)
  return verdict.answer(selection)
}
