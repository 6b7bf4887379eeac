// The manifest: what a run of a scenario may touch, and how long and how much. It comes from an author; every part has a limit.
// It asks, it does not grant: at launch it is cut against what the environment has, and what it asks beyond that refuses the launch.
import { z } from 'zod'
import { idOf, slugText } from '../kernel/index.ts'

/** The HTTP methods that a rule may name. */
export const httpMethods = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'] as const

/**
 * A path pattern: literal segments; `*` for characters within one segment; `{id}` for one segment that holds a digit; or, alone, `/**` at the end for any
 * rest. One kind of wildcard a pattern, so that a reviewer sees at once how far it goes.
 */
export const pathPattern = z
  .string()
  .max(200)
  .regex(/^\/[A-Za-z0-9/_.~*%:@!$&'()+,;={}-]*$/, 'must be a path that begins with / and may hold *, {id} or end in /**')
  .refine((path) => !/(^|\/)\.\.?(\/|$)/.test(path), 'must not hold dot segments')
  .refine((path) => !/[{}]/.test(path.replaceAll(/(?<=\/)\{id\}(?=\/|$)/g, '')), 'may hold braces only as a whole segment {id}')
  .refine((path) => kindsOfWildcard(path) <= 1, 'may hold one kind of wildcard: *, {id}, or /** at its end')

function kindsOfWildcard(path: string): number {
  const open = path.endsWith('/**')
  const stem = open ? path.slice(0, -3) : path
  return (
    [open, stem.includes('**') || (stem.includes('*') && !stem.includes('**')), stem.includes('{id}')].filter(Boolean).length +
    (stem.includes('**') ? 1 : 0)
  )
}

/** One rule: these methods on these paths. */
const callRule = z.strictObject({ methods: z.array(z.enum(httpMethods)).min(1).max(6), path: pathPattern })

/** What a run of the scenario may touch, and its limits. */
export const manifestSchema = z.strictObject({
  connections: z
    .array(z.strictObject({ connection: slugText, allow: z.array(callRule).min(1).max(20) }))
    .max(20)
    .default([]),
  assets: z
    .array(z.strictObject({ name: slugText, asset: idOf('ast') }))
    .max(20)
    .default([]),
  parameters: z.record(z.string().max(64), z.json()).default({}),
  outputs: z
    .strictObject({ filesMax: z.number().int().min(1).max(1000), bytesMax: z.number().int().min(1).max(1_073_741_824) })
    .default({ filesMax: 100, bytesMax: 67_108_864 }),
  deadlineSeconds: z.number().int().min(1).max(86_400).default(300),
  memoryMegabytes: z.number().int().min(64).max(8192).default(512),
})

/** A parsed manifest. */
export type Manifest = z.output<typeof manifestSchema>
/** One rule of a manifest. */
export type CallRule = z.output<typeof callRule>
