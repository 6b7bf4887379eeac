// A measured figure and how a list of them is shown. Every benchmark of the repository speaks in these.

/** One measured figure. */
export interface Figure {
  /** What was measured, in words. */
  readonly name: string
  readonly value: number
  /** The unit of the value, such as `ms` or `decisions/s`. */
  readonly unit: string
  /** What the value should be, in words: `< 5 ms`, `≥ 100,000/s`; undefined for a figure that is only shown. */
  readonly goal?: string | undefined
  /** Whether the goal is met. */
  readonly ok: boolean
  /** What a comparable product or library measured on the same machine, in the same unit. */
  readonly peer?: { readonly name: string; readonly value: number } | undefined
  /** Our value against the peer's, or against whatever the benchmark says; computed from the peer when left out. */
  readonly ratio?: number | undefined
}

/** What a figure looks like to programs. */
export interface PlainFigure {
  readonly name: string
  readonly value: number
  readonly unit: string
  readonly goal: string | null
  readonly ok: boolean
}

/** The figures for programs: name, value, unit, goal (null without one) and ok. */
export const plain = (figures: readonly Figure[]): readonly PlainFigure[] =>
  figures.map(({ name, value, unit, goal, ok }) => ({ name, value, unit, goal: goal ?? null, ok }))

const number = (value: number): string =>
  value.toLocaleString('en-US', Math.abs(value) >= 1000 ? { maximumFractionDigits: 0 } : { maximumSignificantDigits: 4 })

const ratio = (figure: Figure): string => {
  const value = figure.ratio ?? (figure.peer && figure.peer.value !== 0 ? figure.value / figure.peer.value : undefined)
  if (value === undefined) return ''
  return `${number(value)}×${figure.peer ? ` ${figure.peer.name} (${number(figure.peer.value)})` : ''}`
}

const HEAD = ['figure', 'value', 'unit', 'goal', 'ratio', '']

/** The figures for people: a table with aligned columns, one line each, closed by ✔ or ✖. */
export const table = (figures: readonly Figure[]): string => {
  const rows = figures.map((figure) => [
    figure.name,
    number(figure.value),
    figure.unit,
    figure.goal ?? '',
    ratio(figure),
    figure.ok ? '✔' : '✖',
  ])
  const widths = HEAD.map((head, column) => Math.max(head.length, ...rows.map((row) => row[column]?.length ?? 0)))
  const line = (cells: readonly string[]): string =>
    cells
      .map((cell, column) => (column === 1 ? cell.padStart(widths[column] ?? 0) : cell.padEnd(widths[column] ?? 0)))
      .join('  ')
      .trimEnd()
  return [HEAD, ...rows].map(line).join('\n')
}
