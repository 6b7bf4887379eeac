// Ids as names, where a person reads: what the caller may list, or holds something on, is called by its name; everything else stays an id.
import type { Context } from '../context.ts'
import { safe } from '../print/paint.ts'
import { seenBy } from './seen.ts'

/** Says the name of a thing; the id of what has none here. */
export type NameOf = (id: string) => string

const listsOf: ReadonlyMap<string, string> = new Map([
  ['prj', 'project:list'],
  ['twn', 'twin:list'],
  ['env', 'environment:list'],
  ['con', 'connection:list'],
  ['dir', 'directory:list'],
  ['pip', 'workload:list'],
  ['agt', 'workload:list'],
  ['svc', 'workload:list'],
])

/** Asks for the names of what an answer names by id; whoever may not know them reads ids. A channel is `environment/name`. */
export async function namesFor({ api }: Pick<Context, 'api'>, ids: readonly string[]): Promise<NameOf> {
  const names = new Map<string, string>()
  for (const prefix of new Set(ids.map((id) => id.slice(0, 3)))) {
    const list = listsOf.get(prefix)
    if (list === undefined) continue
    const { items } = await seenBy(api, prefix, list)
    for (const { id, slug } of items) names.set(String(id), String(slug))
  }
  return (id) => {
    const [first = '', ...rest] = id.split('/')
    return safe([names.get(first) ?? first, ...rest].join('/'))
  }
}
