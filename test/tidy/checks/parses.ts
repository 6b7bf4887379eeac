// A file that does not parse hides everything from the other rules, so it fails on its own.

import type { Check } from '../project.ts'

/** Every source file parses. */
export const parses: Check = ({ code }) =>
  [...code.values()]
    .filter(({ error }) => error !== undefined)
    .map(({ path, error }) => ({ file: path, line: 1, message: `This file does not parse (${error}): correct it, no rule can read it.` }))
