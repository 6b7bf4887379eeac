// What a scenario's author may set. The values come from a manifest or from whoever launches a run; each has a limit, and the error names the one at fault.
import type { Json } from '../../sdk/run/index.ts'

/** The scenarios that come with the twin. */
const scenarioNames = ['deliver', 'blocked-aisle'] as const

/** The parameters of a run. */
export interface Parameters {
  readonly scenario: (typeof scenarioNames)[number]
  /** Whether the run also tries what it may not. */
  readonly reachOut: boolean
  /** A token of another run to try, where there is one. */
  readonly foreignToken?: string
  /** Pictures that the camera takes at most. */
  readonly frames: number
  /** Simulated seconds between two pictures. */
  readonly frameSeconds: number
  /** Recorded lidar scans per simulated second. */
  readonly lidarHertz: number
  /** Places to drive to in an imported world. */
  readonly goals: number
}

/** A member of an object, if it is one and has it. */
export function member(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, name) ? Reflect.get(value, name) : undefined
}

function whole(value: Json, name: 'frames' | 'lidarHertz' | 'goals', usual: number, most: number): number {
  const found = member(value, name) ?? usual
  if (typeof found !== 'number' || !Number.isInteger(found) || found < 1 || found > most)
    throw new TypeError(`The parameter \`${name}\` is a whole number from 1 to ${most}.`)
  return found
}

function seconds(value: Json): number {
  const found = member(value, 'frameSeconds') ?? 5
  if (typeof found !== 'number' || !(found >= 0.1 && found <= 600)) throw new TypeError('The parameter `frameSeconds` is from 0.1 to 600.')
  return found
}

/** Reads the parameters. Throws a `TypeError` that names the one at fault. */
export function readParameters(value: Json): Parameters {
  const asked = member(value, 'scenario') ?? 'deliver'
  const scenario = scenarioNames.find((name) => name === asked)
  const reachOut = member(value, 'reachOut') ?? false
  const foreignToken = member(value, 'foreignToken')
  if (scenario === undefined) throw new TypeError(`The parameter \`scenario\` is one of ${scenarioNames.join(', ')}.`)
  if (typeof reachOut !== 'boolean') throw new TypeError('The parameter `reachOut` is true or false.')
  if (foreignToken !== undefined && typeof foreignToken !== 'string') throw new TypeError('The parameter `foreignToken` is a text.')
  return {
    scenario,
    reachOut,
    ...(foreignToken === undefined ? {} : { foreignToken }),
    frames: whole(value, 'frames', 6, 40),
    frameSeconds: seconds(value),
    lidarHertz: whole(value, 'lidarHertz', 2, 20),
    goals: whole(value, 'goals', 2, 20),
  }
}
