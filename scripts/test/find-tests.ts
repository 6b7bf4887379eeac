// Finds the test files: everything named *.test.ts below the folders that hold tests, or below the paths that a person named.
// A path that matches nothing is an error, because a run of no tests must never look like a run that passed.

import { existsSync, globSync, statSync } from 'node:fs'
import { isAbsolute, join, relative, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'

/** The repository's root folder, absolute. */
export const root = fileURLToPath(new URL('../..', import.meta.url))

/** The folders that may hold tests; the tidy suite refuses a test file anywhere else. */
export const testFolders = ['src', 'engine', 'twins', 'sdk', 'test', 'scripts', 'console', 'bench', 'integrations', 'interop']

const below = (folder: string): string[] =>
  globSync(`${folder}/**/*.test.ts`, { cwd: root, exclude: (name) => name.split('/').includes('node_modules') })

const atPath = (path: string): string[] => {
  const inside = relative(root, isAbsolute(path) ? path : resolve(process.env.INIT_CWD ?? root, path))
  const full = join(root, inside)
  if (inside.startsWith('..') || !existsSync(full))
    throw new Error(`There is no \`${path}\` in this repository. Name a test file or a folder with tests.`)
  const found = statSync(full).isDirectory() ? below(inside || '.') : [inside]
  const wrong = found.find((file) => !file.endsWith('.test.ts'))
  if (wrong) throw new Error(`\`${wrong}\` is not a test file. Test files end in .test.ts and lie beside what they test.`)
  if (found.length === 0) throw new Error(`There are no tests below \`${path}\`. Name a folder that holds *.test.ts files.`)
  return found
}

/** The test files below the given paths (relative to where npm was started), or all of them; sorted, relative to the root. */
export const findTests = (paths: readonly string[]): readonly string[] => {
  const found = paths.length > 0 ? paths.flatMap(atPath) : testFolders.flatMap(below)
  return [...new Set(found)].sort()
}
