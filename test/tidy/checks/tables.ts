// A room owns its tables: it declares them in its tables.ts by augmenting the kernel's `Tables`, and only it and later rooms may name them.
// Names are read where Kysely takes them; a table behind raw SQL is found when it belongs to a later room.

import type { Node } from 'oxc-parser'
import { isTest, roomOf, roomOrder } from '../place.ts'
import { at, type Check, type Code, type Project, type Violation } from '../project.ts'
import { calledName, stringOf } from '../syntax.ts'

const TAKERS: readonly string[] = [
  ...['selectFrom', 'insertInto', 'replaceInto', 'mergeInto', 'updateTable', 'deleteFrom', 'using'],
  ...['innerJoin', 'leftJoin', 'rightJoin', 'fullJoin', 'crossJoin', 'innerJoinLateral', 'leftJoinLateral'],
]

interface Table {
  readonly name: string
  readonly room: string
  readonly file: Code
  readonly node: Node
}

const membersOf = (file: Code, declaration: Node): readonly Table[] =>
  declaration.type !== 'TSInterfaceDeclaration'
    ? []
    : declaration.body.body.flatMap((member) => {
        if (member.type !== 'TSPropertySignature') return []
        const name = member.key.type === 'Identifier' ? member.key.name : stringOf(member.key)
        return name === undefined ? [] : [{ name, room: roomOf(file.path) ?? '', file, node: member }]
      })

/** The tables that the rooms declare. */
const declared = ({ code }: Project): readonly Table[] =>
  [...code.values()]
    .filter(({ path }) => path.startsWith('src/') && !isTest(path))
    .flatMap((file) =>
      file.nodes
        .all('TSInterfaceDeclaration')
        .filter(({ id }) => id.name === 'Tables')
        .flatMap((node) => membersOf(file, node)),
    )

const nameIn = (node: Node): readonly { readonly name: string; readonly node: Node }[] => {
  if (node.type === 'ArrayExpression') return node.elements.flatMap((element) => (element ? nameIn(element) : []))
  const text = stringOf(node)
  const name = text?.split(/\s+as\s+/i)[0]?.trim()
  return name ? [{ name, node }] : []
}

// Names that `.with('recent', …)` gives to a part of a query are not tables.
const partsOf = (file: Code): ReadonlySet<string> =>
  new Set(
    file.nodes
      .all('CallExpression')
      .filter((node) => ['with', 'withRecursive'].includes(calledName(node.callee) ?? ''))
      .flatMap((node) => stringOf(node.arguments[0])?.split('(')[0] ?? []),
  )

const used = (file: Code): readonly { readonly name: string; readonly node: Node }[] => {
  const parts = partsOf(file)
  return file.nodes
    .all('CallExpression')
    .filter((node) => node.callee.type === 'MemberExpression' && TAKERS.includes(calledName(node.callee) ?? ''))
    .flatMap((node) => node.arguments.slice(0, 1).flatMap(nameIn))
    .filter(({ name }) => !parts.has(name))
}

// What stands outside the order (host) serves all rooms.
const isEarlier = (owner: string, here: string): boolean => (roomOrder(owner) ?? 0) <= (roomOrder(here) ?? Number.POSITIVE_INFINITY)

const judgeUse = (file: Code, owners: ReadonlyMap<string, string>): readonly Violation[] =>
  used(file).flatMap(({ name, node }) => {
    const owner = owners.get(name)
    const here = roomOf(file.path) ?? ''
    if (owner === undefined)
      return [at(file, node, `No room declares the table \`${name}\`: declare it in src/${here}/tables.ts, in \`interface Tables\`.`)]
    if (isEarlier(owner, here)) return []
    return [
      at(file, node, `\`${name}\` belongs to src/${owner}, which comes after src/${here}: declare a port here and let src/app fill it.`),
    ]
  })

const rawSql = (file: Code, tables: readonly Table[]): readonly Violation[] => {
  const here = roomOf(file.path) ?? ''
  const later = tables.filter(({ room }) => !isEarlier(room, here))
  return file.nodes.all('TaggedTemplateExpression').flatMap((node) => {
    const text = node.quasi.quasis.map(({ value }) => value.raw).join(' ')
    return later
      .filter(({ name }) => new RegExp(`\\b(from|join|into|update|table)\\s+"?${name}\\b`, 'i').test(text))
      .map(({ name, room }) =>
        at(file, node, `\`${name}\` belongs to src/${room}, which comes after src/${here}: declare a port here and let src/app fill it.`),
      )
  })
}

const misdeclared = (tables: readonly Table[]): readonly Violation[] =>
  tables.flatMap(({ name, room, file, node }, index) => {
    const first = tables.findIndex((other) => other.name === name)
    if (first !== index) return [at(file, node, `\`${name}\` is declared already in ${tables[first]?.file.path}: one room owns a table.`)]
    const home = `src/${room}/tables.ts`
    return file.path === home || room === 'kernel' || room === 'host'
      ? []
      : [at(file, node, `Declare \`${name}\` in ${home}: that is where one looks for a room's tables.`)]
  })

/** A room names only its own tables and those of the rooms before it. */
export const tablesHaveOwners: Check = (project) => {
  const tables = declared(project)
  const owners = new Map(tables.map(({ name, room }) => [name, room]))
  const files = [...project.code.values()].filter(({ path }) => path.startsWith('src/') && !isTest(path))
  return [...misdeclared(tables), ...files.flatMap((file) => [...judgeUse(file, owners), ...rawSql(file, tables)])]
}
