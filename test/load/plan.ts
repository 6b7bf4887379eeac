// What a load is: how much of what for how long, and what the process under load says of itself. Spoken between generator and server process.

/** A load. */
export interface Plan {
  readonly seconds: number
  /** Runs that live at once, over all organizations. */
  readonly runs: number
  /** Broker calls a second that the runs try to make together; what the server does not manage is not made up for. */
  readonly calls: number
  readonly listeners: number
  readonly organizations: number
  /** Requests that each organization keeps open; the first one keeps ten times as many. */
  readonly requests: number
}

/** One organization under load, as its clients know it. */
export interface Tenant {
  readonly org: string
  readonly token: string
}

/** What the server process says of a second. */
export interface Second {
  /** What the process takes; in a second with `keptMegabytes`, right after collecting. */
  readonly rssMegabytes: number
  readonly heapMegabytes: number
  /** What JavaScript values take after everything unused was collected: the measure of growth. Looked at in some of the seconds, null in the others. */
  readonly keptMegabytes: number | null
  readonly delayP99Ms: number
  /** Of one processor, by all threads of the process. */
  readonly processorMs: number
  readonly calls: number
  readonly refusedCalls: number
  readonly alive: number
}

/** From the server process. */
export type FromServer =
  | { readonly kind: 'ready'; readonly port: number; readonly tenants: readonly Tenant[] }
  | { readonly kind: 'second'; readonly second: Second }
  | { readonly kind: 'runs'; readonly runs: readonly (readonly [org: string, run: string])[] }
  | { readonly kind: 'stopped'; readonly ms: number; readonly open: number }
