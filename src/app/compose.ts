// Where rooms meet: ports are filled, the door is built, the parts that work on their own are started. Nothing here decides anything.
// Trust: this file holds every key and connection of the process; what it hands to a room is all that the room can reach.
import {
  administrators,
  approvalsOfPeople,
  createGuardrails,
  type Decider,
  engagementsOfSponsors,
  following,
  giving,
  grantsOfPeople,
  guestsOfSponsors,
  HeldMemory,
  heldGrants,
  holdAdmissions,
  invitationsOfPeople,
  mappedOfPeople,
  requestsOfPeople,
} from '../access/index.ts'
import { type ProductionWarrant, publicKeys, workloadStop, workloadsOfPeople } from '../credentials/index.ts'
import { egressTogether, type Upstream } from '../egress/index.ts'
import { adminLinksOfPeople, identityTogether, membershipsOfPeople } from '../identity/index.ts'
import { fail, type OrgId, type Ports, parseId, type Sendable, type Tx } from '../kernel/index.ts'
import { outputsTogether } from '../outputs/index.ts'
import { offersToPeople, thingsOfPeople } from '../posture/index.ts'
import { promotionsOfTwins, reviewsOfPeople } from '../promotion/index.ts'
import {
  type CellDriver,
  RunFence,
  runPrincipal,
  runsOfHolders,
  runsOfPeople,
  runsOfTwins,
  runsOfWorkloads,
  runsTogether,
  runsWaitingForOwners,
} from '../runs/index.ts'
import { findEnvironment } from '../twins/index.ts'
import { archivesOfPeople } from './actions/archive.ts'
import { type Broker, createBroker } from './broker.ts'
import { catalogue } from './catalogue.ts'
import type { Chore } from './chores.ts'
import { startClosingRequests } from './close-requests.ts'
import { type Crosser, startCrosser } from './crosser.ts'
import { createDecider } from './deciding.ts'
import { createExaminer } from './door/examine.ts'
import { type Act, createDoor, type Door } from './door/govern.ts'
import { startLapsing } from './end-lapsed.ts'
import { receiptFor, verifierKeyLine } from './ledger/receipts.ts'
import { isInCheckpoint } from './ledger/sequencer.ts'
import { type SequencerLoop, startSequencer } from './ledger/sequencer-loop.ts'
import type { Recurring } from './recurring.ts'
import { startWorker, type Worker } from './runs/worker.ts'
import { scopes, slugs } from './scopes.ts'
import { createSignInSeal } from './sign-in/seal.ts'
import { createSignIn, type SignIn } from './sign-in/sign-in.ts'
import type { Watch } from './steps.ts'
import { type Sweeper, startSweeper } from './sweeper.ts'
import { UnauthenticatedCounter } from './unauthenticated.ts'
import { type ListenerLimits, type RunWatch, usualListenerLimits, watchRuns } from './watch/watch-runs.ts'

/** Transactions bound to one organization, under one database role. What is given to `last` goes with the commit; where it fails, nothing is committed. */
export interface StorePort {
  transact<T>(org: OrgId, work: (tx: Tx, last: (statement: Sendable) => void) => Promise<T>): Promise<T>
  /** Reads in a transaction that can change nothing, and whose end nobody waits for. */
  glance<T>(org: OrgId, work: (tx: Tx) => Promise<T>): Promise<T>
  organizations(): Promise<OrgId[]>
  /** Those in which there is some of a chore: of one that comes with time, of those where it is due at `due`, in milliseconds since 1970. */
  organizationsWith(chore: Chore, due?: number): Promise<OrgId[]>
}

/** The outside, implemented by `host`. */
export interface Outside
  extends Pick<
    Ports,
    | 'clock'
    | 'random'
    | 'sha256'
    | 'blobs'
    | 'vault'
    | 'signers'
    | 'verifyEs256'
    | 'keysOnOneHost'
    | 'identityProvider'
    | 'samlProvider'
    | 'passkeys'
    | 'textRecords'
  > {
  /** Under the role that the rooms work with. */
  readonly store: StorePort
  /**
   * Under the same role, for a transaction of its own within another one. Whoever holds one of `store` may wait for one of these, and whoever holds one of
   * these waits for nobody: were it one store, as many as it has connections would wait for each other.
   */
  readonly innerStore: StorePort
  /** Under the role that numbers entries. */
  readonly sequencerStore: StorePort
  readonly upstream: Upstream
  readonly cells: CellDriver
  /** The only maker of production warrants. */
  issueWarrant(promoted: { promotion: string; workload: string }): ProductionWarrant
  /** The public base URL, without a slash at its end. */
  readonly baseUrl: string
  /** The name of this process among workers. */
  readonly worker: string
  readonly runsMax: number
  /** How many may listen to runs; the usual limits where it is left out. */
  readonly listeners?: ListenerLimits
  log(line: string): void
  /** Watches the steps at which a process may die; nothing in the product fills it. */
  readonly watch?: Watch
}

