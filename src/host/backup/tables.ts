// The tables that a backup holds: all of the product's own, but for the list of migrations, which the restoring version makes itself. Row-level security holds for
// the owner of the database as well, so what belongs to an organization is read and written bound to it.
import type pg from 'pg'

/** A table of the product. */
export interface BackupTable {
  readonly name: string
  /** Whether each row is an organization's, and seen by whoever is bound to that. */
  readonly isBound: boolean
}

/** Every table of the product, by name. */
export async function tablesOf(client: pg.Client): Promise<BackupTable[]> {
  const { rows } = await client.query<BackupTable>(
    `select relname as name, relrowsecurity as "isBound" from pg_class where relnamespace = 'public'::regnamespace and relkind in ('r', 'p') and not relispartition
     and relname <> 'twinlock_migration' order by relname`,
  )
  return rows
}

/** Every organization there is. */
export async function organizationsOf(client: pg.Client): Promise<string[]> {
  const { rows } = await client.query<{ id: string }>('select organizations() as id order by 1')
  return rows.map(({ id }) => id)
}

/** Binds the transaction to an organization, until it ends or is bound to another. */
export async function bindTo(client: pg.Client, org: string): Promise<void> {
  await client.query(`select set_config('twinlock.org', $1, true)`, [org])
}
