// Runs the test files in Node's own test runner and shows its report as it is, closing summary included.
// Three processes at a time, for two cores: a third of their time they wait for their browsers, databases and cells. No test may take longer than the limit, so
// that one that hangs fails instead of holding the run. The limit of a test is none of its process: one that is held open by what a failed test left is ended
// when nothing was said for long.

import { randomBytes } from 'node:crypto'
import { accessSync, constants } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { stripVTControlCharacters } from 'node:util'
import type { Children } from './children.ts'
import { root } from './find-tests.ts'
import { mostWork, tellWork } from './most-work.ts'
import { entriesFor } from './processes.ts'
import { since } from './step.ts'

const LIMIT_MS = 300_000

/** More than the line of the summary has, colours included. */
const LINE_CHARS = 200

/** How long the runner may say nothing: longer than any test, with its hooks, may take. */
const SILENCE_MS = 8 * 60_000

/** How many tests the closing summary of a report speaks of; 0 when it has none. */
export const testsIn = (report: string): number => Number(/^ℹ tests (\d+)$/m.exec(stripVTControlCharacters(report))?.[1] ?? 0)

/** Reads that number while a report comes in pieces: in any of them, and where two of them meet. One piece can hold the summary and any length of failures after it. */
export class TestCount {
  count = 0
  #end = ''

  /** Takes the next piece. */
  readonly seen = (text: string): void => {
    const known = this.#end + text
    this.count = testsIn(known) || this.count
    this.#end = known.slice(-LINE_CHARS)
  }
}

/** What every test process loads first. */
export const followNoPromises = pathToFileURL(join(root, 'scripts/test/follow-no-promises.mjs')).href

const run = async (files: readonly string[], connection: unknown, children: Children): Promise<boolean> => {
  const told = new TestCount()
  const { entries, clear } = entriesFor(files)
  const args = [
    ...['--import', followNoPromises, '--import', tellWork],
    '--test',
    '--test-reporter=spec',
    '--test-concurrency=3',
    `--test-timeout=${LIMIT_MS}`,
    ...entries.map(({ path }) => path),
  ]
  let passed: boolean
  try {
    passed = await children.show(process.execPath, args, { env: settings(connection), silenceMs: SILENCE_MS, seen: told.seen })
    for (const line of mostWork(entries)) console.log(line)
  } finally {
    clear()
  }
  // One that was ended, or failed before its summary, has said why.
  if (passed && told.count === 0) console.log('✖ tests: no test ran, and a run of nothing proves nothing')
  return passed && told.count > 0
}

/**
 * The folder in which test processes keep compiled modules for each other: below `modules`, beside the sources that they come from, so that who can change
 * the one could change the other anyway. Undefined where that cannot be written to: there is no cache then, and everything works, more slowly.
 */
export const compiledModules = (modules: string): string | undefined => {
  try {
    accessSync(modules, constants.W_OK)
  } catch {
    return undefined
  }
  return join(modules, '.cache', 'twinlock-tests')
}

const cached = (folder = compiledModules(join(root, 'node_modules'))): Record<string, string> =>
  folder === undefined ? {} : { NODE_COMPILE_CACHE: folder }

const settings = (connection: unknown): Record<string, string> => ({
  ...cached(),
  // What the tests of one run set up once, for all of them, bears its name.
  TWINLOCK_TEST_RUN: randomBytes(6).toString('hex'),
  ...(connection ? { TWINLOCK_TEST_POSTGRES: JSON.stringify(connection) } : {}),
  ...(process.stdout.isTTY ? { FORCE_COLOR: '1' } : {}),
})

/** Resolves to whether at least one test ran and none failed. `connection` is handed to the tests as JSON in TWINLOCK_TEST_POSTGRES. */
export const runTests = async (files: readonly string[], connection: unknown, children: Children): Promise<boolean> => {
  if (files.length === 0) {
    console.log('✖ tests: there are no test files, and a run of nothing proves nothing')
    return false
  }
  const started = performance.now()
  console.log(`▶ tests: ${files.length} files, three processes at a time`)
  const ok = await run(files, connection, children)
  console.log(`${ok ? '✔' : '✖'} tests: ${files.length} files ${since(started)}`)
  return ok
}
