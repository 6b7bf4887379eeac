// Guests and engagements as somebody in a hurry reads them: who is here from elsewhere, as what, on what, how long still, who answers for them, and what to do next.
import { z } from 'zod'
import type { Answer } from '../api.ts'
import type { VerbExtra } from '../command.ts'
import type { Context } from '../context.ts'
import { type NameOf, namesFor } from '../names/names-for.ts'
import { counted, momentText } from '../print/moments.ts'
import { safe } from '../print/paint.ts'
import { aligned, pairs, table } from '../print/table.ts'
import { ownWhereNotAll } from './own-where-not-all.ts'
import { leftText, moreOf, placesOf, untilText } from './people-lines.ts'

const guestAnswer = z.object({
  id: z.string(),
  person: z.string(),
  slug: z.string(),
  name: z.string(),
  sponsor: z.string(),
  sponsorName: z.string().nullable(),
  asked: z.string().nullable(),
  role: z.string(),
  projects: z.array(z.string()),
  environments: z.array(z.string()),
  until: z.string(),
  state: z.enum(['invited', 'active', 'paused', 'ended']),
  engagement: z.string().nullable(),
  endedAt: z.string().nullable(),
  mine: z.boolean(),
})
type Guest = z.output<typeof guestAnswer>

const guestStanding: Readonly<Record<Guest['state'], string>> = {
  invited: 'waits for the sponsor: nobody before that',
  active: 'let in',
  paused: 'nothing is admitted: the sponsor has left',
  ended: 'over',
}

const stateText = (state: string, { paint }: Pick<Context, 'paint'>): string =>
  state === 'active' ? paint.green(state) : state === 'ended' ? paint.dim(state) : paint.yellow(state)

const sponsorText = ({ sponsorName, sponsor, mine }: Pick<Guest, 'sponsor' | 'sponsorName' | 'mine'>): string =>
  `${safe(sponsorName ?? sponsor)}${mine ? ' (you)' : ''}`

const endText = ({ state, until }: { readonly state: string; readonly until: string }, { io }: Pick<Context, 'io'>): string =>
  state === 'ended' ? 'over' : `${momentText(until).slice(0, 10)}, ${leftText(until, io.now())}`

/** Guests, with how long each has still. */
export const guestList: VerbExtra = {
  notes: ['Without --mine: everybody, where you may see them; else whom you answer for.'],
  prepare: ownWhereNotAll('guest:list', ['mine'], async () => ({ mine: true })),
  async lines(answer, context) {
    const { items } = z.object({ items: z.array(guestAnswer) }).parse(answer)
    if (items.length === 0) return []
    const nameOf = await namesFor(
      context,
      items.flatMap(({ projects }) => projects),
    )
    const rows = items.map((one) => [
      context.paint.bold(safe(one.slug)),
      stateText(one.state, context),
      safe(one.role),
      one.projects.map(nameOf).join(', '),
      endText(one, context),
      sponsorText(one),
      safe(one.id),
    ])
    return table(['guest', 'state', 'as', 'on', 'until', 'sponsor', 'id'], rows, context.paint)
  },
}

function guestFacts(one: Guest, nameOf: NameOf, { io }: Context): [string, string][] {
  return [
    ['stands', guestStanding[one.state]],
    ['as', `${safe(one.role)} on ${one.projects.map(nameOf).join(', ')}${placesOf(one.environments, nameOf)}`],
    one.state === 'ended' ? ['ended', momentText(one.endedAt)] : ['until', untilText(one.until, io.now())],
    ['sponsor', sponsorText(one)],
    ...(one.asked === null ? [] : [['asked to answer for him', safe(one.asked)] satisfies [string, string]]),
    ...(one.engagement === null ? [] : [['of the engagement', safe(one.engagement)] satisfies [string, string]]),
    ['person', safe(one.person)],
  ]
}

function guestNext({ slug, state, mine, asked, sponsorName }: Guest): string[] {
  const name = safe(slug)
  if (state === 'ended') return []
  if (state === 'invited' || asked !== null) return [`Next, as whoever was asked: twinlock guest accept ${name}`]
  if (state === 'paused') return [`Next: twinlock guest sponsor ${name} --sponsor <person> --reason "…"`]
  const who = mine ? 'Next' : `As ${safe(sponsorName ?? 'the sponsor')}`
  return [`${who}: twinlock guest extend ${name} --until <day> --reason "…"`]
}

/** One guest. */
export const guestShow: VerbExtra = {
  async lines(answer, context) {
    const one = guestAnswer.parse(answer)
    const nameOf = await namesFor(context, [...one.projects, ...one.environments])
    const { paint } = context
    return [
      `${paint.bold(safe(one.name))} (${safe(one.slug)}, ${safe(one.id)})  ${stateText(one.state, context)}`,
      ...pairs(guestFacts(one, nameOf, context), paint),
    ]
  },
  next: (answer) => guestNext(guestAnswer.parse(answer)),
}

/** A guest was invited: how he comes in. */
export const guestInvite: VerbExtra = {
  ...guestShow,
  next(answer) {
    const one = guestAnswer.parse(answer)
    return one.state === 'active' ? [`A way in: twinlock person link ${safe(one.slug)}`] : guestNext(one)
  },
}

