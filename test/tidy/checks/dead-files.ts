// Every source file is reached from somewhere: from the command line, the server, the console's page, a worker's URL, a test or a script.
// What nothing reaches is either not finished or not removed.

import { isBelow, isDeclaration, isTest } from '../place.ts'
import type { Check, Project } from '../project.ts'
import { entryPoints, foundByName, outsideRooms, reachedOtherwise } from '../rules.ts'

const reach = ({ code }: Project, from: readonly string[]): ReadonlySet<string> => {
  const seen = new Set<string>()
  const open = [...from]
  for (let path = open.pop(); path !== undefined; path = open.pop()) {
    if (seen.has(path)) continue
    seen.add(path)
    open.push(...(code.get(path)?.imports ?? []).filter(({ kind }) => kind === 'file').map(({ target }) => target))
  }
  return seen
}

const sources = ({ code }: Project): readonly string[] =>
  [...code.keys()].filter(
    (path) => isBelow(path, ['src/', 'console/']) && !isTest(path) && !isDeclaration(path) && !outsideRooms.includes(path),
  )

const otherwise = reachedOtherwise.map(({ file }) => file)

const entries = ({ code }: Project, withTests: boolean): readonly string[] => [
  ...[...code.keys()].filter(
    (path) =>
      (isBelow(path, entryPoints) && (withTests || !path.startsWith('test/'))) ||
      foundByName.some((name) => name.test(path)) ||
      (withTests && isTest(path)),
  ),
  ...otherwise,
]

/** Every file below src and console is reached. */
export const noDeadFiles: Check = (project) => {
  const reached = reach(project, entries(project, true))
  return sources(project)
    .filter((path) => !reached.has(path))
    .map((path) => ({ file: path, line: 1, message: 'Nothing imports this file: import it where it is needed, or remove it.' }))
}

/** How many source files only tests reach: a figure for the report, which should be near zero in a finished product. */
export const reachReport = (project: Project): string => {
  const reached = reach(
    project,
    entries(project, false).filter((path) => !isTest(path)),
  )
  const alone = sources(project).filter((path) => !reached.has(path))
  return `${alone.length} source files are reached by tests alone`
}
