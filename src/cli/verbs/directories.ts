// Directories as somebody in a hurry reads them: what was delivered and why something was refused, and where what was said and what is here differ.
import { z } from 'zod'
import type { VerbExtra } from '../command.ts'
import { counted, momentText } from '../print/moments.ts'
import { safe } from '../print/paint.ts'
import { aligned, pairs, table } from '../print/table.ts'
import { moreOf } from './people-lines.ts'

const deliveries = z.object({
  items: z.array(
    z.object({
      at: z.string(),
      operation: z.string(),
      resource: z.string().nullable(),
      outcome: z.enum(['done', 'refused']),
      code: z.string().nullable(),
      told: z.string(),
      entry: z.string(),
    }),
  ),
})

/** The delivery log, newest first. */
export const directoryDeliveries: VerbExtra = {
  lines(answer, { paint }) {
    const { items } = deliveries.parse(answer)
    if (items.length === 0) return []
    const rows = items.map(({ at, operation, resource, outcome, code, told }) => [
      momentText(at),
      outcome === 'done' ? paint.green('done') : paint.red(`refused: ${safe(code ?? '')}`),
      safe(operation),
      safe(resource ?? '—'),
      safe(told),
    ])
    return table(['at', 'outcome', 'asked for', 'of', 'what it came to'], rows, paint)
  },
  next(answer) {
    const { items } = deliveries.parse(answer)
    const refused = items.find(({ outcome }) => outcome === 'refused')
    return [...moreOf(answer), ...(refused === undefined ? [] : [`Why it was refused: twinlock ledger show ${safe(refused.entry)}`])]
  },
}

const drift = z.object({
  directory: z.string(),
  count: z.number(),
  drift: z.array(z.object({ kind: z.string(), resource: z.string(), member: z.string().nullable(), told: z.string() })),
})

/** Where what a directory last said and what is here differ. */
export const directoryReconcile: VerbExtra = {
  lines(answer, { paint }) {
    const { count, drift: all } = drift.parse(answer)
    if (count === 0) return [paint.green('What the directory last said and what is here are the same.')]
    const rows = all.map(({ resource, member, told }) => [`  ${safe(resource)}`, safe(member ?? ''), safe(told)])
    const more = count > all.length ? [`  and ${(count - all.length).toLocaleString('en')} more`] : []
    return [
      `${paint.yellow(counted(count, 'difference'))}: the directory says it again, or an administrator decides.`,
      ...aligned(rows),
      ...more,
    ]
  },
}

/** A directory was made, or its token rotated: what goes where, once. */
export const directoryToken: VerbExtra = {
  next: (answer) => [
    'The token is shown this once: give it to the directory, with the address of its SCIM endpoint.',
    `Then read what it asks for: twinlock directory deliveries ${safe(String(answer.slug ?? answer.directory ?? ''))}`,
  ],
}

const directory = z.object({
  id: z.string(),
  slug: z.string(),
  name: z.string(),
  owner: z.string(),
  adopts: z.boolean(),
  state: z.string(),
})

const adoptsText = (adopts: boolean): string => (adopts ? 'are taken over by their address' : 'stay as they are')

/** Directories. */
export const directoryList: VerbExtra = {
  lines(answer, { paint }) {
    const { items } = z.object({ items: z.array(directory) }).parse(answer)
    if (items.length === 0) return []
    const rows = items.map(({ slug, name, state, adopts, id }) => [
      paint.bold(safe(slug)),
      safe(name),
      safe(state),
      adoptsText(adopts),
      safe(id),
    ])
    return table(['directory', 'called', 'state', 'people who were here before it', 'id'], rows, paint)
  },
  next: moreOf,
}

const wholeDirectory = directory.extend({
  users: z.number(),
  activeUsers: z.number(),
  groups: z.number(),
  lastDelivery: z.string().nullable(),
  tokens: z.array(z.object({ createdAt: z.string(), endsAt: z.string().nullable() })),
})

/** One directory: what it says, when it last did, and its tokens. */
export const directoryShow: VerbExtra = {
  lines(answer, context) {
    const { name, slug, id, owner, adopts, state, ...one } = wholeDirectory.parse(answer)
    const { paint, named } = context
    const facts: [string, string][] = [
      ['says', `${counted(one.activeUsers, 'person works here', 'people work here')}, ${counted(one.groups, 'group')}`],
      ['last spoke', one.lastDelivery === null ? 'never' : momentText(one.lastDelivery)],
      ['people here before it', adoptsText(adopts)],
      ['answered for by', named(owner)],
      ...one.tokens.map(({ createdAt, endsAt }): [string, string] => [
        'token',
        `made ${momentText(createdAt)}, ${endsAt === null ? 'in force' : `ends ${momentText(endsAt)}`}`,
      ]),
    ]
    return [`${paint.bold(safe(name))} (${safe(slug)}, ${safe(id)})  ${safe(state)}`, ...pairs(facts, paint)]
  },
  next: (answer) => {
    const name = safe(wholeDirectory.parse(answer).slug)
    return [
      `What it asked for: twinlock directory deliveries ${name}`,
      `Where it and what is here differ: twinlock directory reconcile ${name}`,
    ]
  },
}
