// What people hold by what is said of them follows what is said: when a directory, or the provider that somebody signs in through, says otherwise, and when
// somebody leaves.
import { sql } from 'kysely'
import { countOf, describedPeople, type Followed, type Following, type Holder, nothingFollowed, type Said } from '../../identity/index.ts'
import { fail, type Tx } from '../../kernel/index.ts'
import { administrators } from '../administrators.ts'
import { holdAdmissions } from '../admission.ts'
import { type Settled, type Settlement, settle } from './settle.ts'

/** Settles every mapping that speaks of what is said, among these people; nothing where there is no such mapping. */
async function settledAmong({ tx, ports, org, people }: Said): Promise<Settlement | undefined> {
  if (people.length === 0) return undefined
  const mappings = await tx
    .selectFrom('mapping')
    .selectAll()
    .where('state', '=', 'active')
    .where('conditions', 'is not', null)
    .orderBy('id')
    .execute()
  if (mappings.length === 0) return undefined
  const described = await describedPeople(tx, { only: people })
  return settle({ tx, ports, org, conflicts: { kind: 'withhold' } }, mappings, { people, described })
}

/** The mapped grants that these people hold. */
function heldByMappings(tx: Tx, people: readonly string[]) {
  const live = tx
    .selectFrom('grant')
    .select('id')
    .where('principal_id', '=', sql<string>`any(${[...people]}::text[])`)
    .where('revoked_at', 'is', null)
  return tx.selectFrom('mapped_grant').where('grant_id', 'in', live)
}

/** Whoever holds something by a mapping may lose it: the counter comes before his grants, as it does where a mapping is changed. */
async function holdWhereHeld({ tx, people }: Said): Promise<void> {
  if ((await heldByMappings(tx, people).select('grant_id').limit(1).executeTakeFirst()) !== undefined) await holdAdmissions(tx)
}

/** Lets what people hold by what their directory says of them follow what it says now. */
export const following: Following = {
  async follow(said) {
    await holdWhereHeld(said)
    const settlement = await settledAmong(said)
    if (settlement === undefined) return nothingFollowed
    const { made, ended, withheld, runs } = settlement
    const { tx, ports } = said
    const isOver = ended.some(({ term }) => term.role === 'admin') && !(await administrators.remain(tx, ports.clock.now()))
    if (isOver)
      throw fail('last_administrator', 'Nobody would be left who can manage the organization.', {
        next: 'Make somebody else an administrator of the organization first.',
      })
    return { made: made.length, ended: ended.length, withheld: withheld.length, runs }
  },
  async welcome(said) {
    const settlement = await settledAmong(said)
    if (settlement === undefined) return new Map()
    if (settlement.ended.length > 0) throw new Error('Something was taken away from somebody who has just come.')
    const of = (settled: readonly Settled[], person: string) => settled.filter(({ principal }) => principal === person).length
    const followed = (person: string): Followed => ({
      made: of(settlement.made, person),
      ended: 0,
      withheld: of(settlement.withheld, person),
      runs: 0,
    })
    return new Map(said.people.map((person) => [person, followed(person)]))
  },
}

/** Mapped grants of whoever leaves are forgotten as such, so that who comes back is given what he is then; what was taken away by hand stays away. */
export const mappedOfPeople: Holder = {
  what: 'mapped',
  becomes: 'ended',
  async endFor(tx, { person }) {
    const gone = await tx
      .deleteFrom('mapped_grant')
      .where('grant_id', 'in', heldByMappings(tx, [person]).select('grant_id'))
      .executeTakeFirst()
    return Number(gone.numDeletedRows)
  },
  remaining: (tx, { person }) => countOf(heldByMappings(tx, [person])),
}