const ended = guestAnswer.extend({ grants: z.number(), runs: z.number(), left: z.boolean() })

/** A guest’s invitation was ended: what went with it. */
export const guestEnd: VerbExtra = {
  lines(answer) {
    const { name, grants, runs, left } = ended.parse(answer)
    const stays = left ? 'It was the last invitation: the person has left.' : 'The person stays, by another invitation.'
    return [`${safe(name)}: ${counted(grants, 'grant')} and ${counted(runs, 'live run')} ended. ${stays}`]
  },
  next(answer) {
    const { left, person } = ended.parse(answer)
    return left ? [`What became of it: twinlock person leaving ${safe(person)}`] : []
  },
}

const engagementAnswer = z.object({
  id: z.string(),
  slug: z.string(),
  name: z.string(),
  sponsor: z.string(),
  sponsorName: z.string().nullable(),
  sponsorLeft: z.boolean(),
  projects: z.array(z.string()),
  until: z.string(),
  state: z.enum(['unconfirmed', 'active', 'suspended', 'ended']),
  members: z.array(z.object({ member: z.string(), name: z.string().nullable(), kind: z.enum(['person', 'workload']) })),
  endedAt: z.string().nullable(),
  mine: z.boolean(),
})
type Engagement = z.output<typeof engagementAnswer>

const engagementStanding: Readonly<Record<Engagement['state'], string>> = {
  unconfirmed: 'nothing of it is let through: the sponsor has not confirmed that it needs to know',
  active: 'the sponsor has confirmed that it needs to know',
  suspended: 'nothing of it is let through: the need to know was taken back',
  ended: 'over, with everything that was of it',
}

const standing = ({ state, sponsorLeft }: Engagement): string =>
  sponsorLeft && state !== 'ended' ? 'nothing of it is let through: the sponsor has left' : engagementStanding[state]

function membersText({ members }: Engagement): string {
  const people = members.filter(({ kind }) => kind === 'person').length
  return `${counted(people, 'person', 'people')}, ${counted(members.length - people, 'workload')}`
}

/** Engagements, with what is of each. */
export const engagementList: VerbExtra = {
  notes: ['Without --mine: all, where you may see them; else those that you answer for.'],
  prepare: ownWhereNotAll('engagement:list', ['mine'], async () => ({ mine: true })),
  async lines(answer, context) {
    const { items } = z.object({ items: z.array(engagementAnswer) }).parse(answer)
    if (items.length === 0) return []
    const nameOf = await namesFor(
      context,
      items.flatMap(({ projects }) => projects),
    )
    const rows = items.map((one) => [
      context.paint.bold(safe(one.slug)),
      stateText(one.state, context),
      membersText(one),
      one.projects.map(nameOf).join(', '),
      endText(one, context),
      sponsorText(one),
      safe(one.id),
    ])
    return table(['engagement', 'state', 'of it', 'on', 'until', 'sponsor', 'id'], rows, context.paint)
  },
  next: (answer: Answer) => moreOf(answer),
}

function engagementNext({ slug, state, mine, sponsorName, sponsorLeft }: Engagement): string[] {
  const name = safe(slug)
  const sponsor = mine ? 'Next' : `Next, as ${safe(sponsorName ?? 'the sponsor')}`
  if (state === 'ended') return []
  if (sponsorLeft) return [`Next: twinlock engagement sponsor ${name} --sponsor <person> --reason "…"`]
  if (state === 'active') return [`${sponsor}: twinlock engagement extend ${name} --until <day> --reason "…"`]
  return [`${sponsor}: twinlock engagement confirm ${name} --reason "…"`]
}

/** One engagement, with everything that is of it. */
export const engagementShow: VerbExtra = {
  async lines(answer, context) {
    const one = engagementAnswer.parse(answer)
    const nameOf = await namesFor(context, one.projects)
    const { paint, io } = context
    const end: [string, string] = one.state === 'ended' ? ['ended', momentText(one.endedAt)] : ['until', untilText(one.until, io.now())]
    const facts: [string, string][] = [
      ['need to know', standing(one)],
      ['on', one.projects.map(nameOf).join(', ')],
      end,
      ['sponsor', sponsorText(one)],
    ]
    const members = one.members.map(({ member, name, kind }) => [`  ${safe(name ?? '—')}`, kind, paint.dim(safe(member))])
    return [
      `${paint.bold(safe(one.name))} (${safe(one.slug)}, ${safe(one.id)})  ${stateText(one.state, context)}`,
      ...pairs(facts, paint),
      ...(members.length === 0 ? [`  ${paint.dim('nothing is of it yet')}`] : ['', paint.bold('Of it'), ...aligned(members)]),
    ]
  },
  next: (answer) => engagementNext(engagementAnswer.parse(answer)),
}

const overAnswer = engagementAnswer.extend({ guests: z.number(), workloads: z.number(), grants: z.number() })

/** An engagement was ended: what went with it. */
export const engagementEnd: VerbExtra = {
  lines(answer) {
    const { name, guests, workloads, grants } = overAnswer.parse(answer)
    const ended = [counted(guests, 'invitation'), counted(workloads, 'workload'), counted(grants, 'grant')]
    return [`${safe(name)} is over: ${ended.join(', ')} ended with it.`]
  },
}
