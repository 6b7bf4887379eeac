// Actions on examples: questions with the decision that is expected, saved beside the guardrail or the role that they are about. A change of rules that breaks
// one is refused, so adding and removing them is on the record as the change itself is.
import { z } from 'zod'
import {
  action,
  fail,
  locateOrganization,
  organizationEntity,
  organizationType,
  type Ports,
  reasonText,
  slugText,
  type Tx,
  toMoment,
} from '../../kernel/index.ts'
import { holdAdmissions } from '../admission.ts'
import { examplesMax, requireHolds } from '../examples/hold.ts'
import { type Question, question, questionShape, requireAsks } from '../examples/question.ts'
import { type Example, exampleOf, type Rules, rulesNow, type Verdict, verdictOn, withGuardrail } from '../examples/verdict.ts'
import { findGuardrail } from '../guardrails/shown.ts'
import { findRole } from '../roles/shown.ts'

const outcome = z.enum(['allowed', 'denied'])

const exampleOutput = z.object({
  example: slugText,
  guardrail: z.string().nullable(),
  role: z.string().nullable(),
  question,
  expected: outcome,
  decided: outcome.meta({ description: 'What would be decided now; of a draft, as if it were active.' }),
  policies: z.array(z.string()).meta({ description: 'What decides: roles, guardrails; none where nothing permits it.' }),
  holds: z.boolean(),
  note: z.string().nullable(),
  createdBy: z.string(),
  createdAt: z.string().nullable(),
})

interface Kept {
  readonly note: string | null
  readonly created_by: string
  readonly created_at: Date
}

function shown(example: Example, { decided, policies, holds }: Verdict, kept: Kept): z.output<typeof exampleOutput> {
  const { slug, guardrail, role, expected } = example
  const { note } = kept
  const by = { createdBy: kept.created_by, createdAt: toMoment(kept.created_at) }
  return { example: slug, guardrail, role, question: example.question, expected, decided, policies: [...policies], holds, note, ...by }
}

/** The rules that an example is decided under now: a draft of a guardrail counts as if it were active. */
async function rulesFor(tx: Tx, { guardrail }: Pick<Example, 'guardrail'>): Promise<{ readonly rules: Rules; readonly isLive: boolean }> {
  const rules = await rulesNow(tx)
  if (guardrail === null) return { rules, isLive: true }
  const row = await findGuardrail(tx, guardrail)
  return row.state === 'draft' ? { rules: withGuardrail(rules, row), isLive: false } : { rules, isLive: row.state === 'active' }
}

const said = z.strictObject({
  slug: slugText,
  guardrail: slugText
    .optional()
    .meta({ description: 'The guardrail that it is about. Where `denied` is expected, it must be denied by this one.' }),
  role: slugText.optional().meta({ description: 'The role of your own that it is about; the caller holds it.' }),
  ...questionShape,
  expected: outcome,
  note: z.string().trim().max(500).optional().meta({ description: 'Why it is expected.' }),
})

/** What it is about must be there and must not be over; of a role, the caller holds it. */
async function aboutOf(tx: Tx, input: z.output<typeof said>): Promise<Example> {
  const { slug, guardrail = null, role = null, expected, note: _note, ...asked } = input
  if ((guardrail === null) === (role === null))
    throw fail('invalid', 'An example is about a guardrail, or about a role.', { pointer: '/guardrail' })
  const about = guardrail === null ? await findRole(tx, role ?? '') : await findGuardrail(tx, guardrail)
  if (about.state === 'retired') throw fail('conflict', 'What this is about is retired.')
  const customRoles = role === null || asked.customRoles.includes(role) ? asked.customRoles : [...asked.customRoles, role]
  const full: Question = { ...asked, customRoles }
  return { slug, guardrail, role, expected, question: full }
}

/** What a question names must be there. Throws `invalid`. */
async function requireThere(tx: Tx, ports: Ports, { on, principal }: Question): Promise<void> {
  if (on !== undefined && !(await ports.scopes.exists(tx, on)))
    throw fail('invalid', `There is no ${on.type.toLowerCase()} with this id.`, { pointer: '/on' })
  if (principal === undefined) return
  const found =
    (await tx.selectFrom('person').select('id').where('id', '=', principal).executeTakeFirst()) ??
    (await tx.selectFrom('workload').select('id').where('id', '=', principal).executeTakeFirst())
  if (found === undefined) throw fail('invalid', 'There is no person or workload with this id.', { pointer: '/principal' })
}

