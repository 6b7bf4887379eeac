// Rotating a key-encryption key: the new one takes the old one's place, the old one stays beside it until nothing is sealed under it any more. Each step
// is one atomic change of the folder, made durable; cut off anywhere, the keys that are needed are there, and doing it again goes on from there.
import { linkSync, renameSync, rmSync } from 'node:fs'
import type { Side } from '../../credentials/index.ts'
import { reasonOf, systemErrorCode } from '../postgres/errors.ts'
import { KeyFileError } from './errors.ts'
import { createKeyFile, keyPath, readKeyFile, syncFolder } from './key-file.ts'
import { prepareKeyFolder } from './key-folder.ts'

function same(one: Uint8Array | undefined, other: Uint8Array | undefined): boolean {
  return one !== undefined && other !== undefined && Buffer.from(one).equals(other)
}

function refuseUnfinished(path: string): KeyFileError {
  return new KeyFileError(
    'key_rotation_unfinished',
    `${path} is still there: what it sealed was not all sealed again. Start Twinlock once without a rotation; it finishes the last one.`,
  )
}

function keepOlder(current: string, older: string): void {
  try {
    linkSync(current, older)
  } catch (error) {
    // An earlier try came this far; that it holds the same key was just seen.
    if (systemErrorCode(error) !== 'EEXIST') throw error
  }
}

/**
 * Puts a new key in the place of a side's key. No server may be running on this folder; the next one opens with both keys and seals again what is
 * under the older. `reached` is told each step. Throws `KeyFileError`: `key_missing`, `key_rotation_unfinished` and those of reading.
 */
export function rotateKeyFile(folder: string, side: Side, reached: (step: 'made' | 'kept' | 'replaced') => void = () => undefined): void {
  prepareKeyFolder(folder)
  const [current, older, next] = [keyPath(folder, side), keyPath(folder, side, 'older'), keyPath(folder, side, 'next')]
  const present = readKeyFile(current)
  if (present === undefined) throw new KeyFileError('key_missing', `There is no ${side} key ${current} to rotate.`)
  const kept = readKeyFile(older)
  if (kept !== undefined && !same(kept, present)) throw refuseUnfinished(older)
  try {
    createKeyFile(next)
    reached('made')
    keepOlder(current, older)
    syncFolder(folder)
    reached('kept')
    renameSync(next, current)
    syncFolder(folder)
    reached('replaced')
  } catch (error) {
    if (error instanceof KeyFileError) throw error
    throw new KeyFileError('key_file_unusable', `The ${side} key could not be rotated: ${reasonOf(error)}.`, { cause: error })
  } finally {
    present.fill(0)
    kept?.fill(0)
  }
}

/** Removes the key before the last rotation, once nothing is sealed under it any more. Backups from before need it: keep it with them. */
export function forgetOlderKey(folder: string, side: Side): void {
  rmSync(keyPath(folder, side, 'older'), { force: true })
  syncFolder(folder)
}
