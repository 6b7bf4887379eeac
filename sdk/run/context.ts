// What a twin's program is given: the only way out of its cell. Whatever it asks for is decided, recorded and answered outside.
import type { AssetInfo, Json, LogLevel, Verdict } from './wire.ts'

/** One HTTP exchange to ask the broker for. */
export interface CallRequest {
  readonly method: string
  /** Path and query below the connection's address. */
  readonly path: string
  readonly headers?: Record<string, string>
  /** At most 512 KiB. */
  readonly body?: string | Uint8Array
  /** A token that the program brought along. The run needs none: the broker knows it by its channel. */
  readonly bearer?: string
}

/** What came back, after redaction. */
export interface CallResponse {
  readonly status: number
  /** Names are lower case. */
  readonly headers: Readonly<Record<string, string>>
  readonly body: Uint8Array
  text(): string
  /** The body as JSON. Throws a `SyntaxError` where it is none. */
  json(): unknown
}

/** A short-lived credential of the run's own. */
export interface RunCredential {
  /** A JWT-SVID for one audience. */
  readonly token: string
  /** Milliseconds since 1970. */
  readonly expiresAt: number
}

/** Which run this is. */
export interface RunInfo {
  readonly id: string
  readonly spiffeId: string
  /** Milliseconds since 1970; the run is ended then. */
  readonly deadline: number
}

/** Everything that a program can do beside computing. Refused requests throw `RunRefused`. */
export interface RunContext {
  readonly run: RunInfo
  readonly twin: string
  readonly scenario: string
  readonly parameters: Json
  /** Seeds everything random, so that the run can be repeated. */
  readonly seed: number
  readonly assets: readonly AssetInfo[]
  /** Aborted when the run is asked to end; what is not written soon after is lost. */
  readonly stopped: AbortSignal
  /** Makes one HTTP exchange over a named connection. An upstream's own refusal is a response; the broker's is a `RunRefused`. */
  call(connection: string, request: CallRequest): Promise<CallResponse>
  /** Reads a sealed input whole, and checks its length and digest. */
  asset(name: string): Promise<Uint8Array>
  /** Reads a sealed input piece by piece; the digest is checked after the last piece. */
  assetPieces(name: string): AsyncGenerator<Uint8Array, void>
  /** Writes one output file. Its name is a relative path of letters, digits, `.`, `_`, `-`; it is sealed when the promise resolves. */
  output(name: string, mediaType: string, content: string | Uint8Array | AsyncIterable<Uint8Array>): Promise<void>
  /** Asks for a credential for one audience. A `subject` other than the run itself is refused. */
  credential(audience: string, subject?: string): Promise<RunCredential>
  /** Says how far the run is. May be left out when the supervisor is busy. */
  progress(done: number, total: number, note?: string): void
  /** Writes a line to the run's log, at most 8,192 characters. */
  log(level: LogLevel, text: string): void
}

/** What a program returns. */
export interface RunResult {
  readonly verdict: Verdict
  /** JSON of at most 64 kB. */
  readonly summary: Json
}

/** A twin's program. */
export interface Twin {
  /** The twin's name: that of its folder. */
  readonly name: string
  run(context: RunContext): Promise<RunResult>
}

/** Declares a twin's program; export the result as `twin`. */
export function defineTwin(twin: Twin): Twin {
  return twin
}
