// `access whatif`: a change said by flags, with names where the API takes ids, or as JSON; and who would gain and who would lose what by it.
import { z } from 'zod'
import { type ExtraFlag, textFlag, type VerbExtra } from '../command.ts'
import type { Context } from '../context.ts'
import { usage } from '../failure.ts'
import type { FlagValues } from '../line/globals.ts'
import { readNamedFile } from '../line/read-values.ts'
import { resolveName } from '../names.ts'
import { counted } from '../print/moments.ts'
import { safe } from '../print/paint.ts'
import { table } from '../print/table.ts'
import { placesText } from './access-lines.ts'

/** A member of a change, as a flag. */
interface Part {
  readonly flag: string
  readonly name: string
  readonly about: string
  /** The kinds of ids that a name may stand for. */
  readonly prefixes?: readonly string[]
  readonly isMany?: true
}

const parts: readonly Part[] = [
  { flag: 'principal', name: 'principal', prefixes: ['per', 'grp', 'pip', 'agt', 'svc'], about: 'give: to whom.' },
  { flag: 'role', name: 'role', about: 'give: a role that ships. role: the role that changes.' },
  { flag: 'custom-role', name: 'customRole', about: 'give: a role of your own.' },
  { flag: 'actions', name: 'actions', isMany: true, about: 'give: single actions.' },
  { flag: 'scope-type', name: 'scopeType', about: 'give: Organization, Project, Twin, Scenario, Artifact, Connection or Channel.' },
  { flag: 'scope', name: 'scope', prefixes: ['prj', 'twn', 'scn', 'con'], about: 'give: on what; the organization where it is left out.' },
  { flag: 'environments', name: 'environments', prefixes: ['env'], isMany: true, about: 'give: only in these.' },
  { flag: 'grant', name: 'grant', about: 'take: which.' },
  { flag: 'group', name: 'group', prefixes: ['grp'], about: 'join, leave, dissolve: which.' },
  { flag: 'member', name: 'member', prefixes: ['per', 'grp'], about: 'join, leave: who.' },
  { flag: 'add', name: 'add', isMany: true, about: 'role: actions that it would gain.' },
  { flag: 'remove', name: 'remove', isMany: true, about: 'role: actions that it would lose.' },
  { flag: 'guardrail', name: 'guardrail', about: 'policy: one that is there; a new one where it is left out.' },
  { flag: 'policy', name: 'policy', about: 'policy: its text, or @file.' },
  { flag: 'environment-classes', name: 'environmentClasses', isMany: true, about: 'policy: only in these.' },
  { flag: 'sensitivity', name: 'sensitivity', about: 'policy: only from there on.' },
  { flag: 'of', name: 'of', prefixes: ['pip', 'agt', 'svc', 'twn'], about: 'owner: of what.' },
  { flag: 'to', name: 'to', prefixes: ['per'], about: 'owner: who.' },
  { flag: 'mapping', name: 'mapping', prefixes: ['map'], about: 'mapping: which one ends.' },
]

const kinds = ['give', 'take', 'join', 'leave', 'dissolve', 'role', 'policy', 'owner', 'mapping'] as const

const flags: readonly ExtraFlag[] = [
  { name: 'kind', value: kinds.join('|'), about: 'What would be done, with the flags of it below; or the whole as `--change`.' },
  ...parts.map(({ flag, isMany, about }) => ({ name: flag, value: isMany === true ? 'one,another' : 'text', about })),
  { name: 'retire', about: 'role, policy: it would end.' },
]

async function readPart({ flag, prefixes, isMany }: Part, text: string, context: Context): Promise<unknown> {
  const read = text.startsWith('@') ? readNamedFile(context.io, text.slice(1), flag).toString('utf8') : text
  const named = (one: string) => (prefixes === undefined ? one : resolveName(context, { flag, prefixes }, one, {}))
  if (isMany !== true) return named(read)
  const values: string[] = []
  for (const one of read.split(',')) values.push(await named(one.trim()))
  return values
}

async function changeOf(kind: string, values: FlagValues, context: Context): Promise<Record<string, unknown>> {
  const change: Record<string, unknown> = { kind }
  for (const part of parts) {
    const text = textFlag(values, part.flag)
    if (text !== undefined) change[part.name] = await readPart(part, text, context)
  }
  return values.retire === true ? { ...change, retire: true } : change
}

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
  totals: z.object({ gains: z.object({ principals: z.number() }), loses: z.object({ principals: z.number() }) }),
  cut: z.boolean(),
})

function differenceLines(sign: string, all: readonly z.output<typeof difference>[], context: Context): string[] {
  const rows = all.map((one) => [
    `${sign} ${safe(one.name)} ${safe(one.principal)}`,
    safe(one.action),
    `${safe(one.scope.type)} ${safe(one.scope.id)}`,
    placesText(one.environments, context),
    [one.from === null ? '' : `from ${safe(one.from)} on`, one.through === null ? '' : `by ${safe(one.through)}`]
      .filter((text) => text !== '')
      .join(', '),
  ])
  return rows.length === 0 ? [] : table(['  who', 'action', 'on', 'environments', ''], rows, context.paint)
}

/** `twinlock access whatif --kind give --principal maria --role operator …`, or `--change '{…}'`. */
export const accessWhatif: VerbExtra = {
  flags,
  fills: ['change'],
  async prepare(input, values, context) {
    const kind = textFlag(values, 'kind')
    if (kind === undefined && input.change !== undefined) return input
    if (kind === undefined) throw usage('Say what would be done: `--kind give`, say, with its flags, or the whole as `--change`.')
    if (input.change !== undefined) throw usage('A change is said by `--kind` or as `--change`, not by both.')
    if (!kinds.some((one) => one === kind)) throw usage(`\`--kind\` must be one of ${kinds.join(', ')}, not \`${kind}\`.`)
    return { ...input, change: await changeOf(kind, values, context) }
  },
  lines(result, context) {
    const { gains, loses, totals, cut } = whatif.parse(result)
    const { paint } = context
    if (gains.length + loses.length === 0) return ['Nobody would gain or lose anything.']
    return [
      ...(gains.length === 0 ? [] : [paint.bold(`${counted(totals.gains.principals, 'identity', 'identities')} would gain`)]),
      ...differenceLines(paint.green('+'), gains, context),
      ...(loses.length === 0 ? [] : [paint.bold(`${counted(totals.loses.principals, 'identity', 'identities')} would lose`)]),
      ...differenceLines(paint.red('-'), loses, context),
      ...(cut ? [paint.yellow('There is more than is shown.')] : []),
    ]
  },
}
