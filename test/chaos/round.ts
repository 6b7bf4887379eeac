// A round of deaths on one ground: start, come to rest, audit, arm a step, work until it dies; again. Everything is drawn from the round's own seed.
import { catalogue, type Step, stepsOf } from '../../src/app/index.ts'
import { isCoded } from '../../src/kernel/index.ts'
import { seeded } from '../harness/seeded.ts'
import { audit, auditLedger, auditLineage, underWay } from './audit.ts'
import { deeds } from './deeds.ts'
import { type Ground, isDeath, makeGround, nextLife, notingDoor } from './ground.ts'
import type { Life } from './life.ts'
import { Victim } from './victim.ts'

/** What a round is made of. */
export interface RoundPlan {
  readonly seed: number
  readonly number: number
  /** The steps to die at, in this order; where one is undefined, the process is killed at a moment of no name. */
  readonly steps: readonly (Step | undefined)[]
  /** Called after each death. */
  died(): void
  readonly isOver: () => boolean
}

/** What came of a round. */
export interface RoundReport {
  readonly deaths: readonly { readonly armed: Step | undefined; readonly at: string }[]
  readonly faults: readonly string[]
  readonly acknowledged: number
}

/** Every step of the product. */
export const steps: readonly Step[] = stepsOf(catalogue)

const actionOf = (step: Step): string => step.split('/', 1)[0] ?? ''

/** The deed that passes a step, if there is one. */
export function deedFor(step: Step) {
  return deeds.find(({ actions }) => actions.includes(actionOf(step)))?.deed
}

// A run that a death left frozen comes to rest by its deadline, two minutes after it was launched; what never comes to rest is found all the same.
const restMs = 180_000
const workMs = 60_000

async function rest(ground: Ground, victim: Victim): Promise<void> {
  const until = performance.now() + restMs
  for (let left = await underWay(ground); left.length > 0; left = await underWay(ground)) {
    if (!victim.isAlive) throw new Error(`The server ended while it came to rest: ${victim.lines.slice(-5).join('\n')}`)
    if (performance.now() > until) {
      ground.faults.push(`the server did not come to rest in ${restMs / 1000} s: ${[...left, ...victim.lines.slice(-3)].join(' | ')}`)
      return
    }
    await new Promise((resolve) => setTimeout(resolve, 25))
  }
}

const isExpected = (error: unknown): boolean => isDeath(error) || (isCoded(error) && error.code !== 'internal')

async function doing(life: Life, deed: (life: Life) => Promise<void>): Promise<void> {
  try {
    await deed(life)
  } catch (error) {
    if (!isExpected(error)) life.ground.faults.push(`a deed failed: ${error instanceof Error ? String(error.stack) : String(error)}`)
  }
}

async function killSoon(life: Life): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, life.ground.random.below(400)))
  await life.victim.kill()
}

/** Works until the armed step has killed the server; a step that does not come is waited for only so long, and the server killed then. */
async function workToDeath(life: Life, armed: Step | undefined): Promise<void> {
  const { random } = life.ground
  const others = Array.from(
    { length: random.below(3) },
    () => random.pick(deeds.filter(({ actions }) => !actions.includes('session:refusals'))).deed,
  )
  const timer = setTimeout(() => life.victim.signal('SIGKILL'), workMs)
  if (armed === undefined) {
    await Promise.all([killSoon(life), ...[random.pick(deeds).deed, ...others].map((deed) => doing(life, deed))])
  } else {
    const nth = random.once(3) ? 2 : 1
    life.victim.arm(armed, nth)
    const wanted = deedFor(armed) ?? random.pick(deeds).deed
    const main = async () => {
      for (let tries = 0; tries < 3 && life.victim.isAlive; tries++) await doing(life, wanted)
      await killSoon(life)
    }
    await Promise.all([main(), ...others.map((deed) => doing(life, deed))])
  }
  clearTimeout(timer)
  await life.victim.dead
}

async function lastWord(ground: Ground): Promise<void> {
  const victim = await nextLife(ground, new Victim())
  const door = notingDoor(ground, victim)
  await rest(ground, victim)
  ground.faults.push(...(await audit(ground, door)), ...(await auditLedger(ground, door)), ...(await auditLineage(ground, door)))
  await victim.close()
}

/** Runs a round. */
export async function runRound(plan: RoundPlan): Promise<RoundReport> {
  const ground = await makeGround(seeded(Math.imul(plan.seed, 7919) + plan.number))
  const deaths: { armed: Step | undefined; at: string }[] = []
  let standby = new Victim()
  try {
    for (const armed of plan.steps) {
      if (plan.isOver()) break
      const victim = await nextLife(ground, standby)
      // Loaded while its predecessor lives, so that a death costs less time.
      standby = new Victim()
      const door = notingDoor(ground, victim)
      await rest(ground, victim)
      const found = await audit(ground, door)
      ground.faults.push(...found.map((fault) => `after ${deaths.at(-1)?.at ?? 'the beginning'}: ${fault}`))
      await workToDeath({ ground, door, victim }, armed)
      deaths.push({ armed, at: victim.diedAt ?? 'no step' })
      plan.died()
      if (ground.faults.length > 0) break
    }
    if (ground.faults.length === 0) await lastWord(ground)
    return { deaths, faults: ground.faults, acknowledged: ground.acknowledged.size }
  } finally {
    await standby.kill()
    await ground.close()
  }
}
