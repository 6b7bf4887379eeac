// Help, written from the catalogue: summaries, flags, choices, defaults. Nothing in it is written twice.
import type { Capability } from '../kernel/index.ts'
import { type Command, commands } from './commands.ts'
import { type Field, type FieldKind, fieldsOf, negatedFlag, positionalOf } from './fields.ts'
import { globalFlags } from './line/globals.ts'
import { isNameable } from './names.ts'
import type { Paint } from './print/paint.ts'
import { aligned } from './print/table.ts'
import { withVerbs } from './verb-rule.ts'
import { extraOf } from './verbs/extras.ts'

const plain: Readonly<Record<FieldKind, string>> = {
  text: 'text',
  moment: 'day or moment',
  number: 'number',
  boolean: '',
  json: 'json or @file',
  bytes: 'text or @file',
}

function placeholder(field: Field, { name }: Pick<Capability, 'name'>): string {
  const { kind, choices, prefixes, isNullable } = field
  const orNull = isNullable ? ' or null' : ''
  if (choices.length > 0) return `<${choices.join('|')}${orNull}>`
  const orName = isNameable(name, field) ? ' or name' : ''
  if (prefixes.length > 0) return `<${prefixes.map((prefix) => `${prefix}_…`).join('|')}${orName}${orNull}>`
  if (orName !== '') return `<id${orName}${orNull}>`
  return kind === 'boolean' ? '' : `<${plain[kind]}${orNull}>`
}

/** How the flag of a field is typed. */
function flagOf(field: Field, capability: Pick<Capability, 'name'>): string {
  const flag = negatedFlag(field) === undefined ? field.flag : `[no-]${field.flag}`
  return `--${flag} ${placeholder(field, capability)}`.trimEnd()
}

function note({ fallback, many, required }: Field): string {
  const said = [required ? 'required' : '', fallback === undefined ? '' : `default ${fallback}`, many ? 'may be repeated' : ''].filter(
    (one) => one !== '',
  )
  return said.length === 0 ? '' : `(${said.join(', ')})`
}

function flagRows(capability: Capability): string[][] {
  const own = fieldsOf(capability).map((field) => [
    `  ${flagOf(field, capability)}`,
    [field.about, note(field)].filter((one) => one !== '').join(' '),
  ])
  const extra = (extraOf(capability.name).flags ?? []).map(({ name, value, about }) => [
    `  --${name}${value === undefined ? '' : ` ${value}`}`,
    about,
  ])
  return [...own, ...extra]
}

function globalRows(): string[][] {
  return globalFlags.map(({ name, short, value, about }) => [
    `  --${name}${short === undefined ? '' : `, -${short}`}${value === undefined ? '' : ` ${value}`}`,
    about,
  ])
}

/** How a verb is typed. */
export function synopsisOf(capability: Capability): string {
  const positional = positionalOf(capability)
  const filled = extraOf(capability.name).fills ?? []
  const needed = fieldsOf(capability).filter((field) => field.required && field !== positional && !filled.includes(field.name))
  const words = [`twinlock ${capability.noun} ${capability.verb}`]
  if (positional !== undefined) words.push(positional.required ? `<${positional.name}>` : `[${positional.name}]`)
  return [...words, ...needed.map((field) => flagOf(field, capability))].join(' ')
}

/** The help of one verb. */
export function verbHelp(capability: Capability, paint: Paint): string[] {
  const rows = flagRows(capability)
  const who = capability.roles.length > 0 ? `Roles: ${capability.roles.join(', ')}.` : `By: ${capability.by.join(', ')}.`
  return [
    paint.bold(synopsisOf(capability)),
    '',
    capability.summary,
    `${who} Effect: ${capability.effect}.`,
    ...(extraOf(capability.name).notes ?? []),
    ...(rows.length === 0 ? [] : ['', ...aligned(rows)]),
    '',
    paint.dim('Every command:'),
    ...aligned(globalRows()),
  ]
}

const summaryRow = (words: string, summary: string): string[] => [`  ${words}`, summary]

/** The help of one noun: its verbs. */
export function nounHelp(noun: string, catalogue: readonly Capability[], paint: Paint): string[] {
  const verbs = withVerbs(catalogue).filter((one) => one.noun === noun)
  const local = commands.filter(({ words }) => words[0] === noun && words[1] !== undefined)
  const rows = [
    ...verbs.map((one) => summaryRow(`${one.noun} ${one.verb}`, one.summary)),
    ...local.map((one) => summaryRow(one.words.join(' '), one.summary)),
  ]
  return [paint.bold(`twinlock ${noun} <verb>`), '', ...aligned(rows), '', `See \`twinlock ${noun} <verb> --help\`.`]
}

/** The help of everything. */
export function wholeHelp(catalogue: readonly Capability[], paint: Paint): string[] {
  const verbs = withVerbs(catalogue)
  const nouns = [...new Set(verbs.map((one) => one.noun))]
  const local = commands.filter(({ words }) => words[1] === undefined)
  return [
    `${paint.bold('twinlock')} — the identity control plane for digital twins and simulations`,
    '',
    ...aligned(local.map((one) => summaryRow(one.synopsis, one.summary))),
    '',
    ...aligned(nouns.map((noun) => summaryRow(noun, verbsOf(noun, verbs)))),
    '',
    paint.dim('Every command:'),
    ...aligned(globalRows()),
    '',
    'Exit codes: 0 ok, 1 failed, 2 usage, 3 denied, 4 sign in first, 5 not found, 6 stale, 7 awaiting approval, 8 network, 9 a proof does not hold.',
  ]
}

function verbsOf(noun: string, verbs: readonly Capability[]): string {
  const own = verbs.filter((one) => one.noun === noun).map((one) => one.verb)
  const local = commands.filter(({ words }) => words[0] === noun && words[1] !== undefined).map(({ words }) => words[1] ?? '')
  return [...own, ...local].join(', ')
}

/** The help of a command that is not an action. */
export function commandHelp(command: Command, paint: Paint): string[] {
  const own = (command.flags ?? []).map(({ name, value, about }) => [`  --${name}${value === undefined ? '' : ` ${value}`}`, about])
  return [
    paint.bold(`twinlock ${command.synopsis}`),
    '',
    command.summary,
    ...(own.length === 0 ? [] : ['', ...aligned(own)]),
    '',
    paint.dim('Every command:'),
    ...aligned(globalRows()),
  ]
}
