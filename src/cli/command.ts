// A command that is not an action, and what an action's verb may have beyond its flags.
import type { Answer } from './api.ts'
import type { Context } from './context.ts'
import type { ExitCode } from './exit-codes.ts'
import type { FlagValues } from './line/globals.ts'
import type { ParsedLine } from './line/parse-line.ts'

/** A flag that is not a field of an input. */
export interface ExtraFlag {
  readonly name: string
  /** What its value is called; a switch has none. */
  readonly value?: string
  readonly about: string
}

/** A command that is not an action. Those without `run` are the command line's own. */
export interface Command {
  readonly words: readonly string[]
  readonly synopsis: string
  readonly summary: string
  readonly flags?: readonly ExtraFlag[]
  run?(line: ParsedLine, context: Context): Promise<ExitCode>
}

/** What a verb does beyond sending its input and printing the answer. */
export interface VerbExtra {
  readonly flags?: readonly ExtraFlag[]
  /** Fields that are filled in when they are left out. */
  readonly fills?: readonly string[]
  /** Lines for the help. */
  readonly notes?: readonly string[]
  /** Completes the input, before names are looked up. */
  prepare?(input: Record<string, unknown>, values: FlagValues, context: Context): Promise<Record<string, unknown>>
  /** Does it, instead of one call. */
  perform?(input: Readonly<Record<string, unknown>>, values: FlagValues, context: Context): Promise<Answer>
  /** Says by which of its own flags a field was typed, by the field's pointer. */
  spell?(pointer: string, values: FlagValues): string | undefined
  /** Prints it, instead of the generic table. */
  lines?(answer: Answer, context: Context): Promise<readonly string[]> | readonly string[]
  /** Says what to do next, on stderr. */
  next?(answer: Answer, context: Context): readonly string[]
}

/** Extra flags as node:util takes them. */
export function extraOptions(flags: readonly ExtraFlag[] = []): Record<string, { type: 'boolean' | 'string' }> {
  return Object.fromEntries(
    flags.map(({ name, value }) => [name, { type: value === undefined ? ('boolean' as const) : ('string' as const) }]),
  )
}

/** The text of a flag, if it was given one. */
export function textFlag(values: FlagValues, name: string): string | undefined {
  const value = values[name]
  return typeof value === 'string' ? value : undefined
}
