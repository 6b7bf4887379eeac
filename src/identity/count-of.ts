// Counting rows of a query: how read-backs ask what is still there.
import type { SelectQueryBuilder } from 'kysely'
import type { Tables } from '../kernel/index.ts'

/** How many rows a query finds. */
export async function countOf<T extends keyof Tables>(query: SelectQueryBuilder<Tables, T, object>): Promise<number> {
  const { count } = await query.select((eb) => eb.fn.countAll<number>().as('count')).executeTakeFirstOrThrow()
  return Number(count)
}
