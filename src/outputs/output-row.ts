// A file that a run wrote, as it is shown while the run lives and after: where it stands among the run's files, and what it is. Its name is the run's own.
import type { Selectable } from 'kysely'
import { z } from 'zod'
import { digestText } from '../kernel/index.ts'
import type { OutputFileTable } from './tables.ts'

/** A file of a run. Numbers are consecutive from 1, in the order in which the files were written. */
export const outputRow = z.object({
  number: z.number(),
  path: z.string(),
  bytes: z.number(),
  digest: digestText,
  mediaType: z.string(),
  at: z.string(),
})

/** The shown form of a file of a run. */
export function showOutput(file: Selectable<OutputFileTable>): z.input<typeof outputRow> {
  const { number, name, bytes, digest, media_type: mediaType, at } = file
  return { number, path: name, bytes, digest, mediaType, at: at.toISOString() }
}
