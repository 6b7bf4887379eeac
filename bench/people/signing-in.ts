// What signing in through a provider takes of our own time: from the browser's first request to its session, request by request as the server itself counts them,
// without what it waits for the provider and without what the browser and the provider do, which are in another thread; over OpenID Connect with a code that is
// redeemed, and over SAML with an answer that is verified. And the processor time of it, which says the same on a busy machine.
import { once } from 'node:events'
import { Worker } from 'node:worker_threads'
import { createIdentityProvider } from '../../src/host/identity-providers/openid-provider.ts'
import { createUpstream } from '../../src/host/upstream/create-upstream.ts'
import type { AccessLine } from '../../src/server/index.ts'
import { openSigningIn, type SigningIn } from '../../test/harness/signing-in.ts'
import type { Figure } from '../figure.ts'
import type { Begin, Protocol } from './sign-in-client.ts'

const times = 100
// A server that has been up for a while: what it runs often is compiled by then.
const warming = 150

/** Adds up what the requests of each sign-in took, the provider's answers apart. */
class Stopwatch {
  readonly #signIns: number[] = []
  #ms = 0

  /** A request was answered; the one that ends a sign-in is its last. */
  accessed({ path, durationMs }: AccessLine): void {
    if (!path.startsWith('/sso/') || path.endsWith('/metadata')) return
    this.#ms += durationMs
    if (path !== '/sso/callback') return
    this.#signIns.push(this.#ms)
    this.#ms = 0
  }

  /** The provider was waited for. */
  waited(ms: number): void {
    this.#ms -= ms
  }

  /** What has been measured since the last time, in order of size. */
  take(): number[] {
    return this.#signIns.splice(0).toSorted((left, right) => left - right)
  }
}

const at = (values: readonly number[], part: number): number => values[Math.floor(values.length * part)] ?? Number.NaN

/** Has browsers sign in; answers the processor time of this thread for one of them, in milliseconds. */
async function again(client: Worker, begin: Begin): Promise<number> {
  const before = process.threadCpuUsage()
  client.postMessage(begin)
  const [locations]: string[][] = await once(client, 'message')
  if (locations === undefined || locations.length !== begin.times || locations.some((one) => one !== '/console/'))
    throw new Error(`Somebody was not signed in: ${locations?.find((one) => one !== '/console/')}`)
  const { user, system } = process.threadCpuUsage(before)
  return (user + system) / 1000 / begin.times
}

async function by(s: SigningIn, watch: Stopwatch, protocol: Protocol, connect: (told: string) => Promise<string>): Promise<Figure[]> {
  const client = new Worker(new URL('./sign-in-client.ts', import.meta.url), { workerData: { protocol } })
  try {
    const [told]: string[] = await once(client, 'message')
    const address = `${s.url}/sso/saml/${s.world.starter.org}/${await connect(told ?? '')}`
    await again(client, { url: s.url, address, times: warming })
    watch.take()
    const used = await again(client, { url: s.url, address, times })
    const values = watch.take()
    const median = at(values, 0.5)
    const name = `signing in over ${protocol === 'oidc' ? 'OpenID Connect' : 'SAML'}`
    return [
      { name: `${name}, our own time, median`, value: median, unit: 'ms', goal: '< 20 ms', ok: values.length === times && median < 20 },
      { name: `${name}, our own time, p95`, value: at(values, 0.95), unit: 'ms', ok: true },
      { name: `${name}, processor time of this process’s thread`, value: used, unit: 'ms', ok: true },
    ]
  } finally {
    await client.terminate()
  }
}

/** Measures. */
export async function signingIn(): Promise<Figure[]> {
  const watch = new Stopwatch()
  const upstream = createUpstream()
  const timed: typeof upstream = {
    ...upstream,
    async exchange(exchange) {
      const began = performance.now()
      try {
        return await upstream.exchange(exchange)
      } finally {
        watch.waited(performance.now() - began)
      }
    },
  }
  const clock = { now: () => Date.now(), monotonic: () => performance.now() }
  const s = await openSigningIn({
    accessed: (line) => watch.accessed(line),
    replace: { identityProvider: createIdentityProvider({ upstream: timed, clock }) },
  })
  const shared = { name: 'A provider', provisions: true }
  const secret = 'a secret of the client'
  try {
    const oidc = (issuer: string) => s.connect({ ...shared, slug: 'oidc', issuer, clientId: 'twinlock', secret }, 'evil.example')
    const saml = (metadata: string) => s.connect({ ...shared, slug: 'saml', metadata }, 'saml.example', 'sso:create-saml')
    return [...(await by(s, watch, 'oidc', oidc)), ...(await by(s, watch, 'saml', saml))]
  } finally {
    await s.close()
    await upstream.close()
  }
}
