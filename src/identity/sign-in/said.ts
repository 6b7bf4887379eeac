// What a provider says of somebody each time that he signs in, kept where mappings look: it counts from one sign-in to the next, and for people of no directory alone.
import { canonicalText } from '../../kernel/index.ts'
import { type Followed, nothingFollowed } from '../following.ts'
import type { Opening } from './entrance.ts'

/** Keeps what was said, and lets what the person holds by it follow. Nothing comes of what was said before. */
export async function keepSaid({ tx, ports, principal }: Opening): Promise<Followed> {
  const { provider, org, id } = principal
  if (provider?.said === undefined) return nothingFollowed
  const { sso, subject, said } = provider
  const link = await tx
    .selectFrom('sso_identity')
    .select('said')
    .where('sso_id', '=', sso)
    .where('subject', '=', subject)
    .forUpdate()
    .executeTakeFirst()
  if (link === undefined || canonicalText({ ...link.said }) === canonicalText({ ...said })) return nothingFollowed
  await tx
    .updateTable('sso_identity')
    .set({ said: JSON.stringify(said), said_at: new Date(ports.clock.now()) })
    .where('sso_id', '=', sso)
    .where('subject', '=', subject)
    .execute()
  return ports.following.follow({ tx, ports, org, people: [id] })
}
