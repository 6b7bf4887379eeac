// Sends traces and metrics to a receiver of OpenTelemetry, beside everything else: what a request leaves here is put into a queue of a fixed length, and a
// receiver that is slow, gone or hostile costs dropped spans and nothing more. INVARIANT: nothing here is awaited by a request, and nothing here throws.
import type { AccessLine } from '../door.ts'
import type { Metrics } from '../metrics.ts'
import { metricsOf, type Sender, spanOf, tracesOf } from './encode.ts'
import type { OtlpSettings } from './settings.ts'

/** What an exporter needs. */
export interface ExporterParts extends OtlpSettings {
  readonly serviceVersion: string
  readonly metrics: Metrics
  /** Told when sending begins to fail, and when it goes again; never each time. */
  log(line: string): void
  /** Milliseconds between two batches of spans, and between two readings of the metrics. */
  readonly everyMs?: { readonly traces: number; readonly metrics: number }
  readonly timeoutMs?: number
}

/** A running exporter. */
export interface Exporter {
  /** Takes note of a request; returns at once. */
  request(line: AccessLine): void
  /** Sends what is left, once, and ends. */
  stop(): Promise<void>
}

/** Spans that wait to be sent, at most; more are dropped and counted. */
export const spansWaitingMax = 2048
const batchMax = 512
/** How long a receiver may hold up the end of the server. */
const stopMs = 3_000
const usualEveryMs = { traces: 5_000, metrics: 60_000 }

class Sending {
  readonly #parts: ExporterParts
  readonly #over = new AbortController()
  #isFailing = false

  constructor(parts: ExporterParts) {
    this.#parts = parts
  }

  /** Posts a body; whether the receiver took it. A redirect is not followed: credentials of the receiver are for the receiver alone. */
  async post(path: string, body: object): Promise<boolean> {
    const { endpoint, headers, timeoutMs = 10_000, log } = this.#parts
    let why = ''
    try {
      const answer = await fetch(`${endpoint}${path}`, {
        method: 'POST',
        headers: { ...headers, 'content-type': 'application/json' },
        body: JSON.stringify(body),
        redirect: 'error',
        signal: AbortSignal.any([AbortSignal.timeout(timeoutMs), this.#over.signal]),
      })
      await answer.body?.cancel()
      if (!answer.ok) why = `it answered ${answer.status}`
    } catch (error) {
      why = error instanceof Error ? error.name : 'it failed'
    }
    if ((why !== '') !== this.#isFailing)
      log(why === '' ? 'telemetry: the receiver takes it again' : `telemetry: the receiver does not take it: ${why}`)
    this.#isFailing = why !== ''
    return why === ''
  }

  /** Gives up, after so long, what is being sent by then, and everything after it. */
  endWithin(ms: number): void {
    setTimeout(() => this.#over.abort(), ms).unref()
  }
}

/** Starts an exporter. */
export function startExporter(parts: ExporterParts): Exporter {
  const { metrics, serviceName, serviceVersion, everyMs = usualEveryMs } = parts
  const sender: Sender = { serviceName, serviceVersion }
  const sending = new Sending(parts)
  const dropped = metrics.counter('twinlock_telemetry_dropped_total', 'Spans that were dropped, because the receiver was slower or away.')
  const startedAt = performance.timeOrigin
  let waiting: object[] = []
  let busy: Promise<unknown> = Promise.resolve()

  async function traces(): Promise<void> {
    while (waiting.length > 0) {
      const batch = waiting.slice(0, batchMax)
      waiting = waiting.slice(batchMax)
      if (await sending.post('/v1/traces', tracesOf(batch, sender))) continue
      dropped.add({}, batch.length)
      return
    }
  }
  const readings = async () => {
    await sending.post('/v1/metrics', metricsOf(await metrics.readings(), sender, { startedAt, at: Date.now() }))
  }
  // One after the other: a receiver that hangs is asked again only when it has been given up.
  let queued = 0
  const next = (work: () => Promise<void>) => {
    if (queued > 1) return
    queued++
    busy = busy.then(work).finally(() => queued--)
  }
  const timers = [setInterval(() => next(traces), everyMs.traces), setInterval(() => next(readings), everyMs.metrics)]
  for (const timer of timers) timer.unref()

  return {
    request(line) {
      const span = spanOf(line)
      if (span === undefined) return
      if (waiting.length < spansWaitingMax) waiting.push(span)
      else dropped.add()
    },
    async stop() {
      for (const timer of timers) clearInterval(timer)
      sending.endWithin(stopMs)
      await busy
      await traces()
      await readings()
    },
  }
}
