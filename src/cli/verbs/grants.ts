// Grants as somebody in a hurry reads them: what, on what, whose, where, until when and by whom; and what giving one would come to before it is given.
import { z } from 'zod'
import type { Answer } from '../api.ts'
import type { VerbExtra } from '../command.ts'
import type { Context } from '../context.ts'
import { type NameOf, namesFor } from '../names/names-for.ts'
import { momentText } from '../print/moments.ts'
import { safe } from '../print/paint.ts'
import { pairs, table } from '../print/table.ts'
import { placesText, scopeText } from './access-lines.ts'
import { moreOf, untilText } from './people-lines.ts'

const text = z.string()
const conflict = z.object({ name: text, stops: z.boolean(), holder: text, grant: text })

const grantAnswer = z.object({
  id: text,
  principal: text,
  principalName: text.nullish(),
  role: text.nullable(),
  customRole: text.nullable(),
  actions: z.array(text),
  scope: z.object({ type: text, id: text }),
  environments: z.array(text),
  notBefore: text.nullable(),
  expiresAt: text.nullable(),
  untilRun: text.nullish(),
  untilBatch: text.nullish(),
  untilEngagement: text.nullish(),
  untilGuest: text.nullish(),
  mapping: text.nullish(),
  request: text.nullish(),
  breakGlass: z.boolean(),
  givenBy: text,
  givenByName: text.nullish(),
  createdAt: text.nullish(),
  revokedAt: text.nullable(),
  reason: text.nullish(),
  policy: text.optional(),
  conflicts: z.array(conflict).default([]),
})
type Grant = z.output<typeof grantAnswer>

const whatText = ({ role, customRole, actions }: Grant): string => safe(role ?? customRole ?? actions.join(', '))

/** Somebody with his id: by the name that the answer has, or that he signed in here with. */
function whoText(id: string, name: string | null | undefined, { named }: Context): string {
  return name === null || name === undefined || name === id ? named(id) : `${safe(name)} ${safe(id)}`
}

/** With what else than at its date a grant ends. */
function endsWith({ untilRun, untilBatch, untilEngagement, untilGuest, mapping }: Grant): string[] {
  return [untilRun, untilBatch, untilEngagement, untilGuest, mapping].flatMap((id) =>
    id === null || id === undefined ? [] : [`with ${safe(id)}`],
  )
}

function endText(one: Grant, { paint, io }: Context): string {
  if (one.revokedAt !== null) return paint.dim(`taken away ${momentText(one.revokedAt)}`)
  if (one.expiresAt !== null && Date.parse(one.expiresAt) <= io.now()) return paint.dim(`over since ${momentText(one.expiresAt)}`)
  const dated = one.expiresAt === null ? [] : [untilText(one.expiresAt, io.now())]
  return [...dated, ...endsWith(one)].join(', ') || 'no end'
}

function beginText({ notBefore }: Grant, { io, paint }: Context): string {
  return notBefore === null || Date.parse(notBefore) <= io.now() ? '' : paint.yellow(`not before ${momentText(notBefore)}`)
}

const namesOf = (context: Context, all: readonly Grant[]): Promise<NameOf> =>
  namesFor(
    context,
    all.flatMap(({ scope, environments }) => [scope.id, ...environments]),
  )

/** Grants. */
export const grantList: VerbExtra = {
  async lines(answer, context) {
    const { items } = z.object({ items: z.array(grantAnswer) }).parse(answer)
    if (items.length === 0) return []
    const nameOf = await namesOf(context, items)
    const rows = items.map((one) => [
      context.paint.bold(whatText(one)),
      scopeText(one.scope, nameOf),
      whoText(one.principal, one.principalName, context),
      one.environments.length === 0 ? 'everywhere' : placesText(one.environments, nameOf),
      [beginText(one, context), endText(one, context)].filter(Boolean).join(', '),
      safe(one.givenByName ?? one.givenBy),
      safe(one.id),
    ])
    return table(['what', 'on', 'to', 'in', 'until', 'given by', 'id'], rows, context.paint)
  },
  next: moreOf,
}

