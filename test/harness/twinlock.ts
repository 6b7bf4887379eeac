// A whole Twinlock for tests: real PostgreSQL, real keys, real cells, real upstreams on loopback; only the folders are throw-away.
import { generateKeyPairSync, randomUUID, sign } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  type AssertionSigner,
  type OpenedTwinlock,
  type Outside,
  openTwinlock,
  type Starter,
  setUpStarter,
  walkMainJob,
} from '../../src/app/index.ts'
import { type PaymentsUpstreams, startPaymentsUpstreams } from '../../twins/payments/upstreams.ts'
import { migratedDatabase } from './database.ts'

/** What a machine that is busy with others needs, or that stands still for a while with a transaction open. */
export const patientLimits = { transactionMs: 120_000, queryMs: 125_000, closeMs: 15_000 } as const

/** The base URL under which tests know the product; nothing listens there. */
export const baseUrl = 'http://twinlock.test'

/** A P-256 key of a workload, and assertions signed with it. */
export interface WorkloadKey {
  readonly jwk: Record<string, string>
  readonly assertion: AssertionSigner
}

const base64url = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url')

/** Makes a workload's own key. */
export function workloadKey(now: () => number = Date.now): WorkloadKey {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const jwk = publicKey.export({ format: 'jwk' })
  return {
    jwk: { kty: 'EC', crv: 'P-256', x: String(jwk.x), y: String(jwk.y) },
    async assertion(audience, subject) {
      const iat = Math.floor(now() / 1000)
      const body = `${base64url({ alg: 'ES256', kid: 'own', typ: 'JWT' })}.${base64url({ iss: subject, sub: subject, aud: audience, iat, exp: iat + 60, jti: randomUUID() })}`
      return `${body}.${sign('sha256', Buffer.from(body), { key: privateKey, dsaEncoding: 'ieee-p1363' }).toString('base64url')}`
    },
  }
}

/** A Twinlock with its starter, for one test file. */
export interface Harness {
  readonly twinlock: OpenedTwinlock
  readonly starter: Starter
  readonly upstreams: PaymentsUpstreams
  readonly keys: { readonly pipeline: WorkloadKey; readonly payments: WorkloadKey; readonly assembly: WorkloadKey }
  readonly apiKeys: readonly string[]
  readonly lines: string[]
  walk(): ReturnType<typeof walkMainJob>
  close(): Promise<void>
}

/** The manifest template of a ready-made twin. */
export function manifestOf(twin: string): unknown {
  return JSON.parse(readFileSync(join(import.meta.dirname, '..', '..', 'twins', twin, 'twin.json'), 'utf8')).scenario
}

/** Opens an empty Twinlock over a database of its own. */
export async function openEmpty(
  replace: Partial<Outside> = {},
): Promise<{ twinlock: OpenedTwinlock; lines: string[]; close(): Promise<void> }> {
  const folder = mkdtempSync(join(tmpdir(), 'twinlock-harness-'))
  const lines: string[] = []
  const twinlock = await openTwinlock({
    connection: await migratedDatabase(),
    folders: { blobs: join(folder, 'blobs'), keys: join(folder, 'keys') },
    baseUrl,
    limits: patientLimits,
    log: (line) => lines.push(line),
    replace,
  })
  return {
    twinlock,
    lines,
    async close() {
      await twinlock.close()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

/** Opens a Twinlock with the starter set up and its upstreams running; nothing has run yet. */
export async function openStarter(replace: Partial<Outside> = {}): Promise<Harness> {
  const empty = await openEmpty(replace)
  const { twinlock, lines } = empty
  const secret = () => `key-${randomUUID()}`
  const apiKeys = { staging: { accounts: secret(), payments: secret() }, production: { accounts: secret(), payments: secret() } }
  const upstreams = await startPaymentsUpstreams({ apiKeys })
  // A server that is left listening holds its process for ever, and with it whoever waits for the test to end: whatever fails, they are stopped.
  const close = () => empty.close().finally(() => upstreams.stop())
  const keys = { pipeline: workloadKey(), payments: workloadKey(), assembly: workloadKey() }
  const side = (name: 'staging' | 'production') => ({
    accounts: { url: upstreams[name].accounts.url, apiKey: apiKeys[name].accounts },
    payments: { url: upstreams[name].payments.url, apiKey: apiKeys[name].payments },
    historian: { url: name === 'staging' ? 'http://127.0.0.1:9' : 'http://127.0.0.1:19', apiKey: secret() },
  })
  const starter = await setUpStarter(twinlock.door, twinlock.outside, {
    upstreams: { staging: side('staging'), production: side('production') },
    keys: { pipeline: keys.pipeline.jwk, payments: keys.payments.jwk, assembly: keys.assembly.jwk },
    manifests: { payments: manifestOf('payments') },
  }).catch(async (error: unknown): Promise<never> => {
    await close()
    throw error
  })
  twinlock.start()
  return {
    twinlock,
    starter,
    upstreams,
    keys,
    apiKeys: [apiKeys.staging.accounts, apiKeys.staging.payments, apiKeys.production.accounts, apiKeys.production.payments],
    lines,
    walk: () =>
      walkMainJob(
        {
          door: twinlock.door,
          broker: twinlock.broker,
          baseUrl,
          signers: { pipeline: keys.pipeline.assertion, payments: keys.payments.assertion },
          progress: () => undefined,
          pause: () => new Promise((resolve) => setTimeout(resolve, 50)),
        },
        starter,
      ),
    close,
  }
}
