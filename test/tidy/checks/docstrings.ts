// Every exported name says in a sentence what it is. Re-exports in doors do not repeat it.
// Overloads share the sentence of the first; a name exported at the end of a file carries it at its declaration.

import type { Comment, Node } from 'oxc-parser'
import { isBelow, isOwnSource } from '../place.ts'
import { at, type Check, type Code, type Violation } from '../project.ts'
import { documented, outsideRooms } from '../rules.ts'

const SENTENCE_CHARS_MIN = 8

const isDocstring = ({ type, value }: Comment): boolean =>
  type === 'Block' && value.startsWith('*') && value.trim().length >= SENTENCE_CHARS_MIN

/** The comments that stand directly above a node, nearest first; blank lines may lie between. */
const above = (file: Code, node: Node): readonly Comment[] => {
  let start = node.start
  const found: Comment[] = []
  for (const comment of file.comments.filter(({ end }) => end <= node.start).reverse()) {
    if (file.text.slice(comment.end, start).trim() !== '') break
    found.push(comment)
    start = comment.start
  }
  return found
}

const hasDocstring = (file: Code, node: Node): boolean => above(file, node).some(isDocstring)

interface Declared {
  readonly name: string
  /** The statement that the docstring stands above. */
  readonly statement: Node
}

const namesOf = (declaration: Node): readonly string[] => {
  if (declaration.type === 'VariableDeclaration')
    return declaration.declarations.map(({ id }) => (id.type === 'Identifier' ? id.name : 'these names'))
  if ('id' in declaration && declaration.id && 'name' in declaration.id && typeof declaration.id.name === 'string')
    return [declaration.id.name]
  return []
}

const declarations = ({ program }: Code): readonly Declared[] =>
  program.body.flatMap((statement) => {
    const declaration = statement.type === 'ExportNamedDeclaration' ? statement.declaration : statement
    return declaration ? namesOf(declaration).map((name) => ({ name, statement })) : []
  })

const exportedNames = ({ program }: Code): ReadonlySet<string> =>
  new Set(
    program.body.flatMap((statement) => {
      if (statement.type !== 'ExportNamedDeclaration' || statement.source) return []
      const listed = statement.specifiers.map(({ local }) => (local.type === 'Identifier' ? local.name : ''))
      return statement.declaration ? namesOf(statement.declaration) : listed
    }),
  )

const judge = (file: Code): readonly Violation[] => {
  const exported = exportedNames(file)
  const all = declarations(file).filter(({ name }) => exported.has(name))
  const told = new Set(all.filter(({ statement }) => hasDocstring(file, statement)).map(({ name }) => name))
  const silent = all.filter(({ name }, index) => !told.has(name) && all.findIndex((other) => other.name === name) === index)
  return silent.map(({ name, statement }) =>
    at(file, statement, `Write a docstring (/** … */) for \`${name}\`: one sentence, then shapes, units, errors and source.`),
  )
}

/** Every exported name has a docstring. */
export const exportsAreDocumented: Check = ({ code }) =>
  [...code.values()].filter(({ path }) => isBelow(path, documented) && isOwnSource(path) && !outsideRooms.includes(path)).flatMap(judge)
