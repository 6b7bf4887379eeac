// `npm run chaos -- --seed N --minutes M`, or `--kills K`: kills the server again and again, at named steps and at moments of no name, and audits every
// start after it. What it prints is enough to have a round again: `--seed N --round R`.
import { parseArgs } from 'node:util'
import type { Step } from '../../src/app/index.ts'
import { type RoundReport, runRound, steps } from './round.ts'
import { stepsOfRound } from './schedule.ts'

interface Plan {
  readonly seed: number
  /** After so many minutes it ends. */
  readonly minutes: number
  /** After so many deaths it ends, where a number was asked for. */
  readonly kills: number | undefined
  /** Only this round. */
  readonly round: number | undefined
  readonly beside: number
}

const usage = 'Use: npm run chaos -- [--seed N] [--minutes M] [--kills K] [--round R] [--beside N]'
const usualMinutes = 5
// A number of deaths is asked for with as much time as a slow machine needs for them.
const minutesAKill = 1

function readPlan(args: readonly string[]): Plan {
  const { values } = parseArgs({
    args: [...args],
    options: {
      seed: { type: 'string' },
      minutes: { type: 'string' },
      kills: { type: 'string' },
      round: { type: 'string' },
      beside: { type: 'string' },
    },
  })
  const seed = Number(values.seed ?? Math.floor(Date.now() / 1000) % 1_000_000)
  const kills = values.kills === undefined ? undefined : Number(values.kills)
  const minutes = Number(values.minutes ?? (kills === undefined ? usualMinutes : kills * minutesAKill))
  const beside = Number(values.beside ?? 2)
  const round = values.round === undefined ? undefined : Number(values.round)
  if (![seed, beside, round ?? 0, kills ?? 1].every(Number.isInteger) || !(minutes > 0) || !(beside >= 1) || !((kills ?? 1) >= 1))
    throw new Error(usage)
  return { seed, minutes, kills, round, beside }
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
    const { kills, minutes } = this.#plan
    const line = `${this.deaths}${kills === undefined ? '' : ` of ${kills}`} deaths, ${this.rounds} rounds whole, ${this.failed.length} failed, ${this.minutes.toFixed(1)} of ${kills === undefined ? minutes : `at most ${minutes}`} minutes`
    if (process.stderr.isTTY) process.stderr.write(`\r\x1b[2K${line}`)
    else if (this.deaths % 20 === 0) process.stderr.write(`${line}\n`)
  }

  add(number: number, report: RoundReport): void {
    for (const { at } of report.deaths) this.at.set(at, (this.at.get(at) ?? 0) + 1)
    this.acknowledged += report.acknowledged
    if (report.faults.length === 0) this.rounds++
    else {
      this.failed.push({ number, report })
      process.stderr.write(`${this.#faultsOf({ number, report }).join('\n')}\n`)
    }
  }

  #faultsOf({ number, report }: { readonly number: number; readonly report: RoundReport }): string[] {
    return [
      `✖ round ${number}, after ${report.deaths.map(({ at }) => at).join(', ')}:`,
      ...report.faults.slice(0, 10).map((fault) => `    ${fault}`),
      `    again: npm run chaos -- --seed ${this.#plan.seed} --round ${number}`,
    ]
  }

  /** Whether there were as many deaths, or as many minutes, as were asked for. */
  get isOver(): boolean {
    return this.minutes >= this.#plan.minutes || this.deaths >= (this.#plan.kills ?? Number.POSITIVE_INFINITY)
  }

  /** Without a death, or with fewer than were asked for, it was not proved. */
  get holds(): boolean {
    return this.failed.length === 0 && this.deaths >= (this.#plan.kills ?? 1)
  }

  get verdict(): string {
    if (this.failed.length > 0) return `✖ ${this.failed.length} rounds failed`
    return this.holds
      ? '✔ every promise held after every start'
      : `✖ ${this.deaths} deaths in this time, so it was not proved: give it more minutes`
  }

  lines(): string[] {
    const never = steps.filter((step) => !this.at.has(step))
    const faults = this.failed.flatMap((failed) => this.#faultsOf(failed))
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
  const howMuch = plan.kills === undefined ? `${plan.minutes} minutes` : `${plan.kills} deaths`
  console.log(`seed ${seed}, ${only === undefined ? `${howMuch}, ${plan.beside} rounds at a time` : `round ${only}`}`)
  const tally = new Tally(plan)
  const isOver = () => only === undefined && tally.isOver
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
