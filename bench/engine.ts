// The engine's own figures: what it costs on top of bare Rapier, sensors, writers, whole drives, and seeds per second. The engine measures itself
// (engine/bench) and knows nothing of this folder; here its figures become ours, each with what it was read off: a goal "on one core" is judged
// by processor time, which says the same on a busy machine.

import { benchEngineSteps } from '../engine/bench/engine-steps.ts'
import { benchSensors } from '../engine/bench/sensors.ts'
import type { Figure } from './figure.ts'

/** Figures whose goal is a most, not a least; by unit, because each of them is a duration. */
const atMost = ['ms']

const goalOf = (goal: number, unit: string): string | undefined =>
  goal === 0 ? undefined : `${atMost.includes(unit) ? '≤' : '≥'} ${goal} ${unit}`

/** All figures of the engine, one benchmark after the other, so that none disturbs another. */
export async function bench(): Promise<Figure[]> {
  const measured = [...(await benchEngineSteps()), ...(await benchSensors())]
  return measured.map(({ name, value, unit, goal, ok, by }) => ({ name: `${name}; by ${by}`, value, unit, goal: goalOf(goal, unit), ok }))
}
