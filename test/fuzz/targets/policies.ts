// Policies, as customers will write them. What passes the limits may be wrong; it never ends the engine for everybody else.
import assert from 'node:assert/strict'
import { createCompiledCedar } from '../../../src/access/index.ts'
import type { Seeded } from '../../harness/seeded.ts'
import { spoilText } from '../hostile.ts'
import { type Target, target } from '../target.ts'

const sound =
  'permit(principal, action == Action::"run:show", resource) when { context has clearance && (context.clearance like "a*" || !false) };'
const around = ['(', '[', '!', '-', '{', 'if true then ', 'principal.', '"a".contains(', 'context has a && ', '(('] as const

const schema = `entity Person; entity Run;
action "run:show" appliesTo { principal: [Person], resource: [Run], context: { clearance?: String } };`
const cedar = createCompiledCedar(schema)

function decide(text: string): boolean {
  const question = {
    principal: { type: 'Person', id: 'per' },
    action: 'run:show',
    resource: { type: 'Run', id: 'run' },
    context: {},
    entities: [],
  }
  return cedar.ask({ ...question, policies: [{ id: 'one', text }] }).allowed
}

function policy(random: Seeded): string {
  // The door has refused half surrogates and zero characters.
  if (random.once(2)) return spoilText(random, sound).toWellFormed()
  const opened = random.pick(around).repeat(random.below(400))
  return `permit(principal, action, resource) when { ${opened}true${random.once(2) ? ')'.repeat(random.below(400)) : ''} };`
}

/** The engine behind its limits. */
export const policyTargets: readonly Target[] = [
  target<string>({
    name: 'policy',
    share: 1,
    draw: policy,
    put(text) {
      cedar.validate([{ id: 'hostile', text }])
      try {
        decide(text)
      } finally {
        // INVARIANT: the engine still answers for somebody else.
        assert.equal(decide('permit(principal, action, resource);'), true)
      }
    },
    promises: (error) =>
      error instanceof Error && (error.name === 'PolicyLimitError' || /does not parse|limit|nested deeper|longer than/.test(error.message)),
  }),
]
