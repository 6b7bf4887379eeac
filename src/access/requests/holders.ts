// What a leaver has to do with requests: those that he asked for end, and what he approved of others' that are still open is taken back.
import { countOf, type Holder } from '../../identity/index.ts'

/** Open requests of a person who leaves. */
export const requestsOfPeople: Holder = {
  what: 'requests',
  becomes: 'ended',
  async endFor(tx, { person, at }) {
    const ended = await tx
      .updateTable('access_request')
      .set({ state: 'ended', closed_at: at })
      .where('asker_id', '=', person)
      .where('state', '=', 'open')
      .executeTakeFirst()
    return Number(ended.numUpdatedRows)
  },
  remaining: (tx, { person }) => countOf(tx.selectFrom('access_request').where('asker_id', '=', person).where('state', '=', 'open')),
}

/** Approvals by a person who leaves, of requests that need more than his. */
export const approvalsOfPeople: Holder = {
  what: 'request_approvals',
  becomes: 'taken_back',
  async endFor(tx, { person }) {
    const taken = await tx
      .deleteFrom('access_approval')
      .where('person_id', '=', person)
      .where('request_id', 'in', (eb) => eb.selectFrom('access_request').select('id').where('state', '=', 'open'))
      .executeTakeFirst()
    return Number(taken.numDeletedRows)
  },
  remaining: (tx, { person }) =>
    countOf(
      tx
        .selectFrom('access_approval')
        .where('person_id', '=', person)
        .where('request_id', 'in', (eb) => eb.selectFrom('access_request').select('id').where('state', '=', 'open')),
    ),
}
