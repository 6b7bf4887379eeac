// What is counted, and how it is told: a small registry in the text format of Prometheus (exposition format 0.0.4). Names and labels are ours; a label's
// value is never a caller's text, and how many series there may be is limited, so that nobody fills the memory by asking for what does not exist.
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

interface Metric {
  readonly name: string
  lines(): readonly string[]
}

function escaped(value: string): string {
  return value.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n')
}

function series(name: string, labels: Labels): string {
  const pairs = Object.entries(labels).map(([label, value]) => `${label}="${escaped(value)}"`)
  return pairs.length === 0 ? name : `${name}{${pairs.join(',')}}`
}

interface Spread {
  readonly labels: Labels
  readonly counts: number[]
  sum: number
  count: number
}

/** The metrics of one process. */
export class Metrics {
  readonly #metrics: Metric[] = []

  #add(name: string, help: string, type: 'counter' | 'gauge' | 'histogram', lines: () => readonly string[]): void {
    if (this.#metrics.some((one) => one.name === name)) throw new Error(`There is a metric \`${name}\` already.`)
    this.#metrics.push({ name, lines: () => [`# HELP ${name} ${help}`, `# TYPE ${name} ${type}`, ...lines()] })
  }

  /** Makes a counter; by convention its name ends in `_total`. */
  counter(name: string, help: string): Counter {
    const values = new Map<string, number>()
    this.#add(name, help, 'counter', () => [...values].map(([key, value]) => `${key} ${value}`))
    return {
      add(labels = {}, by = 1) {
        const key = series(name, labels)
        const before = values.get(key)
        if (before !== undefined || values.size < seriesMax) values.set(key, (before ?? 0) + by)
      },
    }
  }

  /** Makes a gauge, which is read when the metrics are. */
  gauge(name: string, help: string, read: () => number): void {
    this.#add(name, help, 'gauge', () => [`${name} ${read()}`])
  }

  /** Makes a histogram with these upper bounds, smallest first, in the unit that its name ends in. */
  histogram(name: string, help: string, bounds: readonly number[]): Histogram {
    const spreads = new Map<string, Spread>()
    this.#add(name, help, 'histogram', () => [...spreads.values()].flatMap((spread) => linesOf(name, bounds, spread)))
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

  /** All of them, as Prometheus reads them. */
  text(): string {
    return `${this.#metrics.flatMap((metric) => metric.lines()).join('\n')}\n`
  }
}

function linesOf(name: string, bounds: readonly number[], { labels, counts, sum, count }: Spread): string[] {
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
