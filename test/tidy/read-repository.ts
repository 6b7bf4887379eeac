// Reads the repository as it lies on disk: what would be committed, without what .gitignore leaves out.
// A folder walk, so that it also works in an unpacked archive that has no git.

import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Entry } from './project.ts'
import { ignored } from './rules.ts'

/** The repository's root folder, absolute. */
export const root = fileURLToPath(new URL('../..', import.meta.url))

const read = (path: string): Entry => {
  const content = readFileSync(join(root, path))
  const binary = content.includes(0)
  return { path, bytes: content.length, binary, text: binary ? '' : content.toString('utf8') }
}

const walk = (folder: string): readonly Entry[] =>
  readdirSync(join(root, folder), { withFileTypes: true })
    .filter(({ name }) => !ignored.some((pattern) => pattern.test(name)))
    .flatMap((found) => {
      const path = folder === '' ? found.name : `${folder}/${found.name}`
      if (found.isDirectory()) return walk(path)
      return found.isFile() ? [read(path)] : []
    })

/** Every file of the repository. */
export const readRepository = (): readonly Entry[] => walk('')
