// The folder of key-encryption keys: ours alone, and no link. Whoever can write here decides which keys the server uses; whoever can read here
// and has a copy of the database holds every sealed secret. So a folder that is open to others is refused, and not quietly closed.
import { existsSync, lstatSync, mkdirSync, type Stats } from 'node:fs'
import { dirname } from 'node:path'
import { reasonOf, systemErrorCode } from '../postgres/errors.ts'
import { KeyFileError } from './errors.ts'

const openToOthers = 0o077

// One by one: Node's own recursive mkdir never returns where a file system answers ENOENT to a mkdir in a folder that exists (/proc does).
function makeFolders(folder: string, mode: number): void {
  const parent = dirname(folder)
  if (!existsSync(parent)) makeFolders(parent, 0o755)
  try {
    mkdirSync(folder, { mode })
  } catch (error) {
    // Whoever was quicker, or a link or file in the folder's place, is judged by the look that follows.
    if (systemErrorCode(error) !== 'EEXIST') throw error
  }
}

function unusable(folder: string, error: unknown): KeyFileError {
  return new KeyFileError(
    'key_folder_unusable',
    `The key folder ${folder} cannot be used: ${reasonOf(error)}. Set TWINLOCK_KEYS to a folder that this user can write to.`,
    { cause: error },
  )
}

function makeAndLook(folder: string): Stats {
  try {
    makeFolders(folder, 0o700)
    return lstatSync(folder)
  } catch (error) {
    throw unusable(folder, error)
  }
}

/** Makes the folder (mode 0700) or takes one that is there, ours, no link and closed to others. Throws `key_folder_…` failures. */
export function prepareKeyFolder(folder: string): void {
  const found = makeAndLook(folder)
  if (!found.isDirectory()) {
    throw new KeyFileError('key_folder_link', `${folder} is a link or a file. Set TWINLOCK_KEYS to the folder itself that holds the keys.`)
  }
  if (found.uid !== process.geteuid?.()) {
    throw new KeyFileError(
      'key_folder_not_ours',
      `The key folder ${folder} belongs to uid ${found.uid}, but Twinlock runs as uid ${process.geteuid?.()}. Start it as the user that made the keys.`,
    )
  }
  if ((found.mode & openToOthers) !== 0) {
    throw new KeyFileError(
      'key_folder_open',
      `Others can enter or list the key folder ${folder}. If nobody else could have read the keys, run \`chmod 700 '${folder}'\` and start again; else rotate them.`,
    )
  }
}
