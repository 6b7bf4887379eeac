// What was set up by an admin link and waits to be accepted, as it stands, with one digest over all of it. Whoever holds the link may change it until the moment in which
// it is accepted: by the digest whoever accepts says what he has looked at, and takes nothing else into use.
import type { Selectable } from 'kysely'
import { canonicalBytes, type Digest, digestOf, hex, type Json, type Ports, type Tx } from '../../kernel/index.ts'
import type { DirectoryTable } from '../scim/tables.ts'
import { domainsOfConnections } from '../sign-in/connection.ts'
import { samlOf } from '../sign-in/saml.ts'
import type { SsoRow } from '../sign-in/tables.ts'
import type { AdminLinkRow } from './links.ts'

/** What waits; one of the two at least. */
export interface Proposal {
  readonly sso: SsoRow | undefined
  /** The verified domains of the connection. */
  readonly domains: readonly string[]
  readonly directory: Selectable<DirectoryTable> | undefined
  readonly digest: Digest
}

type Made = Pick<AdminLinkRow, 'sso_id' | 'directory_id'>

/** A connection to the letter, its credential too: of that the digest tells nothing. */
function wholeSso(row: SsoRow): Json {
  const { sealed, saml, state: _, created_at: __, ...rest } = row
  return { ...rest, sealed: hex(sealed), saml: saml === null ? null : samlOf(row) }
}

async function wholeDirectory(tx: Tx, { state: _, created_at: __, ...rest }: Selectable<DirectoryTable>): Promise<Json> {
  const tokens = await tx.selectFrom('directory_token').select('hash').where('directory_id', '=', rest.id).orderBy('hash').execute()
  return { ...rest, tokens: tokens.map(({ hash }) => hash) }
}

/** Waits for whoever is changing it at this moment. Before admissions are held: a change takes its own row first, too, so that the two never wait for each other. */
export async function holdProposal(tx: Tx, { sso_id, directory_id }: Made): Promise<void> {
  await tx
    .selectFrom('sso')
    .select('id')
    .where('id', '=', sso_id ?? '')
    .forNoKeyUpdate()
    .execute()
  await tx
    .selectFrom('directory')
    .select('id')
    .where('id', '=', directory_id ?? '')
    .forNoKeyUpdate()
    .execute()
}

/** What waits of what this link set up; undefined where nothing does. */
export async function proposalOf(tx: Tx, { sso_id, directory_id }: Made, { sha256 }: Pick<Ports, 'sha256'>): Promise<Proposal | undefined> {
  const sso = await tx
    .selectFrom('sso')
    .selectAll()
    .where('id', '=', sso_id ?? '')
    .where('state', '=', 'proposed')
    .executeTakeFirst()
  const opened = tx
    .selectFrom('directory')
    .selectAll()
    .where('id', '=', directory_id ?? '')
    .where('state', '=', 'proposed')
  const directory = await opened.executeTakeFirst()
  if (sso === undefined && directory === undefined) return undefined
  const domains = sso === undefined ? [] : ((await domainsOfConnections(tx)).get(sso.id) ?? [])
  const whole = {
    sso: sso === undefined ? null : wholeSso(sso),
    domains,
    directory: directory === undefined ? null : await wholeDirectory(tx, directory),
  }
  return { sso, domains, directory, digest: digestOf(canonicalBytes(whole), sha256) }
}
