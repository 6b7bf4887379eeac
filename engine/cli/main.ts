// The door of `npm run engine -- …`: reads the words, calls drive, sweep or import, and ends with 0 passed, 1 failed, 2 usage,
// 5 not found.

import { parseArgs } from 'node:util'
import { EngineError } from '../errors.ts'
import { shippedScenarios } from '../scenarios/load-scenario.ts'
import type { Strategy } from '../sweep/sweep.ts'
import { drive } from './drive.ts'
import { importFolder } from './import.ts'
import { sweepScenario } from './sweep.ts'

const usage = `npm run engine -- drive <scenario> [--seed n] [--controller "program args"] [--out folder] [--json]
npm run engine -- sweep <scenario> [--vary path=low..high]… [--strategy grid|random|search] [--count n] [--seed n] [--workers n] [--json]
npm run engine -- import <world folder> [--robot folder] [--goals n] [--seed n] [--drive] [--controller "…"] [--out folder] [--json]

<scenario>    ${shippedScenarios.join(', ')}, or a JSON file
--seed        what everything random comes from; a sweep draws its cases from it (1)
--controller  a program that drives instead of the engine's navigator, over JSON lines
--out         a new or empty folder for the dataset of the drive
--json        one line of JSON instead of text
--vary        a number of the scenario by its path: path=low..high, path=low..high:integer, path=a|b|c, path=mean~sigma (seed)
--strategy    grid: all combinations; random; search: until a case fails (random). A failing case is shrunk
--count       cases, or values of each number on a grid (8)
--workers     threads that run cases (2)
--robot       a folder with the robot's URDF; --goals: places to drive to (3); --drive: drive there at once

Ends with 0 when everything held, 1 when something did not or the input was refused (with a code), 2 for wrong words, 5 for a missing file.`

const options = {
  seed: { type: 'string' },
  controller: { type: 'string' },
  json: { type: 'boolean', default: false },
  vary: { type: 'string', multiple: true, default: [] as string[] },
  strategy: { type: 'string', default: 'random' },
  count: { type: 'string', default: '8' },
  workers: { type: 'string', default: '2' },
  robot: { type: 'string' },
  goals: { type: 'string', default: '3' },
  drive: { type: 'boolean', default: false },
  out: { type: 'string' },
} as const

/** The words that each verb takes; another verb's are refused, so that none is ignored. */
const wordsOf: Readonly<Record<string, readonly (keyof typeof options)[]>> = {
  drive: ['seed', 'controller', 'out', 'json'],
  sweep: ['vary', 'strategy', 'count', 'seed', 'workers', 'json'],
  import: ['robot', 'goals', 'seed', 'drive', 'controller', 'out', 'json'],
}

const tell = (text: string): void => void process.stdout.write(`${text}\n`)
const bar = (line: string): void => {
  if (process.stderr.isTTY) process.stderr.write(`\r\x1b[K${line}`)
}

class UsageError extends Error {}

function whole(text: string, name: string, most: number): number {
  const value = Number(text)
  if (!/^\d+$/.test(text) || value > most) throw new UsageError(`--${name} must be a whole number up to ${most}`)
  return value
}

function strategyFrom(kind: string, count: number): Strategy {
  if (kind === 'grid') return { kind, steps: count }
  if (kind === 'random' || kind === 'search') return { kind, count }
  throw new UsageError('--strategy must be grid, random or search')
}

/** Refuses words that the verb does not take, and a second thing to act on. */
function checkWords(verb: string, given: readonly string[], rest: readonly string[]): void {
  const known = Object.hasOwn(wordsOf, verb) ? wordsOf[verb] : undefined
  if (known === undefined) throw new UsageError(`\`${verb}\` is not something that the engine does`)
  for (const name of given) if (!known.some((it) => it === name)) throw new UsageError(`--${name} says nothing to \`${verb}\``)
  if (rest.length > 0) throw new UsageError(`\`${verb}\` takes one thing; \`${rest.join(' ')}\` is too much`)
}

function run(words: readonly string[]): Promise<boolean> {
  const { values, positionals, tokens } = parseArgs({ args: [...words], options, allowPositionals: true, tokens: true })
  const [verb, subject, ...rest] = positionals
  const given = tokens.flatMap((token) => (token.kind === 'option' ? [token.name] : []))
  if (verb !== undefined) checkWords(verb, given, rest)
  if (verb === undefined || subject === undefined) throw new UsageError('say what to drive, sweep or import')
  const seed = values.seed === undefined ? {} : { seed: whole(values.seed, 'seed', 4_294_967_295) }
  const controller = values.controller === undefined ? {} : { controller: values.controller }
  const out = values.out === undefined ? {} : { out: values.out }
  const common = { ...seed, ...controller, ...out, isJson: values.json }
  if (verb === 'drive') return drive(subject, common, tell)
  if (verb === 'import') {
    const robot = values.robot === undefined ? {} : { robot: values.robot }
    return importFolder(subject, { ...common, ...robot, goals: whole(values.goals, 'goals', 100), isDriven: values.drive }, tell)
  }
  const strategy = strategyFrom(values.strategy, whole(values.count, 'count', 100_000))
  const workers = whole(values.workers, 'workers', 64)
  if (workers === 0) throw new UsageError('--workers must be 1 at least')
  return sweepScenario(subject, { vary: values.vary, strategy, seed: seed.seed ?? 1, workers, isJson: values.json }, tell, bar)
}

const unusable = new Set(['EISDIR', 'ENOTDIR', 'EACCES', 'EPERM', 'EROFS', 'ENOSPC'])

/** What a failure is told as, and the exit code; undefined for what is a defect of the engine's own. */
function failureOf(cause: Error): readonly [text: string, exit: number] | undefined {
  if (cause instanceof EngineError) return [`${cause.code}: ${cause.message}`, 1]
  const code = 'code' in cause ? String(cause.code) : ''
  if (cause instanceof UsageError || code.startsWith('ERR_PARSE_ARGS')) return [`${cause.message}\n\n${usage}`, 2]
  if (unusable.has(code)) return [`cannot be read or written: ${cause.message}`, 1]
  if (code !== 'ENOENT') return undefined
  const path = 'path' in cause ? String(cause.path) : cause.message
  return [`not found: \`${path}\` is no file or folder, nor a scenario that comes with the engine (${shippedScenarios.join(', ')})`, 5]
}

function explain(cause: unknown): number {
  const failure = cause instanceof Error ? failureOf(cause) : undefined
  if (failure === undefined) throw cause
  process.stderr.write(`${failure[0]}\n`)
  return failure[1]
}

const isHelp = process.argv.length <= 2 || process.argv.includes('--help')
if (isHelp) tell(usage)
else
  process.exitCode = await Promise.resolve()
    .then(() => run(process.argv.slice(2)))
    .then((isPassed) => (isPassed ? 0 : 1), explain)
