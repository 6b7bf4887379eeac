// Decisions for others' enforcement points: may this subject do this action on this resource. Answered by the steps of the door itself, all questions in one
// moment; nothing is done. Everything in a question is attacker-controlled; what it says of attributes counts for nothing, because ours come from the store.
import { z } from 'zod'
import type { ExaminedAnswer } from '../../access/index.ts'
import { sessionType } from '../../identity/index.ts'
import { action, fail, type IdPrefix, isCoded, isId, type OrgId, type Ports, type Principal, type Tx } from '../../kernel/index.ts'
import { askedAbout, subjectsOf } from './subject.ts'

/** How many evaluations one request may ask for. */
export const evaluationsMax = 100
const bodyBytesMax = 262_144

const prefixes = { person: 'per', pipeline: 'pip', agent: 'agt', service: 'svc' } as const satisfies Record<string, IdPrefix>
/** A kind of subject. */
export type SubjectKind = keyof typeof prefixes

/** Whether this is a kind of subject. */
export const isSubjectKind = (type: string): type is SubjectKind => Object.hasOwn(prefixes, type)

const word = z.string().min(1).max(60)
const questionId = z.string().min(1).max(120)
const properties = z.record(z.string().max(60), z.json()).default({})

/** Somebody: a kind of subject and an id. */
export const subject = z.strictObject({ type: word.meta({ description: 'person, pipeline, agent or service.' }), id: questionId })
/** A capability, with what it would be given besides the resource. */
export const askedAction = z.strictObject({ name: word.meta({ description: 'A capability, as `noun:verb`.' }), properties })
/** A thing: the field of the action's input that names it, and its id. */
export const resource = z.strictObject({
  type: word.meta({ description: 'The field of the action’s input that names it, such as `run` or `scenario`; or `organization`.' }),
  id: questionId,
})

const evaluation = z.strictObject({ subject, action: askedAction, resource })
type Evaluation = z.output<typeof evaluation>

/** The orders in which several evaluations end: all of them, or with the first that decides. */
export const semantics = ['execute_all', 'deny_on_first_deny', 'permit_on_first_permit'] as const
/** One of the three semantics. */
export type Semantic = (typeof semantics)[number]

/** Whether nothing after this decision is evaluated. */
function endsWith(semantic: Semantic, decision: boolean): boolean {
  return (semantic === 'deny_on_first_deny' && !decision) || (semantic === 'permit_on_first_permit' && decision)
}

const decided = z.object({
  decision: z.boolean(),
  code: z.string().nullable().meta({ description: 'Why not: `denied`, or what the question itself fails with; null when it is allowed.' }),
  detail: z.string().nullable(),
  policies: z.array(z.string()).meta({ description: 'What allows it, or what forbids it.' }),
})
/** A decision with its reasons. */
export type Decided = z.output<typeof decided>

const no = (code: string, detail: string): Decided => ({ decision: false, code, detail, policies: [] })

/** What the action would be given. The resource is said once: what names another one beside it is no question. Throws `invalid`. */
function inputFor(asked: Pick<Evaluation, 'action' | 'resource'>, org: OrgId): Record<string, unknown> {
  const { type, id } = asked.resource
  if (type === 'organization') {
    if (id !== org) throw fail('not_found', 'There is no organization with this id.')
    return asked.action.properties
  }
  if (Object.hasOwn(asked.action.properties, type))
    throw fail('invalid', `\`${type}\` is the resource already; leave it out of the properties.`)
  return { ...asked.action.properties, [type]: id }
}

/** Who asks, in which transaction, at which take-away version. */
export interface Asking {
  readonly tx: Tx
  readonly ports: Ports
  readonly principal: Principal
  readonly version: number
}

type Question = Pick<Evaluation, 'action' | 'resource'>

/** Decides questions about people and workloads, all in one moment; the answers about each, in order. */
async function decideAbout(
  { tx, ports, principal, version }: Asking,
  asked: readonly { readonly about: Principal; readonly questions: readonly Question[] }[],
): Promise<readonly (readonly Decided[])[]> {
  const inputs = asked.map(({ questions }) => questions.map((one) => questionFor(one, principal.org)))
  const examinations = asked.map(({ about }, at) => ({
    who: { principal: about, version },
    questions: (inputs[at] ?? []).flatMap((one) => ('input' in one ? [one] : [])),
  }))
  const examined = await ports.examiner.examineEach(tx, examinations)
  return inputs.map((ones, at) => {
    const answers = [...(examined[at] ?? [])]
    return ones.map((one) => ('input' in one ? decidedAs(answers.shift()) : one))
  })
}