/** A running Twinlock. */
export interface Twinlock {
  readonly door: Door
  readonly broker: Broker
  readonly watch: RunWatch
  readonly signIn: SignIn
  readonly decider: Decider
  /** The public identity keys of an environment as a JWK set, or nothing for one that is not there. */
  publicKeys(org: OrgId, environment: string): Promise<readonly Record<string, unknown>[] | undefined>
  /** Every act that is committed, as it happens. */
  onAct(listener: (act: Act) => void): () => void
  /** Starts the worker, the crosser and the sweep of what an earlier process left. */
  start(): void
  /** Stops in order: no new runs, live runs closed, the ledger sequenced to its end. */
  stop(): Promise<void>
}

/** What can be granted: every action that some role holds. */
const grantable: ReadonlyMap<string, readonly string[]> = new Map(
  catalogue.filter((one) => one.roles.length > 0).map((one) => [one.name, one.roles]),
)

/** What people hold, in the order in which it ends when they leave. */
const holders: Ports['holders'] = [
  adminLinksOfPeople,
  membershipsOfPeople,
  mappedOfPeople,
  grantsOfPeople,
  invitationsOfPeople,
  guestsOfSponsors,
  engagementsOfSponsors,
  requestsOfPeople,
  approvalsOfPeople,
  // His runs before his workloads: each is counted as what it is.
  runsOfPeople,
  runsWaitingForOwners,
  workloadsOfPeople,
  reviewsOfPeople,
  offersToPeople,
  archivesOfPeople,
  thingsOfPeople,
]

const environments: Ports['environments'] = {
  async find(tx, id) {
    const row = await findEnvironment(tx, id)
    return { id: row.id, class: row.class, slug: row.slug, trustDomain: row.trust_domain }
  },
}

function fillPorts(outside: Outside, decider: Decider): Ports {
  const { clock, random, sha256, blobs, vault, signers, verifyEs256, keysOnOneHost, baseUrl, innerStore } = outside
  const { identityProvider, samlProvider, passkeys, textRecords } = outside
  const ports: Ports = {
    clock,
    random,
    sha256,
    blobs,
    vault,
    signers,
    verifyEs256,
    keysOnOneHost,
    identityProvider,
    samlProvider,
    passkeys,
    textRecords,
    signInSeal: createSignInSeal(vault),
    baseUrl,
    decider,
    entitlements: heldGrants,
    slugs,
    examiner: createExaminer({ catalogue, decider, ports: () => ports }),
    holdAdmissions,
    holders,
    twinParts: [runsOfTwins, promotionsOfTwins],
    workloadParts: [runsOfWorkloads],
    scopes,
    grantable,
    guardrails: createGuardrails(catalogue),
    held: new HeldMemory(clock),
    giving,
    following,
    dependents: runsOfHolders,
    workloadStop,
    administrators,
    environments,
    promotions: {
      // A transaction of its own: what the asking one has not committed yet does not count.
      warrant: (org, workload) =>
        innerStore.transact(org, async (tx) => {
          const row = await tx
            .selectFrom('promotion')
            .select('id')
            .where('workload_id', '=', workload)
            .where('state', '=', 'crossed')
            .executeTakeFirst()
          return row === undefined ? undefined : outside.issueWarrant({ promotion: row.id, workload })
        }),
    },
    runDirectory: { principal: (tx, run, credential) => runPrincipal(tx, ports, { id: parseId('run', run), credential }) },
    runFence: new RunFence(),
    isInCheckpoint,
    receiptFor: (tx, index) => receiptFor(tx, index, { sha256 }),
    logVerifierKey: (tx, _org, note) => verifierKeyLine(tx, ports, note),
  }
  return ports
}

/** Acts that stop runs, or let them go on, without taking anything away from others. */
const stopsRuns: ReadonlySet<string> = new Set(['run:cancel', 'run:abandon', 'run:end', 'run:freeze', 'run:thaw'])

/** Acts that ask a provider, or DNS, while their transaction is open. */
const waitOutside: ReadonlySet<string> = new Set(['sso:test', 'domain:verify', 'domain:recheck'])

/** Acts that leave something for a worker. Whatever else does, and whatever is missed, is found by its look once a second. */
const leavesWork: ReadonlySet<string> = new Set(['run:launch', 'batch:launch', 'run:thaw', ...stopsRuns])

