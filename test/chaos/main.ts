// `npm run chaos -- --seed N --minutes M`: kills the server again and again, at named steps and at moments of no name, and audits every start after it.
// What it prints is enough to have a round again: `--seed N --round R`.
import { parseArgs } from 'node:util'
import type { Step } from '../../src/app/index.ts'
import { type RoundReport, runRound, steps } from './round.ts'
import { stepsOfRound } from './schedule.ts'

interface Plan {
  readonly seed: number
  readonly minutes: number
  /** Only this round. */
  readonly round: number | undefined
  readonly beside: number
}

const usage = 'Use: npm run chaos -- [--seed N] [--minutes M] [--round R] [--beside N]'

function readPlan(args: readonly string[]): Plan {
  const { values } = parseArgs({
    args: [...args],
    options: { seed: { type: 'string' }, minutes: { type: 'string' }, round: { type: 'string' }, beside: { type: 'string' } },
  })
  const seed = Number(values.seed ?? Math.floor(Date.now() / 1000) % 1_000_000)
  const minutes = Number(values.minutes ?? 5)
  const beside = Number(values.beside ?? 2)
  const round = values.round === undefined ? undefined : Number(values.round)
  if (![seed, beside, round ?? 0].every(Number.isInteger) || !(minutes > 0) || !(beside >= 1)) throw new Error(usage)
  return { seed, minutes, round, beside }
}

class Tally {
  readonly #began = performance.now()
  readonly #plan: Plan
  readonly at = new Map<string, number>()
  readonly failed: { readonly number: number; readonly report: RoundReport }[] = []
  deaths = 0
  rounds = 0
  acknowledged = 0

  constructor(plan: Plan) {
    this.#plan = plan
  }

  get minutes(): number {
    return (performance.now() - this.#began) / 60_000
  }

  died(): void {
    this.deaths++
    const line = `${this.deaths} deaths, ${this.rounds} rounds whole, ${this.failed.length} failed, ${this.minutes.toFixed(1)} of ${this.#plan.minutes} minutes`
    if (process.stderr.isTTY) process.stderr.write(`\r\x1b[2K${line}`)
    else if (this.deaths % 20 === 0) process.stderr.write(`${line}\n`)
  }

  add(number: number, report: RoundReport): void {
    for (const { at } of report.deaths) this.at.set(at, (this.at.get(at) ?? 0) + 1)
    this.acknowledged += report.acknowledged
    if (report.faults.length > 0) this.failed.push({ number, report })
    else this.rounds++
  }

  /** Without a death, nothing was proved. */
  get holds(): boolean {
    return this.failed.length === 0 && this.deaths > 0
  }

  get verdict(): string {
    if (this.failed.length > 0) return `✖ ${this.failed.length} rounds failed`
    return this.holds
      ? '✔ every promise held after every start'
      : '✖ nothing died in this time, so nothing was proved: give it more minutes'
  }

  lines(): string[] {
    const never = steps.filter((step) => !this.at.has(step))
    const faults = this.failed.flatMap(({ number, report }) => [
      `✖ round ${number}, after ${report.deaths.map(({ at }) => at).join(', ')}:`,
      ...report.faults.slice(0, 10).map((fault) => `    ${fault}`),
      `    again: npm run chaos -- --seed ${this.#plan.seed} --round ${number}`,
    ])
    return [
      `${this.deaths} deaths in ${this.minutes.toFixed(1)} minutes with seed ${this.#plan.seed}: at ${steps.length - never.length} of ${steps.length} steps, ${this.at.get('no step') ?? 0} at moments of no name`,
      `${this.acknowledged} acknowledged entries, all of them there`.replace(
        ', all of them there',
        this.failed.length === 0 ? ', all of them there' : '',
      ),
      ...(never.length === 0 ? [] : [`not died at in this time: ${never.join(' ')}`]),
      ...faults,
      this.verdict,
    ]
  }
}

/** Runs what the arguments ask for; resolves to the exit code: 0 all promises held, 1 one did not, 2 usage. */
export async function main(args: readonly string[]): Promise<number> {
  let plan: Plan
  try {
    plan = readPlan(args)
  } catch (error) {
    console.error(error instanceof Error ? error.message : error)
    return 2
  }
  const { seed, round: only } = plan
  console.log(`seed ${seed}, ${only === undefined ? `${plan.minutes} minutes, ${plan.beside} rounds at a time` : `round ${only}`}`)
  const tally = new Tally(plan)
  const isOver = () => only === undefined && tally.minutes >= plan.minutes
  const play = async (number: number) => {
    const drawn: readonly (Step | undefined)[] = stepsOfRound(steps, seed, number)
    tally.add(number, await runRound({ seed, number, steps: drawn, isOver, died: () => tally.died() }))
  }
  let next = 0
  const lane = async () => {
    while (!isOver()) await play(next++)
  }
  if (only === undefined) await Promise.all(Array.from({ length: plan.beside }, lane))
  else await play(only)
  if (process.stderr.isTTY) process.stderr.write('\r\x1b[2K')
  console.log(tally.lines().join('\n'))
  return tally.holds ? 0 : 1
}
