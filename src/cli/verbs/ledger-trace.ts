// A trail for people: grant → run → calls → artifact → review → crossing → fetch, one line an entry: when, whether, what, its place in the ledger, who.
// Calls that went the same way share a line, with their count; a call that was refused has a line of its own. `--all` gives each its own.
import type { z } from 'zod'
import type { VerbExtra } from '../command.ts'
import type { Context } from '../context.ts'
import { clockText } from '../print/moments.ts'
import { safe } from '../print/paint.ts'
import { aligned } from '../print/table.ts'
import { type entryAnswer, traceAnswer } from './answers.ts'

type Entry = z.output<typeof entryAnswer>

/** One line of a trail: an entry, or calls that went the same way, with how each ended. */
interface Line {
  readonly first: Entry
  readonly indexes: (number | null)[]
  readonly outcomes: string[]
  count: number
}

/** The stations of a trail; an entry belongs to the first whose actions it is of. */
const stations: readonly { readonly title: string; readonly actions: RegExp }[] = [
  { title: 'grant', actions: /^(grant|person|workload|organization|environment|project):|^connection:(create|suspend)$/ },
  { title: 'made', actions: /^(twin|asset|scenario):/ },
  { title: 'calls', actions: /^(connection:call$|call:)/ },
  { title: 'run', actions: /^run:/ },
  { title: 'artifact', actions: /^artifact:(?!pull$)/ },
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

const isCall = ({ action, outcome }: Entry): boolean => action === 'connection:call' && outcome === 'done'

/** The shape of a path: places that hold numbers may vary. */
const shapeOf = (path: string): string =>
  path
    .split('/')
    .map((part) => (/\d/.test(part) ? '*' : part))
    .join('/')

/** How calls ended, by the id of the call. */
function settlements(entries: readonly Entry[]): ReadonlyMap<string, { readonly outcome: string; readonly index: number | null }> {
  const settled = entries.filter((entry) => entry.action === 'call:settle')
  return new Map(
    settled.map((entry) => [entry.resource.id, { outcome: fact(entry, 'status') ?? fact(entry, 'code') ?? '?', index: entry.index }]),
  )
}

function toLines(entries: readonly Entry[], all: boolean): Line[] {
  const settled = settlements(entries)
  const groups = new Map<string, Line>()
  for (const entry of entries) {
    const settlement = isCall(entry) ? settled.get(fact(entry, 'call') ?? '') : undefined
    if (entry.action === 'call:settle') continue
    const shape = `${entry.actor.id} ${fact(entry, 'connection')} ${fact(entry, 'method')} ${shapeOf(fact(entry, 'path') ?? '')}`
    const key = isCall(entry) && !all ? shape : entry.id
    const line = groups.get(key) ?? { first: entry, indexes: [], outcomes: [], count: 0 }
    line.count++
    line.indexes.push(entry.index, ...(settlement === undefined ? [] : [settlement.index]))
    if (settlement !== undefined) line.outcomes.push(settlement.outcome)
    groups.set(key, line)
  }
  return [...groups.values()]
}

function outcomesText(outcomes: readonly string[]): string {
  const counts = new Map<string, number>()
  for (const outcome of outcomes) counts.set(outcome, (counts.get(outcome) ?? 0) + 1)
  return [...counts].map(([outcome, count]) => (outcomes.length === 1 ? outcome : `${outcome} × ${count}`)).join(', ')
}

/** What a line says beyond its action, as far as it is short. */
function detailOf({ first, outcomes, count }: Line): string {
  if (first.action === 'connection:call') {
    const path = fact(first, 'path') ?? ''
    const target = `${fact(first, 'connection') ?? safe(first.resource.id)}${count > 1 ? shapeOf(path) : path}`
    return [count > 1 ? `${count} ×` : '', fact(first, 'method') ?? '', target, outcomesText(outcomes)]
      .filter((one) => one !== '')
      .join(' ')
  }
  const told = ['role', 'outcome', 'state', 'channel', 'digest', 'status', 'spiffeId', 'thumbprint'].flatMap(
    (name) => fact(first, name) ?? [],
  )
  return told.length > 0 ? told.slice(0, 2).join(' ') : `${safe(first.resource.type)} ${safe(first.resource.id)}`.trim()
}

function whoOf({ actor }: Entry, { named }: Context): string {
  if (actor.type === 'System') return `the ${safe(actor.id)}`
  return actor.spiffe === null ? named(actor.id) : safe(actor.spiffe)
}

function placeOf({ indexes }: Line): string | undefined {
  const numbers = indexes.filter((index) => index !== null)
  if (numbers.length < indexes.length) return undefined
  const [low, high] = [Math.min(...numbers), Math.max(...numbers)]
  return low === high ? `#${low}` : numbers.length === 2 ? `#${low} #${high}` : `#${low}…#${high}`
}

function rowOf(line: Line, context: Context): string[] {
  const { paint } = context
  const { first } = line
  const done = first.outcome === 'done'
  return [
    `  ${paint.dim(clockText(first.at))}`,
    done ? paint.green('✓') : paint.red('✗'),
    safe(first.action),
    done ? detailOf(line) : `${paint.red(safe(first.code ?? first.outcome))} ${detailOf(line)}`,
    placeOf(line) ?? paint.yellow('not numbered yet'),
    paint.dim(whoOf(first, context)),
  ]
}

/** The lines of a trail, station by station. */
function traceLines(entries: readonly Entry[], context: Context, all: boolean): string[] {
  const lines = toLines(entries, all)
  return order.flatMap((title) => {
    const own = lines.filter(({ first }) => stationOf(first) === title)
    return own.length === 0 ? [] : [context.paint.bold(title), ...aligned(own.map((line) => rowOf(line, context)))]
  })
}

/** A trail. */
export const ledgerTrace: VerbExtra = {
  flags: [{ name: 'all', about: 'A line for each call, also for those that went the same way.' }],
  async perform(input, values, context) {
    return { ...(await context.api.call('ledger:trace', input)), ...(values.all === true ? { all: true } : {}) }
  },
  lines(answer, context) {
    const trace = traceAnswer.parse(answer)
    const refused = trace.entries.filter((one) => one.outcome !== 'done').length
    const day = trace.entries[0]?.at.slice(0, 10) ?? ''
    return [
      `${context.paint.bold('Trail')} of ${safe(trace.id)}  ${trace.entries.length} entries, ${refused} refused or failed, times of ${day} UTC`,
      ...traceLines(trace.entries, context, answer.all === true),
      ...(trace.truncated ? [context.paint.yellow('The trail is longer than this: entries are missing at its end.')] : []),
    ]
  },
  next: () => ['Every line is an entry of the ledger: `twinlock ledger receipt <ent_…>` proves one, `twinlock ledger verify` all of them.'],
}
