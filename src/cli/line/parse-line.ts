// From arguments to flags and positionals, with node:util's parser: strict, each flag once unless it may be repeated, and a guess for a misspelt one.
import { type ParseArgsOptionsConfig, parseArgs } from 'node:util'
import { usage } from '../failure.ts'
import { didYouMean } from '../suggest.ts'
import { type FlagValues, globalOptions } from './globals.ts'

/** What was typed after the words of a command. */
export interface ParsedLine {
  readonly values: FlagValues
  readonly positionals: readonly string[]
}

function codeOf(error: unknown): string {
  return typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : ''
}

function explain(error: unknown, options: ParseArgsOptionsConfig, help: string): Error {
  const message = error instanceof Error ? error.message : String(error)
  const flag = /'(-[^ ',]*)/.exec(message)?.[1] ?? ''
  const long = Object.keys(options).map((name) => `--${name}`)
  if (codeOf(error) === 'ERR_PARSE_ARGS_UNKNOWN_OPTION') return usage(`There is no flag \`${flag}\` here.${didYouMean(flag, long)}`, help)
  return usage(message.split('\n')[0] ?? message, help)
}

/** Parses the rest of a line against a command's own flags and the global ones. Throws a usage failure. */
export function parseLine(args: readonly string[], own: ParseArgsOptionsConfig, words: string): ParsedLine {
  const options = { ...globalOptions, ...own }
  const help = `See \`twinlock ${words} --help\`.`
  let parsed: ReturnType<typeof parseArgs<{ args: string[]; options: ParseArgsOptionsConfig; allowPositionals: true; tokens: true }>>
  try {
    parsed = parseArgs({ args: [...args], options, allowPositionals: true, tokens: true })
  } catch (error) {
    throw explain(error, options, help)
  }
  const seen = new Set<string>()
  for (const token of parsed.tokens) {
    if (token.kind !== 'option' || options[token.name]?.multiple === true) continue
    if (seen.has(token.name)) throw usage(`\`--${token.name}\` came twice.`, help)
    seen.add(token.name)
  }
  return { values: parsed.values, positionals: parsed.positionals }
}

/** Splits leading global flags and the words of the command off a line. */
export function splitWords(args: readonly string[]): { readonly words: readonly string[]; readonly rest: readonly string[] } {
  const leading: string[] = []
  let at = 0
  for (; at < args.length; at++) {
    const arg = args[at] ?? ''
    if (!arg.startsWith('-')) break
    leading.push(arg)
    const option = globalOptions[arg.replace(/^--?/, '')]
    if (option?.type === 'string' && at + 1 < args.length) leading.push(args[++at] ?? '')
  }
  const words = args.slice(at, at + 2)
  const flagAt = words.findIndex((word) => word.startsWith('-'))
  const count = flagAt === -1 ? words.length : flagAt
  return { words: words.slice(0, count), rest: [...leading, ...args.slice(at + count)] }
}
