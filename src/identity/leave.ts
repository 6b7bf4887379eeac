// How a person's time here ends, whoever says so: an administrator, the directory that he came from, the end of what he was invited for. The store alone is
// touched; whoever calls it holds admissions back first and says that something was taken away, and then nothing is admitted for him any more.
import { sql } from 'kysely'
import type { OrgId, Ports, Tx } from '../kernel/index.ts'
import { countOf } from './count-of.ts'
import type { Holder } from './holders.ts'
import { endLinksMade, endSessionsOpened, linksMade, sessionsOpened } from './opened-from.ts'

/** How many ended of what people hold, by what it is: sessions and links, and things in later rooms. */
export type Ended = Readonly<Record<string, number>>

/** Why somebody's time here ended. */
export type Because = 'offboarded' | 'directory' | 'sponsor_left' | 'engagement_over' | 'contract_ended'

/** His own, and those of others that a link opened which he made. */
const sessionsOfPeople: Holder = {
  what: 'sessions',
  becomes: 'ended',
  endFor: async (tx, { person, at }) => (await endSessionsOpened(tx, { person }, at)).length,
  remaining: (tx, { person, at }) => countOf(sessionsOpened(tx, { person }).where('expires_at', '>', at)),
}

/** Those for him, and those that he made. */
const linksOfPeople: Holder = {
  what: 'links',
  becomes: 'ended',
  endFor: (tx, { person, at }) => endLinksMade(tx, { person }, at),
  remaining: (tx, { person, at }) => countOf(linksMade(tx, { person }).where('expires_at', '>', at)),
}

const passkeysOfPeople: Holder = {
  what: 'passkeys',
  becomes: 'ended',
  async endFor(tx, { person }) {
    const ended = await tx
      .updateTable('passkey')
      .set({ state: 'removed' })
      .where('person_id', '=', person)
      .where('state', '<>', 'removed')
      .executeTakeFirst()
    return Number(ended.numUpdatedRows)
  },
  remaining: (tx, { person }) => countOf(tx.selectFrom('passkey').where('person_id', '=', person).where('state', '<>', 'removed')),
}

const recoveryCodesOfPeople: Holder = {
  what: 'recovery_codes',
  becomes: 'ended',
  async endFor(tx, { person, at }) {
    const ended = await tx
      .updateTable('recovery_code')
      .set({ used_at: at })
      .where('person_id', '=', person)
      .where('used_at', 'is', null)
      .executeTakeFirst()
    return Number(ended.numUpdatedRows)
  },
  remaining: (tx, { person }) => countOf(tx.selectFrom('recovery_code').where('person_id', '=', person).where('used_at', 'is', null)),
}

/** What a person signs in with; it ends before everything else that he holds. */
export const waysIn: readonly Holder[] = [sessionsOfPeople, linksOfPeople, passkeysOfPeople, recoveryCodesOfPeople]

interface Leaving {
  readonly org: OrgId
  readonly person: string
  /** `offboarded` where it is left out. */
  readonly because?: Because
}

/** Adds what ended to what is kept of his leaving, for the checklist; what ended an earlier time stays counted until he is here again. */
async function keepLeaving(tx: Tx, { org, person, because = 'offboarded' }: Leaving, at: Date, counts: Ended) {
  await sql`
    insert into person_leaving (org_id, person_id, at, because, ended) values (${org}, ${person}, ${at}, ${because}, ${JSON.stringify(counts)}::jsonb)
    on conflict (org_id, person_id) do update set ended = (
      select jsonb_object_agg(key, coalesce((person_leaving.ended ->> key)::int, 0) + coalesce((excluded.ended ->> key)::int, 0))
      from (select jsonb_object_keys(person_leaving.ended || excluded.ended) as key) as keys)`.execute(tx)
}

/** Marks a person as left and ends his sessions, his links and what every room keeps for him. Idempotent. */
export async function endPerson(tx: Tx, ports: Ports, leaving: Leaving): Promise<Ended> {
  const { org, person } = leaving
  const at = new Date(ports.clock.now())
  // A new leaving begins a new count.
  const before = await tx.selectFrom('person').select('state').where('id', '=', person).executeTakeFirst()
  if (before?.state === 'active') await tx.deleteFrom('person_leaving').where('person_id', '=', person).execute()
  await tx.updateTable('person').set({ state: 'left' }).where('id', '=', person).execute()
  const leaver = { org, person, at, ports }
  const counts: Record<string, number> = {}
  for (const holder of [...waysIn, ...ports.holders]) counts[holder.what] = await holder.endFor(tx, leaver)
  await keepLeaving(tx, leaving, at, counts)
  return counts
}
