// How verdicts and progress look in a terminal: plain text, one line per case.

import type { Verdict } from '../run/assertions.ts'
import type { SweepReport } from '../sweep/sweep.ts'

/** A bar of `width` characters with counts: `[####....] 4/8, 1 failed`. */
export function progressBar(done: number, total: number, failed: number, width = 30): string {
  const full = total === 0 ? width : Math.floor((width * done) / total)
  return `[${'#'.repeat(full)}${'.'.repeat(width - full)}] ${done}/${total}${failed > 0 ? `, ${failed} failed` : ''}`
}

const short = (value: number): string => (Number.isInteger(value) ? String(value) : value.toPrecision(4))

/** Rows under headings, columns as wide as their widest cell. */
export function textTable(headings: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = headings.map((heading, i) => Math.max(heading.length, ...rows.map((row) => row[i]?.length ?? 0)))
  const line = (cells: readonly string[]): string =>
    cells
      .map((text, i) => text.padEnd(widths[i] ?? 0))
      .join('  ')
      .trimEnd()
  return [line(headings), line(widths.map((width) => '-'.repeat(width))), ...rows.map(line)].join('\n')
}

/** The verdicts of a sweep as a table, the first failing case shrunk below it. */
export function sweepTable(report: SweepReport): string {
  const paths = Object.keys(report.results[0]?.values ?? {})
  const rows = report.results.map(({ index, values, verdict }) => [
    String(index + 1),
    ...paths.map((path) => short(values[path] ?? 0)),
    verdict.passed ? 'passed' : 'FAILED',
    `${verdict.measures.seconds.toFixed(1)} s`,
    `${verdict.measures.goalsReached}/${verdict.measures.goals}`,
    verdict.passed ? '' : verdict.reason,
  ])
  const table = textTable(['case', ...paths, 'verdict', 'time', 'goals', 'reason'], rows)
  const total = `${report.passed} passed, ${report.failed} failed`
  if (report.shrunk === null) return `${table}\n\n${total}`
  const values = Object.entries(report.shrunk.values).map(([path, value]) => `  ${path} = ${value}`)
  return `${table}\n\n${total}\n\nThe smallest change that still fails (${report.shrinkRuns} further runs):\n${values.join('\n')}\n  ${report.shrunk.verdict.reason}`
}

/** A verdict in lines: outcome, reason, measures, digest. */
export function verdictLines(name: string, verdict: Verdict, digest: string): string {
  const m = verdict.measures
  const near = m.nearestPerson === null ? 'nobody was there' : `${m.nearestPerson.toFixed(2)} m to the nearest person`
  const lost = m.worstEstimate === null ? 'no estimate' : `at worst ${m.worstEstimate.toFixed(3)} m wrong about where it is`
  return [
    `${name}: ${verdict.passed ? 'passed' : 'FAILED'}`,
    `  ${verdict.reason}`,
    `  ${m.goalsReached} of ${m.goals} goals, ${m.distance.toFixed(1)} m in ${m.seconds.toFixed(1)} s, ${near}`,
    `  ${lost}; odometry alone drifted ${m.odometryDrift.toFixed(2)} m; ${(100 * m.charge).toFixed(1)} % of charge left`,
    `  ${digest}`,
  ].join('\n')
}
