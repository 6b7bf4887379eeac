// `engine drive`: one run of a scenario, embedded navigator or a program of one's own, verdict at the end.

import { readFileSync } from 'node:fs'
import { ExternalController, spawnLinePipe } from '../control/external-controller.ts'
import { createSimulation } from '../run/simulation.ts'
import type { SimulationInput } from '../run/simulation-input.ts'
import { loadScenario, shippedScenarios } from '../scenarios/load-scenario.ts'
import { inputOfScenario, parseScenario, type Scenario, withParameters } from '../scenarios/scenario.ts'
import { recordInto } from './record.ts'
import { verdictLines } from './verdict-table.ts'

/** Options of a drive. */
export interface DriveOptions {
  readonly seed?: number
  /** A program and its arguments, separated by spaces, that drives over JSON lines. */
  readonly controller?: string
  readonly isJson: boolean
  /** A new or empty folder for the dataset of the drive. */
  readonly out?: string
}

/** A shipped scenario by name, or one in a JSON file. */
export function scenarioFrom(name: string): Scenario {
  const shipped = shippedScenarios.find((known) => known === name)
  return shipped === undefined ? parseScenario(readFileSync(name, 'utf8')) : loadScenario(shipped)
}

/** What a drive is called, in its verdict and on the card of its dataset. */
export interface DriveTitle {
  readonly name: string
  readonly summary: string
}

/** Runs an input and tells the outcome through `tell`; returns whether it passed. */
export async function driveInput(
  title: DriveTitle,
  input: SimulationInput,
  options: DriveOptions,
  tell: (text: string) => void,
): Promise<boolean> {
  const [program, ...args] = options.controller?.split(' ') ?? []
  const controller = program === undefined ? {} : { controller: new ExternalController(spawnLinePipe(program, args)) }
  const recorder = options.out === undefined ? null : recordInto(options.out, title.name, title.summary, input)
  const sensors = recorder === null ? {} : { sensors: recorder.sensors }
  const simulation = await createSimulation({ ...input, ...controller, ...sensors })
  try {
    const verdict = await simulation.run()
    recorder?.finish(verdict, simulation.digest())
    const told = { name: title.name, ...verdict, digest: simulation.digest() }
    tell(options.isJson ? JSON.stringify(told) : verdictLines(title.name, verdict, simulation.digest()))
    return verdict.passed
  } finally {
    simulation.free()
  }
}

/** `engine drive <scenario>`. */
export function drive(name: string, options: DriveOptions, tell: (text: string) => void): Promise<boolean> {
  const scenario = scenarioFrom(name)
  const seeded = options.seed === undefined ? scenario : withParameters(scenario, { seed: options.seed })
  return driveInput(scenario, inputOfScenario(seeded), options, tell)
}
