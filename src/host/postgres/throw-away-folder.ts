// Folders for tests and throw-away databases: short paths that the database's user can reach, whatever TMPDIR is.
import { chmodSync, mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { canEnter, resolveDatabaseUser } from './database-user.ts'

/** Makes an empty folder under the system's temporary folder; the caller removes it. */
export const throwAwayFolder = (): string => {
  const user = resolveDatabaseUser()
  const folder = mkdtempSync(join(canEnter(user, tmpdir()) ? tmpdir() : '/tmp', 'twinlock-test-'))
  chmodSync(folder, user.lent ? 0o711 : 0o700)
  return folder
}
