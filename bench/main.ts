#!/usr/bin/env node
// `npm run bench -- NAME [--json]`: runs bench/NAME.ts, which exports `async function bench(): Promise<Figure[]>`, and shows its figures.
// Without a name it lists the benchmarks. Exit code 1 when a goal is missed, 2 when the name is unknown. The name comes from the person at the keyboard.

import { readdirSync } from 'node:fs'
import { type Figure, plain, table } from './figure.ts'

const OWN_FILES = ['main.ts', 'figure.ts']

/** Where benchmarks are found, and where their figures and complaints go. */
export interface Surroundings {
  /** The folder of the benchmarks, ending in a slash. */
  readonly folder: URL
  print(text: string): void
  complain(text: string): void
}

const names = (folder: URL): readonly string[] =>
  readdirSync(folder)
    .filter((file) => /^[a-z0-9-]+\.ts$/.test(file) && !OWN_FILES.includes(file))
    .map((file) => file.slice(0, -'.ts'.length))
    .sort()

const measure = async (name: string, folder: URL): Promise<readonly Figure[]> => {
  const { bench }: { bench?: () => Promise<readonly Figure[]> } = await import(new URL(`${name}.ts`, folder).href)
  if (typeof bench !== 'function')
    throw new Error(`bench/${name}.ts exports no function \`bench\`: export async function bench(): Promise<Figure[]>.`)
  const figures = await bench()
  if (figures.length === 0) throw new Error(`bench/${name}.ts measured nothing: return at least one figure.`)
  return figures
}

/** Runs what the arguments ask for and resolves to the exit code: 0 all goals met, 1 a goal missed or a failure, 2 usage. */
export const main = async (args: readonly string[], { folder, print, complain }: Surroundings): Promise<number> => {
  const known = names(folder)
  const [name, ...more] = args.filter((arg) => arg !== '--json')
  const list = known.length > 0 ? `Benchmarks: ${known.join(', ')}.` : 'There are no benchmarks.'
  if (name === undefined) {
    print(args.includes('--json') ? JSON.stringify(known) : list)
    return 0
  }
  if (!known.includes(name) || more.length > 0) {
    complain(`Unknown benchmark \`${[name, ...more].join(' ')}\`. ${list} Use: npm run bench -- NAME [--json]`)
    return 2
  }
  try {
    const figures = await measure(name, folder)
    print(args.includes('--json') ? JSON.stringify(plain(figures), null, 2) : table(figures))
    return figures.every(({ ok }) => ok) ? 0 : 1
  } catch (error) {
    complain(error instanceof Error ? (error.stack ?? error.message) : String(error))
    return 1
  }
}

if (import.meta.main) {
  const folder = new URL('./', import.meta.url)
  process.exitCode = await main(process.argv.slice(2), { folder, print: console.log, complain: console.error })
}