/** Adds an example. */
export const addExample = action({
  name: 'example:add',
  summary: 'Save an example beside a guardrail or a role: who does what to what, and whether that is to be allowed or denied.',
  effect: 'change',
  roles: ['admin'],
  resource: organizationType,
  input: said,
  output: exampleOutput,
  locate: async ({ input, tx, principal }) => ({ resource: organizationEntity(principal.org), found: await aboutOf(tx, input) }),
  async perform({ input, found, tx, ports, principal }) {
    requireAsks(found.question, ports.guardrails)
    await requireThere(tx, ports, found.question)
    await holdAdmissions(tx)
    const known = await tx.selectFrom('policy_example').select('slug').execute()
    if (known.some(({ slug }) => slug === found.slug)) throw fail('conflict', 'An example has this name.', { pointer: '/slug' })
    if (known.length >= examplesMax) throw fail('too_large', `At most ${examplesMax} examples are kept.`)
    const { rules, isLive } = await rulesFor(tx, found)
    const verdict = verdictOn(ports, principal.org, found, rules)
    if (isLive) requireHolds(verdict)
    const kept = { note: input.note ?? null, created_by: principal.id, created_at: new Date(ports.clock.now()) }
    const { slug, guardrail, role, expected } = found
    const row = { org_id: principal.org, slug, guardrail, role, expected, question: JSON.stringify(found.question), ...kept }
    await tx.insertInto('policy_example').values(row).execute()
    return {
      result: shown(found, verdict, kept),
      facts: { example: slug, guardrail, role, expected, decided: verdict.decided },
      texts: input.note === undefined ? {} : { note: input.note },
    }
  },
})

/** Lists examples with what they come to now. */
export const listExamples = action({
  name: 'example:list',
  summary: 'List the examples, each with what would be decided now.',
  effect: 'read',
  roles: ['admin', 'auditor'],
  resource: organizationType,
  input: z.strictObject({ guardrail: slugText.optional(), role: slugText.optional() }),
  output: z.object({ items: z.array(exampleOutput) }),
  locate: locateOrganization,
  async perform({ input, tx, ports, principal }) {
    let query = tx.selectFrom('policy_example').selectAll().orderBy('slug').limit(examplesMax)
    if (input.guardrail !== undefined) query = query.where('guardrail', '=', input.guardrail)
    if (input.role !== undefined) query = query.where('role', '=', input.role)
    const items: z.output<typeof exampleOutput>[] = []
    for (const row of await query.execute()) {
      const example = exampleOf(row)
      const { rules } = await rulesFor(tx, example)
      items.push(shown(example, verdictOn(ports, principal.org, example, rules), row))
    }
    return { result: { items } }
  },
})

/** Takes an example away. */
export const removeExample = action({
  name: 'example:remove',
  summary: 'Take an example away: changes of rules are not held to it any more. No guardrail can forbid this.',
  effect: 'change',
  roles: ['admin'],
  resource: organizationType,
  input: z.strictObject({ example: slugText, reason: reasonText }),
  output: z.object({ example: slugText }),
  locate: async ({ input, tx, principal }) => {
    const found = await tx.selectFrom('policy_example').selectAll().where('slug', '=', input.example).executeTakeFirst()
    if (found === undefined) throw fail('not_found', 'There is no example with this name.')
    return { resource: organizationEntity(principal.org), found }
  },
  async perform({ input, found, tx }) {
    const gone = await tx.deleteFrom('policy_example').where('slug', '=', found.slug).executeTakeFirst()
    if (gone.numDeletedRows === 0n) throw fail('stale', 'Somebody else removed this example at the same time.')
    const { slug, guardrail, role, expected } = found
    return { result: { example: slug }, facts: { example: slug, guardrail, role, expected }, texts: { reason: input.reason } }
  },
})
