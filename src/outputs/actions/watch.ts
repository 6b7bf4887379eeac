// Watching a run: opening a stream is a recorded read of content; every later part of it is decided again, at the moment when it is read; and a mark says
// whether there is anything new at all, so that those who wait for a run that stands still cost nothing. Many streams are opened together, parts of many are read
// together, and the marks of many runs: each reader is decided on his own, what all of them are shown is read once.
import { sql } from 'kysely'
import { z } from 'zod'
import { takeawayVersion } from '../../access/index.ts'
import { action, fail, idOf, type Located, type Locating, type Performing, type Tx } from '../../kernel/index.ts'
import { findRun, findRuns, type Run, type RunFound, runType } from '../../runs/index.ts'
import { areWithin, type RunPlace, readRunNews, requirePlace, runNews, runPlace } from '../run-news.ts'

const watching = {
  roles: ['operator', 'observer', 'reviewer'],
  servedBy: 'stream',
  resource: runType,
  input: z.strictObject({ run: idOf('run'), place: runPlace }),
} as const

const located = ({ run, entity, above, environment }: RunFound): Located<Run> => ({
  resource: entity,
  others: above,
  environment,
  found: run,
})

async function locate({ input, tx }: Pick<Locating<{ readonly run: string }>, 'input' | 'tx'>): Promise<Located<Run>> {
  return located(await findRun(tx, input.run))
}

/** What is found for several: each run is looked up once, and those who ask about it are given the same. */
async function locateTogether(tx: Tx, its: readonly { readonly input: unknown }[]): Promise<(Located<Run> | undefined)[]> {
  const wanted = its.map(({ input }) => (input as { readonly run: string }).run) // the door has just parsed it with the action's schema
  const found = await findRuns(tx, [...new Set(wanted)])
  const runs = new Map([...found].map(([id, run]) => [id, located(run)]))
  return wanted.map((id) => runs.get(id))
}

/** Opens a stream of what happens to a run. */
export const watchRun = action({
  ...watching,
  name: 'run:watch',
  summary: 'Watch a run as it happens: its calls with what was decided, its files, its state.',
  effect: 'content',
  output: runNews.extend({ watcher: z.string() }),
  locate,
  async perform({ input, found: run, tx, ports, principal }) {
    await requirePlace(tx, run, input.place)
    const [news] = await readRunNews(tx, [{ run, place: input.place }], new Date(ports.clock.now()))
    if (news === undefined) throw new Error('What is read of a run is there.')
    return { result: { watcher: principal.id, ...news }, facts: { calls: input.place.calls, outputs: input.place.outputs } }
  },
})

type Watching<N extends string> = Performing<N, { readonly run: string; readonly place: RunPlace }, Run>

/** Reads the next parts of streams: whoever is at the same place of the same run is given the same part. */
async function partsOf<N extends string>(its: readonly Watching<N>[], { tx, ports }: Pick<Watching<N>, 'tx' | 'ports'>) {
  const placeOf = ({ input, found }: Watching<N>) => `${found.id} ${JSON.stringify(input.place)}`
  const places = its.map(placeOf)
  const seen = new Map(its.map((it, at) => [places[at], { run: it.found, place: it.input.place }]))
  const news = await readRunNews(tx, [...seen.values()], new Date(ports.clock.now()))
  const parts = new Map([...seen.keys()].map((place, number) => [place, news[number]]))
  return its.map((it, at) => {
    const part = parts.get(places[at])
    if (part === undefined) throw new Error('What is read of a run is there.')
    return { it, part }
  })
}

/** How several streams are opened together. One whose place is none of its run is left to the action itself, which refuses it. */
export const watchTogether = {
  takesTurns: true,
  async locate(tx: Tx, its: readonly { readonly input: unknown }[]) {
    const found = await locateTogether(tx, its)
    const places = its.map(({ input }) => (input as { readonly place: RunPlace }).place) // the door has just parsed it with the action's schema
    const there = found.flatMap((one, at) => {
      const place = places[at]
      return one === undefined || place === undefined ? [] : [{ at, one, seen: { run: one.found, place } }]
    })
    const within = await areWithin(
      tx,
      there.map(({ seen }) => seen),
    )
    const opened = new Map(there.flatMap(({ at, one }, number) => (within[number] === true ? [[at, one]] : [])))
    return its.map((_, at) => opened.get(at))
  },
  // The door hands over what it parsed, what was located above, and what `decide` minted for this action.
  async perform(performing: readonly Performing<string, unknown, unknown>[]) {
    const its = performing as readonly Watching<'run:watch'>[]
    const [first] = its
    if (first === undefined) return []
    return (await partsOf(its, first)).map(({ it: { principal, input }, part }) => ({
      result: { watcher: principal.id, ...part },
      facts: { calls: input.place.calls, outputs: input.place.outputs },
    }))
  },
} as const

