// Opens a Twinlock over a data folder and a database: the one place where rooms and host meet in a running process.
// Trust: whoever starts this process holds the data folder, the key folder and the database's owner password.
import { randomBytes } from 'node:crypto'
import { hostname } from 'node:os'
import { openBlobs } from '../host/blobs/open-blobs.ts'
import { nodePermissionDriver } from '../host/cells/node-permission.ts'
import { CommonClock, type MachineClocks, machineClocks } from '../host/clock/common-clock.ts'
import { openDatabaseTime } from '../host/clock/database-time.ts'
import { sha256, systemRandom } from '../host/crypto/system-ports.ts'
import { verifyEs256 } from '../host/crypto/verify-signatures.ts'
import { systemTextRecords } from '../host/dns/text-records.ts'
import { createIdentityProvider } from '../host/identity-providers/openid-provider.ts'
import { createPasskeys } from '../host/identity-providers/passkeys.ts'
import { createSamlProvider } from '../host/identity-providers/saml/saml-provider.ts'
import { type Keys, openKeys } from '../host/keys/open-keys.ts'
import { issueWarrant } from '../host/keys/warrant.ts'
import type { DatabaseConnection } from '../host/postgres/connection.ts'
import { migrate } from '../host/store/migrate.ts'
import { openStore, type Store, type StoreOptions } from '../host/store/store.ts'
import { createUpstream } from '../host/upstream/create-upstream.ts'
import type { Clock } from '../kernel/index.ts'
import { openSupervisorSide } from '../runs/index.ts'
import { compose, type Outside, type Twinlock } from './compose.ts'
import { counted, type StoreLoad } from './store-load.ts'

/** Where a Twinlock keeps what it has, and how it is reached. */
export interface OpenOptions {
  readonly connection: DatabaseConnection
  readonly folders: { readonly blobs: string; readonly keys: string }
  /** Without a slash at its end. */
  readonly baseUrl: string
  readonly runsMax?: number
  /** This machine's clocks, where they are not the operating system's: for tests. */
  readonly machine?: MachineClocks
  /** How long a transaction and a query may take, where that is not what a store gives them: for tests, whose machine may stand still meanwhile. */
  readonly limits?: Pick<StoreOptions, 'transactionMs' | 'queryMs' | 'lockMs' | 'connectMs' | 'closeMs'>
  log(line: string): void
  /** Replaces parts of the outside, for tests: a clock that is turned by hand, an upstream that fails. */
  readonly replace?: Partial<Outside>
}

/** An opened Twinlock; `close` stops it in order and leaves the database to its owner. */
export interface OpenedTwinlock extends Twinlock {
  /** Whether this database held no organization before. */
  readonly isEmpty: boolean
  readonly outside: Outside
  /** How busy the connections of each role are. */
  readonly storeLoads: Readonly<Record<string, StoreLoad>>
  close(): Promise<void>
}

const runsMax = 8

/** Migrates the database, opens keys, blobs and stores, and composes the product over them. */
export async function openTwinlock(options: OpenOptions): Promise<OpenedTwinlock> {
  const { connection, folders, log, baseUrl, limits } = options
  await migrate(connection)
  const store = counted(openStore({ connection, role: 'twinlock_app', log, ...limits }))
  const innerStore = openStore({ connection, role: 'twinlock_app', poolMax: 2, log, ...limits })
  const sequencerStore = counted(openStore({ connection, role: 'twinlock_sequencer', poolMax: 3, log, ...limits }))
  const closeStores = () => Promise.all([store.close(), innerStore.close(), sequencerStore.close()])
  const { isEmpty, keys, time } = await openGround(store, options).catch(async (error: unknown) => {
    await closeStores()
    throw error
  })
  const upstream = createUpstream()
  const { vault, signers, keysOnOneHost } = keys
  const outside: Outside = {
    vault,
    signers,
    keysOnOneHost,
    clock: time.clock,
    random: systemRandom,
    sha256,
    verifyEs256,
    identityProvider: createIdentityProvider({ upstream, clock: time.clock }),
    samlProvider: createSamlProvider({ clock: time.clock }),
    passkeys: createPasskeys(),
    textRecords: systemTextRecords(),
    issueWarrant,
    blobs: openBlobs({ folder: folders.blobs }),
    store,
    innerStore,
    sequencerStore,
    upstream,
    cells: nodePermissionDriver({ openChannel: openSupervisorSide }),
    baseUrl,
    worker: workerName(),
    runsMax: options.runsMax ?? runsMax,
    log,
    ...options.replace,
  }
  const twinlock = compose(outside)
  const close = async () => {
    await twinlock.stop()
    await time.close()
    await upstream.close()
    await closeStores()
  }
  try {
    if (keys.rotating.length > 0) await sealAgain(twinlock, store, keys)
  } catch (error) {
    await close()
    throw error
  }
  return { ...twinlock, isEmpty, outside, storeLoads: { twinlock_app: store.load, twinlock_sequencer: sequencerStore.load }, close }
}

interface SharedGround {
  readonly isEmpty: boolean
  readonly keys: Keys
  readonly time: Awaited<ReturnType<typeof openClock>>
}

/** What has to be right before anything is composed: the keys are those of this database, and its time can be told. */
async function openGround(store: Store, options: OpenOptions): Promise<SharedGround> {
  const isEmpty = (await store.organizations()).length === 0
  const keys = openKeys({ folder: options.folders.keys, mayCreate: isEmpty })
  await requireOwnKeys(store, keys)
  return { isEmpty, keys, time: await openClock(options) }
}

/** The clock that all servers over this database share, unless another is put in its place. */
async function openClock({
  connection,
  machine = machineClocks,
  log,
  replace,
}: OpenOptions): Promise<{ clock: Clock; close(): Promise<void> }> {
  if (replace?.clock !== undefined) return { clock: replace.clock, close: async () => undefined }
  const time = openDatabaseTime(connection, log)
  const clock = new CommonClock({ ask: time.ask, machine, log })
  const close = async () => {
    clock.stop()
    await time.close()
  }
  try {
    return { clock: await clock.start(), close }
  } catch (error) {
    await close()
    throw error
  }
}

// One installation's keys are all of one folder, so a few organizations tell whether it is the right one.
const lookedAtMax = 3

/** Refuses keys of another installation before anything is sealed under them: what is, no key of this one would open. */
async function requireOwnKeys(store: Store, keys: Keys): Promise<void> {
  for (const org of (await store.organizations()).slice(0, lookedAtMax))
    keys.requireOwn(await store.glance(org, (tx) => tx.selectFrom('signing_key').select(['side', 'wrapped']).execute()))
}

/** Finishes the rotation of a key-encryption key: what the older one sealed is sealed again, in every organization, and only then is it forgotten. */
async function sealAgain({ door }: Twinlock, store: Store, keys: Keys): Promise<void> {
  for (const org of await store.organizations()) {
    await door.govern({ action: 'key:rewrap', credential: { kind: 'system', org, part: 'sealer' }, input: {}, requestId: 'key-rotation' })
  }
  keys.finishRotation()
}

function workerName(): string {
  const host = hostname()
    .toLowerCase()
    .replace(/[^a-z0-9-]/g, '-')
    .slice(0, 40)
  return `${host}-${randomBytes(4).toString('hex')}`
}
