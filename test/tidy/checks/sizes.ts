// Lengths of files and functions: the tail is refused, the middle is reported. Complexity is measured by the linter.
// A number is a reason to look, never a reason to cut a sentence in half.

import type { Node } from 'oxc-parser'
import { isOwnSource } from '../place.ts'
import { at, type Check, type Code, type Project } from '../project.ts'
import { sizes } from '../rules.ts'

const linesIn = (text: string): number => (text.endsWith('\n') ? text.split('\n').length - 1 : text.split('\n').length)

const functionsOf = (file: Code): readonly Node[] =>
  file.nodes.all('FunctionDeclaration', 'FunctionExpression', 'ArrowFunctionExpression').filter((node) => node.body !== null)

const height = (file: Code, node: Node): number => file.lineAt(node.end) - file.lineAt(node.start) + 1

const measured = ({ code }: Project): readonly Code[] =>
  [...code.values()].filter(({ path }) => isOwnSource(path) && !path.startsWith('test/'))

const functionMax = (path: string): number => (path.startsWith('console/') ? sizes.consoleFunctionMax : sizes.functionMax)

/** No file and no function is longer than the house allows. */
export const sizesHold: Check = (project) =>
  measured(project).flatMap((file) => {
    const lines = linesIn(file.text)
    const long = functionsOf(file).filter((node) => height(file, node) > functionMax(file.path))
    return [
      ...(lines > sizes.fileMax
        ? [
            {
              file: file.path,
              line: 1,
              message: `${lines} lines; at most ${sizes.fileMax}. Split it where a name for the second half comes by itself.`,
            },
          ]
        : []),
      ...long.map((node) =>
        at(
          file,
          node,
          `This function has ${height(file, node)} lines; at most ${functionMax(file.path)}. Give its steps names, or turn its cases into a table.`,
        ),
      ),
    ]
  })

const spread = (values: readonly number[]): string => {
  const sorted = [...values].sort((one, other) => one - other)
  const share = (part: number): number => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? 0
  return `median ${share(0.5)}, 90th percentile ${share(0.9)}, longest ${sorted.at(-1) ?? 0}`
}

/** What the lengths are: one line for files, one for functions, and the files worth a look. */
export const sizeReport = (project: Project): readonly string[] => {
  const files = measured(project).map((file) => ({ path: file.path, lines: linesIn(file.text) }))
  const heights = measured(project).flatMap((file) => functionsOf(file).map((node) => height(file, node)))
  const look = files.filter(({ lines }) => lines > sizes.fileLook && lines <= sizes.fileMax).sort((one, other) => other.lines - one.lines)
  return [
    `${files.length} files: ${spread(files.map(({ lines }) => lines))} lines`,
    `${heights.length} functions: ${spread(heights)} lines`,
    ...look.map(({ path, lines }) => `look: ${path} has ${lines} lines`),
  ]
}
