// Batches for people: what was launched together, how far it is, and what ending it took away. All of it is text that a screen reader reads in order.
import { z } from 'zod'
import type { VerbExtra } from '../command.ts'
import type { Context } from '../context.ts'
import { counted, durationText, momentText } from '../print/moments.ts'
import { safe } from '../print/paint.ts'
import { aligned, pairs, table } from '../print/table.ts'

const batchAnswer = z.looseObject({
  id: z.string(),
  twinName: z.string().nullable(),
  scenarioName: z.string().nullable(),
  environmentSlug: z.string(),
  launchedByName: z.string().nullable(),
  launchedBy: z.string(),
  createdAt: z.string(),
  endedAt: z.string().nullable(),
  size: z.number(),
  runs: z.object({ live: z.number(), running: z.number(), succeeded: z.number(), failed: z.number() }),
})
type Batch = z.output<typeof batchAnswer>

const launchedAnswer = z.looseObject({ launched: z.array(z.object({ id: z.string(), seed: z.number(), spiffeId: z.string() })) })
const stoppedAnswer = z.looseObject({ stopped: z.object({ runs: z.number(), credentials: z.number() }), tookMs: z.number() })

const nameOf = ({ twinName, scenarioName }: Batch): string => safe([twinName, scenarioName].filter(Boolean).join(' '))

function standing({ endedAt, size, runs }: Batch, { paint }: Pick<Context, 'paint'>): string {
  const done = [
    ...(runs.succeeded === 0 ? [] : [paint.green(`${runs.succeeded} succeeded`)]),
    ...(runs.failed === 0 ? [] : [paint.red(`${runs.failed} did not`)]),
  ]
  const live = runs.live === 0 ? [] : [paint.yellow(`${runs.live} live`), `${runs.running} running`]
  return [`${counted(size, 'run')}`, ...live, ...done, ...(endedAt === null ? [] : ['over'])].join(', ')
}

function batchLines(batch: Batch, context: Context): string[] {
  const { paint } = context
  return [
    `${paint.bold('Batch')} ${safe(batch.id)}`,
    '',
    ...pairs(
      [
        ['of', nameOf(batch)],
        ['in', safe(batch.environmentSlug)],
        ['launched', `${momentText(batch.createdAt)} by ${safe(batch.launchedByName ?? batch.launchedBy)}`],
        ['runs', standing(batch, context)],
        ['end', momentText(batch.endedAt)],
      ],
      paint,
    ),
  ]
}

const itsRuns = (id: unknown): string => `Its runs: twinlock run list --batch ${safe(String(id))}`

/** A batch. */
export const batchShow: VerbExtra = {
  lines: (answer, context) => batchLines(batchAnswer.parse(answer), context),
  next: ({ id }) => [itsRuns(id)],
}

/** Batches, one a line. */
export const batchList: VerbExtra = {
  lines(answer, context) {
    const { items } = z.object({ items: z.array(batchAnswer) }).parse(answer)
    if (items.length === 0) return []
    const rows = items.map((one) => [
      safe(one.id),
      nameOf(one),
      safe(one.environmentSlug),
      momentText(one.createdAt),
      standing(one, context),
    ])
    return table(['batch', 'of', 'in', 'launched', 'runs'], rows, context.paint)
  },
}

/** A batch that was launched, with the identity of each run. */
export const batchLaunch: VerbExtra = {
  lines(answer, context) {
    const { launched } = launchedAnswer.parse(answer)
    const rows = launched.map(({ id, seed, spiffeId }) => [`  ${safe(id)}`, `seed ${seed}`, safe(spiffeId)])
    return [...batchLines(batchAnswer.parse(answer), context), '', ...aligned(rows)]
  },
  next: ({ id }) => [
    `How far it is: twinlock batch show ${safe(String(id))}`,
    `End all of it: twinlock batch end ${safe(String(id))} --reason <why>`,
  ],
}

/** A batch that was ended. */
export const batchEnd: VerbExtra = {
  lines(answer, context) {
    const { stopped, tookMs } = stoppedAnswer.parse(answer)
    const told = `${counted(stopped.runs, 'run')} and ${counted(stopped.credentials, 'credential')} ended in ${durationText(tookMs)}. Nothing of them is admitted any more.`
    return [...batchLines(batchAnswer.parse(answer), context), '', told]
  },
  next: ({ id }) => [itsRuns(id)],
}
