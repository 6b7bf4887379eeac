// Evaluation and evaluations (AuthZEN sections 6 and 7): from a request to questions, and from decisions to an answer. An item of a batch that is no question
// is answered with no and the error beside it, in its place; only a request that is none at all is refused.
import { z } from 'zod'
import { evaluationsMax, semantics } from '../../app/index.ts'
import { fail } from '../../kernel/index.ts'
import type { Ask } from './authzen-ask.ts'

// As long as the door takes them: an item that is too long for it is no question, and spoils no other.
const word = z.string().min(1).max(60)
const id = z.string().min(1).max(120)
const properties = z.record(z.string(), z.json())
/** A subject or a resource (sections 5.1 and 5.2); its properties decide nothing. */
export const entity = z.object({ type: word, id, properties: properties.optional() })
/** An action (section 5.3); its properties are what it would be given. */
export const actionShape = z.object({ name: word, properties: z.record(z.string().max(60), z.json()).optional() })
const context = properties.optional()

const evaluation = z.object({ subject: entity, action: actionShape, resource: entity, context })
const batch = z.object({
  subject: entity.optional(),
  action: actionShape.optional(),
  resource: entity.optional(),
  context,
  evaluations: z.array(z.json()).optional(),
  options: z.looseObject({ evaluations_semantic: z.enum(semantics).optional() }).optional(),
})
/** A question. */
export type Evaluation = z.output<typeof evaluation>
type Batch = z.output<typeof batch>

const decided = z.object({
  decision: z.boolean(),
  code: z.string().nullable(),
  detail: z.string().nullable(),
  policies: z.array(z.string()),
})
/** What the door says to a question. */
export type Decision = z.output<typeof decided>

/** The subject or resource of a question, as the door takes it. */
export const named = ({ type, id }: z.output<typeof entity>) => ({ type, id })
/** The action of a question, as the door takes it. */
export const asked = ({ name, properties: given = {} }: z.output<typeof actionShape>) => ({ name, properties: given })
const question = (one: Evaluation) => ({ subject: named(one.subject), action: asked(one.action), resource: named(one.resource) })

function answerOf({ decision, code, detail, policies }: Decision): object {
  return decision ? { decision, context: { policies } } : { decision, context: { code, detail, policies } }
}

/** Asks the door. Throws what the door throws. */
export async function decide(ask: Ask, evaluations: readonly Evaluation[], semantic: string): Promise<readonly Decision[]> {
  const result = await ask('access:evaluate', { evaluations: evaluations.map(question), semantic })
  return z.object({ decisions: z.array(decided) }).parse(result).decisions
}

/** Reads one evaluation. Throws what makes it none. */
export function readEvaluation(body: unknown): Evaluation {
  return evaluation.parse(body ?? {})
}

/** How one question is decided. */
export type DecideOne = (evaluation: Evaluation) => Promise<Decision>

/** Answers one evaluation. Throws what makes it none. */
export async function evaluationOf(body: unknown, decideOne: DecideOne): Promise<object> {
  return answerOf(await decideOne(readEvaluation(body)))
}

/** Reads a batch; without evaluations it is one evaluation (section 7.1.1). Throws what makes it none. */
export function readEvaluations(body: unknown): Batch {
  const read = batch.parse(body ?? {})
  if ((read.evaluations?.length ?? 0) > evaluationsMax) throw fail('invalid', `One request may hold ${evaluationsMax} evaluations.`)
  return read
}

/** What an item asks: its own members, each in place of the default of that name as a whole (section 7.1.1). */
function itemsOf({ subject, action, resource, context: given, evaluations = [] }: Batch) {
  const defaults = { subject, action, resource, context: given }
  return evaluations.map((item) =>
    evaluation.safeParse(typeof item === 'object' && item !== null && !Array.isArray(item) ? { ...defaults, ...item } : item),
  )
}

const isLast = (semantic: string, decision: boolean): boolean =>
  (semantic === 'deny_on_first_deny' && !decision) || (semantic === 'permit_on_first_permit' && decision)

const malformed = (error: z.ZodError): object => {
  const [issue] = error.issues
  return {
    decision: false,
    context: { error: { status: 400, message: `${issue?.path.join('.') ?? ''}: ${issue?.message ?? 'not a question'}` } },
  }
}

/** Answers a batch, in order, up to where its semantic ends (section 7.1.2). */
export async function answerEvaluations(read: Batch, ask: Ask, decideOne: DecideOne): Promise<object> {
  if (read.evaluations === undefined || read.evaluations.length === 0) return evaluationOf(read, decideOne)
  const semantic = read.options?.evaluations_semantic ?? 'execute_all'
  const items = itemsOf(read)
  // Whoever sends nothing that can be decided is asked who he is all the same.
  const decisions = await decide(
    ask,
    items.flatMap(({ data }) => (data === undefined ? [] : [data])),
    semantic,
  )
  const answers: object[] = []
  let next = 0
  for (const item of items) {
    const decision = item.success ? decisions[next++] : undefined
    if (item.success && decision === undefined) break
    answers.push(decision === undefined ? malformed(item.error ?? new z.ZodError([])) : answerOf(decision))
    if (isLast(semantic, decision?.decision === true)) break
  }
  return { evaluations: answers }
}
