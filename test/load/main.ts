// `npm run load`: reads what load is asked for, makes it, and prints a table, or JSON for programs.
import { parseArgs } from 'node:util'
import { plain, table } from '../../bench/figure.ts'
import { figuresOf } from './figures.ts'
import { generate } from './generate.ts'
import type { Plan } from './plan.ts'

const usage =
  'Use: npm run load -- [--minutes 10] [--runs 200] [--calls 2000] [--listeners 1000] [--organizations 4] [--requests 4] [--json]'

function readPlan(args: readonly string[]): { readonly plan: Plan; readonly json: boolean } {
  const text = { type: 'string' } as const
  const options = {
    minutes: text,
    runs: text,
    calls: text,
    listeners: text,
    organizations: text,
    requests: text,
    json: { type: 'boolean' },
  } as const
  const { values } = parseArgs({ args: [...args], options })
  const number = (value: string | undefined, usual: number) => (value === undefined ? usual : Number(value))
  const plan = {
    seconds: Math.round(number(values.minutes, 10) * 60),
    runs: number(values.runs, 200),
    calls: number(values.calls, 2000),
    listeners: number(values.listeners, 1000),
    organizations: number(values.organizations, 4),
    requests: number(values.requests, 4),
  }
  if (!Object.values(plan).every((one) => Number.isInteger(one) && one >= 0) || plan.seconds < 3 || plan.organizations < 1)
    throw new Error(usage)
  return { plan, json: values.json === true }
}

/** Runs what the arguments ask for; resolves to the exit code: 0 all goals met, 1 not, 2 usage. */
export async function main(args: readonly string[]): Promise<number> {
  let asked: ReturnType<typeof readPlan>
  try {
    asked = readPlan(args)
  } catch (error) {
    console.error(error instanceof Error ? `${error.message}\n${usage}` : usage)
    return 2
  }
  let passed = 0
  const report = await generate(asked.plan, (second, { listening }) => {
    if (++passed % 10 === 0)
      process.stderr.write(
        `${passed} s: ${second.alive} runs, ${second.calls} calls/s, ${listening} listeners, ${second.rssMegabytes.toFixed(0)} MB, p99 ${second.delayP99Ms.toFixed(0)} ms\n`,
      )
  })
  const figures = figuresOf(report)
  for (const fault of new Set(report.faults)) process.stderr.write(`✖ ${fault}\n`)
  console.log(asked.json ? JSON.stringify({ plan: asked.plan, figures: plain(figures) }, null, 2) : table(figures))
  return figures.every(({ ok }) => ok) ? 0 : 1
}
