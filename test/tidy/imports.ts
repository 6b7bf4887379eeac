// Every way in which a file names another module: import and export declarations, `import type`, `import('x')` as a value and as a type,
// `declare module 'x'`, `require`, and `new URL('./x', import.meta.url)`, by which workers and data files are reached.

import { posix } from 'node:path'
import type { Node } from 'oxc-parser'
import { calledName, type NodeIndex, stringOf } from './syntax.ts'

/** One naming of a module by a file. */
export interface Import {
  readonly node: Node
  /** As written; undefined when it is computed at run time. */
  readonly spec: string | undefined
  readonly kind: 'file' | 'package' | 'node' | 'computed'
  /** The repository path for a file, the package's name for a package, the module's name for `node:`. */
  readonly target: string
  /** Whether it vanishes when types are stripped. */
  readonly typeOnly: boolean
  /** Whether the module is evaluated on import; false for `import()`, augmentation and URL references. */
  readonly eager: boolean
}

const packageName = (spec: string): string =>
  spec
    .split('/')
    .slice(0, spec.startsWith('@') ? 2 : 1)
    .join('/')

const resolve = (from: string, spec: string | undefined): Pick<Import, 'kind' | 'target'> => {
  if (spec === undefined) return { kind: 'computed', target: '' }
  if (spec.startsWith('.')) return { kind: 'file', target: posix.normalize(posix.join(posix.dirname(from), spec)) }
  if (spec.startsWith('node:')) return { kind: 'node', target: spec }
  return { kind: 'package', target: packageName(spec) }
}

interface Found {
  readonly node: Node
  readonly spec: string | undefined
  readonly typeOnly: boolean
  readonly eager: boolean
}

const declarations = (nodes: NodeIndex): readonly Found[] => [
  ...nodes.all('ImportDeclaration').map((node) => ({ node, spec: node.source.value, typeOnly: node.importKind === 'type', eager: true })),
  ...nodes
    .all('ExportNamedDeclaration')
    .filter((node) => node.source !== null)
    .map((node) => ({ node, spec: node.source?.value, typeOnly: node.exportKind === 'type', eager: true })),
  ...nodes
    .all('ExportAllDeclaration')
    .map((node) => ({ node, spec: node.source.value, typeOnly: node.exportKind === 'type', eager: true })),
]

const types = (nodes: NodeIndex): readonly Found[] => [
  ...nodes.all('TSImportType').map((node) => ({ node, spec: node.source.value, typeOnly: true, eager: false })),
  ...nodes
    .all('TSModuleDeclaration')
    .filter((node) => stringOf(node.id) !== undefined)
    .map((node) => ({ node, spec: stringOf(node.id), typeOnly: true, eager: false })),
]

const values = (nodes: NodeIndex): readonly Found[] => [
  ...nodes.all('ImportExpression').map((node) => ({ node, spec: stringOf(node.source), typeOnly: false, eager: false })),
  ...nodes.all('TSExternalModuleReference').map((node) => ({ node, spec: node.expression.value, typeOnly: false, eager: true })),
  ...nodes
    .all('CallExpression')
    .filter((node) => node.callee.type === 'Identifier' && calledName(node.callee) === 'require')
    .map((node) => ({ node, spec: stringOf(node.arguments[0]), typeOnly: false, eager: true })),
]

const references = (from: string, nodes: NodeIndex, exists: (path: string) => boolean): readonly Found[] =>
  nodes
    .all('NewExpression')
    .filter((node) => calledName(node.callee) === 'URL' && node.arguments.length === 2)
    .map((node) => ({ node, spec: stringOf(node.arguments[0]), typeOnly: false, eager: false }))
    .filter(({ spec }) => spec?.startsWith('.') && exists(resolve(from, spec).target))

/** The modules that a file names. A URL reference counts only when it leads to a file of the repository. */
export const importsOf = (from: string, nodes: NodeIndex, exists: (path: string) => boolean): readonly Import[] =>
  [...declarations(nodes), ...types(nodes), ...values(nodes), ...references(from, nodes, exists)].map((found) => ({
    ...found,
    ...resolve(from, found.spec),
  }))
