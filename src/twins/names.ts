// Names beside ids: what a list shows a person, so that he need not look ids up. Names are metadata of the organization that the transaction is bound to;
// an id that is not found there has none, and nothing is decided by a name.
import { type IdPrefix, isId, type Tx } from '../kernel/index.ts'

/** The names of things by their ids. An id that nobody knows, or that has no name, answers null. */
export type Names = (id: string | null) => string | null

type Named = readonly { readonly id: string; readonly name: string }[]

interface Source {
  readonly prefixes: readonly IdPrefix[]
  find(tx: Tx, ids: string[]): Promise<Named>
}

/** Where names of a kind of id come from; at most one query for each kind, all of them in one message. */
const sources: readonly Source[] = [
  { prefixes: ['per'], find: (tx, ids) => tx.selectFrom('person').select(['id', 'name']).where('id', 'in', ids).execute() },
  {
    prefixes: ['pip', 'agt', 'svc'],
    find: (tx, ids) => tx.selectFrom('workload').select(['id', 'slug as name']).where('id', 'in', ids).execute(),
  },
  { prefixes: ['prj'], find: (tx, ids) => tx.selectFrom('project').select(['id', 'name']).where('id', 'in', ids).execute() },
  { prefixes: ['env'], find: (tx, ids) => tx.selectFrom('environment').select(['id', 'slug as name']).where('id', 'in', ids).execute() },
  { prefixes: ['twn'], find: (tx, ids) => tx.selectFrom('twin').select(['id', 'slug as name']).where('id', 'in', ids).execute() },
  { prefixes: ['con'], find: (tx, ids) => tx.selectFrom('connection').select(['id', 'slug as name']).where('id', 'in', ids).execute() },
  { prefixes: ['ast'], find: (tx, ids) => tx.selectFrom('asset').select(['id', 'slug as name']).where('id', 'in', ids).execute() },
  {
    prefixes: ['scn'],
    async find(tx, ids) {
      const rows = await tx.selectFrom('scenario').select(['id', 'slug', 'version']).where('id', 'in', ids).execute()
      return rows.map(({ id, slug, version }) => ({ id, name: `${slug}@${version}` }))
    },
  },
]

/** Looks the names of ids up: people and projects by their names, everything else by its slug; a scenario with its version, `drive@3`. */
export async function namesOf(tx: Tx, ids: Iterable<string | null>): Promise<Names> {
  const wanted = [...new Set(ids)].filter((id) => id !== null)
  const asked = sources.map(async ({ prefixes, find }) => {
    const these = wanted.filter((id) => prefixes.some((prefix) => isId(prefix, id)))
    return these.length === 0 ? [] : find(tx, these)
  })
  const names = new Map((await Promise.all(asked)).flat().map(({ id, name }) => [id, name]))
  return (id) => (id === null ? null : (names.get(id) ?? null))
}
