// Mappings and positions as somebody in a hurry reads them: of whom, what is given, and before it is so who would lose what, then who would gain what.
import { z } from 'zod'
import type { VerbExtra } from '../command.ts'
import type { Context } from '../context.ts'
import { type NameOf, namesFor } from '../names/names-for.ts'
import { counted, momentText } from '../print/moments.ts'
import { safe } from '../print/paint.ts'
import { aligned, pairs, table } from '../print/table.ts'
import { idsOfTerms, moreOf, termAnswer, termText } from './people-lines.ts'

const source = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('group'), group: z.string(), name: z.string().nullable() }),
  z.object({
    kind: z.literal('attributes'),
    when: z.array(z.object({ attribute: z.string(), oneOf: z.array(z.string()) })),
    directory: z.string().nullable(),
  }),
])

const mappingAnswer = z.object({
  id: z.string(),
  slug: z.string(),
  title: z.string(),
  source,
  position: z.string().nullable(),
  gives: z.array(termAnswer),
  expiresAt: z.string().nullable(),
  state: z.enum(['active', 'retired']),
})
type Mapping = z.output<typeof mappingAnswer>

function sourceText({ source: from }: Mapping, nameOf: NameOf): string {
  if (from.kind === 'group') return `in the group ${safe(from.name ?? from.group)}`
  const said = from.when.map(({ attribute, oneOf }) => `${attribute} is ${oneOf.map(safe).join(' or ')}`).join(' and ')
  return `${said}${from.directory === null ? '' : `, says ${nameOf(from.directory)}`}`
}

const idsOf = ({ source: from, gives }: Mapping): string[] => [
  ...idsOfTerms(gives),
  ...(from.kind === 'attributes' && from.directory !== null ? [from.directory] : []),
]

function givesText({ position, gives }: Mapping, nameOf: NameOf): string {
  const terms = gives.map((term) => termText(term, nameOf)).join('; ')
  return position === null ? terms : `the position ${safe(position)}: ${terms}`
}

/** Mappings: of whom, and what. */
export const mappingList: VerbExtra = {
  async lines(answer, context) {
    const { items } = z.object({ items: z.array(mappingAnswer) }).parse(answer)
    if (items.length === 0) return []
    const nameOf = await namesFor(context, items.flatMap(idsOf))
    const { paint } = context
    const rows = items.map((one) => [
      paint.bold(safe(one.slug)),
      one.state === 'active' ? paint.green('in force') : paint.dim('retired'),
      sourceText(one, nameOf),
      givesText(one, nameOf),
      safe(one.id),
    ])
    return table(['mapping', 'state', 'whoever is', 'is given', 'id'], rows, paint)
  },
  next: moreOf,
}

const settled = z.object({ made: z.number(), ended: z.number(), runs: z.number() })
const holding = z.object({
  grants: z.number(),
  holders: z.array(z.object({ principal: z.string(), name: z.string().nullable(), grants: z.array(z.string()) })),
  withheld: z.array(z.object({ principal: z.string(), name: z.string().nullable(), term: termAnswer })),
})

/** What came of writing something, where it was written. */
function cameLines(answer: unknown, { paint }: Context): string[] {
  const came = settled.safeParse(answer).data
  if (came === undefined) return []
  const runs = `${counted(came.runs, 'live run')} ended with them`
  return [
    `  ${counted(came.made, 'grant')} made, ${counted(came.ended, 'grant')} ended, ${came.runs === 0 ? paint.dim(runs) : paint.red(runs)}`,
  ]
}

function holderLines(answer: unknown, nameOf: NameOf, { paint }: Context): string[] {
  const held = holding.safeParse(answer).data
  if (held === undefined) return []
  const holders = held.holders.map(({ principal, name, grants }) => [
    `  ${safe(name ?? principal)}`,
    counted(grants.length, 'grant'),
    paint.dim(safe(principal)),
  ])
  const withheld = held.withheld.map(({ principal, name, term }) => [
    `  ${safe(name ?? principal)}`,
    termText(term, nameOf),
    paint.dim(safe(principal)),
  ])
  return [
    '',
    paint.bold(held.grants === 0 ? 'Nobody holds anything by it' : 'Held by'),
    ...aligned(holders),
    ...(withheld.length === 0
      ? []
      : ['', paint.yellow('Not given: duties would come together, or it was taken away by hand'), ...aligned(withheld)]),
  ]
}

