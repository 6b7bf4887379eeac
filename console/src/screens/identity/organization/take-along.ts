// Everything that an organization keeps, taken along into one file: a row a line, page by page, as the server hands it out. Each page is recorded before its first byte.
import { call, type OutputOf } from '../../../api/call.ts'

type Page = OutputOf<'organization:export'>

/** More than so many bytes are taken along on the command line, which writes them as they come. */
const bytesMax = 200_000_000

/** How far it is. */
export interface Progress {
  readonly rows: number
  readonly bytes: number
}

/** What was taken: the file's parts, and whether that is all of it. */
export interface Taken extends Progress {
  readonly parts: readonly Uint8Array<ArrayBuffer>[]
  readonly isWhole: boolean
}

const lineOf = (value: object): string => `${JSON.stringify(value)}\n`

/** Reads every page, at most as many bytes as a browser holds. Throws a `Problem`, or the abort of the signal. */
export async function takeAlong(
  signal: AbortSignal,
  onProgress: (progress: Progress) => void,
  { ask = askFor, atMost = bytesMax } = {},
): Promise<Taken> {
  const encoder = new TextEncoder()
  const parts: Uint8Array<ArrayBuffer>[] = []
  const progress = { rows: 0, bytes: 0 }
  const add = (text: string): void => {
    const part = encoder.encode(text)
    parts.push(part)
    progress.bytes += part.length
  }
  for (let after: string | undefined; ; ) {
    const { format, organization, at, rows, next } = await ask(after, signal)
    if (parts.length === 0) add(lineOf({ format, organization, at }))
    add(rows.map(lineOf).join(''))
    progress.rows += rows.length
    onProgress({ ...progress })
    if (next === null) return { ...progress, parts, isWhole: true }
    if (progress.bytes > atMost) return { ...progress, parts, isWhole: false }
    after = next
  }
}

function askFor(after: string | undefined, signal: AbortSignal): Promise<Page> {
  return call('organization:export', after === undefined ? {} : { after }, { signal })
}
