// What a file exports, another file takes. An export that nobody takes is either not finished, or not removed, or a part that could change freely if it were kept
// inside. Types may be exported for whoever writes them down one day; what a door passes on is for whoever comes.
import type { Node } from 'oxc-parser'
import { isBelow, isOwnSource } from '../place.ts'
import { at, type Check, type Code, type Project } from '../project.ts'
import { documented, foundByName, outsideRooms, takenOtherwise } from '../rules.ts'

/** What is taken from a module: these names, or all of it. */
interface Taken {
  readonly names: Set<string>
  isWhole: boolean
}

const nameOf = (node: Node): string => (node.type === 'Identifier' ? node.name : node.type === 'Literal' ? String(node.value) : '')

/** The names that a declaration takes from the module that it names; undefined where it takes whatever is there. */
const namesTaken = (node: Node): readonly string[] | undefined => {
  if (node.type === 'ExportNamedDeclaration') return node.specifiers.map(({ local }) => nameOf(local))
  if (node.type !== 'ImportDeclaration') return undefined
  const named = node.specifiers.map((one) => (one.type === 'ImportSpecifier' ? nameOf(one.imported) : undefined))
  return named.some((name) => name === undefined) ? undefined : named.filter((name) => name !== undefined)
}

const takenFrom = ({ code }: Project): ReadonlyMap<string, Taken> => {
  const all = new Map<string, Taken>()
  for (const { node, kind, target } of [...code.values()].flatMap(({ imports }) => imports)) {
    if (kind !== 'file') continue
    const taken = all.get(target) ?? { names: new Set<string>(), isWhole: false }
    all.set(target, taken)
    const names = namesTaken(node)
    if (names === undefined) taken.isWhole = true
    for (const name of names ?? []) taken.names.add(name)
  }
  return all
}

const valuesOf = ({ program }: Code): readonly (readonly [string, Node])[] =>
  program.body.flatMap((statement): readonly (readonly [string, Node])[] => {
    if (statement.type !== 'ExportNamedDeclaration' || !statement.declaration) return []
    const { declaration } = statement
    if (declaration.type === 'VariableDeclaration') return declaration.declarations.map(({ id }) => [nameOf(id), statement] as const)
    if (declaration.type !== 'FunctionDeclaration' && declaration.type !== 'ClassDeclaration') return []
    return declaration.id ? [[declaration.id.name, statement]] : []
  })

const isJudged = ({ path }: Code): boolean =>
  isBelow(path, documented) &&
  isOwnSource(path) &&
  !outsideRooms.includes(path) &&
  !foundByName.some((name) => name.test(path)) &&
  !takenOtherwise.some(({ file }) => file === path)

/** Every exported function, constant and class is imported by another file, be it a test. */
export const noDeadExports: Check = (project) => {
  const taken = takenFrom(project)
  return [...project.code.values()].filter(isJudged).flatMap((file) => {
    const from = taken.get(file.path)
    if (from?.isWhole) return []
    return valuesOf(file)
      .filter(([name]) => name !== '' && !from?.names.has(name))
      .map(([name, node]) => at(file, node, `Nobody imports \`${name}\`: keep it inside this file, or remove it.`))
  })
}
