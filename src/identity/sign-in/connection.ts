// A connection to an identity provider: found within the organization, shown without its credential, and opened for the client that speaks to the provider.
import { fail, type Ports, sensitivities, type Tx } from '../../kernel/index.ts'
import type { ClientAuthentication, ProviderSettings } from './ports.ts'
import { shownSaml } from './saml.ts'
import type { SsoRow } from './tables.ts'

/** The connection with this id. Throws `not_found`. */
export async function findSso(tx: Tx, id: string): Promise<SsoRow> {
  const row = await tx.selectFrom('sso').selectAll().where('id', '=', id).executeTakeFirst()
  if (row === undefined) throw fail('not_found', 'There is no sign-in connection with this id.')
  return row
}

const authentications = { key: 'private_key_jwt', secret: 'secret', certificate: 'certificate' } as const

/** What is shown of a connection. */
export function shownSso(row: SsoRow, domains: readonly string[], { clock, baseUrl }: Pick<Ports, 'clock' | 'baseUrl'>) {
  return {
    id: row.id,
    slug: row.slug,
    name: row.name,
    protocol: row.protocol,
    issuer: row.issuer,
    clientId: row.protocol === 'oidc' ? row.client_id : null,
    authentication: authentications[row.method],
    saml: row.protocol === 'saml' ? shownSaml(row, baseUrl, clock.now()) : null,
    publicJwk: row.public_jwk,
    provisions: row.provisions,
    clearance: sensitivities[row.clearance] ?? 'public',
    stepUpAcr: row.step_up_acr,
    domains: [...domains],
    state: row.state,
    createdAt: row.created_at.toISOString(),
  }
}

/** Opens a connection for the client of OpenID Connect. */
export function settingsOf(row: SsoRow, { signInSeal }: Pick<Ports, 'signInSeal'>): ProviderSettings {
  if (row.protocol !== 'oidc') throw new Error('A SAML connection came to the client of OpenID Connect.')
  const text = signInSeal.open(row.org_id, 'provider', row.id, row.sealed)
  const authentication: ClientAuthentication = row.method === 'key' ? { kind: 'key', jwk: text } : { kind: 'secret', secret: text }
  return { id: row.id, issuer: row.issuer, clientId: row.client_id, authentication, loopback: row.loopback }
}

/** The verified domains that each connection speaks for, by its id. */
export async function domainsOfConnections(tx: Tx): Promise<ReadonlyMap<string, readonly string[]>> {
  const rows = await tx
    .selectFrom('domain')
    .select(['sso_id', 'name'])
    .where('verified_at', 'is not', null)
    .where('lapsed_at', 'is', null)
    .orderBy('name')
    .limit(1_000)
    .execute()
  const found = new Map<string, string[]>()
  for (const { sso_id, name } of rows) found.set(sso_id, [...(found.get(sso_id) ?? []), name])
  return found
}
