// How busy the connections of a store are, counted where transactions are opened; and what the ledger and the runs have before them, asked of the store itself.
// For whoever operates the server: numbers over all organizations, which name nobody.
import { sql } from 'kysely'
import type { Clock } from '../kernel/index.ts'
import type { StorePort } from './compose.ts'

/** Transactions of this process: those that hold a connection, and those that wait for one. */
export interface StoreLoad {
  readonly inUse: number
  readonly waiting: number
}

/** A store that counts its transactions. */
export function counted<S extends StorePort>(store: S): S & { readonly load: StoreLoad } {
  const load = { inUse: 0, waiting: 0 }
  return {
    ...store,
    load,
    async transact(org, work) {
      let holds = false
      load.waiting++
      try {
        return await store.transact(org, (tx, last) => {
          holds = true
          load.waiting--
          load.inUse++
          return work(tx, last)
        })
      } finally {
        if (holds) load.inUse--
        else load.waiting--
      }
    },
  }
}

/** What is still to be done, over the organizations that were looked at. */
export interface Backlog {
  readonly runsLive: number
  readonly entriesUnnumbered: number
  /** How old the oldest entry without a number is, in seconds; 0 where there is none. */
  readonly sequencerLagSeconds: number
}

const organizationsMax = 100

/** Asks the store what is still to be done, in at most a hundred organizations that have some of it. */
export async function readBacklog(store: StorePort, clock: Clock): Promise<Backlog> {
  let runsLive = 0
  let entriesUnnumbered = 0
  let oldest = Number.POSITIVE_INFINITY
  const busy = new Set([...(await store.organizationsWith('entries')), ...(await store.organizationsWith('runs'))])
  for (const org of [...busy].slice(0, organizationsMax)) {
    const row = await store.transact(org, async (tx) => {
      const found = await sql<{ runs: number; entries: number; oldest: Date | null }>`
        select (select count(*)::int from run where state <> 'ended') as runs, coalesce(sum(cardinality(l.ids)), 0)::int as entries,
          (select e.at from entry e where e.id = min(l.first)) as oldest
        from entry_lot l where l.seq is null`.execute(tx)
      return found.rows[0]
    })
    runsLive += row?.runs ?? 0
    entriesUnnumbered += row?.entries ?? 0
    oldest = Math.min(oldest, row?.oldest?.getTime() ?? oldest)
  }
  // Where nothing waits, nothing is late; and an entry may be a moment younger than this server's clock.
  return { runsLive, entriesUnnumbered, sequencerLagSeconds: Math.max(0, clock.now() - oldest) / 1000 }
}
