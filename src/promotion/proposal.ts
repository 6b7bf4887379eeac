// The stored form of a proposal. It was made by `narrow` and is parsed again whenever it is read.
import { z } from 'zod'

/** What was granted, what was used, what is proposed. */
export const proposalSchema = z.object({
  granted: z.array(z.object({ connection: z.string(), methods: z.array(z.string()), path: z.string(), used: z.boolean() })),
  rules: z.array(
    z.object({
      from: z.string(),
      connection: z.string().nullable(),
      methods: z.array(z.string()),
      path: z.string(),
      calls: z.number(),
      generalised: z.number(),
    }),
  ),
  unmapped: z.array(z.string()),
})
