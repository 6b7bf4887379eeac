// A whole Twinlock for tests: real PostgreSQL, real keys, real cells, real upstreams on loopback; only the folders are throw-away.
import { createPrivateKey, generateKeyPairSync, type KeyObject, randomUUID, sign } from 'node:crypto'
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
import type { StarterUpstreams } from '../../src/app/starter/set-up.ts'
import type { DatabaseConnection } from '../../src/host/postgres/connection.ts'
import { type PaymentsUpstreams, startPaymentsUpstreams } from '../../twins/payments/upstreams.ts'
import { migratedDatabase, withConnection } from './database.ts'
import { endKept } from './kept-connection.ts'
import { copyOf } from './starter-copy.ts'

/** What a machine that is busy with others needs, or that stands still for a while with a transaction open. */
export const patientLimits = { transactionMs: 120_000, queryMs: 125_000, lockMs: 110_000, connectMs: 110_000, closeMs: 15_000 } as const

/** The base URL under which tests know the product; nothing listens there. */
export const baseUrl = 'http://twinlock.test'

/** A P-256 key of a workload, and assertions signed with it. */
export interface WorkloadKey {
  readonly jwk: Record<string, string>
  readonly assertion: AssertionSigner
}

const base64url = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url')

const newKey = (): KeyObject => generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey

