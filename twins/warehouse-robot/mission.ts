// The mission: which stops to drive to, in which order, as the mission board says. The answer is an upstream's, so it is parsed with limits, and it may
// only choose among the places that the sealed scenario has.
import type { RunContext } from '../../sdk/run/index.ts'
import { member } from './parameters.ts'

/** A mission. */
export interface Mission {
  readonly id: string
  /** Names of places, in order; none means every place of the scenario. */
  readonly stops: readonly string[]
}

const stopsMax = 20

/** Reads a mission from the board's answer. Throws a `TypeError` for what is none. */
export function readMission(value: unknown): Mission {
  const [id, stops] = [member(value, 'id'), member(value, 'stops')]
  if (typeof id !== 'string' || !/^[a-z0-9-]{1,40}$/.test(id)) throw new TypeError('The mission board answered no mission with a plain id.')
  if (!Array.isArray(stops) || stops.length > stopsMax) throw new TypeError(`A mission has a list of at most ${stopsMax} stops.`)
  const names = stops.map((stop: unknown) => {
    if (typeof stop !== 'string' || !/^[a-z0-9 -]{1,40}$/.test(stop)) throw new TypeError('A stop of the mission has no plain name.')
    return stop
  })
  return { id, stops: names }
}

/** Asks the board for the next mission of a scenario. */
export async function nextMission(context: RunContext, scenario: string): Promise<Mission> {
  const response = await context.call('mission-board', { method: 'GET', path: `/missions/next?scenario=${scenario}` })
  if (response.status !== 200) throw new Error(`The mission could not be read: status ${response.status}.`)
  return readMission(response.json())
}

/** The places of a mission, in its order. Throws where it names one that the scenario does not have. */
export function goalsOf<T extends { readonly name: string }>(mission: Mission, known: readonly T[]): readonly T[] {
  if (mission.stops.length === 0) return known
  return mission.stops.map((stop) => {
    const goal = known.find(({ name }) => name === stop)
    if (goal === undefined) throw new TypeError(`The mission names the stop \`${stop}\`, which the scenario does not have.`)
    return goal
  })
}
