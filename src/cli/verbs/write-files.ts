// Writes what was fetched below one folder. Names come from the artifact and are attacker-controlled: none leads outside, through a link or by dots.
// Everything is checked before the first byte is written.
import { randomUUID } from 'node:crypto'
import { existsSync, linkSync, lstatSync, mkdirSync, realpathSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { basename, dirname, join, sep } from 'node:path'
import { exitCodes } from '../exit-codes.ts'
import { CliFailure, usage } from '../failure.ts'
import { reasonOf } from '../io.ts'

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

/**
 * Writes one file where a person said, whole or not at all: its bytes go into a file beside it, which then takes its name. Throws a usage failure for a link,
 * a folder, or a file that is there without `force`.
 */
export function writeFile(path: string, bytes: Uint8Array, force: boolean): void {
  const there = lstatSync(path, { throwIfNoEntry: false })
  if (there !== undefined && !there.isFile())
    throw usage(`\`${path}\` is there and is no plain file; nothing was written.`, 'Choose another name with --out.')
  if (there !== undefined && !force)
    throw usage(`\`${path}\` is there already. Nothing was written.`, 'Overwrite it with --force, or choose another name with --out.')
  const beside = join(dirname(path), `.${basename(path)}.${randomUUID()}`)
  try {
    writeFileSync(beside, bytes, { flag: 'wx', mode: 0o600 })
    // A link to it fails where a name was taken in the meantime; a rename takes it.
    if (force) renameSync(beside, path)
    else linkSync(beside, path)
  } catch (error) {
    throw usage(`\`${path}\` cannot be written: ${reasonOf(error)}`)
  } finally {
    rmSync(beside, { force: true })
  }
}
