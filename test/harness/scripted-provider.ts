// A provider that says what a test tells it to, with keys of its own: for answers that no honest provider gives.
import { generateKeyPairSync, type KeyObject, randomUUID, sign } from 'node:crypto'
import { createServer, type Server } from 'node:http'

/** What the scripted provider does; each may be changed at any time. */
export interface Script {
  /** Changes the ID token's claims before it is signed. */
  claims: (claims: Record<string, unknown>) => Record<string, unknown>
  /** Changes its metadata. */
  metadata: (metadata: Record<string, unknown>) => Record<string, unknown>
  /** Changes the query that it sends the browser back with. */
  back: (query: URLSearchParams) => void
  /** Signs instead of its own key. */
  key: KeyObject | undefined
  alg: string
  /** Answers every request itself, where it is set. */
  broken: ((path: string) => { status: number; body: string } | undefined) | undefined
}

/** A provider that is running. */
export interface ScriptedProvider {
  readonly issuer: string
  script: Script
  readonly asked: string[]
  /** Takes a new key in place of the one before, under a new name. */
  rotate(): void
  /** Signs a token with the key that it has now. */
  signed(claims: Record<string, unknown>, header?: Record<string, unknown>): string
  close(): Promise<void>
}

const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url')

/** A provider that tells the truth. */
export const honest = (): Script => ({
  claims: (claims) => claims,
  metadata: (metadata) => metadata,
  back: () => undefined,
  key: undefined,
  alg: 'ES256',
  broken: undefined,
})

async function listen(server: Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('The provider listens on no port.')
  return address.port
}

/** Starts it. Everybody who comes is `intruder`, with the address that the script gives him. */
export async function startScripted(clientId: string): Promise<ScriptedProvider> {
  let pair = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  let kid: string = randomUUID()
  const nonces = new Map<string, string>()
  const asked: string[] = []
  const signed = (claims: Record<string, unknown>, header: Record<string, unknown> = {}): string => {
    const body = `${part({ alg: it.script.alg, kid, ...header })}.${part(claims)}`
    const key = it.script.key ?? pair.privateKey
    return `${body}.${sign('sha256', Buffer.from(body), { key, dsaEncoding: 'ieee-p1363' }).toString('base64url')}`
  }
  const answer = (url: URL, body: string): { status: number; body?: object; location?: string } => {
    const { issuer } = it
    const now = Math.floor(Date.now() / 1000)
    switch (url.pathname) {
      case '/.well-known/openid-configuration':
        return {
          status: 200,
          body: it.script.metadata({
            issuer,
            authorization_endpoint: `${issuer}/authorize`,
            token_endpoint: `${issuer}/token`,
            jwks_uri: `${issuer}/keys`,
            id_token_signing_alg_values_supported: ['ES256'],
            response_types_supported: ['code'],
            subject_types_supported: ['public'],
            authorization_response_iss_parameter_supported: true,
          }),
        }
      case '/keys':
        return { status: 200, body: { keys: [{ ...pair.publicKey.export({ format: 'jwk' }), kid, use: 'sig', alg: 'ES256' }] } }
      case '/authorize': {
        const code = randomUUID()
        nonces.set(code, url.searchParams.get('nonce') ?? '')
        const back = new URLSearchParams({ code, state: url.searchParams.get('state') ?? '', iss: issuer })
        it.script.back(back)
        return { status: 303, location: `${url.searchParams.get('redirect_uri')}?${back}` }
      }
      case '/token': {
        const nonce = nonces.get(new URLSearchParams(body).get('code') ?? '')
        const claims = {
          iss: issuer,
          aud: clientId,
          sub: 'intruder',
          nonce,
          iat: now,
          exp: now + 300,
          auth_time: now,
          email: 'intruder@evil.example',
          email_verified: true,
        }
        return { status: 200, body: { access_token: 'opaque', token_type: 'Bearer', id_token: signed(it.script.claims(claims)) } }
      }
      default:
        return { status: 404, body: {} }
    }
  }
  const server = createServer((request, response) => {
    let body = ''
    request.on('data', (piece: Buffer) => {
      body += piece.toString()
    })
    request.on('end', () => {
      const url = new URL(request.url ?? '/', it.issuer)
      asked.push(url.pathname)
      const broken = it.script.broken?.(url.pathname)
      if (broken !== undefined) return response.writeHead(broken.status, { 'content-type': 'application/json' }).end(broken.body)
      const { status, body: told, location } = answer(url, body)
      return response
        .writeHead(status, { 'content-type': 'application/json', ...(location === undefined ? {} : { location }) })
        .end(told === undefined ? '' : JSON.stringify(told))
    })
  })
  const it: ScriptedProvider = {
    issuer: `http://127.0.0.1:${await listen(server)}`,
    script: honest(),
    asked,
    rotate() {
      pair = generateKeyPairSync('ec', { namedCurve: 'P-256' })
      kid = randomUUID()
    },
    signed,
    async close() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
  return it
}
