// `access whatif`: a change said by flags, with names where the API takes ids, or as JSON; and who would gain and who would lose what by it.
import { z } from 'zod'
import type { Answer } from '../api.ts'
import { type ExtraFlag, textFlag, type VerbExtra } from '../command.ts'
import type { Context } from '../context.ts'
import { usage } from '../failure.ts'
import type { FlagValues } from '../line/globals.ts'
import { readNamedFile } from '../line/read-values.ts'
import { type NameOf, namesFor } from '../names/names-for.ts'
import { resolveName } from '../names/resolve-name.ts'
import { type ScopeNaming, scopeIn } from '../names/scopes.ts'
import { counted, momentText } from '../print/moments.ts'
import { safe } from '../print/paint.ts'
import { table } from '../print/table.ts'
import { placesText, scopeText } from './access-lines.ts'

/** A member of a change, as a flag. */
interface Part {
  readonly flag: string
  readonly name: string
  readonly about: string
  /** The kinds of ids that a name may stand for. */
  readonly prefixes?: readonly string[]
  readonly isMany?: true
}

const workloads = ['pip', 'agt', 'svc']
const holders = ['per', 'grp', ...workloads]

const parts: readonly Part[] = [
  { flag: 'principal', name: 'principal', prefixes: holders, about: 'give: to whom.' },
  { flag: 'role', name: 'role', about: 'give: a role that ships. role: the role that changes.' },
  { flag: 'custom-role', name: 'customRole', about: 'give: a role of your own.' },
  { flag: 'actions', name: 'actions', isMany: true, about: 'give: single actions.' },
  { flag: 'scope-type', name: 'scopeType', about: 'give: Organization, Project, Twin, Scenario, Asset, Artifact, Connection or Channel.' },
  { flag: 'scope', name: 'scope', about: 'give: on what, by id or name; the organization where it is left out.' },
  { flag: 'environments', name: 'environments', prefixes: ['env'], isMany: true, about: 'give: only in these.' },
  { flag: 'not-before', name: 'notBefore', about: 'give: from this moment on.' },
  { flag: 'expires-at', name: 'expiresAt', about: 'give: until this moment.' },
  { flag: 'until-run', name: 'untilRun', about: 'give: until this run ends.' },
  { flag: 'until-batch', name: 'untilBatch', about: 'give: until the last run of this batch ends.' },
  { flag: 'until-engagement', name: 'untilEngagement', prefixes: ['eng'], about: 'give: until this engagement ends.' },
  { flag: 'grant', name: 'grant', about: 'take: which.' },
  { flag: 'group', name: 'group', prefixes: ['grp'], about: 'join, leave, dissolve: which.' },
  { flag: 'member', name: 'member', prefixes: holders, about: 'join, leave: who: a person, a workload, a group.' },
  { flag: 'add', name: 'add', isMany: true, about: 'role: actions that it would gain.' },
  { flag: 'remove', name: 'remove', isMany: true, about: 'role: actions that it would lose.' },
  { flag: 'guardrail', name: 'guardrail', about: 'policy: one that is there; a new one where it is left out.' },
  { flag: 'policy', name: 'policy', about: 'policy: its text, or @file.' },
  { flag: 'environment-classes', name: 'environmentClasses', isMany: true, about: 'policy: only in these.' },
  { flag: 'sensitivity', name: 'sensitivity', about: 'policy: only from there on.' },
  { flag: 'of', name: 'of', prefixes: [...workloads, 'twn'], about: 'owner: of what.' },
  { flag: 'to', name: 'to', prefixes: ['per'], about: 'owner: who.' },
  { flag: 'mapping', name: 'mapping', prefixes: ['map'], about: 'mapping: which one ends.' },
]

const kinds = ['give', 'take', 'join', 'leave', 'dissolve', 'role', 'policy', 'owner', 'mapping'] as const

const flags: readonly ExtraFlag[] = [
  { name: 'kind', value: kinds.join('|'), about: 'What would be done, with the flags of it below; or the whole as `--change`.' },
  ...parts.map(({ flag, isMany, about }) => ({ name: flag, value: isMany === true ? 'one,another' : 'text', about })),
  { name: 'retire', about: 'role, policy: it would end.' },
]

function readPart({ flag, isMany }: Part, text: string, context: Context): unknown {
  const read = text.startsWith('@') ? readNamedFile(context.io, text.slice(1), flag).toString('utf8') : text
  return isMany === true ? read.split(',').map((one) => one.trim()) : read
}

/** A change with the names in it as ids; `under` is the flag that the whole was typed by, where it was. */
async function withIds(change: Answer, context: Context, under?: string): Promise<Record<string, unknown>> {
  const named: Record<string, unknown> = { ...change }
  const at = (flag: string): ScopeNaming => (under === undefined ? { flag } : { flag: under, isWithin: true })
  for (const { flag, name, prefixes } of parts) {
    const value = named[name]
    if (prefixes === undefined) continue
    const naming = { ...at(flag), prefixes }
    if (typeof value === 'string') named[name] = await resolveName(context, naming, value)
    if (!Array.isArray(value)) continue
    const ids: unknown[] = []
    for (const one of value) ids.push(typeof one === 'string' ? await resolveName(context, naming, one) : one)
    named[name] = ids
  }
  return { ...named, ...(await scopeIn(context, at('scope'), named)) }
}

