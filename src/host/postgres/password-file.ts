// The database's password: generated once, kept in a file that only the server's own user can read. It is the one secret of the embedded
// database; an attacker who can read the file and reach the socket can read and change every row. PostgreSQL itself keeps only a SCRAM verifier.
import { randomBytes } from 'node:crypto'
import { chmodSync, closeSync, fstatSync, openSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { HostError, systemErrorCode } from './errors.ts'

const PASSWORD_BYTES = 32

/** Where the password of a database folder is kept. */
export const passwordPath = (folder: string): string => join(folder, 'password')

const checkMode = (path: string, mode: number, uid: number): void => {
  if ((mode & 0o077) !== 0) {
    throw new HostError(
      'password_file_open',
      `The database password in ${path} can be read by others (mode ${(mode & 0o777).toString(8)}), so it may be known. ` +
        `If nobody else could have read it, run \`chmod 600 '${path}'\` and start again.`,
    )
  }
  if (uid !== process.geteuid?.()) {
    throw new HostError(
      'data_folder_not_ours',
      `${path} belongs to uid ${uid}, but Twinlock runs as uid ${process.geteuid?.()}. Start it as the user that created the data folder.`,
    )
  }
}

const openIfPresent = (path: string): number | undefined => {
  try {
    return openSync(path, 'r')
  } catch (error) {
    if (systemErrorCode(error) === 'ENOENT') return undefined
    throw error
  }
}

/** Reads the password, or `undefined` when there is none yet. Throws `password_file_open` when others could have read it. */
export const readPassword = (folder: string): string | undefined => {
  const path = passwordPath(folder)
  const file = openIfPresent(path)
  if (file === undefined) return undefined
  try {
    const { mode, uid } = fstatSync(file)
    checkMode(path, mode, uid)
    const password = readFileSync(file, 'utf8').trim()
    if (!/^[\w-]{20,200}$/.test(password)) {
      throw new HostError(
        'password_file_invalid',
        `${path} does not hold a password that Twinlock wrote. Put the file back from a backup and start again.`,
      )
    }
    return password
  } finally {
    closeSync(file)
  }
}

/** Makes a new password, writes it durably in one step, and returns it. */
export const createPassword = (folder: string): string => {
  const password = randomBytes(PASSWORD_BYTES).toString('base64url')
  const draft = `${passwordPath(folder)}.new`
  rmSync(draft, { force: true })
  writeFileSync(draft, `${password}\n`, { flag: 'wx', mode: 0o600, flush: true })
  chmodSync(draft, 0o600)
  renameSync(draft, passwordPath(folder))
  return password
}
