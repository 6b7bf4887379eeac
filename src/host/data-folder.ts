// Decides where Twinlock's data lives, and makes the folders. Who can read what:
// - `<data>` itself: others may pass through (711) only when root runs the server, because PostgreSQL then runs as another user; nobody else may list it.
// - `<data>/postgres`: the server's user; of what is inside, the cluster and the socket belong to the database's user alone (700).
// - `<data>/blobs`, `exports`: the server's user alone (700).
// - `<data>/workloads`: likewise, but 711 when root runs the server, because each run has a folder in it that belongs to the run's own user.
// - `<data>-keys`: the server's user alone (700), outside the data folder so that a copy or backup of the data holds no key that opens it.
// Trusts the environment of the process and the owner of the clone. An attacker who can write to a parent of these folders can replace them.
import { createHash } from 'node:crypto'
import { chmodSync, existsSync, mkdirSync, realpathSync, statSync, writeFileSync } from 'node:fs'
import { basename, dirname, join, relative, resolve, sep } from 'node:path'
import { canEnter, type DatabaseUser, resolveDatabaseUser } from './postgres/database-user.ts'
import { HostError, reasonOf, systemErrorCode } from './postgres/errors.ts'

const SYSTEM_FOLDER = '/var/lib/twinlock'

/** Where everything lives; absolute paths that exist. */
export interface DataFolder {
  readonly root: string
  readonly postgres: string
  readonly blobs: string
  readonly workloads: string
  readonly exports: string
  readonly keys: string
}

/** `clone`: the folder that holds Twinlock's package.json. `environment`: where `TWINLOCK_DATA` and `TWINLOCK_KEYS` are looked up. */
export interface DataFolderOptions {
  readonly clone: string
  readonly environment: Readonly<Record<string, string | undefined>>
}

const setting = (environment: DataFolderOptions['environment'], name: string): string | undefined => {
  const value = environment[name]?.trim()
  return value === undefined || value === '' ? undefined : resolve(value)
}

/** The folder in the system's place for a clone that the database's user cannot reach: 16 hex digits of the SHA-256 of the clone's path. */
export const systemDataFolder = (clone: string): string =>
  join(SYSTEM_FOLDER, createHash('sha256').update(clone).digest('hex').slice(0, 16))

/** Where the data goes, before anything is made. */
export const chooseDataFolder = ({ clone, environment }: DataFolderOptions, user: DatabaseUser): string => {
  const asked = setting(environment, 'TWINLOCK_DATA')
  if (asked !== undefined) return asked
  return !user.lent || canEnter(user, clone) ? join(clone, '.twinlock') : systemDataFolder(clone)
}

const makeFolder = (path: string, mode: number): void => {
  try {
    mkdirSync(path, { mode })
    // A strict umask must not lock the database's user out of a folder that was made for it.
    chmodSync(path, mode)
  } catch (error) {
    if (systemErrorCode(error) !== 'EEXIST') throw error
  }
}

// One by one: Node's own recursive mkdir never returns where a file system answers ENOENT to a mkdir in a folder that exists (/proc does).
const makeParents = (path: string): void => {
  const parent = dirname(path)
  if (existsSync(parent)) return
  makeParents(parent)
  makeFolder(parent, 0o755)
}

const notOurs = (path: string, uid: number): HostError =>
  new HostError(
    'data_folder_not_ours',
    `${path} belongs to uid ${uid}, but Twinlock runs as uid ${process.geteuid?.()}. Start it as the user that created the folder, or set TWINLOCK_DATA to a folder of its own.`,
  )

/** Makes a folder with exactly this mode, or takes one that is there and ours and gives it this mode. Throws `data_folder_not_ours`. */
export const prepareFolder = (path: string, mode: number): void => {
  makeParents(path)
  makeFolder(path, mode)
  const found = statSync(path)
  if (!found.isDirectory() || found.uid !== process.geteuid?.()) throw notOurs(path, found.uid)
  if ((found.mode & 0o777) !== mode) chmodSync(path, mode)
}

const prepareRoot = (path: string, mode: number): void => {
  if (existsSync(path) && (statSync(path).mode & 0o022) !== 0) {
    throw new HostError(
      'data_folder_open',
      `Others can write to the data folder ${path}, so what is in it cannot be trusted. Run \`chmod go-w '${path}'\` and start again.`,
    )
  }
  prepareFolder(path, mode)
  // Data and keys may lie in a clone: they must not be committed by accident.
  if (!existsSync(join(path, '.gitignore'))) writeFileSync(join(path, '.gitignore'), '*\n')
}

const isInside = (inner: string, outer: string): boolean => {
  const path = relative(outer, inner)
  return path === '' || (path !== '..' && !path.startsWith(`..${sep}`))
}

const prepareKeys = (path: string, data: string): void => {
  if (isInside(path, data)) {
    throw new HostError(
      'keys_inside_data',
      `The key folder ${path} lies inside the data folder ${data}, so a backup of the data would hold its own keys. Set TWINLOCK_KEYS to a folder outside it.`,
    )
  }
  if (existsSync(path) && (statSync(path).mode & 0o077) !== 0) {
    throw new HostError(
      'keys_folder_open',
      `Others can read or list the key folder ${path}. If nobody else could have read the keys, run \`chmod 700 '${path}'\` and start again; else rotate them.`,
    )
  }
  prepareRoot(path, 0o700)
}

const checkReachable = (user: DatabaseUser, root: string): void => {
  if (!user.lent || canEnter(user, root)) return
  throw new HostError(
    'data_folder_unreachable',
    `Twinlock runs as root, so PostgreSQL runs as ${user.name}, and that user cannot reach the data folder ${root}. ` +
      'Set TWINLOCK_DATA to a folder whose parents others may enter (for example under /var/lib), or run Twinlock as a plain user.',
  )
}

const makeAll = (chosen: string, options: DataFolderOptions, user: DatabaseUser): DataFolder => {
  const passed = user.lent ? 0o711 : 0o700
  prepareRoot(chosen, passed)
  const root = realpathSync(chosen)
  checkReachable(user, root)
  const sub = (name: string, mode = 0o700): string => {
    prepareFolder(join(root, name), mode)
    return join(root, name)
  }
  const keys = setting(options.environment, 'TWINLOCK_KEYS') ?? join(dirname(root), `${basename(root)}-keys`)
  prepareKeys(keys, root)
  return {
    root,
    postgres: sub('postgres', passed),
    blobs: sub('blobs'),
    workloads: sub('workloads', passed),
    exports: sub('exports'),
    keys: realpathSync(keys),
  }
}

/**
 * Decides where the data lives and makes its folders: `TWINLOCK_DATA`, else `.twinlock` in the clone when the database's user can reach it, else
 * under /var/lib/twinlock. Throws `HostError` when a folder belongs to someone else, is open to others, or cannot be made or reached.
 */
export const resolveDataFolder = (options: DataFolderOptions): DataFolder => {
  const user = resolveDatabaseUser()
  const chosen = chooseDataFolder(options, user)
  try {
    return makeAll(chosen, options, user)
  } catch (error) {
    if (error instanceof HostError) throw error
    throw new HostError(
      'data_folder_unreachable',
      `The data folder ${chosen} cannot be made: ${reasonOf(error)}. Set TWINLOCK_DATA to a folder that this user can write to.`,
      { cause: error },
    )
  }
}
