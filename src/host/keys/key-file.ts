// One key-encryption key in one file: 32 random bytes, mode 0600, made once; only a rotation puts another in its place. The file is opened without following links and
// judged by its open descriptor, so that it cannot be exchanged between the look and the reading.

import { randomBytes } from 'node:crypto'
import { closeSync, constants, fstatSync, fsyncSync, linkSync, openSync, readSync, rmSync, type Stats, writeSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { reasonOf, systemErrorCode } from '../postgres/errors.ts'
import { KeyFileError } from './errors.ts'

/** The length of a key-encryption key (AES-256). */
export const keyBytes = 32

/** Where a side's key lies: the one that seals, the one before it, or the one that is about to follow. */
export function keyPath(folder: string, side: string, which?: 'older' | 'next'): string {
  return join(folder, which === undefined ? `${side}.kek` : `${side}.${which}.kek`)
}

const openToOthers = 0o077
// A pipe in the file's place would make a blocking open wait forever.
const readFlags = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK

function refuseFile(path: string, found: Stats): void {
  if (!found.isFile()) throw new KeyFileError('key_file_link', `${path} is not a regular file. Put the key file itself there.`)
  if (found.uid !== process.geteuid?.()) {
    throw new KeyFileError(
      'key_file_not_ours',
      `The key file ${path} belongs to uid ${found.uid}, but Twinlock runs as uid ${process.geteuid?.()}. Start it as the user that made the keys.`,
    )
  }
  if ((found.mode & openToOthers) !== 0) {
    throw new KeyFileError(
      'key_file_open',
      `Others can read or write the key file ${path}. If nobody else could have read it, run \`chmod 600 '${path}'\` and start again; else rotate it.`,
    )
  }
  if (found.size !== keyBytes) {
    throw new KeyFileError(
      'key_file_length',
      `The key file ${path} holds ${found.size} bytes instead of ${keyBytes}. Restore it from where keys are kept.`,
    )
  }
}

function openForReading(path: string): number | undefined {
  try {
    return openSync(path, readFlags)
  } catch (error) {
    const code = systemErrorCode(error)
    if (code === 'ENOENT') return undefined
    if (code === 'ELOOP')
      throw new KeyFileError('key_file_link', `${path} is a symbolic link. Put the key file itself there.`, { cause: error })
    throw new KeyFileError('key_file_unusable', `The key file ${path} cannot be read: ${reasonOf(error)}.`, { cause: error })
  }
}

/** Reads a key file, or answers `undefined` when there is none. Throws `key_file_…` failures. The caller zeroes the bytes after use. */
export function readKeyFile(path: string): Uint8Array | undefined {
  const descriptor = openForReading(path)
  if (descriptor === undefined) return undefined
  try {
    refuseFile(path, fstatSync(descriptor))
    const key = new Uint8Array(keyBytes)
    if (readSync(descriptor, key, 0, keyBytes, 0) === keyBytes) return key
    throw new KeyFileError('key_file_length', `The key file ${path} became shorter while it was read. Restore it from where keys are kept.`)
  } finally {
    closeSync(descriptor)
  }
}

/** Makes what was linked, renamed or removed in a folder durable. */
export function syncFolder(folder: string): void {
  const descriptor = openSync(folder, constants.O_RDONLY)
  try {
    fsyncSync(descriptor)
  } finally {
    closeSync(descriptor)
  }
}

function writeNewKey(path: string): void {
  const key = randomBytes(keyBytes)
  const descriptor = openSync(path, 'wx', 0o600)
  try {
    if (writeSync(descriptor, key) !== keyBytes) throw new Error('The disk took only a part of the key')
    fsyncSync(descriptor)
  } finally {
    key.fill(0)
    closeSync(descriptor)
  }
}

function unusable(path: string, error: unknown): KeyFileError {
  return new KeyFileError('key_file_unusable', `The key file ${path} cannot be made: ${reasonOf(error)}.`, { cause: error })
}

function linkNewKey(path: string): void {
  const temporary = join(dirname(path), `.new-key-${randomBytes(8).toString('hex')}`)
  try {
    writeNewKey(temporary)
    linkSync(temporary, path)
  } finally {
    rmSync(temporary, { force: true })
  }
}

/**
 * Makes a key file, whole and durable or not at all. One that is there stays: `link` never replaces a file, so of two processes that do this at
 * once both go on with the same key. Throws `key_file_unusable`.
 */
export function createKeyFile(path: string): void {
  try {
    linkNewKey(path)
  } catch (error) {
    if (systemErrorCode(error) !== 'EEXIST') throw unusable(path, error)
  }
  try {
    syncFolder(dirname(path))
  } catch (error) {
    throw unusable(path, error)
  }
}
