// What people hold in `posture`: things that they were asked to take over, and things that they answer for. What somebody who leaves owns stands still from this
// moment on, and whoever stands in for him finds it in what waits for him.
import { sql } from 'kysely'
import { countOf, type Holder } from '../identity/index.ts'
import { noteOrphans } from './ownership/orphans.ts'
import { standingThings } from './ownership/things.ts'

/** Offers to a person who leaves. */
export const offersToPeople: Holder = {
  what: 'offers',
  becomes: 'taken_back',
  async endFor(tx, { person, at }) {
    const ended = await tx
      .updateTable('ownership_offer')
      .set({ state: 'lapsed', decided_at: at })
      .where('to_id', '=', person)
      .where('state', '=', 'open')
      .executeTakeFirst()
    return Number(ended.numUpdatedRows)
  },
  remaining: (tx, { person }) => countOf(tx.selectFrom('ownership_offer').where('to_id', '=', person).where('state', '=', 'open')),
}

/** What a person who leaves owns: noted as without an owner. Whether it is, his own row says. */
export const thingsOfPeople: Holder = {
  what: 'owned_things',
  becomes: 'stopped',
  endFor: async (tx, { person, at }) => (await noteOrphans(tx, at, person)).length,
  // What is his and was not noted: while he is here, all of it.
  async remaining(tx, { person }) {
    const { rows } = await sql<{ count: number }>`
      select count(*)::int as count from ${standingThings} t
      where t.through is null and t.owner_id = ${person} and not exists (select from orphan o where o.thing_id = t.id)`.execute(tx)
    return rows[0]?.count ?? 0
  },
}
