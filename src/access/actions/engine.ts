// How decisions are being made in this process: by compiled policies or by the reference engine, and which policies err.
// Read by administrators and auditors; it names policies of their own organization alone.
import { z } from 'zod'
import { action, locateOrganization, organizationType } from '../../kernel/index.ts'
import { findingKinds } from '../decision-findings.ts'

const counts = z.object({ compiled: z.number(), requestFallbacks: z.number(), policyFallbacks: z.number() })

/** Shows how this process decides. */
export const showEngine = action({
  name: 'access:engine',
  summary: 'Say how this process decides: how often by compiled policies, how often by cedar-wasm, and which policies err.',
  effect: 'read',
  roles: ['admin', 'auditor'],
  resource: organizationType,
  input: z.strictObject({}),
  output: z.object({
    decisions: counts.nullable().meta({ description: 'Of the whole process, since it began; null where nothing is compiled.' }),
    findings: z.array(z.object({ kind: z.enum(findingKinds), about: z.string(), count: z.number() })),
  }),
  locate: locateOrganization,
  perform: async ({ ports, principal }) => {
    const { engine, findings } = ports.decider
    return { result: { decisions: engine.counts?.() ?? null, findings: [...(findings?.list(principal.org) ?? [])] } }
  },
})
