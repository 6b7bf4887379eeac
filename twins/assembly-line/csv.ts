// Reads CSV as RFC 4180 describes it and as files really are: a byte order mark, bare line feeds, a last line without an end. The text is somebody
// else's, so rows, columns and field lengths are limited, and what is not well formed is refused with its line.

/** Limits of one file. */
export interface CsvLimits {
  readonly rowsMax: number
  readonly columnsMax: number
  readonly fieldCharactersMax: number
}

/** Limits for machine readings. */
const readingsLimits: CsvLimits = { rowsMax: 1_000_000, columnsMax: 64, fieldCharactersMax: 1024 }

/** A file that is not CSV, or is too large. `line` counts from 1. */
export class CsvError extends Error {
  readonly line: number
  constructor(line: number, detail: string) {
    super(`Line ${line}: ${detail}`)
    this.name = 'CsvError'
    this.line = line
  }
}

// One field and what ends it: quoted with doubled quotes inside, or anything without quotes. Sticky, so that nothing is skipped.
const fieldPattern = /(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n|\n|$)/y

/** Yields the rows of a text as lists of fields; blank lines are left out. Throws `CsvError`. */
export function* csvRows(text: string, limits: CsvLimits = readingsLimits): Generator<string[], void> {
  let at = text.charCodeAt(0) === 0xfeff ? 1 : 0
  let line = 1
  let rows = 0
  let row: string[] = []
  while (at < text.length || row.length > 0) {
    const { field, end, next } = takeField(text, at, line, limits)
    row.push(field)
    if (row.length > limits.columnsMax) throw new CsvError(line, `More than ${limits.columnsMax} columns.`)
    line += lineFeeds(field)
    at = next
    if (end === ',') continue
    if (row.length > 1 || field !== '') {
      if (++rows > limits.rowsMax) throw new CsvError(line, `More than ${limits.rowsMax} rows.`)
      yield row
    }
    row = []
    line += 1
  }
}

function takeField(text: string, at: number, line: number, limits: CsvLimits): { field: string; end: string; next: number } {
  fieldPattern.lastIndex = at
  const match = fieldPattern.exec(text)
  if (match === null) throw new CsvError(line, 'A quote is where none may be, or is not closed.')
  const [whole, quoted, plain = '', end = ''] = match
  const field = quoted === undefined ? plain : quoted.replaceAll('""', '"')
  if (field.length > limits.fieldCharactersMax) throw new CsvError(line, `A field has more than ${limits.fieldCharactersMax} characters.`)
  return { field, end, next: at + whole.length }
}

function lineFeeds(field: string): number {
  return field.split('\n').length - 1
}
