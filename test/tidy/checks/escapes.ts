// Ways out of the type checker, and forms that do not survive the stripping of types.
// A cast through unknown is allowed where the line above says why it holds.

import type { Node } from 'oxc-parser'
import { isGenerated } from '../place.ts'
import { at, type Check, type Code, type Project, type Violation } from '../project.ts'
import { defaultExports } from '../rules.ts'

const LINES_ABOVE = 2

/** Whether a comment ends on the line of the node or up to two lines above it. */
const isExplained = (file: Code, node: Node): boolean => {
  const line = file.lineAt(node.start)
  return file.comments.some(({ start, end }) => file.lineAt(start) <= line && file.lineAt(end) >= line - LINES_ABOVE)
}

const castsThroughUnknown = (file: Code): readonly Violation[] =>
  file.nodes
    .all('TSAsExpression')
    .filter(({ expression }) => expression.type === 'TSAsExpression' && expression.typeAnnotation.type === 'TSUnknownKeyword')
    .filter((node) => !isExplained(file, node))
    .map((node) => at(file, node, 'Say in a comment on the line above why this cast holds, or parse the value into its type.'))

const anys = (file: Code): readonly Violation[] =>
  file.nodes
    .all('TSAnyKeyword')
    .map((node) => at(file, node, 'Write `unknown` and narrow it, or name the type: `any` switches the checker off.'))

const forms = (file: Code): readonly Violation[] => [
  ...file.nodes
    .all('ExportDefaultDeclaration')
    .filter(() => !defaultExports.test(file.path))
    .map((node) => at(file, node, 'Export by name: a default export has a different name in every importer.')),
  ...file.nodes
    .all('TSEnumDeclaration')
    .map((node) => at(file, node, 'Use a union of literals, or an object `as const`: an enum is code, not a type.')),
  ...file.nodes
    .all('TSModuleDeclaration')
    .filter(({ kind, id }) => kind === 'namespace' || (kind === 'module' && id.type === 'Identifier'))
    .map((node) => at(file, node, 'Use a file: modules are the namespaces.')),
]

const handwritten = ({ code }: Project): readonly Code[] => [...code.values()].filter(({ path }) => !isGenerated(path))

/** No `any`, no unexplained cast through unknown, no default export, enum or namespace. */
export const noEscapes: Check = (project) =>
  handwritten(project).flatMap((file) => [...anys(file), ...castsThroughUnknown(file), ...forms(file)])

/** How many casts (`as T`, apart from `as const`) have no comment near them: a figure for the report. */
export const castReport = (project: Project): string => {
  const casts = handwritten(project).flatMap((file) =>
    file.nodes
      .all('TSAsExpression')
      .filter(({ typeAnnotation }) => file.text.slice(typeAnnotation.start, typeAnnotation.end) !== 'const')
      .map((node) => ({ file, node })),
  )
  const bare = casts.filter(({ file, node }) => !isExplained(file, node))
  return `${casts.length} casts, ${bare.length} without a comment near them${bare.length > 0 ? `: ${[...new Set(bare.map(({ file }) => file.path))].join(', ')}` : ''}`
}
