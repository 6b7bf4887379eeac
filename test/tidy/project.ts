// What the rules look at: every file of the repository, code parsed once, with its nodes by kind and its imports resolved.
// The text is our own source. A file that does not parse is a violation of its own (see checks/parses.ts), never a silent gap.

import { type Comment, type Node, type Program, parseSync } from 'oxc-parser'
import { type Import, importsOf } from './imports.ts'
import { indexNodes, type NodeIndex } from './syntax.ts'

/** One file as it lies in the repository. `text` is empty for a binary file. */
export interface Entry {
  /** Relative to the repository's root, with forward slashes. */
  readonly path: string
  readonly bytes: number
  readonly binary: boolean
  readonly text: string
}

/** A parsed source file. */
export interface Code extends Entry {
  readonly lines: readonly string[]
  readonly program: Program
  readonly comments: readonly Comment[]
  readonly nodes: NodeIndex
  readonly imports: readonly Import[]
  /** The first parse error, if any. */
  readonly error: string | undefined
  /** The line of an offset in `text`, counted from 1. */
  lineAt(offset: number): number
}

/** The whole repository. */
export interface Project {
  readonly entries: ReadonlyMap<string, Entry>
  readonly code: ReadonlyMap<string, Code>
}

/** Something a rule refuses: where, and one sentence that says what to do instead. */
export interface Violation {
  readonly file: string
  readonly line: number
  readonly message: string
}

/** A rule: a pure function over the project. */
export type Check = (project: Project) => readonly Violation[]

const isCode = (path: string): boolean => /\.(ts|tsx|mts|mjs|js)$/.test(path)

const lineFinder = (text: string): ((offset: number) => number) => {
  const starts = [0]
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) starts.push(at + 1)
  return (offset) => {
    let low = 0
    let high = starts.length
    while (high - low > 1) {
      const middle = (low + high) >> 1
      if ((starts[middle] ?? 0) <= offset) low = middle
      else high = middle
    }
    return low + 1
  }
}

const parse = (entry: Entry, exists: (path: string) => boolean): Code => {
  const { program, comments, errors } = parseSync(entry.path, entry.text)
  const nodes = indexNodes(program)
  const imports = importsOf(entry.path, nodes, exists)
  return {
    ...entry,
    lines: entry.text.split('\n'),
    program,
    comments,
    nodes,
    imports,
    error: errors[0]?.message,
    lineAt: lineFinder(entry.text),
  }
}

/** Parses every source file among the entries. */
export const project = (entries: readonly Entry[]): Project => {
  const byPath = new Map(entries.map((entry) => [entry.path, entry]))
  const exists = (path: string): boolean => byPath.has(path)
  const code = entries.filter((entry) => !entry.binary && isCode(entry.path)).map((entry) => [entry.path, parse(entry, exists)] as const)
  return { entries: byPath, code: new Map(code) }
}

/** A project in memory, for the negative test of a rule: path to text. */
export const pretend = (files: Readonly<Record<string, string>>): Project =>
  project(Object.entries(files).map(([path, text]) => ({ path, bytes: text.length, binary: false, text })))

/** A violation at a node of a file. */
export const at = (code: Code, node: Node, message: string): Violation => ({ file: code.path, line: code.lineAt(node.start), message })
