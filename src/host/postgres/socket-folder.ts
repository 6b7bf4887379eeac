// Finds a folder for PostgreSQL's Unix socket: in the data folder when the path is short enough, else in a short system folder under a name made
// from the data folder's path. It has mode 0700 and belongs to the database's user, so only that user and root can connect. In a shared temporary
// folder someone else may have taken the name first: what is found there is used only when its owner and mode are exactly ours.
import { createHash } from 'node:crypto'
import { chmodSync, lchownSync, lstatSync, mkdirSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { canEnter, type DatabaseUser } from './database-user.ts'
import { HostError, systemErrorCode } from './errors.ts'

/** The port in the socket's file name; nothing listens on TCP. */
export const SOCKET_PORT = 5432

const pathBytesMax = process.platform === 'darwin' ? 103 : 107

/** Whether the socket of a folder has a path that the system accepts (107 bytes on Linux, 103 on macOS: unix(7), without the final zero). */
export const fitsSocketPath = (folder: string): boolean => Buffer.byteLength(join(folder, `.s.PGSQL.${SOCKET_PORT}`)) <= pathBytesMax

const shortFolders = (databaseFolder: string, user: DatabaseUser): string[] => {
  const name = `twinlock-${createHash('sha256').update(databaseFolder).digest('hex').slice(0, 16)}`
  const runtime = process.env.XDG_RUNTIME_DIR
  const parents = [...(user.lent ? ['/run'] : runtime ? [runtime] : []), tmpdir(), '/tmp']
  return parents.map((parent) => join(parent, name))
}

const makeOrFind = (folder: string, user: DatabaseUser): boolean => {
  try {
    mkdirSync(folder, { mode: 0o700 })
    chmodSync(folder, 0o700)
    if (user.lent) lchownSync(folder, user.uid, user.gid)
    return true
  } catch (error) {
    if (systemErrorCode(error) === 'EEXIST') return belongsTo(folder, user)
    if (['ENOENT', 'EACCES', 'EPERM', 'EROFS', 'ENOTDIR'].includes(systemErrorCode(error) ?? '')) return false
    throw error
  }
}

const belongsTo = (folder: string, user: DatabaseUser): boolean => {
  const found = lstatSync(folder)
  // Root made it and was ended before it could hand it over: only root can have made it, so it is finished here.
  if (user.lent && found.isDirectory() && found.uid === 0 && (found.mode & 0o777) === 0o700) {
    lchownSync(folder, user.uid, user.gid)
    return true
  }
  return found.isDirectory() && found.uid === user.uid && (found.mode & 0o777) === 0o700
}

/** Makes or finds the socket folder of a database folder, mode 0700, owned by the database's user. Throws `socket_folder_unavailable`. */
export const prepareSocketFolder = (databaseFolder: string, user: DatabaseUser): string => {
  const candidates = [join(databaseFolder, 'socket'), ...shortFolders(databaseFolder, user)].filter(fitsSocketPath)
  const chosen = candidates.find((folder) => makeOrFind(folder, user) && canEnter(user, folder))
  if (chosen !== undefined) return chosen
  throw new HostError(
    'socket_folder_unavailable',
    `No folder for the database's socket: its path may have ${pathBytesMax} bytes, and none of these can be made with mode 700 for user ${user.name}: ` +
      `${candidates.join(', ')}. Set TWINLOCK_DATA or TMPDIR to a shorter path that this user can write to.`,
  )
}
