// The tables that a backup holds: all of the product's own, but for the list of migrations, which the restoring version makes itself.
import type pg from 'pg'

/** Every table of the product, by name. */
export async function tablesOf(client: pg.Client): Promise<string[]> {
  const { rows } = await client.query<{ name: string }>(
    `select relname as name from pg_class where relnamespace = 'public'::regnamespace and relkind in ('r', 'p') and not relispartition
     and relname <> 'twinlock_migration' order by relname`,
  )
  return rows.map(({ name }) => name)
}
