// What clients do about those who come by a mapping or from elsewhere, while the server dies: whole lives of mappings, guests and engagements.
import { asPart, textAt } from '../harness/acting.ts'
import { as, clockOf, type Deed, freshSlug, type Life } from './life.ts'

const reason = 'A deed needs it.'
const days = (life: Life, count: number) => new Date(clockOf(life.ground).now() + count * 86_400_000).toISOString()

/** Lets the end of something have come. */
const past = (life: Life, table: 'guest' | 'engagement', id: string) =>
  life.ground.rows(
    `begin; set local session_replication_role = replica; update ${table} set until = now() - interval '1 day' where id = '${id}'; commit`,
  )

/** A position and a mapping, from their first day to their last. */
export const maps: Deed = async (life) => {
  const admin = await as(life, 'admin')
  const position = freshSlug(life, 'p')
  const gives = [{ role: 'observer', environments: [life.ground.starter.environments.sandbox] }]
  await admin('position:create', { slug: position, title: 'Looks on', gives, reason })
  const when = [{ attribute: 'department', oneOf: [position] }]
  const mapping = textAt(await admin('mapping:create', { slug: freshSlug(life, 'm'), title: 'Looks on', when, position, reason }), 'id')
  await admin('position:change', { position, gives: [{ role: 'observer' }], reason })
  await admin('mapping:change', { mapping, gives, reason })
  await admin('mapping:retire', { mapping, reason })
  await admin('position:retire', { position, reason })
}

async function invited(life: Life, more: object): Promise<string> {
  const slug = freshSlug(life, 'v')
  const { project } = life.ground.starter
  const invitation = { slug, name: 'A visitor', address: `${slug}@partner.example`, role: 'observer', projects: [project], reason }
  return textAt(await (await as(life, 'admin'))('guest:invite', { ...invitation, until: days(life, 30), ...more }), 'id')
}

/** Guests and engagements, from their first day to their last. */
export const visits: Deed = async (life) => {
  const { org, starter } = life.ground
  const [admin, owner, reaper] = [await as(life, 'admin'), await as(life, 'owner'), asPart(life.door, org, 'reaper')]
  const sponsor = starter.people.owner
  const guest = await invited(life, { sponsor })
  await owner('guest:accept', { guest })
  await owner('guest:extend', { guest, until: days(life, 60), reason })
  await owner('guest:sponsor', { guest, sponsor: starter.people.admin, reason })
  await owner('guest:end', { guest, reason })
  const passing = await invited(life, {})
  await past(life, 'guest', passing)
  await reaper('guest:lapse', { guest: passing })
  const made = async () => {
    const engagement = {
      slug: freshSlug(life, 'e'),
      name: 'A partner',
      sponsor,
      projects: [starter.project],
      until: days(life, 40),
      reason,
    }
    return textAt(await admin('engagement:create', engagement), 'id')
  }
  const engagement = await made()
  await admin('engagement:add', { engagement, member: await invited(life, {}) })
  await owner('engagement:confirm', { engagement, reason })
  await owner('engagement:extend', { engagement, until: days(life, 50), reason })
  await owner('engagement:suspend', { engagement, reason })
  await admin('engagement:sponsor', { engagement, sponsor: starter.people.admin, reason })
  await admin('engagement:end', { engagement, reason })
  const over = await made()
  await past(life, 'engagement', over)
  await reaper('engagement:lapse', { engagement: over })
}