function changeOf(kind: string, values: FlagValues, context: Context): Record<string, unknown> {
  const change: Record<string, unknown> = { kind }
  for (const part of parts) {
    const text = textFlag(values, part.flag)
    if (text !== undefined) change[part.name] = readPart(part, text, context)
  }
  return values.retire === true ? { ...change, retire: true } : change
}

const isThing = (value: unknown): value is Answer => typeof value === 'object' && value !== null && !Array.isArray(value)

const difference = z.object({
  principal: z.string(),
  name: z.string(),
  action: z.string(),
  scope: z.object({ type: z.string(), id: z.string() }),
  environments: z.array(z.string()),
  from: z.string().nullable(),
  through: z.string().nullable(),
})
const whatif = z.object({
  gains: z.array(difference),
  loses: z.array(difference),
  later: z.array(z.object({ at: z.string(), gains: z.array(difference), loses: z.array(difference) })).default([]),
  looksAt: z.array(z.enum(['time', 'address', 'sign-in'])).default([]),
  totals: z.object({ gains: z.object({ principals: z.number() }), loses: z.object({ principals: z.number() }) }),
  cut: z.boolean(),
})
type Difference = z.output<typeof difference>

function besidesOf({ from, through }: Difference, nameOf: NameOf): string {
  return [from === null ? '' : `from ${safe(from)} on`, through === null ? '' : `by ${nameOf(through)}`]
    .filter((text) => text !== '')
    .join(', ')
}

function differenceLines(sign: string, all: readonly Difference[], nameOf: NameOf, { paint }: Context): string[] {
  const rows = all.map((one) => [
    `${sign} ${safe(one.name)} ${safe(one.principal)}`,
    safe(one.action),
    scopeText(one.scope, nameOf),
    placesText(one.environments, nameOf),
    besidesOf(one, nameOf),
  ])
  return rows.length === 0 ? [] : table(['  who', 'action', 'on', 'environments', ''], rows, paint)
}

function laterLines({ later }: z.output<typeof whatif>, nameOf: NameOf, context: Context): string[] {
  const { paint } = context
  return later.flatMap(({ at, gains, loses }) => [
    paint.bold(`Besides, from ${safe(momentText(at))} on`),
    ...differenceLines(paint.green('+'), gains, nameOf, context),
    ...differenceLines(paint.red('-'), loses, nameOf, context),
  ])
}

const looks = {
  time: 'the clock: this is how it is now',
  address: 'the address: this is how it is from none that is known',
  'sign-in': 'the sign-in: this is how it is right after one',
} as const

const lookLines = ({ looksAt }: z.output<typeof whatif>, { paint }: Context): string[] =>
  looksAt.map((one) => paint.yellow(`The guardrail looks at ${looks[one]}.`))

/** `twinlock access whatif --kind give --principal maria --role operator …`, or `--change '{…}'`. */
export const accessWhatif: VerbExtra = {
  flags,
  fills: ['change'],
  async prepare(input, values, context) {
    const kind = textFlag(values, 'kind')
    if (kind === undefined && isThing(input.change)) return { ...input, change: await withIds(input.change, context, 'change') }
    if (kind === undefined && input.change !== undefined) return input
    if (kind === undefined) throw usage('Say what would be done: `--kind give`, say, with its flags, or the whole as `--change`.')
    if (input.change !== undefined) throw usage('A change is said by `--kind` or as `--change`, not by both.')
    if (!kinds.some((one) => one === kind)) throw usage(`\`--kind\` must be one of ${kinds.join(', ')}, not \`${kind}\`.`)
    return { ...input, change: await withIds(changeOf(kind, values, context), context) }
  },
  spell(pointer, values) {
    const [, under, name] = pointer.split('/')
    const part = under === 'change' && values.kind !== undefined ? parts.find((one) => one.name === name) : undefined
    return part === undefined ? undefined : `\`--${part.flag}\``
  },
  async lines(result, context) {
    const told = whatif.parse(result)
    const { gains, loses, later, totals, cut } = told
    const { paint } = context
    if (gains.length + loses.length + later.length === 0) return ['Nobody would gain or lose anything.', ...lookLines(told, context)]
    const all = [...gains, ...loses, ...later.flatMap((one) => [...one.gains, ...one.loses])]
    const nameOf = await namesFor(
      context,
      all.flatMap(({ environments, scope, through }) => [...environments, scope.id, ...(through === null ? [] : [through])]),
    )
    return [
      ...(gains.length === 0 ? [] : [paint.bold(`${counted(totals.gains.principals, 'identity', 'identities')} would gain`)]),
      ...differenceLines(paint.green('+'), gains, nameOf, context),
      ...(loses.length === 0 ? [] : [paint.bold(`${counted(totals.loses.principals, 'identity', 'identities')} would lose`)]),
      ...differenceLines(paint.red('-'), loses, nameOf, context),
      ...laterLines(told, nameOf, context),
      ...lookLines(told, context),
      ...(cut ? [paint.yellow('There is more than is shown.')] : []),
    ]
  },
}
