// The order of a test run: checks side by side with the start of PostgreSQL and the console's build, then the tests, then PostgreSQL's end, whatever happened.
// The arguments come from the person at the keyboard; an unknown one is refused, so that a typing mistake never passes as "no tests failed".

import { join } from 'node:path'
import { type Check, checks } from './checks.ts'
import { Children } from './children.ts'
import { findTests, root } from './find-tests.ts'
import { startPostgres } from './postgres.ts'
import { runTests } from './run-tests.ts'
import { since, step } from './step.ts'

interface Plan {
  readonly checks: readonly Check[]
  /** The test files to run; undefined when only the checks were asked for. */
  readonly files: readonly string[] | undefined
}

const plan = (args: readonly string[]): Plan => {
  const unknown = args.filter((arg) => arg.startsWith('-') && arg !== '--check')
  if (unknown.length > 0) throw new Error(`Unknown option ${unknown.join(', ')}. Use: npm test [-- --check | path…]`)
  const paths = args.filter((arg) => !arg.startsWith('-'))
  if (args.includes('--check')) return { checks: checks(), files: undefined }
  return { checks: paths.length === 0 ? checks() : [], files: findTests(paths) }
}

const runChecks = async (list: readonly Check[], children: Children): Promise<boolean> => {
  const passed = await Promise.all(list.map((check) => step(check.title, () => children.capture(check.command, check.args, check.env))))
  return passed.every(Boolean)
}

// Whoever needs the console builds it unless it is built, and unpacks the browser unless it is; those that did it at once would each do all of it.
const prepareConsole = async (files: readonly string[], children: Children): Promise<boolean> => {
  if (files.every((file) => !file.startsWith('test/console/'))) return true
  const made = (title: string, script: string) => step(title, () => children.capture(process.execPath, [join(root, script)]))
  const all = await Promise.all([made('console', 'console/build/build.ts'), made('browser', 'test/console/chromium.ts')])
  return all.every(Boolean)
}

const runAll = async (list: readonly Check[], files: readonly string[], children: Children): Promise<boolean> => {
  const starting = startPostgres()
  try {
    const prepared = await Promise.all([runChecks(list, children), prepareConsole(files, children)])
    const checked = prepared.every(Boolean)
    const { ok, connection } = await starting
    return !children.stopping && (await runTests(files, connection, children)) && ok && checked
  } finally {
    await (await starting).stop()
  }
}

/** Runs what the arguments ask for and resolves to the exit code: 0 passed, 1 failed, 2 usage, 130 interrupted. */
export const main = async (args: readonly string[]): Promise<number> => {
  process.chdir(root)
  let planned: Plan
  try {
    planned = plan(args)
  } catch (error) {
    console.error(error instanceof Error ? error.message : error)
    return 2
  }
  const started = performance.now()
  const children = new Children()
  const ok = planned.files ? await runAll(planned.checks, planned.files, children) : await runChecks(planned.checks, children)
  if (children.stopping) return 130
  console.log(`${ok ? '✔ all passed' : '✖ failed'} ${since(started)}`)
  return ok ? 0 : 1
}
