// Guardrails as they are found and shown.
import type { Selectable } from 'kysely'
import { z } from 'zod'
import { environmentClass, fail, sensitivity, slugText, type Tx, titleText, toMoment } from '../../kernel/index.ts'
import { policyTextMax } from '../compiled/policy-limits.ts'
import type { GuardrailTable } from '../tables.ts'
import { inForce } from './in-force.ts'

/** A guardrail. */
export type Guardrail = Selectable<GuardrailTable>

/** What is said of a guardrail. */
export const guardrailShape = {
  title: titleText.meta({ description: 'What it is for, in one line.' }),
  policy: z
    .string()
    .min(1)
    .max(policyTextMax)
    .meta({ description: 'One Cedar policy that forbids, in plain ASCII.', contentMediaType: 'text/plain' }),
  environmentClasses: z
    .array(environmentClass)
    .max(4)
    .meta({ description: 'Only in environments of these classes; everywhere, and for what happens in none, when it is left out.' }),
  sensitivity: sensitivity.meta({ description: 'Only for what is at least as sensitive as this.' }),
}

/** A guardrail as it is answered. */
export const guardrailOutput = z.object({
  guardrail: slugText,
  title: z.string(),
  policy: z.string(),
  environmentClasses: z.array(environmentClass),
  sensitivity: sensitivity.nullable(),
  state: z.enum(['draft', 'active', 'retired']),
  version: z.number(),
  inForce: z.string().meta({ description: 'The policy that is decided by: yours, with what the product puts before it.' }),
  createdBy: z.string(),
  createdAt: z.string().nullable(),
  activatedAt: z.string().nullable(),
  retiredAt: z.string().nullable(),
})

/** A row as it is answered. */
export function shownGuardrail(row: Guardrail): z.output<typeof guardrailOutput> {
  return {
    guardrail: row.slug,
    title: row.title,
    policy: row.policy,
    environmentClasses: row.environment_classes,
    sensitivity: row.sensitivity,
    state: row.state,
    version: row.version,
    inForce: inForce(row).text,
    createdBy: row.created_by,
    createdAt: toMoment(row.created_at),
    activatedAt: toMoment(row.activated_at),
    retiredAt: toMoment(row.retired_at),
  }
}

/** Finds a guardrail. Throws `not_found`. */
export async function findGuardrail(tx: Tx, slug: string): Promise<Guardrail> {
  const row = await tx.selectFrom('guardrail').selectAll().where('slug', '=', slug).executeTakeFirst()
  if (row === undefined) throw fail('not_found', 'There is no guardrail with this name.')
  return row
}
