// What the console is built from, as one digest: every file of console/ and of the verifier that runs in the browser, and the lockfile. Reads only our
// own clone; fast, because every start asks.
import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

const parts = ['console', 'sdk/verify', 'src/kernel', 'src/ledger']

const isSource = (name: string): boolean => !name.endsWith('.test.ts') && !name.endsWith('.md')

function filesBelow(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile() && isSource(entry.name))
    .map((entry) => join(entry.parentPath, entry.name))
    .sort()
}

/** The digest of the console's sources in a clone, as `sha256:<hex>`. */
export function sourcesDigest(clone: string): string {
  const hash = createHash('sha256')
  const files = [...parts.flatMap((part) => filesBelow(join(clone, part))), join(clone, 'package-lock.json')]
  for (const file of files) {
    const content = readFileSync(file)
    hash.update(`${file.slice(clone.length)}\0${content.length}\0`).update(content)
  }
  return `sha256:${hash.digest('hex')}`
}
