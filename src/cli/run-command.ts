// One command from its words to its exit code: find it, parse its line, act, print. Data goes to stdout, everything else to stderr.
import type { Capability } from '../kernel/index.ts'
import type { Answer } from './api.ts'
import { extraOptions, type VerbExtra } from './command.ts'
import { aliasFor, type Command, commands } from './commands.ts'
import { completionScript } from './completion.ts'
import { type Context, createContext } from './context.ts'
import { type ExitCode, exitCodes } from './exit-codes.ts'
import { usage } from './failure.ts'
import { commandHelp, nounHelp, verbHelp, wholeHelp } from './help.ts'
import { inFlags } from './in-flags.ts'
import type { Io } from './io.ts'
import { readGlobals } from './line/globals.ts'
import { type ParsedLine, parseLine, splitWords } from './line/parse-line.ts'
import { optionsOf, readInput, requireFields } from './line/read-values.ts'
import { resolveNames } from './names.ts'
import { genericLines, idsOf } from './print/generic.ts'
import { createPaint } from './print/paint.ts'
import { reportFailure } from './report-failure.ts'
import { didYouMean } from './suggest.ts'
import { withVerbs } from './verb-rule.ts'
import { extraOf } from './verbs/extras.ts'

async function printAnswer(answer: Answer, extra: VerbExtra, context: Context): Promise<void> {
  const { io, globals, paint } = context
  if (globals.json) {
    io.out(`${JSON.stringify(answer, null, 2)}\n`)
    return
  }
  const lines = globals.quiet ? idsOf(answer) : extra.lines === undefined ? genericLines(answer, paint) : await extra.lines(answer, context)
  if (lines.length > 0) io.out(`${lines.join('\n')}\n`)
  else if (Array.isArray(answer.items)) context.say('There is nothing to list.')
  for (const line of extra.next?.(answer, context) ?? []) context.say(paint.dim(line))
  if (extra.next === undefined && typeof answer.next === 'string') context.say(paint.dim(`More: --after ${answer.next}`))
}

async function runVerb(capability: Capability, line: ParsedLine, context: Context): Promise<ExitCode> {
  const extra = extraOf(capability.name)
  const given = readInput(context.io, capability, line)
  const prepared = (await extra.prepare?.(given, line.values, context)) ?? given
  requireFields(capability, prepared, extra.prepare === undefined ? extra.fills : [])
  const input = await resolveNames(context, capability, prepared)
  const answer = await act(capability, extra, { input, line, context })
  await printAnswer(answer, extra, context)
  return exitCodes.ok
}

interface Acting {
  readonly input: Readonly<Record<string, unknown>>
  readonly line: ParsedLine
  readonly context: Context
}

/** Does it. Throws what was refused in the words of the line. */
async function act(capability: Capability, extra: VerbExtra, { input, line, context }: Acting): Promise<Answer> {
  try {
    return (await extra.perform?.(input, line.values, context)) ?? (await context.api.call(capability.name, input))
  } catch (error) {
    throw inFlags(error, capability, (pointer) => extra.spell?.(pointer, line.values))
  }
}

function help(words: readonly string[], catalogue: readonly Capability[], context: Pick<Context, 'io' | 'paint'>): ExitCode {
  const [noun, verb] = aliasFor(words)?.of ?? words
  const capability = withVerbs(catalogue).find((one) => one.noun === noun && one.verb === verb)
  const command = findCommand(words)
  const lines =
    capability !== undefined
      ? verbHelp(capability, context.paint)
      : command !== undefined
        ? commandHelp(command, context.paint)
        : noun !== undefined && isNoun(noun, catalogue)
          ? nounHelp(noun, catalogue, context.paint)
          : wholeHelp(catalogue, context.paint)
  context.io.out(`${lines.join('\n')}\n`)
  return exitCodes.ok
}

function isNoun(word: string, catalogue: readonly Capability[]): boolean {
  return withVerbs(catalogue).some((one) => one.noun === word)
}

/** The command of the first words: two words, or one that takes arguments. */
function findCommand(words: readonly string[]): Command | undefined {
  return (
    commands.find((one) => one.words.length === 2 && one.words.every((word, at) => words[at] === word)) ??
    commands.find((one) => one.words.length === 1 && one.words[0] === words[0])
  )
}

function unknown(words: readonly string[], catalogue: readonly Capability[]): Error {
  const [noun = '', verb] = words
  if (!isNoun(noun, catalogue)) {
    const known = [...new Set(withVerbs(catalogue).map((one) => one.noun)), ...commands.map((one) => one.words[0] ?? '')]
    return usage(`There is no command \`${noun}\`.${didYouMean(noun, known)}`, 'See `twinlock help`.')
  }
  if (verb === undefined) return usage(`\`twinlock ${noun}\` needs a verb.`, `See \`twinlock ${noun} --help\`.`)
  const verbs = [
    ...withVerbs(catalogue)
      .filter((one) => one.noun === noun)
      .map((one) => one.verb),
    ...commands.filter((one) => one.words[0] === noun).map((one) => one.words[1] ?? ''),
  ]
  return usage(`There is no verb \`${noun} ${verb}\`.${didYouMean(verb, verbs)}`, `See \`twinlock ${noun} --help\`.`)
}

interface Asked {
  readonly words: readonly string[]
  readonly rest: readonly string[]
}

function asked(args: readonly string[]): Asked {
  const { words, rest } = splitWords(args)
  const alias = aliasFor(words)
  return alias === undefined ? { words, rest } : { words: alias.of, rest: [...words.slice(alias.taken), ...rest] }
}

function wantsHelp(rest: readonly string[]): boolean {
  return rest.some((one) => one === '--help' || one === '-h')
}

async function dispatch(args: readonly string[], io: Io, catalogue: readonly Capability[]): Promise<ExitCode> {
  const { words, rest } = asked(args)
  const plain = { io, paint: createPaint(io.outIsTerminal && io.env.NO_COLOR === undefined) }
  if (words.length === 0 || words[0] === 'help')
    return help([...words.slice(1), ...rest.filter((one) => !one.startsWith('-'))], catalogue, plain)
  if (wantsHelp(rest)) return help(words, catalogue, plain)
  const command = findCommand(words)
  if (command !== undefined) return runLocal(command, [...words.slice(command.words.length), ...rest], io, catalogue)
  const capability = withVerbs(catalogue).find((one) => one.noun === words[0] && one.verb === words[1])
  if (capability === undefined) throw unknown(words, catalogue)
  const line = parseLine(rest, { ...optionsOf(capability), ...extraOptions(extraOf(capability.name).flags) }, words.join(' '))
  return runVerb(capability, line, createContext(io, readGlobals(line.values), catalogue))
}

async function runLocal(command: Command, rest: readonly string[], io: Io, catalogue: readonly Capability[]): Promise<ExitCode> {
  const line = parseLine(rest, extraOptions(command.flags), command.words.join(' '))
  if (command.run !== undefined) return command.run(line, createContext(io, readGlobals(line.values), catalogue))
  io.out(completionScript(line.positionals[0], catalogue))
  return exitCodes.ok
}

/** Runs one command and returns its exit code. Never throws. */
export async function runCommand(args: readonly string[], io: Io, catalogue: readonly Capability[]): Promise<ExitCode> {
  try {
    return await dispatch(args, io, catalogue)
  } catch (error) {
    return reportFailure(error, args, io)
  }
}
