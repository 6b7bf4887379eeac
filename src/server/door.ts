// What the server stands on: the door of `app`, its broker and its public keys, as the shapes that it needs of them. All that comes through here is
// attacker-controlled; whatever it means is decided behind the door.

import type { Credential } from '../app/index.ts'
import type { Capability, Clock, OrgId } from '../kernel/index.ts'
import type { Trace } from './access-log-trace.ts'
import type { QueueLimits } from './fair-queue.ts'
import type { Metrics } from './metrics.ts'

/** One request at the door. */
export interface DoorRequest {
  readonly action: string
  readonly credential: Credential | undefined
  readonly input: unknown
  readonly requestId: string
  /** The address that the request came from. */
  readonly address?: string
}

/** What the door answers; `entry` is the id of the ledger entry, or null for what is not recorded. */
export interface DoorAnswer {
  readonly result: unknown
  readonly entry: string | null
}

/** The door: every action goes through it. It throws coded failures. */
export interface Door {
  readonly catalogue: readonly Capability[]
  govern(request: DoorRequest): Promise<DoorAnswer>
}

/** One call of a workload on a connection. */
export interface BrokerRequest {
  readonly credential: Credential | undefined
  readonly connection: string
  readonly method: string
  /** Path and query as they came, not decoded. */
  readonly path: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: Uint8Array | undefined
  readonly requestId: string
}

/** An upstream's answer, redacted; `call` is its place on the tape. */
export interface BrokerAnswer {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: Uint8Array
  readonly call: string
}

/** Makes calls for workloads. It throws coded failures. */
export interface Broker {
  call(request: BrokerRequest): Promise<BrokerAnswer>
}

/** One event of a run's stream; `id` is what a reader resumes after it with. */
export interface StreamEvent {
  readonly event: string
  readonly id: string | undefined
  readonly data: unknown
}

/** A stream of events: `next` resolves with nothing when it is over. */
export interface Stream {
  next(): Promise<readonly StreamEvent[] | undefined>
  close(): void
}

/** Opens streams of what happens to runs. It throws coded failures. */
export interface Watch {
  open(request: {
    readonly credential: Credential | undefined
    readonly run: string
    readonly after: string | undefined
    readonly requestId: string
  }): Promise<Stream>
}

/** Whence a session is asked for. */
export interface AskedFrom {
  readonly device: string
  readonly requestId: string
  readonly address: string
}

/** A session that was opened without a provider. */
export interface OwnSession {
  readonly org: OrgId
  readonly token: string
  readonly expiresAt: string
  readonly person: { readonly id: string; readonly slug: string }
}

/** Signs people in: through identity providers, and without one. Everything in a request is attacker-controlled. It throws coded failures. */
export interface SignIn {
  /** Begins: where to send the browser, and what it keeps meanwhile. */
  begin(request: {
    readonly organization: string | undefined
    readonly email: string | undefined
    readonly returnTo: string | undefined
    readonly isStepUp: boolean
    readonly handOver?: { readonly port: number; readonly state: string; readonly challenge: string } | undefined
    /** The sessions that the browser holds, not yet checked. */
    readonly held: readonly { readonly org: OrgId; readonly token: string }[]
    readonly baseUrl: string
  }): Promise<{ readonly url: string; readonly kept: string; readonly secondsMax: number }>
  /** Begins a trial, which lets nobody in. */
  beginTrial(request: {
    readonly trial: string
    readonly baseUrl: string
  }): Promise<{ readonly url: string; readonly kept: string; readonly secondsMax: number }>
  /** Goes on with what the browser came back with: a session and the page to go on to, or where a command line waits. */
  finish(request: {
    readonly kept: string | undefined
    readonly query: string
    readonly device: string
    readonly baseUrl: string
    readonly requestId: string
    readonly address: string
  }): Promise<
    | {
        readonly kind: 'session'
        readonly org: OrgId
        readonly token: string
        readonly expiresAt: string
        readonly returnTo: string
        /** The secret of the session that the browser held when it began: whoever it is of, it ends now. */
        readonly held: string | undefined
      }
    | { readonly kind: 'hand-over'; readonly url: string }
    /** What came of a trial, as plain text: nobody was let in. */
    | { readonly kind: 'tried'; readonly page: string }
  >
  /** The session of a command line, for what its browser brought it and the secret that it kept. */
  redeem(request: {
    readonly code: string
    readonly verifier: string
    readonly device: string
    readonly requestId: string
    readonly address: string
  }): Promise<unknown>
  /** Takes a SAML provider's answer, and says where the browser goes on with it. */
  receive(request: {
    readonly org: string
    readonly sso: string
    readonly response: string
    readonly relayState?: string | undefined
    readonly baseUrl: string
  }): Promise<{
    readonly url: string
    /** Whether it was to a trial and does not hold: the browser is told why, and its address is counted. */
    readonly isRefused: boolean
  }>
  /** What a browser asks its device for, to sign in by a passkey. */
  beginPasskey(request: { readonly baseUrl: string }): Promise<{
    readonly challenge: string
    readonly rpId: string
    readonly kept: string
    readonly secondsMax: number
  }>
  /** Goes on with what the device said. */
  finishPasskey(
    request: AskedFrom & {
      readonly kept: string | undefined
      readonly used: {
        readonly id: string
        readonly clientDataJSON: string
        readonly authenticatorData: string
        readonly signature: string
        readonly userHandle: string
      }
      readonly baseUrl: string
    },
  ): Promise<OwnSession>
  /** Signs in by a recovery code. */
  recoverByCode(request: AskedFrom & { readonly organization: string; readonly code: string }): Promise<OwnSession>
  /** Our own metadata for a SAML provider. */
  samlMetadata(request: { readonly org: string; readonly sso: string; readonly baseUrl: string }): Promise<string>
  /** Where a browser goes to sign out of the provider as well; undefined where there is no such place. */
  signOutUrl(request: {
    readonly org: OrgId
    readonly sso: string
    readonly session: string
    readonly baseUrl: string
  }): Promise<string | undefined>
  /** Ends the sessions that a SAML provider says are over, and answers where the browser goes with our answer. */
  samlSignOut(request: {
    readonly org: string
    readonly sso: string
    readonly query: string
    readonly baseUrl: string
    readonly requestId: string
  }): Promise<{ readonly url: string }>
  /** Ends the sessions that a provider's logout token names. */
  backChannel(request: { readonly org: string; readonly sso: string; readonly token: string; readonly requestId: string }): Promise<void>
}

