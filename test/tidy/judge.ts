// How a rule is tested: it must refuse a small house in memory that breaks it, with its sentence, and accept one that keeps it.

import assert from 'node:assert/strict'
import { type Check, pretend } from './project.ts'

type Files = Readonly<Record<string, string>>

/** The rule refuses these files exactly once, in a sentence that matches. */
export const refuses = (check: Check, files: Files, sentence: RegExp): void => {
  const found = check(pretend(files))
  assert.equal(found.length, 1, `one violation of ${JSON.stringify(files)}, found ${JSON.stringify(found)}`)
  assert.match(found[0]?.message ?? '', sentence)
}

/** The rule has nothing to say about these files. */
export const accepts = (check: Check, files: Files): void => assert.deepEqual(check(pretend(files)), [])
