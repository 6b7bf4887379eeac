// Signing in through the organization's provider, in this machine's browser (RFC 8252): the browser brings what it got to a port of this machine that listens once,
// for this sign-in, and the session is asked for with a secret that never left this process (RFC 7636). Whoever else reaches the port has no use for what comes, and
// whoever was tricked into opening such an address has signed nobody in elsewhere.
import { createHash, randomBytes, timingSafeEqual } from 'node:crypto'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { type Answer, exchange } from '../api.ts'
import { exitCodes } from '../exit-codes.ts'
import { CliFailure } from '../failure.ts'
import type { Io } from '../io.ts'

/** How long it is waited for somebody to sign in. */
const signInSecondsMax = 300

const codeCharactersMax = 8_000
const secret = (): string => randomBytes(32).toString('base64url')

const page = `<!doctype html>
<html lang="en"><meta charset="utf-8"><title>Twinlock</title>
<h1>Go on in the terminal</h1><p>The command line has what it needs. This window can be closed.</p></html>
`

const headers = {
  'content-type': 'text/html; charset=utf-8',
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
  'cache-control': 'no-store',
  'referrer-policy': 'no-referrer',
  connection: 'close',
}

const same = (one: string, other: string): boolean => one.length === other.length && timingSafeEqual(Buffer.from(one), Buffer.from(other))

/** The code in a request, if it is the one that is waited for: to this port by its address, with the state that only the server and the browser were told. */
function codeIn({ method, url, headers: { host } }: IncomingMessage, port: number, state: string): string | undefined {
  if (method !== 'GET' || host !== `127.0.0.1:${port}` || (url ?? '').length > codeCharactersMax + 200) return undefined
  const at = URL.parse(url ?? '', 'http://127.0.0.1')
  const code = at?.searchParams.get('code') ?? ''
  return at?.pathname === '/' && same(at.searchParams.get('state') ?? '', state) && code !== '' ? code : undefined
}

async function listen(server: Server): Promise<number> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(0, '127.0.0.1', resolve)
  })
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('The command line listens on no port.')
  return address.port
}

/** Waits for the code. Throws where nobody brings it in time. */
function codeFrom(server: Server, port: number, state: string, secondsMax: number): Promise<string> {
  return new Promise((resolve, reject) => {
    const late = () =>
      reject(
        new CliFailure(exitCodes.signInFirst, `Nobody signed in within ${secondsMax} seconds.`, {
          next: 'Run it again, and go on in the browser.',
        }),
      )
    const timer = setTimeout(late, secondsMax * 1000)
    server.on('request', (request: IncomingMessage, response: ServerResponse) => {
      const code = codeIn(request, port, state)
      response.writeHead(code === undefined ? 404 : 200, headers).end(code === undefined ? '' : page)
      if (code === undefined) return
      clearTimeout(timer)
      resolve(code)
    })
  })
}

/** Where a browser begins. `who` is an organization's short name or an address. */
function startUrl(url: string, who: string, it: { readonly port: number; readonly state: string; readonly verifier: string }): string {
  const challenge = createHash('sha256').update(it.verifier).digest('base64url')
  const query = new URLSearchParams({
    [who.includes('@') ? 'email' : 'organization']: who,
    port: String(it.port),
    state: it.state,
    challenge,
  })
  return `${url}/sso/start?${query}`
}

/** Signs in through the provider of an organization or address; answers the new session. Throws where nobody does in time, and what the server refuses with. */
export async function signInByBrowser(
  io: Pick<Io, 'fetch' | 'err'>,
  url: string,
  who: string,
  secondsMax = signInSecondsMax,
): Promise<Answer> {
  const server = createServer()
  try {
    const [port, state, verifier] = [await listen(server), secret(), secret()]
    const waiting = codeFrom(server, port, state, secondsMax)
    io.err(
      `Open this address in a browser of this machine:\n\n  ${startUrl(url, who, { port, state, verifier })}\n\nWaiting for up to ${secondsMax} seconds …\n`,
    )
    const code = await waiting
    const body = JSON.stringify({ code, verifier })
    return await exchange(io, url, '/sso/redeem', {
      method: 'POST',
      body,
      headers: { 'content-type': 'application/json', 'user-agent': 'twinlock/cli' },
    })
  } finally {
    server.close()
    server.closeIdleConnections()
  }
}
