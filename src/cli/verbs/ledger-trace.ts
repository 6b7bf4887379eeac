// A trail for people: grant → run → calls → artifact → review → crossing → fetch, one line an entry: when, who, what, whether, and its place in the ledger.
import type { z } from 'zod'
import type { VerbExtra } from '../command.ts'
import type { Context } from '../context.ts'
import { clockText } from '../print/moments.ts'
import { safe } from '../print/paint.ts'
import { aligned } from '../print/table.ts'
import { type entryAnswer, traceAnswer } from './answers.ts'

type Entry = z.output<typeof entryAnswer>

/** The stations of a trail, in order; an entry belongs to the first whose actions it is of. */
const stations: readonly { readonly title: string; readonly actions: RegExp }[] = [
  { title: 'grant', actions: /^(grant|person|workload|organization|environment|connection:(create|suspend)|project):?/ },
  { title: 'made', actions: /^(twin|asset|scenario):/ },
  { title: 'calls', actions: /^(connection:call|call:)/ },
  { title: 'artifact', actions: /^artifact:(write|seal|show|read|export)$/ },
  { title: 'run', actions: /^run:/ },
  { title: 'crossing', actions: /^promotion:(cross|complete|roll-back)$/ },
  { title: 'review', actions: /^promotion:/ },
  { title: 'fetch', actions: /^(artifact:pull|token:issue)$/ },
]
const order = ['grant', 'made', 'run', 'calls', 'artifact', 'review', 'crossing', 'fetch', 'other']

function stationOf({ action }: Entry): string {
  return stations.find((one) => one.actions.test(action))?.title ?? 'other'
}

const fact = ({ facts }: Entry, name: string): string | undefined => {
  const value = facts[name]
  return typeof value === 'string' || typeof value === 'number' ? safe(String(value)) : undefined
}

/** What an entry says beyond its action, as far as it is short. */
function detailOf(entry: Entry): string {
  if (entry.action === 'connection:call')
    return [fact(entry, 'method'), `${fact(entry, 'connection') ?? safe(entry.resource.id)}${fact(entry, 'path') ?? ''}`].join(' ').trim()
  const told = ['role', 'outcome', 'state', 'channel', 'digest', 'status', 'spiffeId', 'thumbprint'].flatMap(
    (name) => fact(entry, name) ?? [],
  )
  return told.length > 0 ? told.slice(0, 2).join(' ') : `${safe(entry.resource.type)} ${safe(entry.resource.id)}`
}

function whoOf({ actor }: Entry, { named }: Context): string {
  if (actor.type === 'System') return `the ${safe(actor.id)}`
  return actor.spiffe === null ? named(actor.id) : safe(actor.spiffe)
}

function rowOf(entry: Entry, context: Context): string[] {
  const { paint } = context
  const done = entry.outcome === 'done'
  return [
    `  ${paint.dim(clockText(entry.at))}`,
    done ? paint.green('✓') : paint.red('✗'),
    safe(entry.action),
    done ? detailOf(entry) : `${paint.red(safe(entry.code ?? entry.outcome))} ${detailOf(entry)}`,
    paint.dim(whoOf(entry, context)),
    entry.index === null ? paint.yellow('not numbered yet') : `#${entry.index}`,
  ]
}

/** The lines of a trail. */
export function traceLines(entries: readonly Entry[], context: Context): string[] {
  const rows = aligned(entries.map((entry) => rowOf(entry, context)))
  return order.flatMap((title) => {
    const own = entries.flatMap((entry, at) => (stationOf(entry) === title ? [rows[at] ?? ''] : []))
    return own.length === 0 ? [] : [context.paint.bold(title), ...own]
  })
}

/** A trail. */
export const ledgerTrace: VerbExtra = {
  lines(answer, context) {
    const trace = traceAnswer.parse(answer)
    const refused = trace.entries.filter((one) => one.outcome !== 'done').length
    const day = trace.entries[0]?.at.slice(0, 10) ?? ''
    return [
      `${context.paint.bold('Trail')} of ${safe(trace.id)}  ${trace.entries.length} entries, ${refused} refused or failed, times of ${day} UTC`,
      ...traceLines(trace.entries, context),
      ...(trace.truncated ? [context.paint.yellow('The trail is longer than this: entries are missing at its end.')] : []),
    ]
  },
  next: () => ['Every line is an entry of the ledger: twinlock ledger receipt <ent_…> proves one, twinlock ledger verify all of them.'],
}
