// What an organization keeps, taken along into one file: a row a line, page by page, as the server hands it out.
import { closeSync, existsSync, openSync, writeSync } from 'node:fs'
import { resolve } from 'node:path'
import { z } from 'zod'
import { textFlag, type VerbExtra } from '../command.ts'
import { usage } from '../failure.ts'

const page = z.object({
  format: z.string(),
  organization: z.string(),
  at: z.string(),
  rows: z.array(z.object({ table: z.string(), row: z.record(z.string(), z.json()) })),
  next: z.string().nullable(),
})

const pagesMax = 100_000

/** Exports into a file with `--out`; else one page to stdout. */
export const organizationExport: VerbExtra = {
  flags: [
    { name: 'out', value: '<file>', about: 'Write all of it there, one row a line (JSON).' },
    { name: 'force', about: 'Overwrite a file that is there.' },
  ],
  async perform(input, values, context) {
    const out = textFlag(values, 'out')
    if (out === undefined) return context.api.call('organization:export', input)
    if ('after' in input) throw usage('With --out all of it is exported; leave --after out.')
    const path = resolve(context.io.cwd, out)
    if (existsSync(path) && values.force !== true)
      throw usage(`There is a file ${out} already.`, 'Choose another with --out, or overwrite it with --force.')
    // The first page is asked for before the file is made: a refusal leaves nothing behind.
    let one = page.parse(await context.api.call('organization:export', input))
    const file = openSync(path, 'w', 0o600)
    let rows = 0
    try {
      writeSync(file, `${JSON.stringify({ format: one.format, organization: one.organization, at: one.at })}\n`)
      for (let number = 1; ; number++) {
        for (const row of one.rows) writeSync(file, `${JSON.stringify(row)}\n`)
        rows += one.rows.length
        if (one.next === null || number === pagesMax) break
        one = page.parse(await context.api.call('organization:export', { ...input, after: one.next }))
      }
    } finally {
      closeSync(file)
    }
    if (one.next !== null)
      throw usage(`There are more than ${pagesMax} pages; the file holds the first.`, `Go on with --after '${one.next}'.`)
    return { out, rows }
  },
  lines: (answer) =>
    typeof answer.out === 'string'
      ? [`Exported ${String(answer.rows)} rows into ${answer.out}.`]
      : page.parse(answer).rows.map((row) => JSON.stringify(row)),
  next: (answer) =>
    typeof answer.out === 'string'
      ? ['Next: twinlock ledger export --out <folder>   (the ledger, to be verified offline)']
      : answer.next === null
        ? []
        : [`More: --after '${String(answer.next)}'`],
}
