// Which test files share a process. Loading and warming up the product takes longer than most files' own tests, so neighbours are loaded into one process,
// each as a suite of its own: its hooks are its own, and it ends before the next begins. Files that change their process, start others, or measure time
// or memory keep a process to themselves.

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { root } from './find-tests.ts'
import type { Entry } from './most-work.ts'

/** Folders and files whose tests are given a process each. */
const apart = [
  'bench/',
  'console/build/',
  'engine/cli/',
  'engine/run/sandbox.test.ts',
  'scripts/bootstrap.test.ts',
  'scripts/test/',
  'src/app/runs/worker.test.ts',
  'src/app/sweeper.test.ts',
  'src/app/watch/watch-runs.test.ts',
  'src/cli/start/',
  'src/host/cells/',
  'src/host/data-folder.test.ts',
  'src/host/identity-providers/saml/saml-provider.test.ts',
  'src/host/keys/open-keys.test.ts',
  'src/host/postgres/',
  'src/host/upstream/create-upstream.test.ts',
  'src/host/upstream/hostile-upstream.test.ts',
  'src/host/upstream/tls-upstream.test.ts',
  'src/ledger/fixtures/node-crypto.test.ts',
  'src/server/fair-queue.test.ts',
  'test/attacks/run-memory.test.ts',
  'test/cells/',
  'test/chaos/',
  'test/console/switches-connection.test.ts',
  'test/fuzz/',
  'test/laws/law-05-revocation-is-exact.test.ts',
  'test/load/',
  'test/store/escapes.test.ts',
  'test/tidy/checks/honest-tests.test.ts',
]

/** Whether a file may run in the process of others. */
export const mayShare = (file: string): boolean => !apart.some((place) => file.startsWith(place))

// What takes longest begins first, so that nothing long is left for the end. At most so many files share a process.
const neighbourhoods: readonly { readonly below: string; readonly together: number }[] = [
  { below: 'test/console/', together: 5 },
  { below: 'test/path/', together: 6 },
  { below: 'test/attacks/', together: 6 },
  { below: 'test/laws/', together: 6 },
  { below: 'src/', together: 12 },
  { below: 'engine/', together: 8 },
  { below: '', together: 12 },
]

/** As few parts as hold no more than `most` each, all about as large. */
const parts = (files: readonly string[], most: number): string[][] => {
  const count = Math.ceil(files.length / most)
  const end = (at: number): number => Math.round((at * files.length) / count)
  return Array.from({ length: count }, (_, at) => files.slice(end(at), end(at + 1)))
}

/** How files are parted into processes. */
export interface Processes {
  /** Neighbours that share one, in the order in which they begin. */
  readonly shared: readonly (readonly string[])[]
  /** Files that have one each. */
  readonly alone: readonly string[]
}

/** Parts files into processes, each file into one. */
export const processesOf = (files: readonly string[]): Processes => {
  let left = files.filter(mayShare)
  const all: string[][] = []
  for (const { below, together } of neighbourhoods) {
    all.push(
      ...parts(
        left.filter((file) => file.startsWith(below)),
        together,
      ),
    )
    left = left.filter((file) => !file.startsWith(below))
  }
  const shared = all.filter(({ length }) => length > 1)
  const together = new Set(shared.flat())
  return { shared, alone: files.filter((file) => !together.has(file)) }
}

/**
 * The processes in the order in which they begin. Files of their own wait for other processes more than they work, and neighbours work: evenly mixed, what
 * waits leaves the cores to what works. Those that die, hang and start again on purpose take longest, and lie below `test/`.
 */
export const inOrder = ({ shared, alone }: Processes): readonly (readonly string[])[] => {
  const longestFirst = alone.toSorted((a, b) => Number(b.startsWith('test/')) - Number(a.startsWith('test/')))
  const upTo = (at: number): number => Math.round((at * alone.length) / shared.length)
  if (shared.length === 0) return longestFirst.map((file) => [file])
  return shared.flatMap((neighbours, at) => [neighbours, ...longestFirst.slice(upTo(at), upTo(at + 1)).map((file) => [file])])
}

const address = (file: string): string => JSON.stringify(pathToFileURL(join(root, file)).href)

// Loaded at one go: what is declared after a wait is no longer known to be of its suite, and its hooks would be everybody's. One that awaits while it is loaded is refused.
const suite = (file: string): string => `describe(${JSON.stringify(file)}, () => load(${JSON.stringify(join(root, file))}))\n`
const loading = `import { createRequire } from 'node:module'\nimport { describe } from 'node:test'\nconst load = createRequire(import.meta.url)\n`

const entryOf = (files: readonly string[]): string =>
  files.length === 1 ? files.map((file) => `import ${address(file)}\n`).join('') : loading + files.map(suite).join('')

/** What Node's runner is given to run these files, and how to clear it away. Node sorts it by name, so names count up. */
export const entriesFor = (files: readonly string[]): { readonly entries: readonly Entry[]; clear(): void } => {
  const folder = mkdtempSync(join(tmpdir(), 'twinlock-tests-'))
  const entries = inOrder(processesOf(files)).map((together, at) => {
    const path = join(folder, `${String(at).padStart(3, '0')}.test.mjs`)
    writeFileSync(path, entryOf(together))
    return { path, files: together }
  })
  return { entries, clear: () => rmSync(folder, { recursive: true, force: true }) }
}
