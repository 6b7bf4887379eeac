// People and groups as somebody in a hurry reads them: who is here, what one of them holds and through what, and the command that goes on from there.
import { z } from 'zod'
import type { Answer } from '../api.ts'
import type { VerbExtra } from '../command.ts'
import type { Context } from '../context.ts'
import { type NameOf, namesFor } from '../names/names-for.ts'
import { asWords } from '../print/generic.ts'
import { counted, momentText } from '../print/moments.ts'
import { safe } from '../print/paint.ts'
import { aligned, pairs, table } from '../print/table.ts'
import { idsOfTerms, moreOf, termAnswer, termText, untilText } from './people-lines.ts'

const listed = z.object({
  id: z.string(),
  slug: z.string(),
  name: z.string(),
  clearance: z.string(),
  state: z.string(),
  kind: z.string(),
  since: z.string(),
  leftAt: z.string().nullable(),
})

const held = termAnswer.extend({
  grant: z.string(),
  actions: z.array(z.string()),
  expiresAt: z.string().nullable(),
  through: z.object({ name: z.string() }).nullable(),
  mapping: z.object({ name: z.string(), position: z.string().nullable() }).nullable(),
  invitation: z.string().nullable(),
})
type Held = z.output<typeof held>

const shown = listed.extend({
  address: z.string(),
  said: z.object({ name: z.string(), attributes: z.array(z.object({ attribute: z.string(), value: z.string() })) }).nullable(),
  groups: z.array(z.object({ id: z.string(), name: z.string(), isDirect: z.boolean(), directory: z.string().nullable() })),
  holds: z.array(held),
  invitations: z.array(
    z.object({ id: z.string(), role: z.string(), state: z.string(), until: z.string(), sponsorName: z.string().nullable() }),
  ),
  truncated: z.boolean(),
})
type Shown = z.output<typeof shown>

const stateText = (state: string, { paint }: Pick<Context, 'paint'>): string =>
  state === 'active' ? paint.green('here') : paint.dim(safe(state))

/** Who is here. */
export const personList: VerbExtra = {
  lines(answer, context) {
    const { items } = z.object({ items: z.array(listed) }).parse(answer)
    if (items.length === 0) return []
    const rows = items.map(({ slug, name, state, kind, clearance, since, leftAt, id }) => [
      context.paint.bold(safe(slug)),
      safe(name),
      leftAt === null ? stateText(state, context) : `${stateText(state, context)} ${momentText(leftAt).slice(0, 10)}`,
      safe(kind),
      safe(clearance),
      momentText(since).slice(0, 10),
      safe(id),
    ])
    return table(['person', 'called', 'state', 'kind', 'cleared for', 'since', 'id'], rows, context.paint)
  },
}

function originText({ through, mapping, invitation }: Held): string {
  const by =
    mapping !== null
      ? `by the mapping ${safe(mapping.name)}${mapping.position === null ? '' : `, as ${safe(mapping.position)}`}`
      : invitation === null
        ? ''
        : `by ${safe(invitation)}`
  return [through === null ? '' : `through ${safe(through.name)}`, by].filter(Boolean).join(', ') || 'given directly'
}

function holdsLines({ holds }: Shown, nameOf: NameOf, { paint, io }: Context): string[] {
  if (holds.length === 0) return ['  nothing']
  return aligned(
    holds.map((one) => [
      `  ${one.role === null && one.customRole === null ? termText({ ...one, role: one.actions.join(', ') }, nameOf) : termText(one, nameOf)}`,
      originText(one),
      one.expiresAt === null ? '' : untilText(one.expiresAt, io.now()),
      paint.dim(safe(one.grant)),
    ]),
  )
}

function factsOf(one: Shown): [string, string][] {
  const said = one.said?.attributes.map(({ attribute, value }) => `${asWords(attribute)} ${safe(value)}`).join(', ')
  return [
    ['address', safe(one.address)],
    ['kind', safe(one.kind)],
    ['cleared for', safe(one.clearance)],
    ['since', momentText(one.since)],
    ...(one.leftAt === null ? [] : [['left', momentText(one.leftAt)] satisfies [string, string]]),
    ...(one.said === null
      ? []
      : [[`${safe(one.said.name)} says`, said === '' ? 'nothing that mappings ask for' : (said ?? '')] satisfies [string, string]]),
  ]
}

/** One person: what he holds, and through what. */
export const personShow: VerbExtra = {
  async lines(answer, context) {
    const one = shown.parse(answer)
    const { paint, io } = context
    const nameOf = await namesFor(context, [...idsOfTerms(one.holds), ...one.groups.flatMap(({ directory }) => directory ?? [])])
    const groups = one.groups.map(({ name, isDirect, directory, id }) => [
      `  ${safe(name)}`,
      [isDirect ? '' : 'through another group', directory === null ? '' : `the directory ${nameOf(directory)} says so`]
        .filter(Boolean)
        .join(', '),
      paint.dim(safe(id)),
    ])
    const invitations = one.invitations.map(({ id, role, state, until, sponsorName }) => [
      `  as ${safe(role)}`,
      safe(state),
      `until ${state === 'ended' ? momentText(until) : untilText(until, io.now())}`,
      `sponsor ${safe(sponsorName ?? 'nobody')}`,
      paint.dim(safe(id)),
    ])
    const part = (title: string, lines: readonly string[]): string[] => (lines.length === 0 ? [] : ['', paint.bold(title), ...lines])
    return [
      `${paint.bold(safe(one.name))} (${safe(one.slug)}, ${safe(one.id)})  ${stateText(one.state, context)}`,
      ...pairs(factsOf(one), paint),
      ...part('Holds', holdsLines(one, nameOf, context)),
      ...part('In groups', aligned(groups)),
      ...part('Invited', aligned(invitations)),
      ...(one.truncated ? [paint.yellow('There is more than is shown: narrow it by `twinlock grant list --principal`.')] : []),
    ]
  },
  next(answer) {
    const { slug, state } = shown.parse(answer)
    const verb = state === 'active' ? 'What would end if he left' : 'What became of it'
    return [`${verb}: twinlock person leaving ${safe(slug)}`]
  },
}

