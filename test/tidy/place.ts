// Where a file stands in the house: its room, whether it is a test, whether a machine wrote it.
// Every rule asks here, so that all of them mean the same by "a test" and "a room".

import { rooms } from './rules.ts'

const names: readonly string[] = rooms

/** The order of a room; undefined for what is no room (host, and everything outside src). */
export const roomOrder = (room: string | undefined): number | undefined => {
  const order = names.indexOf(room ?? '')
  return order < 0 ? undefined : order
}

/** The first folder below src: `ledger` for src/ledger/tile.ts, `host` for src/host/…; undefined outside src. */
export const roomOf = (path: string): string | undefined => /^src\/([\w-]+)\//.exec(path)?.[1]

/** Whether it is a test, and so may use Node and stays unmeasured. */
export const isTest = (path: string): boolean => /\.test\.tsx?$/.test(path)

/** Whether a program wrote it. */
export const isGenerated = (path: string): boolean => /(^|\/)generated\/|\.generated\.\w+$/.test(path)

/** Whether it only declares types of the surroundings. */
export const isDeclaration = (path: string): boolean => path.endsWith('.d.ts')

/** Written by a person, and shipped or run: neither test nor generated nor declaration. */
export const isOwnSource = (path: string): boolean => !isTest(path) && !isGenerated(path) && !isDeclaration(path)

/** Whether the path begins with one of the given starts. */
export const isBelow = (path: string, starts: readonly string[]): boolean => starts.some((start) => path.startsWith(start))

/** The entry of a table whose `folder` is the longest start of the path. */
export const longest = <T extends { readonly folder: string }>(path: string, table: readonly T[]): T | undefined =>
  table.filter(({ folder }) => path.startsWith(folder)).sort((one, other) => other.folder.length - one.folder.length)[0]
