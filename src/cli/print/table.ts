// Aligned tables and lists of names and values. Nothing is cut short: ids, digests and SPIFFE ids are printed whole, however wide that gets.
import { columns, type Paint, padded } from './paint.ts'

/** Rows with their columns aligned, two spaces apart. */
export function aligned(rows: readonly (readonly string[])[]): string[] {
  const widths: number[] = []
  for (const row of rows) for (const [at, cell] of row.entries()) widths[at] = Math.max(widths[at] ?? 0, columns(cell))
  return rows.map((row) =>
    row
      .map((cell, at) => (at === row.length - 1 ? cell : padded(cell, widths[at] ?? 0)))
      .join('  ')
      .trimEnd(),
  )
}

/** A table under its head. */
export function table(head: readonly string[], rows: readonly (readonly string[])[], paint: Paint): string[] {
  return aligned([head.map((cell) => paint.dim(cell)), ...rows])
}

/** Names and values, one pair a line, indented. */
export function pairs(rows: readonly (readonly [string, string])[], paint: Paint, indent = '  '): string[] {
  return aligned(rows.map(([name, value]) => [`${indent}${paint.dim(name)}`, value]))
}
