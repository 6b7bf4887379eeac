#!/usr/bin/env node
// Builds the console into dist/console of the clone, or into `--out <folder>`: `node console/build/build.ts`. An unchanged tree builds nothing. Says nothing
// on success; on failure it prints one text and exits with 1. Two builds at once do not disturb each other: each works in a folder of its own, and
// renames it when it is whole.
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { stripVTControlCharacters } from 'node:util'
import { sourcesDigest } from './digest.ts'

const clone = fileURLToPath(new URL('../..', import.meta.url)).replace(/\/$/, '')
const stampName = '.stamp'

/** Where the console is built to unless a folder is named. */
export const defaultFolder = join(clone, 'dist', 'console')

function stampOf(folder: string): string | undefined {
  const file = join(folder, stampName)
  return existsSync(file) ? readFileSync(file, 'utf8') : undefined
}

async function bundle(folder: string): Promise<void> {
  // Loaded here, so that a start that builds nothing does not load them.
  const [{ build }, { viteSettings }, { compress }] = await Promise.all([
    import('vite'),
    import('./vite-settings.ts'),
    import('./compress.ts'),
  ])
  const settings = viteSettings()
  process.env.NODE_ENV = 'production'
  await build({ ...settings, logLevel: 'silent', build: { ...settings.build, outDir: folder, emptyOutDir: true } })
  await compress(folder)
}

/** Puts a whole build in its place. Of two that arrive at once the later one holds; both are whole and, for one tree, the same. */
function put(fresh: string, folder: string): void {
  const aside = `${fresh}-old`
  for (let tries = 0; ; tries += 1) {
    try {
      if (existsSync(folder)) renameSync(folder, aside)
      renameSync(fresh, folder)
      rmSync(aside, { recursive: true, force: true })
      return
    } catch (error) {
      // Another build renamed between the two steps.
      rmSync(aside, { recursive: true, force: true })
      if (tries >= 5) throw error
    }
  }
}

/** Builds the console unless it is built from this very tree; answers whether it built. */
export async function buildConsole(folder: string = defaultFolder): Promise<boolean> {
  const digest = sourcesDigest(clone)
  if (stampOf(folder) === digest) return false
  const fresh = `${folder}-${process.pid}-${Date.now()}.tmp`
  mkdirSync(dirname(fresh), { recursive: true })
  try {
    await bundle(fresh)
    writeFileSync(join(fresh, stampName), digest)
    put(fresh, folder)
  } finally {
    rmSync(fresh, { recursive: true, force: true })
  }
  return true
}

if (import.meta.main) {
  const [flag, folder] = process.argv.slice(2)
  if (flag !== undefined && (flag !== '--out' || folder === undefined)) {
    process.stderr.write('Usage: node console/build/build.ts [--out <folder>]\n')
    process.exitCode = 2
  } else {
    try {
      await buildConsole(folder === undefined ? defaultFolder : resolve(folder))
    } catch (error) {
      const why = stripVTControlCharacters(error instanceof Error ? error.message : String(error)).trimEnd()
      process.stderr.write(`The console could not be built: ${why}\n`)
      process.exitCode = 1
    }
  }
}
