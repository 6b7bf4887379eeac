// The broker: decide and record, then connect; inject the credential that the caller never sees, redact what comes back, record the outcome.
// INVARIANT: no byte goes upstream before the decision is committed, and the secret is in no value that leaves this file.

import {
  headersBack,
  headersOut,
  redactBody,
  type SecretRemover,
  secretRemover,
  type Upstream,
  type Answer as UpstreamAnswer,
} from '../egress/index.ts'
import {
  type BlobStore,
  CodedError,
  canonicalBytes,
  concat,
  type Digest,
  digestOf,
  fail,
  fromUtf8,
  isCoded,
  type OrgId,
  type Ports,
} from '../kernel/index.ts'
import { organizationOf } from './door/authenticate.ts'
import type { Credential } from './door/credential.ts'
import type { Door } from './door/govern.ts'
import type { Watch } from './steps.ts'

/** One call as it comes in: every field is attacker-controlled. */
export interface BrokerCall {
  readonly credential: Credential | undefined
  readonly connection: string
  readonly method: string
  readonly path: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: Uint8Array | undefined
  /** A token that came along with the call. */
  readonly bearer?: string
  readonly requestId: string
}

/** An upstream's answer, redacted. */
export interface BrokerAnswer {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: Uint8Array
  /** The id of the call on the tape. */
  readonly call: string
}

/** What the broker stands on. */
export interface BrokerParts {
  readonly door: Door
  readonly ports: Ports & { readonly blobs: BlobStore }
  readonly upstream: Upstream
  readonly watch?: Watch | undefined
}

/** Makes calls for runs and promoted workloads. */
export interface Broker {
  /** Throws the refusal of the door, or `upstream_refused`, `upstream_failed`, `response_too_large`, `header_refused`. */
  call(call: BrokerCall): Promise<BrokerAnswer>
}

const responseBytesMax = 524_288
const timeoutMs = 30_000

/** What `connection:call` answers; its schema has just checked it. */
interface Decided {
  readonly call: string
  readonly baseUrl: string
  readonly path: string
  readonly query: string
  readonly loopback: boolean
  readonly secret: SealedSecret | null
}

interface SealedSecret {
  readonly id: string
  readonly header: string
  readonly environment: string
  readonly version: number
  readonly side: 'simulation' | 'production'
  readonly wrapped: Uint8Array
}

function requestDigest(call: BrokerCall, headers: Readonly<Record<string, string>>, ports: Ports): Digest {
  const head = canonicalBytes({ method: call.method, path: call.path, headers })
  return digestOf(concat(head, new Uint8Array([0]), call.body ?? new Uint8Array()), ports.sha256)
}

/** A credential that was opened, and what takes it out of what comes back. */
interface Opened {
  readonly secret: string | undefined
  readonly remove: SecretRemover
}

const nothingOpened: Opened = { secret: undefined, remove: secretRemover(undefined) }

/** Opens the credentials of calls. Calls that were decided together hold the same sealed bytes: they are opened once for them, and kept no longer than those. */
class Opener {
  readonly #opened = new WeakMap<Uint8Array, Opened>()
  readonly #ports: Ports

  constructor(ports: Ports) {
    this.#ports = ports
  }

  open(org: OrgId, sealed: SealedSecret | null): Opened {
    if (sealed === null) return nothingOpened
    const opened = this.#opened.get(sealed.wrapped) ?? this.#openNow(org, sealed)
    this.#opened.set(sealed.wrapped, opened)
    return opened
  }

  #openNow(org: OrgId, { id, environment, version, side, wrapped }: SealedSecret): Opened {
    const bytes = this.#ports.vault.open(side, { org, environment, purpose: 'secret', id, version }, wrapped)
    const secret = fromUtf8(bytes)
    return { secret, remove: secretRemover(secret) }
  }
}

interface Outcome {
  readonly status: number | null
  readonly code: string | null
  readonly body: Uint8Array | undefined
  readonly redacted: number
}

