// The shapes that paths, blast radius and what-if share in their answers.
import { z } from 'zod'
import { looks } from './look.ts'
import { stepKinds } from './ways.ts'

/** A thing or somebody, with a name for people. */
export const named = z.object({ type: z.string(), id: z.string(), name: z.string() })

/** A way: from whoever acts, step by step, to what he may. */
export const way = z.array(z.object({ kind: z.enum(stepKinds), id: z.string(), name: z.string() }))

/** A grant as it stands behind a path. */
export const grantShown = z.object({
  id: z.string(),
  role: z.string().nullable(),
  customRole: z.string().nullable().meta({ description: 'The organization’s own role that the actions come from.' }),
  actions: z.array(z.string()),
  scope: z.object({ type: z.string(), id: z.string() }),
  environments: z.array(z.string()),
  notBefore: z.string().nullable(),
  expiresAt: z.string().nullable(),
  untilRun: z.string().nullable(),
  untilBatch: z.string().nullable(),
  through: z.string().nullable().meta({ description: 'The group that it was given to; null where it was given directly.' }),
  givenBy: z.string(),
})

/** What guardrails that were asked about look at, beside what the store knows. */
export const looksAt = z.array(z.enum(looks)).meta({
  description:
    'What the guardrail looks at of a request: it is asked as of now, from no address, of somebody who has just signed in; else it may come to something else.',
})

/** A change of what somebody could do. */
export const difference = z.object({
  principal: z.string(),
  name: z.string(),
  action: z.string(),
  scope: z.object({ type: z.string(), id: z.string() }),
  environments: z
    .array(z.string())
    .meta({ description: 'The environments in which it makes a difference; empty for what happens in none.' }),
  from: z
    .string()
    .nullable()
    .meta({ description: 'The least sensitive thing that it makes a difference for; null where that makes none.' }),
  through: z.string().nullable().meta({ description: 'The workload that passes with its owner.' }),
})
/** A change of what somebody could do. */
export type Difference = z.output<typeof difference>
