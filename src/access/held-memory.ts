// What people, workloads and runs hold, kept in the memory of a server as the policies that they are decided by, so that an act does not ask the database again for
// what nobody changed. The database names what everybody in an organization holds (table `holding`): each commit that changes a row of it makes a new name, and
// none is used twice. What was kept counts for transactions that read the very same name before anything else; a change that another server made is another name.
// INVARIANT: nothing is kept under a name but what the tables said under it. Filling reads the name, then what is held, then the name once more, in a transaction
// that has changed nothing: were the name another one by then, or were rows of this transaction's own among those read, it would not be kept.
// What ends by itself (a date, a window, a stale sign-in) is a condition of the policies that are kept, and asked at each decision.
import { sql } from 'kysely'
import type { Clock, OrgId, Tx } from '../kernel/index.ts'
import type { Policy } from './grants.ts'

/** What each transaction read first of the name of what is held; nothing for one that must not be answered from memory. */
const nameIn = new WeakMap<Tx, string>()

/** Notes the name that a transaction read before anything else; null where nobody was ever given anything. */
export function holdingRead(tx: Tx, name: string | null): void {
  if (name !== null) nameIn.set(tx, name)
}

/** From here on a transaction may change what is held: what it asks is answered by what it sees itself. */
export function changesHolding(tx: Tx): void {
  nameIn.delete(tx)
}

async function isStillNamed(tx: Tx, name: string): Promise<boolean> {
  const { rows } = await sql<{ still: boolean }>`
    select version = ${name}::uuid and pg_current_xact_id_if_assigned() is null as still from holding`.execute(tx)
  return rows[0]?.still === true
}

/** How many policies are kept of all organizations together: some thirty megabytes of grants, twice as much of what runs may call. */
const policiesMax = 10_000

/** Who was not met for so long is forgotten: a run that has ended asks nothing more. */
const idleMs = 60_000

/** What somebody holds, and when he was last met, on the clock that only goes forward. */
interface Holding {
  readonly policies: readonly Policy[]
  metAt: number
}

interface Kept {
  readonly name: string
  /** By who holds them; who asked last stands last. */
  readonly byHolder: Map<string, Holding>
  weight: number
  metAt: number
}

/** Somebody who holds nothing takes a place as well. */
const weightOf = (policies: readonly Policy[]): number => policies.length + 1

/** The first of a map: what was longest not asked for, where whatever is asked for is put last. */
function firstOf<K, V>(map: ReadonlyMap<K, V>): readonly [K, V] | undefined {
  for (const entry of map) return entry
  return undefined
}

/** What is held in organizations, as far as it is kept. */
export class HeldMemory {
  readonly #clock: Pick<Clock, 'monotonic'>
  readonly #max: number
  readonly #byOrg = new Map<OrgId, Kept>()
  #weight = 0
  #hits = 0
  #reads = 0

  constructor(clock: Pick<Clock, 'monotonic'>, max: number = policiesMax) {
    this.#clock = clock
    this.#max = max
  }

  /** How often it answered, how often it had to be read, and how many policies are kept. */
  get counts(): { readonly hits: number; readonly reads: number; readonly policies: number } {
    return { hits: this.#hits, reads: this.#reads, policies: this.#weight }
  }

  /** The policies of a holder: those that were kept, where this transaction may be answered by them; else those that `read` reads, which are kept where they can be. */
  async of(
    tx: Tx,
    { org, id }: { readonly org: OrgId; readonly id: string },
    read: () => Promise<readonly Policy[]>,
  ): Promise<readonly Policy[]> {
    const name = nameIn.get(tx)
    if (name === undefined) return read()
    const known = this.#find(org, name, id)
    if (known !== undefined) {
      this.#hits++
      return known
    }
    this.#reads++
    const policies = await read()
    // Asked when everything was answered: beside it, it could come before it.
    return (await isStillNamed(tx, name)) ? this.#keep(org, name, id, policies) : policies
  }

  #find(org: OrgId, name: string, id: string): readonly Policy[] | undefined {
    const kept = this.#byOrg.get(org)
    if (kept === undefined || kept.name !== name) return undefined
    const holding = kept.byHolder.get(id)
    if (holding === undefined) return undefined
    kept.metAt = holding.metAt = this.#clock.monotonic()
    this.#byOrg.delete(org)
    this.#byOrg.set(org, kept)
    kept.byHolder.delete(id)
    kept.byHolder.set(id, holding)
    return holding.policies
  }

  /** Frozen: whoever compiles a list that cannot change may keep what came of it with the list. */
  #keep(org: OrgId, name: string, id: string, read: readonly Policy[]): readonly Policy[] {
    const policies = Object.freeze([...read])
    const weight = weightOf(policies)
    if (weight > this.#max) return policies
    const metAt = this.#clock.monotonic()
    const kept = this.#placeFor(org, name, metAt)
    this.#forget(kept, id)
    kept.byHolder.set(id, { policies, metAt })
    kept.weight += weight
    this.#weight += weight
    this.#forgetIdle(kept, metAt - idleMs)
    this.#makeRoom(org)
    return policies
  }

  /** What an organization holds under another name is dropped whole. */
  #placeFor(org: OrgId, name: string, metAt: number): Kept {
    const known = this.#byOrg.get(org)
    if (known !== undefined) this.#drop(org, known)
    const kept = known?.name === name ? known : { name, byHolder: new Map(), weight: 0, metAt }
    kept.metAt = metAt
    this.#byOrg.set(org, kept)
    this.#weight += kept.weight
    return kept
  }

  #drop(org: OrgId, kept: Kept): void {
    this.#byOrg.delete(org)
    this.#weight -= kept.weight
  }

  #forget(kept: Kept, id: string): void {
    const before = kept.byHolder.get(id)
    if (before === undefined) return
    const weight = weightOf(before.policies)
    kept.byHolder.delete(id)
    kept.weight -= weight
    this.#weight -= weight
  }

  /** Whoever was not met since then, in the organization that is asked about; and organizations of which nobody was. */
  #forgetIdle(kept: Kept, since: number): void {
    for (const [id, { metAt }] of kept.byHolder) {
      if (metAt >= since) break
      this.#forget(kept, id)
    }
    for (const [org, other] of this.#byOrg) {
      if (other.metAt >= since) break
      this.#drop(org, other)
    }
  }

  /** The organization that was longest not asked about goes first, whole; of the one that is asked about, who was longest not met. */
  #makeRoom(org: OrgId): void {
    while (this.#weight > this.#max) {
      const [other, kept] = firstOf(this.#byOrg) ?? []
      if (other === undefined || kept === undefined) return
      if (other !== org) {
        this.#drop(other, kept)
        continue
      }
      const [holder] = firstOf(kept.byHolder) ?? []
      if (holder === undefined) return
      this.#forget(kept, holder)
    }
  }
}

declare module '../kernel/action.ts' {
  interface Ports {
    /** What is held, as far as this server keeps it; read for each request where it is left out. */
    readonly held?: HeldMemory
  }
}