/** The public keys of an environment's issuer as JWKs, by the ids of organization and environment; undefined when there is no such environment. */
export type PublicKeys = (org: OrgId, environment: string) => Promise<readonly object[] | undefined>

/**
 * One line of the access log. It names no header, body, query or fragment; of a path only what the catalogue knows, and ids. With its trace it says what a
 * span of OpenTelemetry does.
 */
export interface AccessLine extends Partial<Trace> {
  readonly kind: 'access'
  readonly at: string
  readonly requestId: string
  readonly address: string
  readonly method: string
  /** The pattern of the route, as metrics have it; nothing where there is no such path. */
  readonly route?: string
  /** The same with ids filled in. */
  readonly path: string
  readonly status: number
  readonly durationMs: number
}

/** A failure of our own; `error` is private. */
export interface FailureLine {
  readonly kind: 'failure'
  readonly requestId: string
  readonly error: unknown
}

/** Where log lines go. */
export type Log = (line: AccessLine | FailureLine) => void

/** Every limit of the server; each error says which one was hit. */
export interface Limits {
  readonly bodyBytesMax: number
  readonly formBytesMax: number
  readonly brokerBodyBytesMax: number
  readonly jsonDepthMax: number
  readonly headerBytesMax: number
  readonly headersMs: number
  readonly requestMs: number
  /** How often slow requests are looked for. */
  readonly checkMs: number
  /** Refusals of one address that are answered at once. */
  readonly refusalsBurst: number
  readonly refusalsPerMinute: number
  /** Requests that need the store at once, and those that wait for it. */
  readonly queue: QueueLimits
  /** Questions of other enforcement points at once: those of one caller are decided together, in two transactions at a time, however many there are. */
  readonly evaluationQueue: QueueLimits
  /** Calls through the broker at once, each of which may wait for an upstream, and those that wait. */
  readonly brokerQueue: QueueLimits
  /** Sign-ins at once that ask an identity provider, each of which may wait for it, and those that wait. */
  readonly providerQueue: QueueLimits
  /** How often a quiet stream says that it is there. */
  readonly keepAliveMs: number
  /** How long the reader of a stream may leave what was sent untaken. */
  readonly slowReaderMs: number
}

/** What a server is made of. */
export interface ServerParts {
  readonly door: Door
  readonly broker: Broker
  /** Streams of runs; without it none are served. */
  readonly watch?: Watch
  /** Signing in through identity providers; without it only one-time links are taken. */
  readonly signIn?: SignIn
  readonly publicKeys: PublicKeys
  /** The URL that the outside reaches us at, without a slash at its end. */
  readonly baseUrl: string
  readonly log: Log
  readonly limits?: Partial<Limits>
  readonly clock?: Clock
  /** Whether the store can be read; answers /readyz. */
  readonly ready?: () => Promise<boolean>
  /** The folder of the built console; without it the API is served alone. Who can write there runs script in the console's origin. */
  readonly consoleFolder?: string
  /** Where requests are counted, for parts that count more than those; one of the server's own where there is none. */
  readonly metrics?: Metrics
  /** What whoever reads /metrics has to show; without it only this machine may. */
  readonly metricsToken?: string
  readonly host?: string
  readonly port?: number
  /** Whether it is reached as `localhost`: then it listens at both loopback addresses, or not at all. */
  readonly isByName?: boolean
}

/** The limits where nothing else is said. */
export const defaultLimits: Limits = {
  bodyBytesMax: 1_048_576,
  formBytesMax: 16_384,
  brokerBodyBytesMax: 524_288,
  jsonDepthMax: 32,
  headerBytesMax: 16_384,
  headersMs: 10_000,
  requestMs: 30_000,
  checkMs: 1_000,
  refusalsBurst: 60,
  refusalsPerMinute: 60,
  queue: { atOnce: 24, atOnceLeast: 8, atOnceOfOne: 16, waiting: 512, waitingOfOne: 256, waitMs: 5_000 },
  evaluationQueue: { atOnce: 96, atOnceOfOne: 64, waiting: 512, waitingOfOne: 256, waitMs: 5_000 },
  brokerQueue: { atOnce: 256, atOnceOfOne: 128, waiting: 1_024, waitingOfOne: 512, waitMs: 5_000 },
  providerQueue: { atOnce: 64, atOnceOfOne: 16, waiting: 512, waitingOfOne: 256, waitMs: 5_000 },
  keepAliveMs: 10_000,
  slowReaderMs: 20_000,
}
