// Whether somebody might do something: the door's own steps up to the decision, and there it ends. Nothing is performed, minted or recorded.
// INVARIANT: questions are asked within a savepoint that is rolled back, so that none leaves a trace in the store, and none that fails spoils another.
import { sql } from 'kysely'
import type { Examined, ExaminedAnswer, ExaminedQuestion, Examiner, Policy } from '../../access/index.ts'
import { rolesFor, wouldAllow } from '../../access/index.ts'
import { type Capability, type CodedError, fail, isCoded, type Tx } from '../../kernel/index.ts'
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

/** Makes an examiner. */
export function createExaminer(parts: ExaminerParts): Examiner {
  const byName = new Map(parts.catalogue.filter(canBeTried).map((capability) => [capability.name, capability]))
  return {
    actions: [...byName.keys()],
    suppose: createSupposing(parts),
    async examine(tx, who, questions) {
      const savepoint = sql`savepoint examined`.execute(tx)
      const [policies] = await Promise.all([policiesHeld(tx, parts.ports(), who.principal, who.version), savepoint])
      const ask = async (question: ExaminedQuestion): Promise<ExaminedAnswer> => {
        const capability = byName.get(question.action)
        if (capability === undefined) throw fail('not_found', 'There is no such action.')
        return answer(parts, tx, who, { capability, question, policies })
      }
      return (await together(questions, ask, tx)) ?? oneByOne(questions, ask, tx)
    },
  }
}

type Ask = (question: ExaminedQuestion) => Promise<ExaminedAnswer>

const backToSavepoint = (tx: Tx): Promise<unknown> => sql`rollback to savepoint examined`.execute(tx)

/** Asks all of them in one moment. Where one fails by more than a refusal, the store answers none of those after it: then there is nothing. */
async function together(questions: readonly ExaminedQuestion[], ask: Ask, tx: Tx): Promise<ExaminedAnswer[] | undefined> {
  const asked = await Promise.allSettled(questions.map(ask))
  await backToSavepoint(tx)
  const answers = asked.map((one) => (one.status === 'fulfilled' ? one.value : isCoded(one.reason) ? failed(one.reason) : undefined))
  return answers.includes(undefined) ? undefined : answers.filter((one) => one !== undefined)
}

async function oneByOne(questions: readonly ExaminedQuestion[], ask: Ask, tx: Tx): Promise<ExaminedAnswer[]> {
  const answers: ExaminedAnswer[] = []
  for (const question of questions) {
    answers.push(await ask(question).catch((error: unknown) => failed(translateStoreFailure(error))))
    await backToSavepoint(tx)
  }
  return answers
}

interface Examining {
  readonly capability: Capability
  readonly question: ExaminedQuestion
  readonly policies: readonly Policy[]
}

async function answer(parts: ExaminerParts, tx: Tx, { principal, version }: Examined, it: Examining): Promise<ExaminedAnswer> {
  const { capability, question, policies } = it
  if (needsAnotherCredential(capability.name)) throw fail('unauthenticated', 'This credential is not the kind that this request needs.')
  const asked = { capability, principal, input: question.input, version, policies }
  const request = await hear(tx, parts.ports(), asked, { input: undefined, located: undefined })
  const decided = wouldAllow(parts.decider, request)
  if (decided.allowed) return { allowed: true, code: null, detail: null, policies: decided.policies, roles: rolesFor(capability) }
  // A guardrail holds over every grant: asking for a role would not help.
  const roles = decided.policies.length > 0 ? [] : rolesFor(capability)
  return { allowed: false, code: 'denied', detail: decided.detail ?? null, policies: decided.policies, roles }
}
