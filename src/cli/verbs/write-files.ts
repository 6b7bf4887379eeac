// Writes what was fetched below one folder. Names come from the artifact and are attacker-controlled: none leads outside, through a link or by dots.
// Everything is checked before the first byte is written.
import { existsSync, lstatSync, mkdirSync, realpathSync, writeFileSync } from 'node:fs'
import { dirname, join, sep } from 'node:path'
import { exitCodes } from '../exit-codes.ts'
import { CliFailure, usage } from '../failure.ts'

/** A file to write, by its name below the folder. */
export interface FileToWrite {
  readonly name: string
  readonly bytes: Uint8Array
}

const segment = /^[A-Za-z0-9_.][A-Za-z0-9._-]*$/

function requireInside(folder: string, name: string): string {
  const parts = name.split('/')
  const plain = name.length <= 250 && parts.every((part) => segment.test(part) && part !== '.' && part !== '..')
  if (!plain)
    throw new CliFailure(
      exitCodes.proofFails,
      `A file in the artifact is called \`${JSON.stringify(name)}\`, which would not stay in its folder. Nothing was written.`,
    )
  let at = folder
  for (const part of parts) {
    at = join(at, part)
    if (lstatSync(at, { throwIfNoEntry: false })?.isSymbolicLink() === true)
      throw usage(`\`${at}\` is a link; nothing is written through links.`, 'Choose another folder with --out.')
  }
  return at
}

/** Writes files below a folder. Throws a usage failure for what would be overwritten without `force`. */
export function writeFiles(folder: string, files: readonly FileToWrite[], force: boolean): void {
  const real = existsSync(folder) ? realpathSync(folder) : folder
  const targets = files.map(({ name, bytes }) => ({ path: requireInside(real, name), bytes }))
  const taken = targets.find(({ path }) => existsSync(path))
  if (taken !== undefined && !force)
    throw usage(
      `\`${taken.path}\` is there already. Nothing was written.`,
      'Overwrite it with --force, or choose another folder with --out.',
    )
  mkdirSync(real, { recursive: true })
  for (const { path, bytes } of targets) {
    mkdirSync(dirname(path), { recursive: true })
    // Looked at again after the folders were made: somebody may have put a link there in between.
    if (!`${realpathSync(dirname(path))}${sep}`.startsWith(`${realpathSync(real)}${sep}`)) throw usage(`\`${path}\` is not in ${real}.`)
    writeFileSync(path, bytes, { flag: force ? 'w' : 'wx' })
  }
}
