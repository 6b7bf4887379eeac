// Where the time of a test run goes, as a short table under its report: what the test processes left of how long they kept a core busy.

import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { root } from './find-tests.ts'

/** What every test process loads to tell it. */
export const tellWork = pathToFileURL(join(root, 'scripts/test/tell-work.mjs')).href

/** An entry of the runner, and the test files in it. */
export interface Entry {
  readonly path: string
  readonly files: readonly string[]
}

const LINES = 10

/** How long an entry's process kept a core busy, in seconds: itself, and by what it started and saw end. Nothing where it was killed. */
function workOf(path: string): { readonly own: number; readonly started: number } | undefined {
  try {
    return JSON.parse(readFileSync(`${path}.work`, 'utf8')) as { own: number; started: number } // tell-work.mjs wrote it
  } catch {
    return undefined
  }
}

/** The processes that worked most, a line each; PostgreSQL works for all and is not in it. Empty where none told. */
export const mostWork = (entries: readonly Entry[]): readonly string[] => {
  const told = entries.flatMap(({ path, files }) => {
    const work = workOf(path)
    return work === undefined ? [] : [{ ...work, files }]
  })
  const lines = told
    .toSorted((a, b) => b.own + b.started - a.own - a.started)
    .slice(0, LINES)
    .map(({ own, started, files: [first = '', ...others] }) => {
      const more = others.length === 0 ? '' : ` and ${others.length} more`
      return `${own.toFixed(1).padStart(8)} ${started.toFixed(1).padStart(8)}  ${first}${more}`
    })
  const all = told.reduce((sum, { own, started }) => sum + own + started, 0)
  return told.length === 0 ? [] : [`Seconds of a core, of ${all.toFixed(0)}: tests, and what they started`, ...lines]
}
