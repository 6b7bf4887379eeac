// The syntax tree of a file, walked once: its nodes by kind, and the parent of each.
// Rules ask for the kinds that they judge instead of walking again.

import { type Node, type Program, visitorKeys } from 'oxc-parser'

type Kind = Node['type']

/** The nodes of one file by kind, in source order, and the way up. */
export interface NodeIndex {
  all<K extends Kind>(...kinds: readonly K[]): readonly Extract<Node, { type: K }>[]
  parent(node: Node): Node | undefined
}

const isNode = (value: unknown): value is Node => typeof value === 'object' && value !== null && 'type' in value && 'start' in value

const childrenOf = (node: Node): readonly Node[] =>
  (visitorKeys[node.type] ?? []).flatMap((key) => {
    // visitorKeys names the properties of this very kind of node that hold nodes, lists of nodes or null.
    const value = (node as unknown as Record<string, unknown>)[key]
    return (Array.isArray(value) ? value : [value]).filter(isNode)
  })

/** Walks a program once. */
export const indexNodes = (program: Program): NodeIndex => {
  const byKind = new Map<Kind, Node[]>()
  const parents = new Map<Node, Node>()
  const visit = (node: Node): void => {
    const list = byKind.get(node.type)
    if (list) list.push(node)
    else byKind.set(node.type, [node])
    for (const child of childrenOf(node)) {
      parents.set(child, node)
      visit(child)
    }
  }
  visit(program)
  return {
    // The lists are keyed by the kind of the nodes they hold.
    all: <K extends Kind>(...kinds: readonly K[]) => kinds.flatMap((kind) => (byKind.get(kind) ?? []) as Extract<Node, { type: K }>[]),
    parent: (node) => parents.get(node),
  }
}

/** The text of a string literal, or of a template without substitutions; undefined for anything else. */
export const stringOf = (node: Node | null | undefined): string | undefined => {
  if (node?.type === 'Literal' && typeof node.value === 'string') return node.value
  if (node?.type === 'TemplateLiteral' && node.expressions.length === 0) return node.quasis[0]?.value.cooked ?? undefined
  return undefined
}

/** The name that is called: `f` for `f()`, `method` for `x.method()`; undefined when it is computed. */
export const calledName = (callee: Node): string | undefined => {
  if (callee.type === 'Identifier') return callee.name
  if (callee.type === 'MemberExpression' && !callee.computed && callee.property.type === 'Identifier') return callee.property.name
  return undefined
}

/** The name that a method is called on: `x` for `x.method()`; undefined when it is not a plain name. */
export const calledOn = (callee: Node): string | undefined =>
  callee.type === 'MemberExpression' && callee.object.type === 'Identifier' ? callee.object.name : undefined
