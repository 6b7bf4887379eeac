// What ends grants besides taking them away: whoever held them leaves, or the run that they were given for ends.
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

/** Ends the grants that were given until one of these runs ends; returns how many. Whoever calls it says that something was taken away when there were any. */
export async function endGrantsUntil(tx: Tx, runs: readonly string[], at: Date): Promise<number> {
  const ended = await tx
    .updateTable('grant')
    .set({ revoked_at: at })
    .where('until_run', '=', sql<string>`any(${[...runs]}::text[])`)
    .where('revoked_at', 'is', null)
    .executeTakeFirst()
  return Number(ended.numUpdatedRows)
}
