// Where a page or a comment names a file, the file is there: a reader who follows it arrives. Links of pages count, and paths from the repository's root or from the
// folder of whoever names them.
import { posix } from 'node:path'
import type { Check, Code, Entry, Project, Violation } from '../project.ts'

interface Named {
  readonly path: string
  readonly line: number
}

const lineOf = (text: string, offset: number): number => text.slice(0, offset).split('\n').length

const matchesOf = (text: string, pattern: RegExp, lineBefore = 0): readonly Named[] =>
  [...text.matchAll(pattern)].map((match) => ({ path: match[1] ?? '', line: lineBefore + lineOf(text, match.index) }))

// `[words](../page.md#heading)`; what leads out of the repository has a scheme.
const links = /\]\((?!\w+:|#)([^)#\s]+)/g

const linksIn = (text: string): readonly Named[] => matchesOf(text, links)

const commentsOf = ({ comments, lineAt }: Code, paths: RegExp): readonly Named[] =>
  comments.flatMap(({ value, start }) => matchesOf(value, paths, lineAt(start) - 1))

/** Every folder of the repository, and every file. */
const placesOf = ({ entries }: Project): ReadonlySet<string> => {
  const places = new Set<string>(['.'])
  for (const path of entries.keys()) for (let at = path; at !== '.'; at = posix.dirname(at)) places.add(at)
  return places
}

/** A file of the repository is named where its page, its comments or its links say so. */
export const pointersLead: Check = (project) => {
  const places = placesOf(project)
  const roots = [...places].filter((place) => /^\w+$/.test(place))
  // A path from one of our folders that names something below it; a name in capitals stands for any.
  const paths = new RegExp(String.raw`(?<![\w./@-])((?:${roots.join('|')})/[\w./-]*\w)`, 'g')
  const isThere = (path: string): boolean => places.has(path.replace(/\/$/, '')) || places.has(`${path}.ts`) || /\/[A-Z]+\b/.test(path)
  const judge = ({ path: page }: Entry, { path, line }: Named, isLink: boolean): readonly Violation[] => {
    const beside = posix.normalize(posix.join(posix.dirname(page), path))
    if (isThere(beside) || (!isLink && isThere(path))) return []
    return [{ file: page, line, message: `There is no \`${path}\`: name what is there now.` }]
  }
  return [...project.entries.values()].flatMap((entry) => {
    const code = project.code.get(entry.path)
    if (code !== undefined) return commentsOf(code, paths).flatMap((named) => judge(entry, named, false))
    if (!entry.path.endsWith('.md')) return []
    return [
      ...linksIn(entry.text).flatMap((named) => judge(entry, named, true)),
      ...matchesOf(entry.text, paths).flatMap((named) => judge(entry, named, false)),
    ]
  })
}
