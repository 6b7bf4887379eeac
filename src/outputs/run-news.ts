// What is new of a run since a place in its story: calls, outcomes of calls that were open, files, and the run itself. One reading for the opening of a
// stream and for every later part of it. Places come back from outside with each request: they choose what is read, and nothing is believed because of them.
import { z } from 'zod'
import { callOutput, showCall } from '../egress/index.ts'
import { fail, type Tx } from '../kernel/index.ts'
import { type Run, runDetail, showRunDetail } from '../runs/index.ts'
import { outputRow, showOutput } from './output-row.ts'

/** Calls that may be open at once in one stream; more wait until some of them are settled. */
export const openCallsMax = 64

const partMax = 200

const number = z.number().int().min(0).max(2_147_483_647)

/** How far somebody has seen a run. */
export const runPlace = z.strictObject({
  /** The number of the last call that was seen. */
  calls: number.default(0),
  /** The numbers of calls that were seen before they were settled. */
  open: z.array(number).max(openCallsMax).default([]),
  /** The number of the last file that was seen. */
  outputs: number.default(0),
})

/** How far somebody has seen a run. */
export type RunPlace = z.output<typeof runPlace>

/** What is new. `more` says that there is more than fitted: ask again from the last of these. */
export const runNews = z.object({
  watcher: z.string(),
  run: runDetail,
  outcomes: z.array(callOutput),
  calls: z.array(callOutput),
  outputs: z.array(outputRow),
  more: z.boolean(),
})

/** Reads what is new of a run. */
export async function readRunNews(tx: Tx, run: Run, place: RunPlace, now: Date): Promise<Omit<z.input<typeof runNews>, 'watcher'>> {
  const outcomes = await settledOf(tx, run, place.open)
  const calls = await tx
    .selectFrom('call')
    .selectAll()
    .where('holder_id', '=', run.id)
    .where('number', '>', place.calls)
    .orderBy('number')
    .limit(partMax)
    .execute()
  const taken = withRoom(calls, openCallsMax - place.open.length + outcomes.length)
  const outputs = await tx
    .selectFrom('output_file')
    .selectAll()
    .where('run_id', '=', run.id)
    .where('number', '>', place.outputs)
    .orderBy('number')
    .limit(partMax)
    .execute()
  return {
    run: await showRunDetail(tx, run, now),
    outcomes: outcomes.map(showCall),
    calls: taken.map(showCall),
    outputs: outputs.map(showOutput),
    more: taken.length === partMax || outputs.length === partMax,
  }
}

async function settledOf(tx: Tx, run: Run, open: readonly number[]) {
  if (open.length === 0) return []
  const calls = tx.selectFrom('call').selectAll().where('holder_id', '=', run.id).where('number', 'in', open)
  return calls.where('state', '<>', 'decided').orderBy('number').execute()
}

/** The calls before the first that would be one open call too many. */
function withRoom<T extends { readonly state: string }>(calls: readonly T[], room: number): readonly T[] {
  let left = room
  const end = calls.findIndex(({ state }) => state === 'decided' && --left < 0)
  return end === -1 ? calls : calls.slice(0, end)
}

/** Refuses a place that lies ahead of the run's story: what came in between would be lost without a word. Throws `invalid`. */
export async function requirePlace(tx: Tx, run: Run, { calls, open, outputs }: RunPlace): Promise<void> {
  const { last } = await tx
    .selectFrom('call')
    .select((eb) => eb.fn.max('number').as('last'))
    .where('holder_id', '=', run.id)
    .executeTakeFirstOrThrow()
  const { written } = await tx
    .selectFrom('output_file')
    .select((eb) => eb.fn.max('number').as('written'))
    .where('run_id', '=', run.id)
    .executeTakeFirstOrThrow()
  // Kysely types an aggregate as never null; over no rows it is.
  if (calls <= Number(last ?? 0) && outputs <= Number(written ?? 0) && open.every((one) => one <= calls)) return
  throw fail('invalid', 'This place is not one of this run: it lies ahead of what has happened.', {
    pointer: '/place',
    next: 'Leave Last-Event-ID out to begin at the first call.',
  })
}
