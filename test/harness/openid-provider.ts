// A real OpenID provider in this process, on loopback: `oidc-provider`, in which whoever the test names is signed in at once and consents to everything.
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { Provider } from 'oidc-provider'

/** What the provider knows of a person. */
export interface ProvidersPerson {
  readonly email?: string
  readonly email_verified?: boolean
  readonly name?: string
}

/** A provider that is running. */
export interface RealProvider {
  readonly issuer: string
  readonly people: Map<string, ProvidersPerson>
  /** Who is sitting at the browser: the next sign-in is his. */
  signsIn: string
  close(): Promise<void>
}

/** The client that Twinlock is at the provider. */
export const client = { id: 'twinlock', secret: 'a-secret-of-the-client-0123456789' }

async function listen(server: Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('The provider listens on no port.')
  return address.port
}

/** Starts it; `twinlock` is the base URL that it sends browsers back to. `jwks` registers a second client that proves itself by a key. */
export async function startProvider(twinlock: string, jwks?: { readonly keys: readonly object[] }): Promise<RealProvider> {
  const people = new Map<string, ProvidersPerson>()
  let handle: (request: IncomingMessage, response: ServerResponse) => void = (_request, response) => response.end()
  const server = createServer((request, response) => handle(request, response))
  const issuer = `http://127.0.0.1:${await listen(server)}`
  const uris = { redirect_uris: [`${twinlock}/sso/callback`], post_logout_redirect_uris: [`${twinlock}/login`] }
  const provider = new Provider(issuer, {
    clients: [
      { client_id: client.id, client_secret: client.secret, ...uris },
      ...(jwks === undefined
        ? []
        : [
            {
              client_id: 'twinlock-by-key',
              token_endpoint_auth_method: 'private_key_jwt' as const,
              token_endpoint_auth_signing_alg: 'ES256' as const,
              jwks: { keys: jwks.keys.map((key) => ({ ...key })) as never }, // JWKs as the product shows them
              ...uris,
            },
          ]),
    ],
    claims: { openid: ['sub'], email: ['email', 'email_verified'], profile: ['name'] },
    features: { devInteractions: { enabled: false }, backchannelLogout: { enabled: true } },
    acrValues: ['two-factors'],
    cookies: { keys: ['a key of the provider'] },
    ttl: { AccessToken: 600, AuthorizationCode: 60, IdToken: 600, Interaction: 600, Session: 600, Grant: 600 },
    interactions: { url: (_context, interaction) => `/interaction/${interaction.uid}` },
    findAccount: (_context, id) => ({ accountId: id, claims: async () => ({ sub: id, ...people.get(id) }) }),
    async loadExistingGrant(context) {
      const { client: asking, session } = context.oidc
      const grant = new context.oidc.provider.Grant({ clientId: asking?.clientId ?? '', accountId: session?.accountId ?? '' })
      grant.addOIDCScope('openid email profile')
      await grant.save()
      return grant
    },
  })
  provider.proxy = false
  const it: RealProvider = {
    issuer,
    people,
    signsIn: '',
    async close() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
  const callback = provider.callback()
  handle = (request, response) => {
    if (request.url?.startsWith('/interaction/') !== true) return void callback(request, response)
    void provider.interactionFinished(request, response, { login: { accountId: it.signsIn, acr: 'two-factors', remember: false } })
  }
  return it
}