/** Makes a workload's own key, unless there is one. */
export function workloadKey(now: () => number = Date.now, privateKey: KeyObject = newKey()): WorkloadKey {
  const jwk = privateKey.export({ format: 'jwk' })
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

/** A database, and the folder of the keys and blobs that belong to it. */
interface Place {
  readonly connection: DatabaseConnection
  readonly folder: string
}

const newPlace = async (): Promise<Place> => ({
  connection: await migratedDatabase(),
  folder: mkdtempSync(join(tmpdir(), 'twinlock-harness-')),
})

/** The folders of a Twinlock below that of its place. */
export const foldersIn = (folder: string) => ({ blobs: join(folder, 'blobs'), keys: join(folder, 'keys') })

/** A Twinlock that is open, and what it wrote to its log. */
interface Opened {
  readonly twinlock: OpenedTwinlock
  readonly lines: string[]
  close(): Promise<void>
}

async function openIn({ connection, folder }: Place, replace: Partial<Outside>): Promise<Opened> {
  const lines: string[] = []
  const log = (line: string) => lines.push(line)
  const twinlock = await openTwinlock({ connection, folders: foldersIn(folder), baseUrl, limits: patientLimits, log, replace })
  return {
    twinlock,
    lines,
    async close() {
      await twinlock.close()
      await endKept(connection)
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

/** Opens an empty Twinlock over a database of its own. */
export async function openEmpty(replace: Partial<Outside> = {}): Promise<Opened> {
  return openIn(await newPlace(), replace)
}

/** Something of each of the starter's workloads. */
type Workloads<T> = Readonly<Record<'pipeline' | 'payments' | 'assembly', T>>

const newKeys = (): Workloads<KeyObject> => ({ pipeline: newKey(), payments: newKey(), assembly: newKey() })

const eachOf = <T, U>({ pipeline, payments, assembly }: Workloads<T>, to: (one: T) => U): Workloads<U> => ({
  pipeline: to(pipeline),
  payments: to(payments),
  assembly: to(assembly),
})

/** Sets the starter up in an empty Twinlock, through the door. */
export function setUpIn({ door, outside }: OpenedTwinlock, upstreams: StarterUpstreams, keys: Workloads<KeyObject>): Promise<Starter> {
  const manifests = { payments: manifestOf('payments') }
  return setUpStarter(door, outside, { upstreams, keys: eachOf(keys, (key) => workloadKey(Date.now, key).jwk), manifests })
}

/** What the set-up of a starter meets of the outside: where one of these is replaced, a starter that was set up without would not do. */
const met: readonly (keyof Outside)[] = ['baseUrl', 'log', 'random', 'watch']

/** Where a starter is, or is to be set up: a place, the keys of its workloads and of its upstreams. */
export interface StarterPlace extends Place {
  readonly keys: Workloads<KeyObject>
  readonly upstreams: StarterUpstreams
  /** Nothing where it is to be set up. */
  readonly starter: Starter | undefined
}

/** A place with a starter in it, copied from where it was set up once under this name; or an empty one, where `replace` has what the set-up would meet. */
export async function starterPlace(
  name: 'starter' | 'world',
  upstreams: () => StarterUpstreams,
  replace: Partial<Outside> = {},
): Promise<StarterPlace> {
  if (met.some((part) => part in replace)) return { ...(await newPlace()), keys: newKeys(), upstreams: upstreams(), starter: undefined }
  const { left, ...place } = await copyOf(name, async (connection, folder) => {
    const { twinlock } = await openIn({ connection, folder }, {})
    try {
      const [keys, at] = [newKeys(), upstreams()]
      const starter = await setUpIn(twinlock, at, keys)
      return { starter, upstreams: at, keys: eachOf(keys, (key) => String(key.export({ type: 'pkcs8', format: 'pem' }))) }
    } finally {
      await twinlock.close()
    }
  })
  return { ...place, ...left, keys: eachOf(left.keys, createPrivateKey) }
}

const secret = (): string => `key-${randomUUID()}`

// Nothing listens there: the upstreams of a starter are where they found a free port.
const somewhere = (): StarterUpstreams => {
  const side = (port: number) => ({
    accounts: { url: `http://127.0.0.1:${port}`, apiKey: secret() },
    payments: { url: `http://127.0.0.1:${port + 1}`, apiKey: secret() },
    historian: { url: `http://127.0.0.1:${port + 2}`, apiKey: secret() },
  })
  return { staging: side(7), production: side(17) }
}

/** The same upstreams where they are now. */
const listening = ({ staging, production }: StarterUpstreams, at: PaymentsUpstreams): StarterUpstreams => {
  const side = (one: StarterUpstreams['staging'], now: PaymentsUpstreams['staging']) => ({
    ...one,
    accounts: { ...one.accounts, url: now.accounts.url },
    payments: { ...one.payments, url: now.payments.url },
  })
  return { staging: side(staging, at.staging), production: side(production, at.production) }
}

/** Moves the connections of a starter that was set up to where its upstreams listen now. */
async function moveConnections(connection: DatabaseConnection, from: StarterUpstreams, to: StarterUpstreams): Promise<void> {
  await withConnection(connection, async (client) => {
    await client.query('set session_replication_role = replica')
    for (const side of ['staging', 'production'] as const)
      for (const what of ['accounts', 'payments'] as const) {
        const { rowCount } = await client.query('update connection set base_url = $2 where base_url = $1', [
          from[side][what].url,
          to[side][what].url,
        ])
        if (rowCount !== 1) throw new Error(`The starter has ${rowCount} connections to ${from[side][what].url}.`)
      }
  })
}

/** Opens a Twinlock with the starter set up and its upstreams running; nothing has run yet. */
export async function openStarter(replace: Partial<Outside> = {}): Promise<Harness> {
  const place = await starterPlace('starter', somewhere, replace)
  const { staging, production } = place.upstreams
  const keysOf = ({ accounts, payments }: StarterUpstreams['staging']) => ({ accounts: accounts.apiKey, payments: payments.apiKey })
  const apiKeys = { staging: keysOf(staging), production: keysOf(production) }
  // A server that is left listening holds its process for ever, and with it whoever waits for the test to end: whatever fails, they are stopped.
  await using unfinished = new AsyncDisposableStack()
  const upstreams = await startPaymentsUpstreams({ apiKeys })
  unfinished.defer(() => upstreams.stop())
  const now = listening(place.upstreams, upstreams)
  if (place.starter !== undefined) await moveConnections(place.connection, place.upstreams, now)
  const { twinlock, lines, close } = await openIn(place, replace)
  unfinished.defer(close)
  const starter = place.starter ?? (await setUpIn(twinlock, now, place.keys))
  const keys = eachOf(place.keys, (key) => workloadKey(Date.now, key))
  const opened = unfinished.move()
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
    close: () => opened.disposeAsync(),
  }
}
