// What ends grants besides taking them away: whoever held them leaves, or the run or the batch that they were given for ends.
import { sql } from 'kysely'
import { countOf, type Holder } from '../identity/index.ts'
import type { Tx } from '../kernel/index.ts'

/** Grants of a person who leaves. */
export const grantsOfPeople: Holder = {
  what: 'grants',
  becomes: 'ended',
  async endFor(tx, { person, at }) {
    const ended = await tx
      .updateTable('grant')
      .set({ revoked_at: at })
      .where('principal_id', '=', person)
      .where('revoked_at', 'is', null)
      .executeTakeFirst()
    return Number(ended.numUpdatedRows)
  },
  remaining: (tx, { person, at }) =>
    countOf(
      tx
        .selectFrom('grant')
        .where('principal_id', '=', person)
        .where('revoked_at', 'is', null)
        .where((eb) => eb.or([eb('expires_at', 'is', null), eb('expires_at', '>', at)])),
    ),
}

/** What has ended, until whose end something was given. */
export interface EndedTogether {
  readonly runs: readonly string[]
  readonly batches: readonly string[]
}

/** Ends the grants that were given until one of these ends; returns how many. Whoever calls it says that something was taken away when there were any. */
export async function endGrantsUntil(tx: Tx, { runs, batches }: EndedTogether, at: Date): Promise<number> {
  const among = (ids: readonly string[]) => sql<string>`any(${[...ids]}::text[])`
  const ended = await tx
    .updateTable('grant')
    .set({ revoked_at: at })
    .where((eb) => eb.or([eb('until_run', '=', among(runs)), eb('until_batch', '=', among(batches))]))
    .where('revoked_at', 'is', null)
    .executeTakeFirst()
  return Number(ended.numUpdatedRows)
}
