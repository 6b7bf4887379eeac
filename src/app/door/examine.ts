// Whether somebody might do something: the door's own steps up to the decision, and there it ends. Nothing is performed, minted or recorded.
// INVARIANT: questions are asked within a savepoint that is rolled back, so that none leaves a trace in the store, and none that fails spoils another.
import { sql } from 'kysely'
import type { Examined, ExaminedAnswer, ExaminedQuestion, Examiner, Policy } from '../../access/index.ts'
import { rolesFor, scopeTypes, wouldAllow } from '../../access/index.ts'
import {
  type Capability,
  type CodedError,
  type Entity,
  type EntityRef,
  fail,
  isCoded,
  type Located,
  type Locating,
  type Tx,
} from '../../kernel/index.ts'
import { needsAnotherCredential } from './authenticate.ts'
import { hear, policiesHeld } from './hear.ts'
import { translateStoreFailure } from './store-failure.ts'
import { createSupposing, type ExaminerParts } from './suppose.ts'

const otherDoors: ReadonlySet<Capability['servedBy']> = new Set(['broker', 'oauth', 'scim'])

/** Whether somebody signed in could ask for it at all: what parts of the product do, and what other doors serve, he could not even try. */
function canBeTried(capability: Capability): boolean {
  return (capability.roles.length > 0 || capability.by.length > 0) && !otherDoors.has(capability.servedBy)
}

const failed = ({ code, message }: CodedError): ExaminedAnswer => ({ allowed: false, code, detail: message, policies: [], roles: [] })

const isScope = ({ type }: EntityRef): boolean => scopeTypes.some((one) => one === type)

/** The thing itself, or what is right above it, where something can be granted on that. */
function grantableOn({ type, id, parents }: Entity): EntityRef | undefined {
  return [{ type, id }, ...parents].find(isScope)
}

/** Makes an examiner. */
export function createExaminer(parts: ExaminerParts): Examiner {
  const byName = new Map(parts.catalogue.filter(canBeTried).map((capability) => [capability.name, capability]))
  const examineEach: Examiner['examineEach'] = async (tx, examinations) => {
    const asks = examinations.flatMap(({ who, questions }) => questions.map((question) => ({ who, ...capabilityOf(byName, question) })))
    // INVARIANT: the savepoint is asked for before anything else, and what is asked on one connection is done in that order.
    const savepoint = sql`savepoint examined`.execute(tx)
    const answers = (await together(parts, tx, asks, savepoint)) ?? (await oneByOne(parts, tx, asks))
    const left = [...answers]
    return examinations.map(({ questions }) => left.splice(0, questions.length))
  }
  return {
    actions: [...byName.keys()],
    suppose: createSupposing(parts),
    examineEach,
    async examine(tx, who, questions) {
      const [answers = []] = await examineEach(tx, [{ who, questions }])
      return answers
    },
  }
}

/** One question about one principal; without a capability where there is no such action to ask about. */
interface Ask {
  readonly who: Examined
  readonly capability: Capability | undefined
  readonly input: unknown
}

const capabilityOf = (byName: ReadonlyMap<string, Capability>, { action, input }: ExaminedQuestion): Omit<Ask, 'who'> => ({
  capability: byName.get(action),
  input,
})

const backToSavepoint = (tx: Tx): Promise<unknown> => sql`rollback to savepoint examined`.execute(tx)

/** Asks all of them in one moment. Where one fails by more than a refusal, the store answers none of those after it: then there is nothing. */
async function together(
  parts: ExaminerParts,
  tx: Tx,
  asks: readonly Ask[],
  savepoint: Promise<unknown>,
): Promise<ExaminedAnswer[] | undefined> {
  const moment = new Moment(parts, tx)
  const asked = Promise.allSettled(asks.map((one) => moment.ask(one)))
  await savepoint
  const settled = await asked
  await backToSavepoint(tx)
  const answers = settled.map((one) => (one.status === 'fulfilled' ? one.value : isCoded(one.reason) ? failed(one.reason) : undefined))
  return answers.includes(undefined) ? undefined : answers.filter((one) => one !== undefined)
}

async function oneByOne(parts: ExaminerParts, tx: Tx, asks: readonly Ask[]): Promise<ExaminedAnswer[]> {
  const answers: ExaminedAnswer[] = []
  for (const one of asks) {
    answers.push(await new Moment(parts, tx).ask(one).catch((error: unknown) => failed(translateStoreFailure(error))))
    await backToSavepoint(tx)
  }
  return answers
}

/** Looking for the thing that a question is about, and whether that took looking at who asks. */
class Look {
  readonly found: Promise<Located<unknown>>
  isAnybodys = true

  constructor(capability: Capability, locating: Locating<unknown>) {
    const look = this
    const { input, tx, ports, principal } = locating
    const blind = {
      input,
      tx,
      ports,
      get principal() {
        look.isAnybodys = false
        return principal
      },
    }
    this.found = capability.locate(blind)
  }
}

/**
 * The questions of one moment of a transaction. The policies that somebody holds are read once for all of his; a thing that was found without looking at who asks
 * is what everybody who asks the same would find.
 */
class Moment {
  readonly #parts: ExaminerParts
  readonly #tx: Tx
  readonly #policies = new Map<Examined, Promise<readonly Policy[]>>()
  readonly #looks = new Map<string, Look>()

  constructor(parts: ExaminerParts, tx: Tx) {
    this.#parts = parts
    this.#tx = tx
  }

  async ask({ who, capability, input }: Ask): Promise<ExaminedAnswer> {
    const { principal, version } = who
    if (capability === undefined) throw fail('not_found', 'There is no such action.')
    if (needsAnotherCredential(capability.name)) throw fail('unauthenticated', 'This credential is not the kind that this request needs.')
    const key = `${capability.name} ${JSON.stringify(input)}`
    const locate = (locating: Locating<unknown>) => this.#locate(capability, locating, key)
    const asked = { capability, principal, input, version, policies: this.#policiesOf(who), locate }
    const request = await hear(this.#tx, this.#parts.ports(), asked, { input: undefined, located: undefined })
    const decided = wouldAllow(this.#parts.decider, request)
    if (decided.allowed) return { allowed: true, code: null, detail: null, policies: decided.policies, roles: rolesFor(capability) }
    // A guardrail holds over every grant: asking for a role would not help.
    const roles = decided.policies.length > 0 ? [] : rolesFor(decided.besides?.capability ?? capability)
    const besides = decided.besides === undefined ? {} : { besides: decided.besides.capability.name }
    const on = roles.length === 0 ? undefined : grantableOn((decided.besides?.located ?? request.located).resource)
    const where = on === undefined ? {} : { on }
    return { allowed: false, code: 'denied', detail: decided.detail ?? null, policies: decided.policies, roles, ...where, ...besides }
  }

  #policiesOf(who: Examined): Promise<readonly Policy[]> {
    const known = this.#policies.get(who)
    if (known !== undefined) return known
    const held = policiesHeld(this.#tx, this.#parts.ports(), who.principal, who.version)
    // Each question that gets as far as a decision waits for it and fails with it; where none does, nobody has to be told.
    held.catch(() => undefined)
    this.#policies.set(who, held)
    return held
  }

  async #locate(capability: Capability, locating: Locating<unknown>, key: string): Promise<Located<unknown>> {
    const first = this.#looks.get(key)
    if (first === undefined) {
      const look = new Look(capability, locating)
      this.#looks.set(key, look)
      return look.found
    }
    await first.found.catch(() => undefined)
    return first.isAnybodys ? first.found : capability.locate(locating)
  }
}