async function settle(parts: BrokerParts, org: OrgId, call: string, started: number, outcome: Outcome, requestId: string): Promise<void> {
  const { status, code, body, redacted } = outcome
  const input = {
    call,
    status,
    code,
    responseDigest: body === undefined ? null : digestOf(body, parts.ports.sha256),
    responseBytes: body?.length ?? null,
    durationMs: Math.round(parts.ports.clock.monotonic() - started),
    redacted,
  }
  const asked = { action: 'call:settle', credential: { kind: 'system', org, part: 'broker' }, input, requestId } as const
  await parts.door.govern(asked).catch((error: unknown) => {
    throw isCoded(error, 'unavailable') ? unsettled(error) : error
  })
}

/** The decision was recorded, and what went upstream is not taken back: only how it came out is in doubt. */
function unsettled(cause: CodedError): CodedError {
  const detail =
    'The store went away before the outcome of this call was recorded; it is kept as unknown, and what the call did upstream is done.'
  return fail('unavailable', detail, { facts: { undone: false }, cause })
}

/** The status that an upstream answered with, when it is one that can be kept. */
function keptStatus(answer: UpstreamAnswer): number {
  return answer.status >= 100 && answer.status <= 599 ? answer.status : 502
}

/** Builds the broker. */
export function createBroker(parts: BrokerParts): Broker {
  const { ports, door, upstream } = parts
  const opener = new Opener(ports)

  async function exchange(
    decided: Decided,
    call: BrokerCall,
    headers: Record<string, string>,
    secret: string | undefined,
  ): Promise<UpstreamAnswer> {
    return upstream.exchange({
      url: `${decided.baseUrl}${decided.path}${decided.query}`,
      method: call.method,
      headers: secret === undefined || decided.secret === null ? headers : { ...headers, [decided.secret.header]: secret },
      body: call.body,
      loopback: decided.loopback,
      responseBytesMax,
      timeoutMs,
    })
  }

  return {
    async call(call) {
      const org = organizationOf(call.credential, ports.baseUrl)
      // A header that is refused is still a call that was tried: it is decided, and so recorded, without its headers.
      const headers = readHeaders(call.headers)
      const input = {
        connection: call.connection,
        method: call.method,
        path: call.path,
        requestDigest: requestDigest(call, headers.out ?? {}, ports),
        ...(call.bearer === undefined ? {} : { bearer: call.bearer }),
      }
      const answer = await door.govern({ action: 'connection:call', credential: call.credential, input, requestId: call.requestId })
      const decided = answer.result as Decided // the action's output schema has just checked it
      const started = ports.clock.monotonic()
      try {
        if (headers.out === undefined) throw headers.refusal
        const { secret, remove } = opener.open(org, decided.secret)
        const came = await exchange(decided, call, headers.out, secret)
        parts.watch?.('broker/answered')
        const contentType = came.headers['content-type'] ?? ''
        const fingerprint = (value: string) => ports.vault.fingerprint(org, new TextEncoder().encode(value)).slice(0, 8)
        const { body, places } = redactBody(came.body, contentType, { remove, fingerprint })
        const status = keptStatus(came)
        await settle(parts, org, decided.call, started, { status, code: null, body, redacted: places }, call.requestId)
        return { status, headers: headersBack(came.headers, remove), body, call: decided.call }
      } catch (error) {
        const code = isCoded(error) ? error.code : 'internal'
        await settle(parts, org, decided.call, started, { status: null, code, body: undefined, redacted: 0 }, call.requestId)
        throw error
      }
    },
  }
}

function readHeaders(
  headers: Readonly<Record<string, string>>,
): { readonly out: Record<string, string> } | { readonly out: undefined; readonly refusal: CodedError } {
  try {
    return { out: headersOut(headers) }
  } catch (error) {
    if (error instanceof CodedError) return { out: undefined, refusal: error }
    throw error
  }
}
