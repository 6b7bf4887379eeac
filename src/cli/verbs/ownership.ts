// Who answers for what as somebody in a hurry reads it; and things by their names where one answers for them, or was asked to.
import { z } from 'zod'
import type { Answer } from '../api.ts'
import type { VerbExtra } from '../command.ts'
import type { Context } from '../context.ts'
import { exitCodes } from '../exit-codes.ts'
import { CliFailure, usage } from '../failure.ts'
import { looksLikeId } from '../names/resolve-name.ts'
import { listed } from '../names/seen.ts'
import { momentText } from '../print/moments.ts'
import { safe } from '../print/paint.ts'
import { aligned, table } from '../print/table.ts'
import { ownWhereNotAll } from './own-where-not-all.ts'
import { moreOf } from './people-lines.ts'

const thing = z.object({
  id: z.string(),
  kind: z.string(),
  name: z.string(),
  owner: z.object({ name: z.string() }),
  isOrphan: z.boolean(),
  fallback: z.object({ name: z.string() }),
  offer: z.object({ to: z.object({ name: z.string() }), at: z.string() }).nullable(),
})
type Thing = z.output<typeof thing>

/** Where something stands: answered for, without anybody, or offered to somebody who has not answered. */
function standingText({ isOrphan, fallback, offer }: Thing, { paint }: Context): string {
  const offered = offer === null ? '' : `offered to ${safe(offer.to.name)} ${momentText(offer.at).slice(0, 10)}`
  if (!isOrphan) return offered
  return [`${paint.red('has left')}: ${safe(fallback.name)} can hand it on`, offered].filter(Boolean).join('; ')
}

async function me({ api }: Context): Promise<unknown> {
  const { kind, id } = await api.call('session:show', {})
  return kind === 'person' ? id : undefined
}

/** Standing things. Without a word of whose, one's own for whoever may not see everybody's. */
export const ownershipList: VerbExtra = {
  notes: ['Without --person, --offered-to or --orphans: everything, where you may see it; else what you answer for.'],
  prepare: ownWhereNotAll('ownership:list', ['person', 'offeredTo', 'orphans'], async (context) => {
    const person = await me(context)
    return person === undefined ? undefined : { person }
  }),
  lines(answer, context) {
    const { items } = z.object({ items: z.array(thing) }).parse(answer)
    if (items.length === 0) return []
    const rows = items.map((one) => [
      safe(one.kind),
      context.paint.bold(safe(one.name)),
      safe(one.owner.name),
      standingText(one, context),
      safe(one.id),
    ])
    return table(['kind', 'called', 'answered for by', '', 'id'], rows, context.paint)
  },
  next: moreOf,
}

const channelPattern = /^env_[0-9a-z]{26}\//

/** Things that a name may be the name of: what one was asked to answer for, or answers for; then everybody's, for whoever may see that. */
async function thingsFor(context: Context, of: 'person' | 'offeredTo'): Promise<readonly (readonly Answer[] | undefined)[]> {
  const who = await me(context)
  const own = who === undefined ? undefined : await listed(context.api, 'ownership:list', { [of]: who })
  return of === 'offeredTo' ? [own] : [own, await listed(context.api, 'ownership:list')]
}

/** The id of a thing that was typed by its name, or `kind/name`. */
function idOf(name: string, lists: readonly (readonly Answer[] | undefined)[]): string {
  const [kind, rest] = name.includes('/') ? [name.slice(0, name.indexOf('/')), name.slice(name.indexOf('/') + 1)] : [undefined, name]
  const called = ({ name: its, kind: of }: Answer): boolean => its === rest && (kind === undefined || of === kind)
  const found = lists.map((list) => (list ?? []).filter(called)).find((list) => list.length > 0) ?? []
  const [first, ...more] = found
  if (first === undefined)
    throw new CliFailure(exitCodes.notFound, `Nothing that could be meant is called \`${name}\`.`, {
      next: 'See `twinlock ownership list`, and check `--things`; or give the id.',
    })
  if (more.length > 0)
    throw usage(
      `\`${name}\` is the name of ${found.length} things: ${found.map((one) => `${String(one.kind)} ${String(one.id)}`).join(', ')}.`,
      `Say which: \`--things ${String(first.kind)}/${rest}\`, say, or an id.`,
    )
  return String(first.id)
}

const isId = (text: string): boolean => looksLikeId(text) || channelPattern.test(text)

/** Things by their names, in the list that the verb is about. */
function namedThings(of: 'person' | 'offeredTo'): NonNullable<VerbExtra['prepare']> {
  return async (input, _values, context) => {
    const { things } = input
    if (!Array.isArray(things) || things.every((one) => isId(String(one)))) return input
    const lists = await thingsFor(context, of)
    return { ...input, things: things.map(String).map((one) => (isId(one) ? one : idOf(one, lists))) }
  }
}

const naming = ['Things may be named: `payments`, or `twin/payments` where several are called that.']

const decided = z.array(z.object({ id: z.string(), kind: z.string(), resumed: z.boolean().default(false) }))

/** Things that something was done with, a line each. */
const thingLines = (title: string, things: z.output<typeof decided>, { paint }: Context): string[] => [
  title,
  ...aligned(
    things.map(({ id, kind, resumed }) => [`  ${safe(kind)}`, safe(id), ...(resumed ? [paint.green('stood still, and goes on')] : [])]),
  ),
]

/** Things were offered: nothing changed hands. */
export const ownershipOffer: VerbExtra = {
  notes: naming,
  prepare: namedThings('person'),
  lines(answer, context) {
    const { to, offered } = z.object({ to: z.string(), offered: decided }).parse(answer)
    return thingLines(`Offered to ${context.named(to)}: nothing changes hands before it is accepted.`, offered, context)
  },
  next: (answer) => {
    const { offered } = z.object({ offered: decided }).parse(answer)
    return [`As whoever was asked: twinlock ownership accept ${offered.map(({ id }) => `--things ${safe(id)}`).join(' ')}`]
  },
}

/** All that somebody answers for was offered. */
export const personHandOver: VerbExtra = {
  lines(answer, context) {
    const { to, offered, left } = z.object({ to: z.string(), offered: decided, left: z.number() }).parse(answer)
    return [
      ...thingLines(`Offered to ${context.named(to)}: nothing changes hands before it is accepted.`, offered, context),
      ...(left === 0 ? [] : [context.paint.yellow('There is more than one act takes: do it again.')]),
    ]
  },
}

/** Offers were taken back. */
export const ownershipWithdraw: VerbExtra = {
  notes: naming,
  prepare: namedThings('person'),
  lines: (answer, context) => thingLines('Not offered any more:', z.object({ withdrawn: decided }).parse(answer).withdrawn, context),
}

/** Answering for what one was asked to answer for. */
export const ownershipAccept: VerbExtra = {
  notes: naming,
  prepare: namedThings('offeredTo'),
  lines: (answer, context) => thingLines('You answer from now on for:', z.object({ accepted: decided }).parse(answer).accepted, context),
}

/** Not answering for what one was asked to answer for. */
export const ownershipDecline: VerbExtra = {
  notes: naming,
  prepare: namedThings('offeredTo'),
  lines: (answer, context) => thingLines('Declined:', z.object({ declined: decided }).parse(answer).declined, context),
}
