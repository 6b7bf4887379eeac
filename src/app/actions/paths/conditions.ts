// Under which conditions: what guardrails hold back of an action although it was granted, in sentences; those that ship and those of the organization's own. A guardrail
// speaks of an action that it names, by itself or by a role that holds it, and of every action where it names none.
import { glassAction, glassTerms, meaningOf } from '../../../access/index.ts'
import type { Ports, Tx } from '../../../kernel/index.ts'

/** What holds an action back. */
export type Conditions = (of: { readonly action: string; readonly isByGlass: boolean }) => readonly string[]

interface Rule {
  /** What it says, for people. */
  readonly said: string
  readonly text: string
}

async function rulesIn(tx: Tx, ports: Ports): Promise<Rule[]> {
  const shipped = ports.decider.shipped.flatMap(({ id, text }) => {
    const said = id.startsWith('guardrail/') ? meaningOf(id) : undefined
    return said === undefined ? [] : [{ said, text }]
  })
  const own = await tx.selectFrom('guardrail').select(['title', 'policy']).where('state', '=', 'active').orderBy('slug').execute()
  return [...shipped, ...own.map(({ title, policy }) => ({ said: title, text: policy }))]
}

/** Reads what holds actions back, as the rules are now. Each action is looked through once. */
export async function conditionsNow(tx: Tx, ports: Ports): Promise<Conditions> {
  const rules = await rulesIn(tx, ports)
  const known = new Map<string, readonly string[]>()
  const on = (action: string): readonly string[] => {
    const before = known.get(action)
    if (before !== undefined) return before
    const words = [action, ...(ports.grantable.get(action) ?? []).map((role) => `role:${role}`)].map((name) => `Action::"${name}"`)
    const speaks = ({ text }: Rule): boolean => !text.includes('Action::') || words.some((word) => text.includes(word))
    const found = rules.filter(speaks).map(({ said }) => said)
    known.set(action, found)
    return found
  }
  return ({ action, isByGlass }) => (isByGlass ? [...new Set([glassTerms, ...on(glassAction), ...on(action)])] : on(action))
}
