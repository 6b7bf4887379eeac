// What signing in through a provider takes of our own time: from the browser's coming back to its session, the provider's part of it included, which is answered at once
// by the same process; over OpenID Connect with a code that is redeemed, and over SAML with an answer that is verified.
import { type HandBrowser, handBrowser } from '../../test/harness/browser-by-hand.ts'
import { startSamlProvider } from '../../test/harness/saml-provider.ts'
import { startScripted } from '../../test/harness/scripted-provider.ts'
import { openSigningIn, type SigningIn } from '../../test/harness/signing-in.ts'
import type { Figure } from '../figure.ts'

const times = 100

interface Measured {
  readonly ms: number
  readonly location: string
}

async function timed(work: () => Promise<Response>): Promise<Measured & { readonly answer: Response }> {
  const began = performance.now()
  const answer = await work()
  return { ms: performance.now() - began, location: answer.headers.get('location') ?? '', answer }
}

/** Signs in again and again; answers what half of them, and 95 of 100, stayed below. */
async function again(by: string, once: (browser: HandBrowser) => Promise<Measured>): Promise<Figure[]> {
  const all: Measured[] = []
  for (let number = 0; number < times + 10; number++) all.push(await once(handBrowser()))
  const values = all
    .slice(10)
    .map(({ ms }) => ms)
    .toSorted((left, right) => left - right)
  const [median = 0, p95 = 0] = [values[Math.floor(values.length / 2)], values[Math.floor(values.length * 0.95)]]
  const isWhole = all.every(({ location }) => location === '/console/')
  const name = `signing in over ${by}, our part and the provider’s`
  return [
    { name: `${name}, median`, value: median, unit: 'ms', goal: '< 20 ms', ok: isWhole && median < 20 },
    { name: `${name}, p95`, value: p95, unit: 'ms', ok: isWhole },
  ]
}

async function byOpenId(s: SigningIn): Promise<Figure[]> {
  const provider = await startScripted('twinlock')
  try {
    const input = {
      slug: 'oidc',
      name: 'By OpenID Connect',
      issuer: provider.issuer,
      clientId: 'twinlock',
      secret: 'a secret of the client',
      provisions: true,
    }
    await s.connect(input, 'evil.example')
    return await again('OpenID Connect', async (browser) => {
      const back = await s.toCallback(browser, 'email=intruder@evil.example')
      return timed(() => browser.get(back))
    })
  } finally {
    await provider.close()
  }
}

async function bySaml(s: SigningIn): Promise<Figure[]> {
  const provider = await startSamlProvider()
  try {
    const input = { slug: 'saml', name: 'By SAML', metadata: provider.metadata(), provisions: true }
    const sso = await s.connect(input, 'saml.example', 'sso:create-saml')
    const address = `${s.url}/sso/saml/${s.world.starter.org}/${sso}`
    provider.register(await (await fetch(`${address}/metadata`)).text())
    return await again('SAML', async (browser) => {
      const begun = await browser.get(`${s.url}/sso/start?email=new@saml.example`)
      const { id } = await provider.asked(begun.headers.get('location') ?? '')
      const response = await provider.answer({ nameId: 'u-1', email: 'new@saml.example', inResponseTo: id })
      const posted = await timed(() => browser.postFromElsewhere(address, { SAMLResponse: response }))
      const opened = await timed(() => browser.get(posted.location))
      return { ms: posted.ms + opened.ms, location: opened.location }
    })
  } finally {
    await provider.close()
  }
}

/** Measures. */
export async function signingIn(): Promise<Figure[]> {
  const s = await openSigningIn()
  try {
    return [...(await byOpenId(s)), ...(await bySaml(s))]
  } finally {
    await s.close()
  }
}
