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
npm run engine -- import <world folder> [--robot folder] [--goals n] [--seed n] [--drive] [--out folder] [--json]

Scenarios: ${shippedScenarios.join(', ')}, or a JSON file. What may vary: path=low..high, path=low..high:integer, path=a|b|c, path=mean~sigma.`

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

function run(words: readonly string[]): Promise<boolean> {
  const { values, positionals } = parseArgs({ args: [...words], options, allowPositionals: true })
  const [verb, subject] = positionals
  if (subject === undefined) throw new UsageError('say what to drive, sweep or import')
  const seed = values.seed === undefined ? {} : { seed: whole(values.seed, 'seed', 4_294_967_295) }
  const controller = values.controller === undefined ? {} : { controller: values.controller }
  const out = values.out === undefined ? {} : { out: values.out }
  const common = { ...seed, ...controller, ...out, isJson: values.json }
  if (verb === 'drive') return drive(subject, common, tell)
  if (verb === 'import') {
    const robot = values.robot === undefined ? {} : { robot: values.robot }
    return importFolder(subject, { ...common, ...robot, goals: whole(values.goals, 'goals', 100), isDriven: values.drive }, tell)
  }
  if (verb !== 'sweep') throw new UsageError(`\`${verb}\` is not something that the engine does`)
  const strategy = strategyFrom(values.strategy, whole(values.count, 'count', 100_000))
  const workers = Math.max(1, whole(values.workers, 'workers', 64))
  return sweepScenario(subject, { vary: values.vary, strategy, seed: seed.seed ?? 1, workers, isJson: values.json }, tell, bar)
}

function explain(cause: unknown): number {
  if (cause instanceof EngineError) {
    process.stderr.write(`${cause.code}: ${cause.message}\n`)
    return 1
  }
  const isUsage =
    cause instanceof UsageError || (cause instanceof TypeError && 'code' in cause && String(cause.code).startsWith('ERR_PARSE_ARGS'))
  if (isUsage) {
    process.stderr.write(`${cause.message}\n\n${usage}\n`)
    return 2
  }
  if (cause instanceof Error && 'code' in cause && cause.code === 'ENOENT') {
    process.stderr.write(`not found: ${cause.message}\n`)
    return 5
  }
  throw cause
}

const isHelp = process.argv.length <= 2 || process.argv.includes('--help')
if (isHelp) tell(usage)
else
  process.exitCode = await Promise.resolve()
    .then(() => run(process.argv.slice(2)))
    .then((isPassed) => (isPassed ? 0 : 1), explain)
