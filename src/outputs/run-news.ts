// What is new of runs since places in their stories: calls, outcomes of calls that were open, files, and the runs themselves. One reading for the opening of a
// stream and for every later part of it, and for many streams at once. Places come back from outside with each request: they choose what is read, and nothing is believed because of them.
import { type Selectable, sql } from 'kysely'
import { z } from 'zod'
import { type Call, callOutput, showCall } from '../egress/index.ts'
import { fail, type Tx } from '../kernel/index.ts'
import { type Run, runDetail, showRunDetails } from '../runs/index.ts'
import { outputRow, showOutput } from './output-row.ts'
import type { OutputFileTable } from './tables.ts'

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
  run: runDetail,
  outcomes: z.array(callOutput),
  calls: z.array(callOutput),
  outputs: z.array(outputRow),
  more: z.boolean(),
})

/** A run, and how far somebody has seen it. */
export interface Seen {
  readonly run: Run
  readonly place: RunPlace
}

type News = z.input<typeof runNews>

/** Rows of several readings, by the number of the reading that they belong to. */
const byReading = <T extends { readonly reading: number }>(rows: readonly T[]): ReadonlyMap<number, readonly T[]> =>
  Map.groupBy(rows, ({ reading }) => reading)

/** Reads what is new of runs, for each in order. */
export async function readRunNews(tx: Tx, seen: readonly Seen[], now: Date): Promise<News[]> {
  const runs = [...new Map(seen.map(({ run }) => [run.id, run])).values()]
  const [outcomes, calls, outputs, details] = await Promise.all([
    settledOf(tx, seen),
    callsOf(tx, seen),
    outputsOf(tx, seen),
    showRunDetails(tx, runs, now),
  ])
  const detailOf = new Map(details.map((detail) => [detail.id, detail]))
  return seen.map(({ run, place }, reading) => {
    const detail = detailOf.get(run.id)
    if (detail === undefined) throw new Error('A run that is read has a detail.')
    const settled = outcomes.get(reading) ?? []
    const taken = withRoom(calls.get(reading) ?? [], openCallsMax - place.open.length + settled.length)
    const files = outputs.get(reading) ?? []
    return {
      run: detail,
      outcomes: settled.map(showCall),
      calls: taken.map(showCall),
      outputs: files.map(showOutput),
      more: taken.length === partMax || files.length === partMax,
    }
  })
}

/** A row that was read for one of several readings. */
type Read<T> = T & { readonly reading: number }

async function settledOf(tx: Tx, seen: readonly Seen[]) {
  const open = seen.flatMap(({ run, place }, reading) => place.open.map((number) => ({ run: run.id, number, reading })))
  if (open.length === 0) return byReading<Read<Call>>([])
  const column = <T>(of: (one: (typeof open)[number]) => T) => open.map(of)
  const { rows } = await sql<Read<Call>>`
    select c.*, s.reading from unnest(${column(({ run }) => run)}::text[], ${column(({ number }) => number)}::int[], ${column(({ reading }) => reading)}::int[])
      as s (run, number, reading)
    join call as c on c.holder_id = s.run and c.number = s.number
    where c.state <> 'decided' order by s.reading, c.number`.execute(tx)
  return byReading(rows)
}

/** The readings as rows: the run of each, where it begins, and its number. */
const readings = (seen: readonly Seen[], from: (place: RunPlace) => number) =>
  sql`unnest(${seen.map(({ run }) => run.id)}::text[], ${seen.map(({ place }) => from(place))}::int[], ${seen.map((_, reading) => reading)}::int[])
    as s (run, number, reading)`

async function callsOf(tx: Tx, seen: readonly Seen[]) {
  const { rows } = await sql<Read<Call>>`
    select c.*, s.reading from ${readings(seen, ({ calls }) => calls)}
    cross join lateral (
      select * from call where holder_id = s.run and number > s.number order by number limit ${partMax}
    ) as c order by s.reading, c.number`.execute(tx)
  return byReading(rows)
}

async function outputsOf(tx: Tx, seen: readonly Seen[]) {
  const { rows } = await sql<Read<Selectable<OutputFileTable>>>`
    select f.*, s.reading from ${readings(seen, ({ outputs }) => outputs)}
    cross join lateral (
      select * from output_file where run_id = s.run and number > s.number order by number limit ${partMax}
    ) as f order by s.reading, f.number`.execute(tx)
  return byReading(rows)
}

/** The calls before the first that would be one open call too many. */
function withRoom<T extends { readonly state: string }>(calls: readonly T[], room: number): readonly T[] {
  let left = room
  const end = calls.findIndex(({ state }) => state === 'decided' && --left < 0)
  return end === -1 ? calls : calls.slice(0, end)
}

/** Whether places lie within the stories of their runs, for each in order: of what lies ahead, what came in between would be lost without a word. */
export async function areWithin(tx: Tx, seen: readonly Seen[]): Promise<boolean[]> {
  const ids = [...new Set(seen.map(({ run }) => run.id))]
  const { rows } = await sql<{ readonly run: string; readonly calls: number | null; readonly files: number | null }>`
    select r.id as run, (select max(number) from call where holder_id = r.id) as calls, (select max(number) from output_file where run_id = r.id) as files
    from unnest(${ids}::text[]) as r (id)`.execute(tx)
  const known = new Map(rows.map((row) => [row.run, row]))
  return seen.map(({ run, place }) => {
    const { calls, files } = known.get(run.id) ?? { calls: 0, files: 0 }
    return place.calls <= Number(calls ?? 0) && place.outputs <= Number(files ?? 0) && place.open.every((one) => one <= place.calls)
  })
}

/** Refuses a place that lies ahead of the run's story. Throws `invalid`. */
export async function requirePlace(tx: Tx, run: Run, place: RunPlace): Promise<void> {
  const [isWithin] = await areWithin(tx, [{ run, place }])
  if (isWithin === true) return
  throw fail('invalid', 'This place is not one of this run: it lies ahead of what has happened.', {
    pointer: '/place',
    next: 'Leave Last-Event-ID out to begin at the first call.',
  })
}