/** Somebody was added: he holds nothing, and has no way in yet. */
export const personCreate: VerbExtra = {
  next: (answer) => [
    `Nothing is given by that. A way in: twinlock person link ${safe(String(answer.slug))}`,
    `Something to do: twinlock group add <group> --member ${safe(String(answer.slug))}`,
  ],
}

const offboarded = z.object({ person: z.string(), ended: z.record(z.string(), z.number()) })

/** Somebody was offboarded: what ended with it, and where that is read back. */
export const personOffboard: VerbExtra = {
  lines(answer, { paint }) {
    const { person, ended } = offboarded.parse(answer)
    const all = Object.entries(ended).filter(([, count]) => count > 0)
    const rows = all.map(([what, count]): [string, string] => [safe(what.replaceAll('_', ' ')), count.toLocaleString('en')])
    return [
      `${paint.bold('Left')} ${safe(person)}. ${all.length === 0 ? 'There was nothing to end.' : 'With that ended or stopped:'}`,
      ...pairs(rows, paint),
    ]
  },
  next: (answer) => [`What became of it, read back: twinlock person leaving ${offboarded.parse(answer).person}`],
}

const group = z.object({
  id: z.string(),
  slug: z.string(),
  name: z.string(),
  memberCount: z.number(),
  directory: z.object({ name: z.string() }).nullable(),
  ownerName: z.string().nullable(),
})

/** Groups, with how many are in each. */
export const groupList: VerbExtra = {
  prepare: async (input, _values, { globals }) => (globals.json ? input : { brief: true, ...input }),
  lines(answer: Answer, { paint }) {
    const { items } = z.object({ items: z.array(group) }).parse(answer)
    if (items.length === 0) return []
    const rows = items.map(({ id, slug, name, memberCount, directory, ownerName }) => [
      paint.bold(safe(slug)),
      safe(name),
      counted(memberCount, 'member'),
      directory === null ? 'your own' : `the directory ${safe(directory.name)}`,
      safe(ownerName ?? '—'),
      safe(id),
    ])
    return table(['group', 'called', 'in it', 'who says so', 'answered for by', 'id'], rows, paint)
  },
  next: moreOf,
}

const changedGroup = group.pick({ id: true, slug: true, name: true, memberCount: true })

/** Who is in a group changed: how many are in it now. */
export const groupChanged: VerbExtra = {
  lines(answer, { paint }) {
    const { name, slug, id, memberCount } = changedGroup.parse(answer)
    return [`${paint.bold(safe(name))} (${safe(slug)}, ${safe(id)}) has ${counted(memberCount, 'member')}.`]
  },
  next: (answer) => [`Who is in it: twinlock group members ${safe(String(answer.slug))}`],
}

const wholeGroup = group.extend({
  createdAt: z.string(),
  counts: z.object({ people: z.number(), workloads: z.number(), groups: z.number() }),
  everybody: z.number(),
  within: z.array(z.object({ name: z.string(), isDirect: z.boolean() })),
})

/** One group: who says so, how many are in it, and what it is in. */
export const groupShow: VerbExtra = {
  lines(answer, { paint }) {
    const { name, slug, id, directory, ownerName, counts, everybody, within, createdAt } = wholeGroup.parse(answer)
    const { people, workloads, groups } = counts
    const facts: [string, string][] = [
      ['who says who is in it', directory === null ? 'administrators here' : `the directory ${safe(directory.name)}`],
      ['answered for by', safe(ownerName ?? '—')],
      ['in it directly', `${counted(people, 'person', 'people')}, ${counted(workloads, 'workload')}, ${counted(groups, 'group')}`],
      ['however deep', counted(everybody, 'identity', 'identities')],
      ['it is in', within.map((one) => `${safe(one.name)}${one.isDirect ? '' : ' (through another)'}`).join(', ') || 'no other group'],
      ['made', momentText(createdAt)],
    ]
    return [`${paint.bold(safe(name))} (${safe(slug)}, ${safe(id)})`, ...pairs(facts, paint)]
  },
  next: (answer) => {
    const { slug, id } = wholeGroup.parse(answer)
    return [`Who is in it: twinlock group members ${safe(slug)}`, `What it gives: twinlock grant list --principal ${safe(id)}`]
  },
}

const member = z.object({
  member: z.string(),
  kind: z.string(),
  name: z.string(),
  slug: z.string(),
  state: z.string().nullable(),
  since: z.string(),
  said: z.boolean(),
})

/** Who is in a group, and who said so. */
export const groupMembers: VerbExtra = {
  lines(answer, { paint }) {
    const { items } = z.object({ items: z.array(member) }).parse(answer)
    if (items.length === 0) return []
    const rows = items.map((one) => [
      paint.bold(safe(one.slug)),
      safe(one.name),
      safe(one.kind),
      safe(one.state ?? '—'),
      momentText(one.since).slice(0, 10),
      one.said ? 'the directory' : 'somebody here',
      safe(one.member),
    ])
    return table(['member', 'called', 'kind', 'state', 'since', 'said by', 'id'], rows, paint)
  },
  next: moreOf,
}
