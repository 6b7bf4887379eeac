// Directories as principals and resources: a bearer token finds its directory; what a directory does is decided on itself, as its own.
// The token comes from outside; only its hash is looked up, and the row decides whether it is good.
import type { Selectable } from 'kysely'
import {
  type Entity,
  fail,
  type OrgId,
  organizationEntity,
  organizationRef,
  type Ports,
  type Principal,
  type ResourceType,
  type Tx,
} from '../../kernel/index.ts'
import { hashSecret } from '../secret-token.ts'
import type { DirectoryTable } from './tables.ts'

/** A directory as a resource; what names it as `self` is its own to do. One that is proposed says nothing yet. */
export const directoryType = {
  name: 'Directory',
  attributes: { self: 'String', proposed: 'Boolean' },
  parents: ['Organization'],
} as const satisfies ResourceType

/** A directory as an entity. */
function directoryEntity({ org_id, id, state }: Pick<Selectable<DirectoryTable>, 'org_id' | 'id' | 'state'>): Entity {
  return { type: 'Directory', id, attributes: { self: id, proposed: state === 'proposed' }, parents: [organizationRef(org_id)] }
}

/** Finds a directory. Throws `not_found`. */
export async function findDirectory(tx: Tx, id: string): Promise<Selectable<DirectoryTable>> {
  const found = await tx.selectFrom('directory').selectAll().where('id', '=', id).executeTakeFirst()
  if (found === undefined) throw fail('not_found', 'There is no directory with this id.')
  return found
}

/** What a decision about a directory stands on. */
export async function locateDirectory(tx: Tx, id: string) {
  const found = await findDirectory(tx, id)
  return { resource: directoryEntity(found), others: [organizationEntity(found.org_id)], found }
}

/** What a directory's own act is decided on: itself, as its token said when it was looked up in this transaction. */
export function locateSelf({ org, id, isProposed }: Pick<Principal, 'org' | 'id' | 'isProposed'>) {
  const state = isProposed === true ? 'proposed' : 'active'
  return { resource: directoryEntity({ org_id: org, id, state }), others: [organizationEntity(org)], found: undefined }
}

/** The directory behind a token that is in force. Throws `unauthenticated` for one that was rotated out, of a retired directory, or never given. */
export async function directoryOfToken(tx: Tx, token: string, ports: Ports): Promise<Principal> {
  const hash = hashSecret(token, ports)
  const row = await tx
    .selectFrom('directory_token as t')
    .innerJoin('directory as d', (join) => join.onRef('d.id', '=', 't.directory_id').onRef('d.org_id', '=', 't.org_id'))
    .select(['d.id', 'd.org_id', 'd.slug', 'd.state'])
    .where('t.hash', '=', hash)
    .where('d.state', '<>', 'retired')
    .where((eb) => eb.or([eb('t.ends_at', 'is', null), eb('t.ends_at', '>', new Date(ports.clock.now()))]))
    .executeTakeFirst()
  if (row === undefined)
    throw fail('unauthenticated', 'This token is of no directory, or was rotated out.', {
      next: 'Ask an administrator for the directory’s token.',
    })
  const { id, slug } = row
  const isProposed = row.state === 'proposed'
  // the column holds nothing else
  return {
    kind: 'directory',
    id,
    org: row.org_id as OrgId,
    name: slug,
    clearance: 0,
    chain: [id],
    credential: hash.slice(0, 16),
    isProposed,
  }
}
