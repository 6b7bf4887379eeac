// What a load showed, as figures with their goals.
import type { Figure } from '../../bench/figure.ts'
import type { Report } from './generate.ts'
import type { Second } from './plan.ts'

const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0)
const mean = (values: readonly number[]) => sum(values) / Math.max(1, values.length)
const percentile = (values: readonly number[], part: number) =>
  values.toSorted((a, b) => a - b)[Math.floor((values.length - 1) * part)] ?? 0

/** How evenly the organizations that asked for the same were served: the least served against the best, from 0 to 1. The greedy first one is left out. */
export function fairness({ served }: Report): number {
  const rates = (served.length > 2 ? served.slice(1) : served).map(({ ok, clients }) => ok / clients)
  return Math.max(...rates) === 0 ? 0 : Math.min(...rates) / Math.max(...rates)
}

/** The growth of a measure in MB an hour: the slope of the line through its values in the last two thirds of the load; the first third is warming up. */
export function growth({ seconds }: Pick<Report, 'seconds'>, measure: (second: Second) => number | null): number {
  const points = seconds
    .map((second, at) => ({ at, value: measure(second) }))
    .slice(Math.floor(seconds.length / 3))
    .flatMap(({ at, value }) => (value === null ? [] : [{ at, value }]))
  const middle = mean(points.map(({ at }) => at))
  const level = mean(points.map(({ value }) => value))
  const spread = sum(points.map(({ at }) => (at - middle) ** 2))
  return spread === 0 ? 0 : (sum(points.map(({ at, value }) => (at - middle) * (value - level))) / spread) * 3600
}

/** Seconds of load from which on a slope of memory says something. */
const slopeSeconds = 120

/** The figures of a load. */
export function figuresOf(report: Report): Figure[] {
  const { plan, seconds, served, clientsMs, events, faults, stopMs, openCalls } = report
  const warm = Math.floor(seconds.length / 3)
  const steady = seconds.slice(warm)
  const listening = mean(report.listening.slice(warm))
  const calls = mean(steady.map((one) => one.calls))
  const delay = percentile(
    steady.map(({ delayP99Ms }) => delayP99Ms),
    0.5,
  )
  const kept = growth(report, ({ keptMegabytes }) => keptMegabytes)
  // Between two collections it swings by what is unused: only what is resident right after one tells.
  const resident = growth(report, ({ rssMegabytes, keptMegabytes }) => (keptMegabytes === null ? null : rssMegabytes))
  const [greedy, ...others] = served
  const least = others.length === 0 ? served : others
  const shown = (name: string, value: number, unit: string): Figure => ({ name, value, unit, ok: true })
  const held = (name: string, value: number, unit: string, goal: string, ok: boolean): Figure => ({ name, value, unit, goal, ok })
  return [
    held(
      'runs alive',
      mean(steady.map(({ alive }) => alive)),
      'runs',
      `≥ ${0.9 * plan.runs}`,
      mean(steady.map(({ alive }) => alive)) >= 0.9 * plan.runs,
    ),
    held('broker calls', calls, '/s', `≥ ${0.9 * plan.calls}/s`, calls >= 0.9 * plan.calls),
    shown('broker calls that were refused', sum(seconds.map(({ refusedCalls }) => refusedCalls)), 'calls'),
    held('listeners', listening, 'streams', `≥ ${0.95 * plan.listeners}`, listening >= 0.95 * plan.listeners),
    shown('events that they were told', events, 'chunks'),
    held('event loop delay, p99 of a second, median', delay, 'ms', '< 50 ms', delay < 50),
    shown('event loop delay, p99 of the worst second', Math.max(0, ...steady.map(({ delayP99Ms }) => delayP99Ms)), 'ms'),
    shown('processor time of the server', mean(steady.map(({ processorMs }) => processorMs)) / 10, '% of one'),
    shown('processor time of its clients', clientsMs / seconds.length / 10, '% of one'),
    shown('memory at the end', seconds.at(-1)?.rssMegabytes ?? 0, 'MB'),
    shown(
      'values that are kept, after collecting, at the end',
      seconds.findLast(({ keptMegabytes }) => keptMegabytes !== null)?.keptMegabytes ?? 0,
      'MB',
    ),
    held('growth of what is kept', kept, 'MB/h', '< 60 MB/h, from two minutes on', plan.seconds < slopeSeconds || kept < 60),
    held(
      'growth of resident memory, after collecting',
      resident,
      'MB/h',
      '< 120 MB/h, from two minutes on',
      plan.seconds < slopeSeconds || resident < 120,
    ),
    shown('requests of the greedy organization', greedy?.ok ?? 0, 'answers'),
    shown('requests refused with 429', sum(served.map(({ tooMany }) => tooMany)), 'answers'),
    shown(
      'time of a request of the others, p99',
      percentile(
        least.flatMap(({ ms }) => ms),
        0.99,
      ),
      'ms',
    ),
    held('fairness between the others', fairness(report), '', '≥ 0.5', fairness(report) >= 0.5),
    held('neither answered nor refused', faults.length, 'requests', '0', faults.length === 0),
    held('stop under load', stopMs, 'ms', '< 30,000 ms', stopMs < 30_000),
    held('calls left without an outcome', openCalls, 'calls', '0', openCalls === 0),
  ]
}
