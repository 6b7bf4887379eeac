// What a running server tells of itself: the metrics that only the whole product knows, and the exporter that sends them to a receiver of OpenTelemetry where
// one is named. Numbers and patterns alone; nothing here names an organization or a person.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Backlog, type OpenedTwinlock, readBacklog } from '../../app/index.ts'
import { type AccessLine, Metrics, otlpSettings, startExporter } from '../../server/index.ts'

/** Metrics that count what was done, too: every act that is on the record, by its action; by which engine it was decided; and what waits. */
export function measure(twinlock: OpenedTwinlock): Metrics {
  const metrics = new Metrics()
  const acts = metrics.counter('twinlock_acts_total', 'Acts and refusals that are on the record, by action.')
  twinlock.onAct(({ action }) => acts.add({ action }))
  const { engine } = twinlock.decider
  metrics.total('twinlock_decisions_compiled_total', 'Decisions by compiled policies.', () => engine.counts?.().compiled ?? 0)
  metrics.total('twinlock_decisions_handed_over_total', 'Decisions that the compiled policies left to cedar-wasm.', () => {
    const { requestFallbacks = 0, policyFallbacks = 0 } = engine.counts?.() ?? {}
    return requestFallbacks + policyFallbacks
  })
  measureStore(metrics, twinlock)
  measureBacklog(metrics, twinlock)
  metrics.gauge('twinlock_streams_open', 'Streams of runs that somebody listens to.', () => twinlock.watch.listening)
  return metrics
}

function measureStore(metrics: Metrics, { storeLoads }: OpenedTwinlock): void {
  const by = (read: (load: { inUse: number; waiting: number }) => number) => () =>
    Object.entries(storeLoads).map(([role, load]) => ({ labels: { role }, value: read(load) }))
  metrics.gauges(
    'twinlock_store_connections_in_use',
    'Transactions that hold a connection to the database, by role.',
    by((load) => load.inUse),
  )
  metrics.gauges(
    'twinlock_store_connections_waiting',
    'Transactions that wait for a connection to the database, by role.',
    by((load) => load.waiting),
  )
}

function measureBacklog(metrics: Metrics, { outside }: OpenedTwinlock): void {
  let backlog: Backlog = { runsLive: 0, entriesUnnumbered: 0, sequencerLagSeconds: 0 }
  metrics.refresh(async () => {
    backlog = await readBacklog(outside.store, outside.clock)
  })
  metrics.gauge('twinlock_runs_live', 'Runs that are not over, in a hundred organizations that have some.', () => backlog.runsLive)
  metrics.gauge(
    'twinlock_entries_unnumbered',
    'Entries that are recorded and not yet in the log, in a hundred organizations that have some.',
    () => backlog.entriesUnnumbered,
  )
  metrics.gauge('twinlock_sequencer_lag_seconds', 'Age of the oldest entry that is not yet in the log.', () => backlog.sequencerLagSeconds)
}

/** What takes note of requests, and ends. */
export interface Telemetry {
  request(line: AccessLine): void
  stop(): Promise<void>
}

function versionOf(clone: string): string {
  const { version }: { version?: unknown } = JSON.parse(readFileSync(join(clone, 'package.json'), 'utf8'))
  return String(version)
}

/** Starts sending where `OTEL_EXPORTER_OTLP_ENDPOINT` says so. Throws where that cannot be meant. */
export function startTelemetry(
  metrics: Metrics,
  clone: string,
  environment: Readonly<Record<string, string | undefined>>,
  log: (line: string) => void,
): Telemetry {
  const settings = otlpSettings(environment)
  if (settings === undefined) return { request: () => undefined, stop: async () => undefined }
  return startExporter({ ...settings, serviceVersion: versionOf(clone), metrics, log })
}
