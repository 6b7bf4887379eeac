// A world with a server in front of it, in which people sign in through providers: what the tests of signing in share.
import assert from 'node:assert/strict'
import { type AccessLine, createServer } from '../../src/server/index.ts'
import { type Act, actWith, textAt } from './acting.ts'
import { type HandBrowser, handBrowser } from './browser-by-hand.ts'
import { freePort } from './free-port.ts'
import { openWorld, type World } from './world.ts'

/** A world that is served. */
export interface SigningIn {
  readonly world: World
  readonly url: string
  /** The TXT records that DNS tells, by name. */
  readonly records: Map<string, string[]>
  /** Connects a provider, by default for a domain of its own that is proved at once. */
  connect(input: Record<string, unknown>, domain?: string, action?: string): Promise<string>
  /** Walks a browser from the start to the provider's redirect back, and answers that URL unasked. */
  toCallback(browser: HandBrowser, query: string): Promise<string>
  /** Walks a whole sign-in; answers where the browser was sent in the end. */
  signIn(query: string, browser?: HandBrowser): Promise<{ browser: HandBrowser; location: string }>
  /** Acts with the session that a browser holds. */
  actOf(browser: HandBrowser): Act
  close(): Promise<void>
}

/** The secret of the session that a browser holds; fails where it holds none. */
export function sessionIn(browser: HandBrowser, url: string): string {
  const held = [...(browser.cookies.get(new URL(url).host) ?? [])].find(([name]) => name.startsWith('twinlock-session-'))
  assert.ok(held, 'the browser holds a session')
  return held[1]
}

/** Who watches it: each request that was answered, and another client of providers. */
export interface Watching {
  readonly accessed?: (line: AccessLine) => void
  readonly replace?: NonNullable<Parameters<typeof openWorld>[0]>['replace']
}

/** Opens it. */
export async function openSigningIn({ accessed = () => undefined, replace = {} }: Watching = {}): Promise<SigningIn> {
  const records = new Map<string, string[]>()
  const world = await openWorld({ isIdle: true, replace: { ...replace, textRecords: async (name) => records.get(name) ?? [] } })
  const { twinlock } = world
  const port = await freePort()
  const url = `http://127.0.0.1:${port}`
  const server = createServer({
    door: twinlock.door,
    broker: twinlock.broker,
    signIn: twinlock.signIn,
    publicKeys: async () => undefined,
    baseUrl: url,
    port,
    log: (line) => {
      if (line.kind === 'access') accessed(line)
      else if (line.kind === 'failure') world.lines.push(String(line.error instanceof Error ? line.error.stack : line.error))
    },
    limits: { refusalsBurst: 10_000 },
    clock: world.clock,
  })
  await server.listen()
  const toCallback = (browser: HandBrowser, query: string) =>
    browser.walk(`${url}/sso/start?${query}`, (at) => at.origin === url && at.pathname !== '/sso/start')
  return {
    world,
    url,
    records,
    async connect(input, domain, action = 'sso:create') {
      const admin = await world.as('admin')
      const sso = textAt(await admin(action, input), 'id')
      if (domain === undefined) return sso
      const claimed = await admin('domain:claim', { name: domain, sso })
      records.set(textAt(claimed, 'record', 'name'), ['v=spf1 -all', textAt(claimed, 'record', 'value')])
      await admin('domain:verify', { domain: textAt(claimed, 'id') })
      return sso
    },
    toCallback,
    async signIn(query, browser = handBrowser()) {
      const callback = await toCallback(browser, query)
      const answer = await browser.get(callback)
      return { browser, location: answer.headers.get('location') ?? `${answer.status}` }
    },
    actOf: (browser) => actWith(twinlock.door, { kind: 'session', token: sessionIn(browser, url) }),
    async close() {
      await server.close()
      await world.close()
    },
  }
}

/** The code that a browser was turned back with. */
export function refusedWith(location: string): string {
  const at = new URL(location, 'http://twinlock.invalid')
  assert.equal(at.pathname, '/login', location)
  return at.searchParams.get('refused') ?? ''
}
