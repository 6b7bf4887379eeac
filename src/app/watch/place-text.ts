// A place in the story of a run as a text: what a stream gives out as the id of each event, and takes back as Last-Event-ID. It comes back from outside, so it is
// read strictly; a forged one chooses where its own reader begins, and nothing else.
import { fail, type RunId } from '../../kernel/index.ts'
import type { RunPlace } from '../../outputs/index.ts'

const charactersMax = 900
const form = /^1\.([0-9a-z]{10})\.(0|[1-9]\d{0,9})\.(0|[1-9]\d{0,9})(?:\.([1-9]\d{0,9}(?:-[1-9]\d{0,9})*))?$/

/** The end of a run's id: enough to tell that a place is of another run. */
function tailOf(run: RunId): string {
  return run.slice(-10)
}

/** The text of a place. */
export function writePlace(run: RunId, { calls, outputs, open }: RunPlace): string {
  return `1.${tailOf(run)}.${calls}.${outputs}${open.length === 0 ? '' : `.${open.join('-')}`}`
}

/** The place that a text names. Throws `invalid` for what no stream of this run gave out. */
export function readPlace(run: RunId, text: string): RunPlace {
  const [, tail, calls, outputs, open] = (text.length <= charactersMax ? form.exec(text) : null) ?? []
  if (tail !== tailOf(run)) {
    throw fail('invalid', 'Last-Event-ID is not the id of an event of this run.', {
      pointer: '/place',
      next: 'Leave Last-Event-ID out to begin at the first call.',
    })
  }
  return { calls: Number(calls), outputs: Number(outputs), open: open === undefined ? [] : open.split('-').map(Number) }
}