type Following = Watching<'run:follow'>

async function followAll(its: readonly Following[]) {
  const [first] = its
  if (first === undefined) return []
  const parts = await partsOf(its, first)
  // INVARIANT: nothing that was read here happened after a revocation that a decision did not know of: it would have moved the counter by now.
  const version = await takeawayVersion(first.tx)
  if (its.some(({ allowed }) => allowed.version !== version)) throw fail('stale', 'Something was taken away while this was being read.')
  return parts.map(({ part }) => ({ result: part }))
}

/** How parts of several streams are read together. */
export const followTogether = {
  takesTurns: true,
  locate: locateTogether,
  // The door hands over what it parsed, what was located above, and what `decide` minted for this action.
  perform: (its: readonly Performing<string, unknown, unknown>[]) => followAll(its as readonly Following[]),
} as const

/** Reads the next part of a stream that `run:watch` opened, if its reader may still see it. */
export const followRun = action({
  ...watching,
  name: 'run:follow',
  summary: 'Read the next part of what happens to a run, decided anew.',
  effect: 'pulse',
  goesOnShowing: true,
  output: runNews,
  locate,
  async perform(it) {
    const [done] = await followAll([it])
    if (done === undefined) throw new Error('What is read of a run is there.')
    return done
  },
})

interface MarkRow {
  readonly run: string
  readonly calls: number | null
  readonly open: number
  readonly files: number | null
  readonly tokens: number
  readonly beat: Date | null
}

/** Reads the marks of runs. */
async function marksOf(tx: Tx, runs: readonly Run[]) {
  const ids = [...new Set(runs.map(({ id }) => id))]
  const asked = sql<MarkRow>`
    select r.id as run,
      (select max(number) from call where holder_id = r.id) as calls,
      (select count(*) from call where holder_id = r.id and state = 'decided') as open,
      (select max(number) from output_file where run_id = r.id) as files,
      (select count(*) from credential where holder_id = r.id and revoked_at is null) as tokens,
      (select beat_at from run_claim where run_id = r.id) as beat
    from unnest(${ids}::text[]) as r (id)`.execute(tx)
  const [takeaway, { rows }] = await Promise.all([takeawayVersion(tx), asked])
  const known = new Map(rows.map((row) => [row.run, row]))
  return runs.map((run) => {
    const { calls, open, files, tokens, beat } = known.get(run.id) ?? { calls: 0, open: 0, files: 0, tokens: 0, beat: null }
    const story = [run.state, run.epoch, run.frozen_until?.getTime() ?? 0, calls ?? 0, open, files ?? 0, tokens]
    return { result: { story: story.join(' '), pulse: String(beat?.getTime() ?? 0), takeaway } }
  })
}

/** How the marks of several runs are read together. */
export const markTogether = {
  takesTurns: true,
  locate: locateTogether,
  async perform(its: readonly Performing<string, unknown, unknown>[]) {
    const [first] = its
    return first === undefined
      ? []
      : marksOf(
          first.tx,
          its.map(({ found }) => found as Run), // what was located above
        )
  },
} as const

/** Says how far a run is, as marks that differ when something happened. */
export const markRun = action({
  name: 'run:mark',
  summary: 'Say whether anything happened to a run that somebody watches.',
  effect: 'read',
  roles: [],
  system: ['watcher'],
  resource: runType,
  input: z.strictObject({ run: idOf('run') }),
  output: z.object({
    /** Of what is told at once: state, calls, files. */
    story: z.string(),
    /** Of what is told now and then: progress and claim. */
    pulse: z.string(),
    /** What has been taken away in the organization. */
    takeaway: z.number(),
  }),
  locate,
  async perform({ found: run, tx }) {
    const [mark] = await marksOf(tx, [run])
    if (mark === undefined) throw new Error('What is marked of a run is there.')
    return mark
  },
})
