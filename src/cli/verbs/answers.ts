// The answers that hand-made verbs read, as far as they read them. A server that answers otherwise is told so, instead of printing `undefined`.
import { z } from 'zod'

const text = z.string()

/** An identity of a run: by its id, or with what is known of it. */
const runIdentity = z.union([
  text.transform((id) => ({ id, name: null, spiffeId: null, ends: null })),
  z.looseObject({ id: text, name: text.nullable(), spiffeId: text.nullable(), ends: text.nullable() }),
])

/** A run, as `run:launch` and `run:show` answer it. */
export const runAnswer = z.looseObject({
  id: text,
  twin: text,
  scenario: text,
  environment: text,
  state: text,
  outcome: text.nullable(),
  reason: text.nullable(),
  cause: text.nullable().optional(),
  remedy: text.nullable().optional(),
  identities: z.object({ operator: runIdentity, orchestrator: runIdentity, twin: runIdentity }),
  sensitivity: text,
  seed: z.number(),
  queuedAt: text,
  startedAt: text.nullable(),
  deadline: text,
  endedAt: text.nullable(),
  closed: z.looseObject({ admissionMs: z.number().nullable(), cellMs: z.number().nullable(), tokens: z.number() }).nullable().catch(null),
  progress: z.object({ done: z.number(), total: z.number(), note: text }).nullable().optional(),
  frozen: z.object({ until: text, by: text, reason: text }).nullable().optional(),
  credentials: z.object({ issued: z.number(), live: z.number() }).optional(),
})

/** What is in a run, as `run:read` answers it. */
export const runContentAnswer = z.looseObject({
  id: text,
  outcome: text.nullable(),
  cause: text.nullable(),
  reason: text.nullable(),
  parameters: z.json(),
  summary: z.json(),
  exit: z
    .looseObject({
      code: z.number().nullable(),
      signal: text.nullable(),
      detail: text.nullable(),
      words: text.nullable(),
      cut: z.boolean(),
      redacted: z.number(),
    })
    .nullable(),
})

/** What stopping a run ended, and how long that took. */
export const stopAnswer = z.looseObject({ stopped: z.object({ credentials: z.number() }), tookMs: z.number() })

/** One call on a tape. */
export const callAnswer = z.looseObject({
  id: text,
  number: z.number(),
  connection: text,
  method: text,
  path: text,
  decision: text,
  code: text.nullable(),
  state: text,
  status: z.number().nullable(),
  responseBytes: z.number().nullable(),
  durationMs: z.number().nullable(),
  at: text.nullable(),
})

/** A tape. */
export const tapeAnswer = z.looseObject({
  items: z.array(callAnswer),
  allowed: z.number(),
  denied: z.number(),
  next: z.number().nullable(),
})

/** A file of an artifact. */
export const fileAnswer = z.looseObject({ name: text, mediaType: text, digest: text, bytes: z.number() })

/** An artifact, as `artifact:show` answers it. */
export const artifactAnswer = z.looseObject({
  id: text,
  run: text,
  twin: text,
  digest: text,
  sensitivity: text,
  state: text,
  sealedAt: text,
  files: z.array(fileAnswer),
  sensitivityBecause: z.array(z.object({ of: text, name: text, sensitivity: text })),
  findings: z.array(z.unknown()),
  attestations: z.array(z.object({ predicateType: text })),
})

/** A file of an artifact with its bytes in base64, as `artifact:read` answers it. */
export const contentAnswer = fileAnswer.extend({ content: text })

/** What a pull brings. */
export const pullAnswer = z.looseObject({
  artifact: text,
  digest: text,
  promotion: text,
  files: z.array(contentAnswer),
  attestations: z.array(z.object({ predicateType: text, envelope: z.unknown() })),
})

const identity = z.object({ spiffeId: text, trustDomain: text, environment: text, key: text, owner: text, ends: text })

/** A promotion in a list, or after a decision. */
export const promotionAnswer = z.looseObject({ id: text, artifact: text, run: text, state: text, channel: text, version: z.number() })

/** A promotion, as `promotion:show` answers it. */
export const promotionDetailAnswer = promotionAnswer.extend({
  digest: text,
  sensitivity: text,
  test: identity,
  production: identity,
  permissions: z.object({
    granted: z.array(z.object({ connection: text, methods: z.array(text), path: text, used: z.boolean() })),
    rules: z.array(
      z.object({ from: text, connection: text.nullable(), methods: z.array(text), path: text, calls: z.number(), generalised: z.number() }),
    ),
    unmapped: z.array(text),
  }),
  checks: z.array(z.object({ name: text, result: text, blocking: z.boolean(), detail: text })),
  approvals: z.object({ needed: z.number(), given: z.array(z.object({ person: text, decision: text, at: text })) }),
  makers: z.array(text),
  requestedBy: text,
  nonce: text,
})

/** An entry of a trail. */
export const entryAnswer = z.looseObject({
  id: text,
  index: z.number().nullable(),
  at: text,
  action: text,
  outcome: text,
  code: text.nullable(),
  actor: z.object({ type: text, id: text, spiffe: text.nullable() }),
  resource: z.object({ type: text, id: text }),
  policies: z.array(text),
  facts: z.record(text, z.unknown()).catch({}),
  related: z.array(z.object({ rel: text, type: text, id: text })),
})

/** A trail. */
export const traceAnswer = z.looseObject({ id: text, entries: z.array(entryAnswer), truncated: z.boolean() })

/** A page of an export of the ledger. */
export const exportAnswer = z.looseObject({
  checkpoint: text,
  size: z.number(),
  from: z.number(),
  entries: z.array(text),
  leaves: text.optional(),
  next: z.number().nullable(),
  verifierKey: text,
})
