// From flags to an action's input. Files are read for `@path` and for bytes; what is in them is the person's own, the server's schema judges it.
import { readFileSync, statSync } from 'node:fs'
import { resolve } from 'node:path'
import type { ParseArgsOptionsConfig } from 'node:util'
import type { Capability } from '../../kernel/index.ts'
import { usage } from '../failure.ts'
import { type Field, fieldsOf, negatedFlag, positionalOf } from '../fields.ts'
import { type Io, reasonOf } from '../io.ts'
import type { FlagValues } from './globals.ts'
import { momentOf } from './moment-of.ts'
import type { ParsedLine } from './parse-line.ts'

const fileBytesMax = 64 * 1024 * 1024

/** The flags of a capability as node:util takes them. */
export function optionsOf(capability: Capability): ParseArgsOptionsConfig {
  return Object.fromEntries(
    fieldsOf(capability).flatMap((field) => {
      const negated = negatedFlag(field)
      const own = { type: field.kind === 'boolean' ? ('boolean' as const) : ('string' as const), multiple: field.many }
      return [[field.flag, own] as const, ...(negated === undefined ? [] : [[negated, own] as const])]
    }),
  )
}

/** Reads a file that a flag names. Throws a usage failure. */
export function readNamedFile(io: Pick<Io, 'cwd'>, path: string, flag: string): Buffer {
  const full = resolve(io.cwd, path)
  try {
    const { size } = statSync(full)
    if (size > fileBytesMax) throw usage(`\`${path}\` is larger than the ${fileBytesMax} bytes that can be sent.`)
    return readFileSync(full)
  } catch (error) {
    throw usage(`\`--${flag}\`: \`${path}\` cannot be read: ${reasonOf(error)}`)
  }
}

function textOf(io: Pick<Io, 'cwd'>, field: Field, text: string): string {
  return text.startsWith('@') ? readNamedFile(io, text.slice(1), field.flag).toString('utf8') : text
}

function parseJson(field: Field, text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (error) {
    throw usage(`\`--${field.flag}\` is not JSON: ${reasonOf(error)}`, 'Give JSON, or @file for a file that holds it.')
  }
}

function toNumber({ flag }: Field, text: string): number {
  const number = Number(text)
  if (text.trim() === '' || !Number.isFinite(number)) throw usage(`\`--${flag}\` must be a number, not \`${text}\`.`)
  return number
}

function toChoice({ flag, choices, isNullable }: Field, text: string): string {
  if (choices.length === 0 || choices.includes(text)) return text
  const all = isNullable ? [...choices, 'null'] : choices
  throw usage(`\`--${flag}\` must be one of ${all.join(', ')}, not \`${text}\`.`)
}

function toValue(io: Pick<Io, 'cwd'>, field: Field, given: string | boolean): unknown {
  if (typeof given === 'boolean') return given
  if (field.isNullable && given === 'null') return null
  switch (field.kind) {
    case 'bytes':
      return given.startsWith('@')
        ? readNamedFile(io, given.slice(1), field.flag).toString('base64')
        : Buffer.from(given).toString('base64')
    case 'number':
      return toNumber(field, given)
    case 'moment':
      return momentOf(field, given)
    case 'json':
      return parseJson(field, textOf(io, field, given))
    case 'text':
    case 'boolean':
      return toChoice(field, textOf(io, field, given))
  }
}

function givenFor(field: Field, values: FlagValues): FlagValues[string] {
  const negated = negatedFlag(field)
  if (negated === undefined || values[negated] !== true) return values[field.flag]
  if (values[field.flag] !== undefined) throw usage(`\`--${field.flag}\` and \`--${negated}\` say opposite things.`)
  return false
}

function fromFlags(io: Pick<Io, 'cwd'>, fields: readonly Field[], values: FlagValues): Record<string, unknown> {
  const input: Record<string, unknown> = {}
  for (const field of fields) {
    const given = givenFor(field, values)
    if (given === undefined) continue
    input[field.name] = Array.isArray(given) ? given.map((one) => toValue(io, field, one)) : toValue(io, field, given)
  }
  return input
}

/** The input that a line stands for, before names are looked up. Throws a usage failure. */
export function readInput(io: Pick<Io, 'cwd'>, capability: Capability, line: ParsedLine): Record<string, unknown> {
  const input = fromFlags(io, fieldsOf(capability), line.values)
  const [first, ...more] = line.positionals
  if (first === undefined) return input
  const words = `${capability.noun} ${capability.verb}`
  const positional = positionalOf(capability)
  if (positional === undefined || more.length > 0) {
    throw usage(
      `\`${positional === undefined ? first : (more[0] ?? '')}\` is one word too many for \`twinlock ${words}\`.`,
      `See \`twinlock ${words} --help\`.`,
    )
  }
  if (input[positional.name] !== undefined)
    throw usage(`\`${positional.name}\` was given twice: as \`${first}\` and by \`--${positional.flag}\`.`)
  return { ...input, [positional.name]: toValue(io, positional, first) }
}

/** Throws a usage failure that names every required field that is missing; the verb itself fills in `filled`. */
export function requireFields(capability: Capability, input: Readonly<Record<string, unknown>>, filled: readonly string[] = []): void {
  const missing = fieldsOf(capability).filter((field) => field.required && input[field.name] === undefined && !filled.includes(field.name))
  if (missing.length === 0) return
  const words = `${capability.noun} ${capability.verb}`
  const positional = positionalOf(capability)
  const said = missing.map((field) => (field === positional ? `<${field.name}>` : `--${field.flag}`))
  const [only, ...more] = missing
  const about = only === undefined || more.length > 0 || only.about === '' ? '' : `${said.join()}: ${only.about} `
  const example = missing.flatMap(({ kind, flag }) => (kind === 'moment' ? [`For example: --${flag} 2027-03-31. `] : [])).join('')
  throw usage(`\`twinlock ${words}\` needs ${said.join(', ')}.`, `${about}${example}See \`twinlock ${words} --help\`.`)
}
