// Admin links: a bearer secret finds its row, and the row decides whether it is good. It comes from outside, and whoever it was sent on to holds it as well;
// so it ends by itself, with a word of an administrator, and with whoever made it.
import type { Selectable } from 'kysely'
import { fail, type OrgId, type Ports, type Principal, type Tx } from '../../kernel/index.ts'
import { countOf } from '../count-of.ts'
import type { Holder } from '../holders.ts'
import { hashSecret } from '../secret-token.ts'
import { notIts, yetToMake } from './reach.ts'
import type { AdminLinkTable } from './tables.ts'

/** The row of an admin link. */
export type AdminLinkRow = Selectable<AdminLinkTable>

/** What an admin link sets up. */
export const linkPurposes = ['sign-in', 'directory', 'both'] as const

/** The link with this id. Throws `not_found`. */
export async function findAdminLink(tx: Tx, id: string): Promise<AdminLinkRow> {
  const row = await tx.selectFrom('admin_link').selectAll().where('id', '=', id).executeTakeFirst()
  if (row === undefined) throw fail('not_found', 'There is no admin link with this id.')
  return row
}

function reachOf({ purpose, sso_id, directory_id }: AdminLinkRow): NonNullable<Principal['setsUp']> {
  return {
    sso: purpose === 'directory' ? notIts : (sso_id ?? yetToMake),
    directory: purpose === 'sign-in' ? notIts : (directory_id ?? yetToMake),
  }
}

/**
 * The admin link behind a secret, while it is open and whoever made it works here. He is in its chain: what it does is recorded in his name, too. Throws
 * `unauthenticated`.
 */
export async function adminLinkOf(tx: Tx, token: string, ports: Pick<Ports, 'clock' | 'sha256'>): Promise<Principal> {
  return openLink(tx, 'hash', hashSecret(token, ports), ports)
}

/** The admin link with which something was begun, where it is still open. Throws `unauthenticated`. */
export async function adminLinkWithId(tx: Tx, id: string, ports: Pick<Ports, 'clock'>): Promise<Principal> {
  return openLink(tx, 'id', id, ports)
}

async function openLink(tx: Tx, by: 'hash' | 'id', value: string, ports: Pick<Ports, 'clock'>): Promise<Principal> {
  const row = await tx
    .selectFrom('admin_link as l')
    .innerJoin('person as p', (join) => join.onRef('p.id', '=', 'l.made_by').onRef('p.org_id', '=', 'l.org_id'))
    .selectAll('l')
    .where(`l.${by}`, '=', value)
    .where('l.ended_at', 'is', null)
    .where('l.expires_at', '>', new Date(ports.clock.now()))
    .where('p.state', '=', 'active')
    .executeTakeFirst()
  if (row === undefined)
    throw fail('unauthenticated', 'This admin link has ended, has expired, or never existed.', {
      next: 'Ask whoever sent it for a new one.',
    })
  return {
    kind: 'admin_link',
    id: row.id,
    org: row.org_id as OrgId, // the column holds nothing else
    name: row.id,
    clearance: 0,
    chain: [row.id, row.made_by],
    credential: row.hash.slice(0, 16),
    setsUp: reachOf(row),
  }
}

/** Admin links that somebody made; they end with his time here. */
export const adminLinksOfPeople: Holder = {
  what: 'admin_links',
  becomes: 'ended',
  async endFor(tx, { person, at }) {
    const ended = await tx
      .updateTable('admin_link')
      .set({ ended_at: at })
      .where('made_by', '=', person)
      .where('ended_at', 'is', null)
      .where('expires_at', '>', at)
      .executeTakeFirst()
    return Number(ended.numUpdatedRows)
  },
  remaining: (tx, { person, at }) =>
    countOf(tx.selectFrom('admin_link').where('made_by', '=', person).where('ended_at', 'is', null).where('expires_at', '>', at)),
}
