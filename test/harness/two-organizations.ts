// Two organizations in one database, both made through the door: the starter, and a stranger with the same set-up and keys of its own.
import { type Starter, setUpStarter } from '../../src/app/index.ts'
import { type Harness, manifestOf, workloadKey } from './twinlock.ts'

/** Sets a second organization up beside the starter's. It is a whole harness of its own over the same Twinlock; closing the first closes both. */
export async function strangerBeside(h: Harness): Promise<Harness> {
  const keys = { pipeline: workloadKey(), payments: workloadKey(), assembly: workloadKey() }
  const { staging, production } = h.upstreams
  const side = (name: string, { accounts, payments }: typeof staging) => ({
    accounts: { url: accounts.url, apiKey: `strangers-${name}-key-to-accounts` },
    payments: { url: payments.url, apiKey: `strangers-${name}-key-to-payments` },
    historian: { url: `http://127.0.0.1:${name === 'staging' ? 9 : 19}`, apiKey: `strangers-${name}-key-to-historian` },
  })
  const starter: Starter = await setUpStarter(h.twinlock.door, h.twinlock.outside, {
    upstreams: { staging: side('staging', staging), production: side('production', production) },
    keys: { pipeline: keys.pipeline.jwk, payments: keys.payments.jwk, assembly: keys.assembly.jwk },
    manifests: { payments: manifestOf('payments') },
  })
  return { ...h, starter, keys }
}