function decidedAs(answer: ExaminedAnswer | undefined): Decided {
  if (answer === undefined) throw new Error('A question was not answered.')
  return { decision: answer.allowed, code: answer.code, detail: answer.detail, policies: [...answer.policies] }
}

/** A question as it is examined, or why it is none. */
function questionFor(
  asked: Pick<Evaluation, 'action' | 'resource'>,
  org: OrgId,
): { readonly action: string; readonly input: Record<string, unknown> } | Decided {
  try {
    return { action: asked.action.name, input: inputFor(asked, org) }
  } catch (error) {
    if (isCoded(error)) return no(error.code, error.message)
    throw error
  }
}

/** Decides questions about somebody, in their order. */
export async function decideFor(asking: Asking, about: Principal, questions: readonly Question[]): Promise<readonly Decided[]> {
  const [decided = []] = await decideAbout(asking, [{ about, questions }])
  return decided
}

/** Finds whoever questions are about: the caller himself as he is signed in, others as the store knows them; nobody where there is nobody. */
export async function findSubjects(
  asking: Asking,
  subjects: readonly z.output<typeof subject>[],
): Promise<readonly (Principal | undefined)[]> {
  const { tx, ports, principal } = asking
  const isOne = ({ type, id }: z.output<typeof subject>): boolean => isSubjectKind(type) && isId(prefixes[type], id)
  const others = subjects.filter((one) => isOne(one) && one.id !== principal.id).map(({ id }) => id)
  const found = others.length === 0 ? undefined : await subjectsOf(tx, ports, others)
  return subjects.map((one) => (isOne(one) ? (one.id === principal.id ? principal : found?.get(one.id)) : undefined))
}

/** Decides several questions. */
export const evaluateAccess = action({
  name: 'access:evaluate',
  summary:
    'Decide whether subjects may do actions on resources, without doing them; one after the other, up to the first that decides if asked so.',
  effect: 'read',
  roles: ['admin', 'auditor'],
  by: ['person', 'pipeline', 'agent', 'service'],
  resource: sessionType,
  bodyBytesMax,
  input: z.strictObject({ evaluations: z.array(evaluation).max(evaluationsMax), semantic: z.enum(semantics).default('execute_all') }),
  output: z.object({ decisions: z.array(decided) }),
  locate: async ({ input, principal }) => {
    const other = input.evaluations.find((one) => one.subject.id !== principal.id)
    return { resource: askedAbout(principal, other?.subject.id ?? principal.id), found: undefined }
  },
  async perform({ input, tx, ports, principal, allowed }) {
    const asking = { tx, ports, principal, version: allowed.version }
    const { evaluations, semantic } = input
    return {
      result: { decisions: semantic === 'execute_all' ? await everyOne(asking, evaluations) : await upTo(asking, evaluations, semantic) },
    }
  },
})

const nobodyThere = no('not_found', 'There is nobody with this id who could do anything.')
const subjectKey = (one: Evaluation): string => JSON.stringify([one.subject.type, one.subject.id])
const questionKey = (one: Evaluation): string => JSON.stringify([one.action, one.resource])

/** Decides all in one moment. The same question has the same answer then, and is asked once. */
export async function everyOne(asking: Asking, evaluations: readonly Evaluation[]): Promise<Decided[]> {
  const bySubject = new Map<string, Map<string, Evaluation>>()
  for (const one of evaluations) {
    const asked = bySubject.get(subjectKey(one)) ?? new Map<string, Evaluation>()
    asked.set(questionKey(one), one)
    bySubject.set(subjectKey(one), asked)
  }
  const named = [...bySubject.values()].flatMap(([first]) => (first === undefined ? [] : [first[1].subject]))
  const people = await findSubjects(asking, named)
  const asked = [...bySubject].flatMap(([key, questions], at) => {
    const about = people[at]
    return about === undefined ? [] : [{ key, about, keys: [...questions.keys()], questions: [...questions.values()] }]
  })
  const answers = await decideAbout(asking, asked)
  const decided = new Map(
    asked.flatMap(({ key, keys }, at) => keys.map((one, number) => [`${key} ${one}`, answers[at]?.[number]] as const)),
  )
  return evaluations.map((one) => decided.get(`${subjectKey(one)} ${questionKey(one)}`) ?? nobodyThere)
}

/** Decides one after the other, up to the first that decides. */
async function upTo(asking: Asking, evaluations: readonly Evaluation[], semantic: Semantic): Promise<Decided[]> {
  const decisions: Decided[] = []
  for (const one of evaluations) {
    const [decision = nobodyThere] = await everyOne(asking, [one])
    decisions.push(decision)
    if (endsWith(semantic, decision.decision)) break
  }
  return decisions
}
