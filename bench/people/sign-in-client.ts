// A provider and the browsers that come through it, in a thread of their own, so that what is measured beside them is ours: they sign in one after the other, each a
// browser that holds nothing yet, and say where each was sent in the end.
import { parentPort, workerData } from 'node:worker_threads'
import { handBrowser } from '../../test/harness/browser-by-hand.ts'
import { startSamlProvider } from '../../test/harness/saml-provider.ts'
import { startScripted } from '../../test/harness/scripted-provider.ts'

/** How they sign in. */
export type Protocol = 'oidc' | 'saml'

/** What is needed to begin: where we are and, for SAML, where answers are posted. */
export interface Begin {
  readonly url: string
  readonly address: string
  readonly times: number
}

const { protocol } = workerData as { readonly protocol: Protocol } // the one who starts this thread gives nothing else

interface Provider {
  readonly told: string
  once(begin: Begin): Promise<string>
}

async function openId(): Promise<Provider> {
  const provider = await startScripted('twinlock')
  return {
    told: provider.issuer,
    async once({ url }) {
      const browser = handBrowser()
      const back = await browser.walk(`${url}/sso/start?email=intruder@evil.example`, (at) => at.pathname === '/sso/callback')
      return (await browser.get(back)).headers.get('location') ?? ''
    },
  }
}

async function saml(): Promise<Provider> {
  const provider = await startSamlProvider()
  let isKnown = false
  return {
    told: provider.metadata(),
    async once({ url, address }) {
      if (!isKnown) provider.register(await (await fetch(`${address}/metadata`)).text())
      isKnown = true
      const browser = handBrowser()
      const begun = await browser.get(`${url}/sso/start?email=new@saml.example`)
      const { id } = await provider.asked(begun.headers.get('location') ?? '')
      const response = await provider.answer({ nameId: 'u-1', email: 'new@saml.example', inResponseTo: id })
      const posted = await browser.postFromElsewhere(address, { SAMLResponse: response })
      return (await browser.get(posted.headers.get('location') ?? '')).headers.get('location') ?? ''
    },
  }
}

const provider = protocol === 'oidc' ? await openId() : await saml()
parentPort?.on('message', (begin: Begin) => {
  const all = async () => {
    const locations: string[] = []
    for (let number = 0; number < begin.times; number++) locations.push(await provider.once(begin))
    parentPort?.postMessage(locations)
  }
  all().catch((error: unknown) => {
    throw error
  })
})
parentPort?.postMessage(provider.told)
