// A change of an organization's own rules is refused when an example that held does not hold any more, or one about the changed rule itself does not. Examples
// of rules that are not active say nothing yet, or no more. Whoever calls this holds admissions back first, so that no other change slips in between.
import { type CodedError, fail, type OrgId, type Ports, type Tx } from '../../kernel/index.ts'
import { type Example, exampleOf, type Rules, rulesNow, type Verdict, verdictOn } from './verdict.ts'

/** How many examples an organization keeps. */
export const examplesMax = 300

/** The rules after a change; `about` is the changed one. */
export interface RuleChange {
  readonly about: { readonly guardrail?: string; readonly role?: string }
  readonly after: (rules: Rules) => Rules
}

function counts({ guardrail, role }: Example, rules: Rules): boolean {
  return rules.guardrails.some(({ slug }) => slug === guardrail) || rules.roles.some(({ slug }) => slug === role)
}

function broken(verdict: Verdict, all: readonly Verdict[]): CodedError {
  const { example, expected, decided, policies } = verdict
  const by = policies.length === 0 ? 'nothing permits it' : policies.join(', ')
  return fail('example_broken', `The example \`${example}\` expects that it is ${expected}, and it would be ${decided}: ${by}.`, {
    facts: { example, expected, decided, policies, broken: all.map((one) => one.example).slice(0, 50) },
    next: 'Change it so that the example holds, or remove the example: that goes on the record.',
  })
}

/** The examples of the organization. */
export async function examplesOf(tx: Tx): Promise<Example[]> {
  const rows = await tx.selectFrom('policy_example').selectAll().orderBy('slug').limit(examplesMax).execute()
  return rows.map(exampleOf)
}

/** Re-runs every example under the rules as they would be. Throws `example_broken`; answers how many were run. */
export async function requireExamplesHold(
  it: { readonly tx: Tx; readonly ports: Ports; readonly org: OrgId },
  change: RuleChange,
): Promise<number> {
  const { tx, ports, org } = it
  const before = await rulesNow(tx)
  const after = change.after(before)
  const examples = (await examplesOf(tx)).filter((example) => counts(example, after))
  const isAbout = ({ guardrail, role }: Example) =>
    (guardrail !== null && guardrail === change.about.guardrail) || (role !== null && role === change.about.role)
  const failing = examples.flatMap((example) => {
    const verdict = verdictOn(ports, org, example, after)
    return !verdict.holds && (isAbout(example) || verdictOn(ports, org, example, before).holds) ? [verdict] : []
  })
  const [first] = failing
  if (first !== undefined) throw broken(first, failing)
  return examples.length
}

/** Refuses an example of an active rule that does not hold as things are. Throws `example_broken`. */
export function requireHolds(verdict: Verdict): void {
  if (!verdict.holds) throw broken(verdict, [verdict])
}
