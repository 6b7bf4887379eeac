// Paths as three tables, one for each leg: who, by what, through which group, where, and last when; then whoever stands on more than one, and what was once done.
import { z } from 'zod'
import type { VerbExtra } from '../command.ts'
import type { Context } from '../context.ts'
import { safe } from '../print/paint.ts'
import { table } from '../print/table.ts'

const answer = z.object({
  paths: z.array(
    z.object({
      leg: z.enum(['input', 'output', 'production']),
      action: z.string(),
      principal: z.object({ id: z.string(), name: z.string() }),
      owner: z.string().nullable(),
      environments: z.array(z.string()),
      policies: z.array(z.string()),
      grants: z.array(z.object({ id: z.string(), role: z.string().nullable(), through: z.string().nullable() })),
      lastUsed: z.string().nullable(),
    }),
  ),
  toxic: z.array(z.object({ principal: z.string(), name: z.string(), legs: z.array(z.string()), workloads: z.array(z.string()) })),
  former: z.array(z.object({ principal: z.string(), action: z.string(), lastUsed: z.string() })),
})
type Paths = z.output<typeof answer>

const titles = { input: 'can change the input', output: 'can observe the output', production: 'can move it to production' } as const

function legLines(leg: keyof typeof titles, { paths }: Paths, { paint, named }: Context): string[] {
  const own = paths.filter((path) => path.leg === leg)
  if (own.length === 0) return [paint.bold(titles[leg]), '  nobody']
  const rows = own.map((path) => [
    `  ${safe(path.principal.name)} ${safe(path.principal.id)}`,
    safe(path.action),
    path.grants.map(({ role, id }) => safe(role ?? id)).join(', ') || path.policies.map(safe).join(', '),
    path.grants.flatMap(({ through }) => (through === null ? [] : [named(through)])).join(', ') || '–',
    path.environments.map(named).join(', ') || '–',
    path.lastUsed === null ? paint.dim('never') : safe(path.lastUsed),
  ])
  return [paint.bold(titles[leg]), ...table(['  who', 'action', 'by', 'through', 'environments', 'last used'], rows, paint)]
}

function toxicLines({ toxic }: Paths, { paint }: Context): string[] {
  return toxic.map(({ name, principal, legs, workloads }) => {
    const by = workloads.length === 0 ? '' : `, with ${workloads.map(safe).join(', ')}`
    return `${paint.red('toxic')}  ${safe(name)} ${safe(principal)} stands on ${legs.map(safe).join(' and ')}${by}`
  })
}

/** `twinlock access paths <target>`. */
export const accessPaths: VerbExtra = {
  lines(result, context) {
    const found = answer.parse(result)
    const once = found.former.map(({ principal, action, lastUsed }) => `once   ${safe(principal)} ${safe(action)} ${safe(lastUsed)}`)
    return [
      ...legLines('input', found, context),
      '',
      ...legLines('output', found, context),
      '',
      ...legLines('production', found, context),
      '',
      ...toxicLines(found, context),
      ...once,
    ]
  },
}
