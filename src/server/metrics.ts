// What is counted, and how it is told: a small registry, read by Prometheus as text (exposition format 0.0.4) and by whatever else takes its readings. Names
// and labels are ours; a label's value is never a caller's text, and how many series there may be is limited, so that nobody fills the memory by asking for
// what does not exist.
// INVARIANT: nothing here tells one organization from another, or names anybody.

const seriesMax = 2_000

/** Labels of one series, by name. */
export type Labels = Readonly<Record<string, string>>

/** Something that only grows. */
export interface Counter {
  add(labels?: Labels, by?: number): void
}

/** How values are spread. */
export interface Histogram {
  observe(value: number, labels?: Labels): void
}

/** One series of a counter or a gauge. */
export interface Point {
  readonly labels: Labels
  readonly value: number
}

/** One series of a histogram; `counts` holds those up to each bound and above the one before, without those above the last. */
export interface Spread {
  readonly labels: Labels
  readonly counts: readonly number[]
  readonly sum: number
  readonly count: number
}

/** What one metric says at a moment. */
export type Reading =
  | { readonly kind: 'counter' | 'gauge'; readonly name: string; readonly help: string; readonly points: readonly Point[] }
  | {
      readonly kind: 'histogram'
      readonly name: string
      readonly help: string
      readonly bounds: readonly number[]
      readonly spreads: readonly Spread[]
    }

interface Metric {
  readonly name: string
  read(): Reading
}

function escaped(value: string): string {
  return value.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n')
}

function series(name: string, labels: Labels): string {
  const pairs = Object.entries(labels).map(([label, value]) => `${label}="${escaped(value)}"`)
  return pairs.length === 0 ? name : `${name}{${pairs.join(',')}}`
}

interface Spreading extends Spread {
  readonly counts: number[]
  sum: number
  count: number
}

/** How long those who ask for readings wait for what has to be looked up; what is not there by then is told as it was. */
const refreshMs = 1_000

/** The metrics of one process. */
export class Metrics {
  readonly #metrics: Metric[] = []
  readonly #refreshes: (() => Promise<void>)[] = []
  #refreshing: Promise<unknown> | undefined

  #add(name: string, read: () => Reading): void {
    if (this.#metrics.some((one) => one.name === name)) throw new Error(`There is a metric \`${name}\` already.`)
    this.#metrics.push({ name, read })
  }

  /** Makes a counter; by convention its name ends in `_total`. */
  counter(name: string, help: string): Counter {
    const values = new Map<string, { readonly labels: Labels; value: number }>()
    this.#add(name, () => ({ kind: 'counter', name, help, points: [...values.values()] }))
    return {
      add(labels = {}, by = 1) {
        const key = series(name, labels)
        const known = values.get(key)
        if (known !== undefined) known.value += by
        else if (values.size < seriesMax) values.set(key, { labels, value: by })
      },
    }
  }

  /** Makes a counter of what is counted elsewhere, which is read when the metrics are; by convention its name ends in `_total`. */
  total(name: string, help: string, read: () => number): void {
    this.#add(name, () => ({ kind: 'counter', name, help, points: [{ labels: {}, value: read() }] }))
  }

  /** Makes a gauge, which is read when the metrics are. */
  gauge(name: string, help: string, read: () => number): void {
    this.#add(name, () => ({ kind: 'gauge', name, help, points: [{ labels: {}, value: read() }] }))
  }

  /** Makes a gauge of several series, which are read when the metrics are. */
  gauges(name: string, help: string, read: () => readonly Point[]): void {
    this.#add(name, () => ({ kind: 'gauge', name, help, points: read() }))
  }

  /** Makes a histogram with these upper bounds, smallest first, in the unit that its name ends in. */
  histogram(name: string, help: string, bounds: readonly number[]): Histogram {
    const spreads = new Map<string, Spreading>()
    this.#add(name, () => ({ kind: 'histogram', name, help, bounds, spreads: [...spreads.values()] }))
    return {
      observe(value, labels = {}) {
        const key = series(name, labels)
        const known = spreads.get(key)
        if (known === undefined && spreads.size >= seriesMax) return
        const spread = known ?? { labels, counts: bounds.map(() => 0), sum: 0, count: 0 }
        const at = bounds.findIndex((bound) => value <= bound)
        if (at !== -1) spread.counts[at] = (spread.counts[at] ?? 0) + 1
        spread.sum += value
        spread.count++
        spreads.set(key, spread)
      },
    }
  }

  /** Looks something up before the metrics are told, such as what only the store knows. What fails is told as it was. */
  refresh(look: () => Promise<void>): void {
    this.#refreshes.push(look)
  }

  /** All of them, as they are now; looked up once at a time, and not waited for longer than a second. */
  async readings(): Promise<readonly Reading[]> {
    this.#refreshing ??= Promise.allSettled(this.#refreshes.map((look) => look())).finally(() => {
      this.#refreshing = undefined
    })
    const { promise, resolve } = Promise.withResolvers<void>()
    const timer = setTimeout(resolve, refreshMs)
    await Promise.race([this.#refreshing, promise])
    clearTimeout(timer)
    return this.#metrics.map((metric) => metric.read())
  }

  /** All of them, as Prometheus reads them. */
  async text(): Promise<string> {
    return `${(await this.readings()).flatMap(linesOf).join('\n')}\n`
  }
}

function linesOf(reading: Reading): readonly string[] {
  const { name, help, kind } = reading
  const about = [`# HELP ${name} ${help}`, `# TYPE ${name} ${kind}`]
  if (reading.kind !== 'histogram') return [...about, ...reading.points.map(({ labels, value }) => `${series(name, labels)} ${value}`)]
  return [...about, ...reading.spreads.flatMap((spread) => spreadLines(name, reading.bounds, spread))]
}

function spreadLines(name: string, bounds: readonly number[], { labels, counts, sum, count }: Spread): string[] {
  let below = 0
  const buckets = bounds.map((bound, at) => {
    below += counts[at] ?? 0
    return `${series(`${name}_bucket`, { ...labels, le: String(bound) })} ${below}`
  })
  return [
    ...buckets,
    `${series(`${name}_bucket`, { ...labels, le: '+Inf' })} ${count}`,
    `${series(`${name}_sum`, labels)} ${sum}`,
    `${series(`${name}_count`, labels)} ${count}`,
  ]
}
