// Decides which operating-system user the embedded PostgreSQL runs as, and asks the system what that user can reach. PostgreSQL refuses to
// run as root, so a server started by root lends it `nobody`. What that user can reach is tried in a child, because mode bits alone do not
// know about access lists, mount options or missing libraries. Trusts /etc/passwd.
import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { userInfo } from 'node:os'
import { HostError, reasonOf } from './errors.ts'

const UNPRIVILEGED_NAME = 'nobody'

/** The user that owns the cluster's files and runs the postmaster. `lent` is true when it is not the server's own user. */
export interface DatabaseUser {
  readonly uid: number
  readonly gid: number
  readonly name: string
  readonly lent: boolean
}

/** Finds a user by name in the text of a passwd file, with uid and gid as the unsigned numbers that `stat` shows. */
export const findPasswdEntry = (passwd: string, name: string): { uid: number; gid: number } | undefined => {
  for (const line of passwd.split('\n')) {
    const [entryName, , uid, gid] = line.split(':')
    if (entryName === name && /^-?\d+$/.test(uid ?? '') && /^-?\d+$/.test(gid ?? ''))
      return { uid: Number(uid) >>> 0, gid: Number(gid) >>> 0 }
  }
  return undefined
}

const ownUser = (): { uid: number; gid: number } => {
  if (process.geteuid === undefined || process.getegid === undefined) {
    throw new HostError(
      'platform_unsupported',
      `The embedded PostgreSQL needs Linux or macOS; this is ${process.platform}. Set TWINLOCK_DATABASE_URL to a PostgreSQL server instead.`,
    )
  }
  return { uid: process.geteuid(), gid: process.getegid() }
}

const readPasswd = (): string => {
  try {
    return readFileSync('/etc/passwd', 'utf8')
  } catch (error) {
    throw new HostError(
      'database_user_missing',
      `Twinlock runs as root and PostgreSQL must not, but /etc/passwd cannot be read to find another user: ${reasonOf(error)}. Run Twinlock as a plain user.`,
      { cause: error },
    )
  }
}

const lentUser = (): DatabaseUser => {
  const entry = findPasswdEntry(readPasswd(), UNPRIVILEGED_NAME)
  if (entry === undefined || entry.uid === 0) {
    throw new HostError(
      'database_user_missing',
      `Twinlock runs as root and PostgreSQL must not, but /etc/passwd has no unprivileged user \`${UNPRIVILEGED_NAME}\` to run it as. ` +
        `Add one (useradd --system --no-create-home ${UNPRIVILEGED_NAME}), or run Twinlock as a plain user.`,
    )
  }
  return { ...entry, name: UNPRIVILEGED_NAME, lent: true }
}

/** The user for the embedded PostgreSQL: `nobody` when the server is root, else the server's own. Throws `database_user_missing`. */
export const resolveDatabaseUser = (): DatabaseUser => {
  const own = ownUser()
  if (own.uid === 0) return lentUser()
  try {
    return { ...own, name: userInfo().username, lent: false }
  } catch (error) {
    throw new HostError(
      'database_user_missing',
      `Twinlock runs as uid ${own.uid}, which has no entry in /etc/passwd, and PostgreSQL refuses to run without one. ` +
        'Add an entry for that uid, run as a user that has one, or set TWINLOCK_DATABASE_URL.',
      { cause: error },
    )
  }
}

/** What `spawn` needs to run a child as that user: nothing when it is the server's own. */
export const spawnAs = (user: DatabaseUser): { uid?: number; gid?: number } => (user.lent ? { uid: user.uid, gid: user.gid } : {})

/** The whole environment of every process that runs as the database's user: nothing of the server's own leaks into it. */
export const DATABASE_ENVIRONMENT: Readonly<Record<string, string>> = { PATH: '/usr/bin:/bin', LC_ALL: 'C', TZ: 'UTC' }

/** Whether that user can enter a folder that exists. Tried, not computed. Throws `database_user_refused` when nothing can be run as that user. */
export const canEnter = (user: DatabaseUser, folder: string): boolean => {
  const options = { ...spawnAs(user), cwd: '/', env: DATABASE_ENVIRONMENT, stdio: 'ignore' } as const
  const { status, error } = spawnSync('/bin/sh', ['-c', 'cd -- "$1"', 'sh', folder], options)
  if (error === undefined) return status === 0
  throw new HostError(
    'database_user_refused',
    `Twinlock runs as root, PostgreSQL must not, and this system does not let root start a process as ${user.name} (${error.message}), ` +
      'as in a container that knows only one user. Run Twinlock as a plain user, or set TWINLOCK_DATABASE_URL.',
    { cause: error },
  )
}