/** The parts that work on their own, once started. */
class Engine {
  readonly sequencer: SequencerLoop
  readonly counter = new UnauthenticatedCounter()
  readonly listeners = new Set<(act: Act) => void>()
  readonly #outside: Outside
  #worker: Worker | undefined
  #crosser: Crosser | undefined
  #closing: Recurring | undefined
  #lapsing: Recurring | undefined
  #sweeper: Sweeper | undefined

  constructor(outside: Outside, ports: Ports) {
    this.#outside = outside
    const { transact, organizationsWith } = outside.sequencerStore
    const organizations = () => organizationsWith('entries')
    this.sequencer = startSequencer({ ports, transact, organizations, log: outside.log, watch: outside.watch })
  }

  /** Tells everybody who waits for commits. */
  committed(act: Act): void {
    this.sequencer.wake(act.principal.org)
    if (act.takesAway || leavesWork.has(act.action)) this.#worker?.wake(act.principal.org)
    if (act.takesAway || stopsRuns.has(act.action)) this.#worker?.check(act.principal.org)
    if (act.takesAway) this.#sweeper?.touch(act.principal.org)
    for (const listener of this.listeners) listener(act)
  }

  start(parts: { readonly door: Door; readonly broker: Broker; readonly ports: Ports }): void {
    if (this.#worker !== undefined) throw fail('conflict', 'It is running already.')
    const { cells, worker, runsMax, store, clock, log, watch } = this.#outside
    const { door } = parts
    const having = (chore: Chore) => () => store.organizationsWith(chore)
    const due = (chore: Chore) => async () => store.organizationsWith(chore, clock.now())
    this.#worker = startWorker({ ...parts, cells, worker, runsMax, organizations: having('runs'), log, watch })
    this.#lapsing = startLapsing({ door, organizations: due('lapses'), log })
    this.#closing = startClosingRequests({ door, organizations: due('requests'), log })
    this.#sweeper = startSweeper({
      door,
      organizations: store.organizations,
      archives: due('archives'),
      deletions: due('deletions'),
      proofs: due('proofs'),
      logs: having('logs'),
      log,
    })
    this.#crosser = startCrosser({ door, organizations: having('crossings'), counter: this.counter, log })
  }

  async stop(): Promise<void> {
    await this.#worker?.stop()
    await Promise.all([this.#crosser, this.#closing, this.#lapsing, this.#sweeper].map((one) => one?.stop()))
    await this.sequencer.stop()
  }
}

/** Transactions that lower, when they are settled, what was raised in them. */
function fenced(transact: StorePort['transact'], fence: RunFence): StorePort['transact'] {
  return async (org, work) => {
    let opened: Tx | undefined
    try {
      return await transact(org, (tx, last) => {
        opened = tx
        return work(tx, last)
      })
    } finally {
      if (opened !== undefined) fence.lower(opened)
    }
  }
}

/** Builds a Twinlock over its outside. Nothing but the sequencer runs on its own before `start`. */
export function compose(outside: Outside): Twinlock {
  const decider = createDecider()
  const ports = fillPorts(outside, decider)
  const transact = fenced(outside.store.transact, ports.runFence)
  const engine = new Engine(outside, ports)
  const door = createDoor({
    catalogue,
    decider,
    ports,
    transact,
    committed: (act) => engine.committed(act),
    included: (org, entry) => engine.sequencer.included(org, entry),
    unauthenticated: (org, code) => engine.counter.count(org, code),
    watch: outside.watch,
    waitOutside,
    together: [identityTogether, egressTogether, runsTogether, outputsTogether],
  })
  const broker = createBroker({ door, ports, upstream: outside.upstream, watch: outside.watch })
  const { clock, baseUrl, log, listeners: limits = usualListenerLimits } = outside
  const watch = watchRuns({ door, clock, baseUrl, log, limits })
  engine.listeners.add((act) => watch.committed(act))
  return {
    door,
    broker,
    watch,
    signIn: createSignIn({ door, ports, glance: outside.store.glance, refused: (org, code) => engine.counter.count(org, code) }),
    decider,
    publicKeys: (org, environment) => transact(org, (tx) => keySet(tx, environment)),
    onAct(listener) {
      engine.listeners.add(listener)
      return () => engine.listeners.delete(listener)
    },
    start: () => engine.start({ door, broker, ports }),
    async stop() {
      await watch.stop()
      await engine.stop()
    },
  }
}

async function keySet(tx: Tx, environment: string): Promise<readonly Record<string, unknown>[] | undefined> {
  const there = await tx.selectFrom('environment').select('id').where('id', '=', environment).executeTakeFirst()
  if (there === undefined) return undefined
  return [...(await publicKeys(tx, environment, 'identity'))].map(([kid, jwk]) => ({ ...jwk, kid, alg: 'ES256', use: 'sig' }))
}
