// The scenarios that ship with the engine, read from the files beside this one. Only programs with a file system use this;
// a sandboxed twin gets the text handed in and calls parseScenario.

import { readFileSync } from 'node:fs'
import { parseScenario, type Scenario } from './scenario.ts'

/** Names of the scenarios that ship with the engine. */
export const shippedScenarios = ['deliver', 'blocked-aisle', 'small-drive'] as const

/** One of the shipped scenarios. */
export type ShippedScenario = (typeof shippedScenarios)[number]

/** A shipped scenario by name. */
export const loadScenario = (name: ShippedScenario): Scenario =>
  parseScenario(readFileSync(new URL(`${name}.json`, import.meta.url), 'utf8'))