/** One mapping, with who holds what by it, or with what came of writing it. */
export const mappingShow: VerbExtra = {
  async lines(answer, context) {
    const one = mappingAnswer.parse(answer)
    const held = holding.safeParse(answer).data?.withheld ?? []
    const nameOf = await namesFor(context, [...idsOf(one), ...idsOfTerms(held.map(({ term }) => term))])
    const { paint } = context
    const facts: [string, string][] = [
      ['whoever is', sourceText(one, nameOf)],
      ['is given', givesText(one, nameOf)],
      ['until', one.expiresAt === null ? 'it is retired' : momentText(one.expiresAt)],
    ]
    return [
      `${paint.bold(safe(one.title))} (${safe(one.slug)}, ${safe(one.id)})  ${one.state}`,
      ...pairs(facts, paint),
      ...cameLines(answer, context),
      ...holderLines(answer, nameOf, context),
    ]
  },
}

const positionAnswer = z.object({
  position: z.string(),
  title: z.string(),
  gives: z.array(termAnswer),
  state: z.enum(['active', 'retired']),
  mappings: z.array(z.string()).optional(),
})

/** Positions, and what each stands for. */
export const positionList: VerbExtra = {
  async lines(answer, context) {
    const { items } = z.object({ items: z.array(positionAnswer) }).parse(answer)
    if (items.length === 0) return []
    const nameOf = await namesFor(
      context,
      items.flatMap(({ gives }) => idsOfTerms(gives)),
    )
    const { paint } = context
    const rows = items.map(({ position, title, gives, state }) => [
      paint.bold(safe(position)),
      state === 'active' ? paint.green('in use') : paint.dim('retired'),
      safe(title),
      gives.map((term) => termText(term, nameOf)).join('; '),
    ])
    return table(['position', 'state', 'called', 'stands for'], rows, paint)
  },
}

/** One position, with what came of changing it. */
export const positionShow: VerbExtra = {
  async lines(answer, context) {
    const one = positionAnswer.parse(answer)
    const nameOf = await namesFor(context, idsOfTerms(one.gives))
    const { paint } = context
    const facts: [string, string][] = [
      ['stands for', one.gives.map((term) => termText(term, nameOf)).join('; ')],
      ...(one.mappings === undefined
        ? []
        : [['given by', one.mappings.map(safe).join(', ') || 'no mapping: nobody holds it'] satisfies [string, string]]),
    ]
    return [`${paint.bold(safe(one.title))} (${safe(one.position)})  ${one.state}`, ...pairs(facts, paint), ...cameLines(answer, context)]
  },
}

/** A position was named: how somebody comes to hold it. */
export const positionCreate: VerbExtra = {
  ...positionShow,
  next: (answer) => {
    const name = safe(String(answer.position))
    return [
      `Nobody holds it before a mapping gives it: twinlock mapping create --slug ${name} --title "…" --group <group> --position ${name} --reason "…"`,
    ]
  },
}

const told = z.object({ principal: z.string(), name: z.string().nullable(), term: termAnswer })
const foretold = z.object({
  gains: z.array(told),
  loses: z.array(told),
  counts: z.object({ gain: z.number(), lose: z.number() }),
  missing: z.array(z.string()),
  conflicts: z.array(z.object({ name: z.string(), stops: z.boolean(), holder: z.string(), holderName: z.string().nullable() })),
  runs: z.number(),
})
type Foretold = z.output<typeof foretold>

function againstLines({ missing, conflicts }: Foretold, { paint }: Context): string[] {
  return [
    ...(missing.length === 0 ? [] : [`  ${paint.red('not yours to give')}  ${missing.map(safe).join(', ')}`]),
    ...conflicts.map(({ name, stops, holder, holderName }) => {
      const mark = stops ? paint.red('stops it') : paint.yellow('brings together')
      return `  ${mark}  ${safe(name)}: ${safe(holderName ?? holder)} holds the other side`
    }),
  ]
}

/** What a mapping or a position would come to: what ends first, who loses before who gains, and what stands against it. */
export const foretoldShow: VerbExtra = {
  async lines(answer, context) {
    const all = foretold.parse(answer)
    const { gains, loses, counts, runs } = all
    const { paint } = context
    const nameOf = await namesFor(context, idsOfTerms([...gains, ...loses].map(({ term }) => term)))
    const rows = (side: Foretold['gains'], mark: string) =>
      side.map(({ principal, name, term }) => [`  ${mark}`, safe(name ?? principal), termText(term, nameOf), paint.dim(safe(principal))])
    const cut = counts.gain + counts.lose - gains.length - loses.length
    const ends = runs === 0 ? 'no live run ends' : paint.red(`${counted(runs, 'live run')} would end`)
    return [
      `${counted(counts.lose, 'grant')} would end, ${counted(counts.gain, 'grant')} would be made, ${ends}.`,
      ...againstLines(all, context),
      ...aligned([...rows(loses, paint.red('loses')), ...rows(gains, paint.green('gains'))]),
      ...(cut === 0 ? [] : [`  and ${cut.toLocaleString('en')} more`]),
    ]
  },
  next: () => ['Nothing was changed by asking.'],
}
