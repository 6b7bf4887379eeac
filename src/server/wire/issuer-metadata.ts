// What an environment's issuer says of itself: authorization server metadata (RFC 8414) and its public keys (RFC 7517 section 5). Public.
import type { FastifyInstance } from 'fastify'
import { fail, isId } from '../../kernel/index.ts'
import type { ServerParts } from '../door.ts'

type Named = { Params: { org: string; env: string } }

async function keysOf(parts: ServerParts, { org, env }: Named['Params']): Promise<readonly object[]> {
  const keys = isId('org', org) ? await parts.publicKeys(org, env) : undefined
  if (keys === undefined) throw fail('not_found', 'There is no such issuer.')
  return keys
}

/** Registers the metadata and the keys of every environment's issuer. */
export function issuerMetadata(app: FastifyInstance, parts: ServerParts): void {
  app.get<Named>('/.well-known/oauth-authorization-server/o/:org/e/:env', async ({ params }) => {
    await keysOf(parts, params)
    const issuer = `${parts.baseUrl}/o/${params.org}/e/${params.env}`
    return {
      issuer,
      token_endpoint: `${issuer}/token`,
      jwks_uri: `${issuer}/jwks.json`,
      grant_types_supported: ['client_credentials'],
      response_types_supported: [],
      token_endpoint_auth_methods_supported: ['private_key_jwt'],
      token_endpoint_auth_signing_alg_values_supported: ['ES256'],
    }
  })
  app.get<Named>('/o/:org/e/:env/jwks.json', async ({ params }) => ({ keys: await keysOf(parts, params) }))
}
