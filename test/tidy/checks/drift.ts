// Generated files say what the code says. Each is compared with what its command prints now.

import type { Violation } from '../project.ts'

/** Compares a committed file with its fresh print; undefined when they agree. */
export const drift = (file: string, committed: string, printed: string): Violation | undefined => {
  if (committed === printed) return undefined
  const fresh = printed.split('\n')
  const line = committed.split('\n').findIndex((text, index) => text !== fresh[index]) + 1
  return {
    file,
    line: Math.max(line, 1),
    message: 'Differs from what the code says now: run `npm run generate`, read the difference, and commit it.',
  }
}
