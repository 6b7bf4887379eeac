// Each file says at its top where it stands in the flow and what it trusts.
// A shebang may precede it; a blank line ends it.

import { isBelow, isDeclaration, isGenerated, isTest } from '../place.ts'
import type { Check, Code } from '../project.ts'
import { headers } from '../rules.ts'

/** How many lines of comment a file opens with, after a shebang. */
const headerLines = ({ text, lines, comments, lineAt }: Code): number => {
  const first = lines[0]?.startsWith('#!') ? 2 : 1
  let next = first
  for (const comment of comments) {
    // The parser may count the shebang among the comments; it lies before the first line that can hold a header.
    if (lineAt(comment.start) < first) continue
    const behindCode = text.slice(text.lastIndexOf('\n', comment.start - 1) + 1, comment.start).trim() !== ''
    if (behindCode || lineAt(comment.start) !== next) break
    next = lineAt(comment.end) + 1
  }
  return next - first
}

const judge = (count: number): string | undefined => {
  if (count < headers.min)
    return "Open this file with a comment of two to six lines: its place in the flow, and what it trusts or who controls what it's given."
  if (count > headers.max)
    return `The opening comment has ${count} lines; at most ${headers.max}. Move the detail to where it applies, or to docs.`
  return undefined
}

/** Every file of ours opens with a comment. */
export const headersArePresent: Check = ({ code }) =>
  [...code.values()]
    .filter(({ path }) => isBelow(path, headers.folders) && !isTest(path) && !isGenerated(path) && !isDeclaration(path))
    .flatMap((file) => {
      const message = judge(headerLines(file))
      return message === undefined ? [] : [{ file: file.path, line: 1, message }]
    })
