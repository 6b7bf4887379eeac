// The port through which calls leave. The implementation is the only code of the product that connects to an upstream on somebody's behalf.

/** One exchange: everything in it was decided and recorded before. */
export interface Exchange {
  /** The whole URL: the connection's base and the call's path and query. */
  readonly url: string
  readonly method: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: Uint8Array | undefined
  /** Whether the connection was declared to live on this machine; otherwise private, loopback and link-local addresses are refused. */
  readonly loopback: boolean
  readonly responseBytesMax: number
  readonly timeoutMs: number
}

/** An upstream's answer. Header names are lower case. Attacker-controlled. */
export interface Answer {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: Uint8Array
}

/**
 * Connects and exchanges once: no redirects, no proxies, no retries, no cookies. The address is checked after the name is resolved, on the very address
 * that is connected to. Throws `upstream_refused`, `upstream_failed` or `response_too_large`.
 */
export interface Upstream {
  exchange(exchange: Exchange): Promise<Answer>
}