/** Duties that would come together, or came. */
export function conflictLines(conflicts: readonly z.output<typeof conflict>[], { paint }: Pick<Context, 'paint'>): string[] {
  return conflicts.map(({ name, stops, grant }) => {
    const mark = stops ? paint.red('stops') : paint.yellow('brings together')
    return `  ${mark}  ${safe(name)}, with ${safe(grant)}`
  })
}

function factsOf(one: Grant, nameOf: NameOf, context: Context): [string, string][] {
  const { request, breakGlass, reason, policy } = one
  const begins = beginText(one, context)
  const how = breakGlass ? 'by breaking the glass' : request === null || request === undefined ? '' : `for ${safe(request)}`
  const given = [whoText(one.givenBy, one.givenByName, context), one.createdAt == null ? '' : momentText(one.createdAt), how]
  return [
    ['to', whoText(one.principal, one.principalName, context)],
    ['in', one.environments.length === 0 ? 'every environment' : placesText(one.environments, nameOf)],
    ...(begins === '' ? [] : [['begins', begins] satisfies [string, string]]),
    ['until', endText(one, context)],
    ['given by', given.filter(Boolean).join(', ')],
    ...(reason == null ? [] : [['why', safe(reason)] satisfies [string, string]]),
    ...(policy === undefined ? [] : [['policy', context.paint.dim(safe(policy))] satisfies [string, string]]),
  ]
}

async function grantLines(answer: Answer, context: Context): Promise<string[]> {
  const one = grantAnswer.parse(answer)
  const nameOf = await namesOf(context, [one])
  return [
    `${context.paint.bold(whatText(one))} on ${scopeText(one.scope, nameOf)}  ${safe(one.id)}`,
    ...pairs(factsOf(one, nameOf, context), context.paint),
    ...conflictLines(one.conflicts, context),
  ]
}

/** One grant: shown, or taken away. */
export const grantShow: VerbExtra = { lines: grantLines }

/** A grant was given: how it is taken away. */
export const grantCreate: VerbExtra = {
  lines: grantLines,
  next: ({ id }) => [`It is taken away by: twinlock grant revoke ${safe(String(id))} --reason "…"`],
}

/** The glass was broken: until when, and who looks at it. */
export const grantBreakGlass: VerbExtra = {
  lines: grantLines,
  next: (answer) => [
    `It is in force until ${safe(momentText(answer.expiresAt))}. Everybody who could have approved it has been told.`,
    `Somebody else reviews it until ${safe(momentText(answer.reviewBy))}: twinlock grant review ${safe(String(answer.id))} --verdict justified --reason "…"`,
  ],
}

const previewAnswer = z.object({
  missing: z.array(text),
  otherHand: z.object({ workloads: z.array(text), stakes: z.array(text) }).nullable(),
  conflicts: z.array(conflict),
})

/** What giving something would come to. */
export const grantPreview: VerbExtra = {
  lines(answer, context) {
    const { missing, otherHand, conflicts } = previewAnswer.parse(answer)
    const { paint } = context
    const stops = missing.length > 0 || otherHand !== null || conflicts.some((one) => one.stops)
    return [
      stops ? paint.red('It would be refused.') : paint.green('It could be given.'),
      ...(missing.length === 0 ? [] : [`  ${paint.red('not yours to give')}  ${missing.map(safe).join(', ')}`]),
      ...(otherHand === null
        ? []
        : [
            `  ${paint.red('takes another hand')}  you brought the key of ${otherHand.workloads.map(safe).join(', ')}: ${otherHand.stakes.map(safe).join(', ')}`,
          ]),
      ...conflictLines(conflicts, context),
    ]
  },
  next: () => ['Nothing was given by asking.'],
}
