// How far an admin link reaches: one new sign-in connection with its domains, one new directory, or both. What it sets up is proposed, and counts for nothing
// before an administrator accepts it; so whoever holds the link, rightly or not, lets nobody in and gives nobody anything.
import { type Attributes, fail, type Principal, type ResourceType, type Tx } from '../../kernel/index.ts'

/** An admin link as a resource; what names it as `self` is its own to do. */
export const adminLinkType = {
  name: 'AdminLink',
  attributes: { self: 'String' },
  parents: ['Organization'],
} as const satisfies ResourceType

/** What every action that an admin link may do tells policies beside its own words. */
export const adminLinkContext = {
  /** Whether the caller is an admin link that is for the very thing that is asked about; of a new thing, whether the link has one to make. */
  ofThisLink: 'Boolean',
  /** Whether what is asked for lets somebody in, takes somebody over, or names somebody. */
  gives: 'Boolean',
} as const satisfies Attributes

/** The two things that a link sets up. */
export type SetUp = 'sso' | 'directory'

/** What stands for a thing that a link has yet to make. */
export const yetToMake = 'new'
/** What stands for a kind of thing that a link is not for. */
export const notIts = 'none'

/** What policies are told when a caller asks about one thing, or for a new one. */
export function askedOf({ setsUp }: Pick<Principal, 'setsUp'>, kind: SetUp, thing: string, gives = false) {
  return { ofThisLink: setsUp !== undefined && setsUp[kind] === thing && thing !== notIts, gives }
}

/** The state of a thing that a caller makes: what comes by a link waits for an administrator. */
export function stateOfNew({ kind }: Pick<Principal, 'kind'>): 'proposed' | 'active' {
  return kind === 'admin_link' ? 'proposed' : 'active'
}

/** Notes that a link has made its one thing of a kind. Of two at the same moment, the second is refused: `conflict`. */
export async function noteMade(tx: Tx, { kind: who, id }: Principal, kind: SetUp, thing: string): Promise<void> {
  if (who !== 'admin_link') return
  const column = kind === 'sso' ? ('sso_id' as const) : ('directory_id' as const)
  const noted = await tx
    .updateTable('admin_link')
    .set({ [column]: thing })
    .where('id', '=', id)
    .where(column, 'is', null)
    .executeTakeFirst()
  if (noted.numUpdatedRows === 0n) throw fail('conflict', 'This link has made its one already.')
}
