// A guardrail as it is decided by: its policy as somebody wrote it, with what the product puts before it. Conditions are evaluated in order, so whatever comes
// of an organization's own words (an overflow, say, which denies) comes of them only for actions that are not on the way out.
import type { Selectable } from 'kysely'
import { sensitivityLevel } from '../../kernel/index.ts'
import type { Policy } from '../grants.ts'
import type { GuardrailTable } from '../tables.ts'
import { wayOut } from './way-out.ts'

/** What a guardrail says. */
export type GuardrailTerms = Pick<Selectable<GuardrailTable>, 'slug' | 'policy' | 'environment_classes' | 'sensitivity'>

/** What the id of every guardrail of an organization begins with; no shipped policy and no grant has such an id. */
export const ownGuardrail = 'organization/'

const token = /\/\/[^\n]*|"(?:[^"\\]|\\[\s\S])*"|[^\s]/g

/** Where the head of a policy ends: behind the bracket that closes the first one. The whole text where none does. */
function headEnd(text: string): number {
  let depth = 0
  for (const { 0: found, index } of text.matchAll(token)) {
    if (found === '(') depth++
    if (found === ')' && --depth === 0) return index + 1
  }
  return text.length
}

/** The conditions that come before those of the policy itself. */
export function leadingConditions({ environment_classes: classes, sensitivity }: GuardrailTerms): string[] {
  const found = [`unless { action in Action::"${wayOut}" }`]
  if (classes.length > 0)
    found.push(`when { [${classes.map((one) => JSON.stringify(one)).join(', ')}].contains(context.environmentClass) }`)
  if (sensitivity !== null) found.push(`when { resource has sensitivity && resource.sensitivity >= ${sensitivityLevel(sensitivity)} }`)
  return found
}

/** The policy that is decided by. Its text is sound when `requireSound` found it so. */
export function inForce(guardrail: GuardrailTerms): Policy {
  const { slug, policy } = guardrail
  const at = headEnd(policy)
  return { id: `${ownGuardrail}${slug}`, text: `${policy.slice(0, at)} ${leadingConditions(guardrail).join(' ')}${policy.slice(at)}` }
}
