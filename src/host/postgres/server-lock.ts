// One server per data folder. The lock is a file that names its holder by pid and start time; it appears with its whole content at once (link of a
// finished file), so it is never seen half-written. A lock whose holder has ended is stale; breaking one is itself guarded, so that two servers
// that find the same stale lock cannot both take it. Only the server's own user can write in this folder.
import { randomUUID } from 'node:crypto'
import { linkSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { HostError, systemErrorCode } from './errors.ts'
import { identifyProcess, isAlive, type ProcessIdentity } from './process-identity.ts'

const ATTEMPTS_MAX = 20

/** A lock that is held; releasing it twice does no harm. */
export interface ServerLock {
  release(): void
}

const ownIdentity = (): ProcessIdentity => identifyProcess(process.pid) ?? { pid: process.pid, started: 'unknown' }

const parseHolder = (text: string): ProcessIdentity | undefined => {
  const [pid, ...started] = text.trim().split(' ')
  return pid !== undefined && /^\d+$/.test(pid) && started.length > 0 ? { pid: Number(pid), started: started.join(' ') } : undefined
}

const readHolder = (path: string): { text: string; holder: ProcessIdentity | undefined } | undefined => {
  try {
    const text = readFileSync(path, 'utf8')
    return { text, holder: parseHolder(text) }
  } catch (error) {
    if (systemErrorCode(error) === 'ENOENT') return undefined
    throw error
  }
}

const place = (path: string, identity: ProcessIdentity): boolean => {
  const draft = `${path}.${identity.pid}-${randomUUID()}`
  writeFileSync(draft, `${identity.pid} ${identity.started}\n`, { flag: 'wx', mode: 0o600 })
  try {
    linkSync(draft, path)
    return true
  } catch (error) {
    if (systemErrorCode(error) === 'EEXIST') return false
    throw error
  } finally {
    rmSync(draft)
  }
}

// INVARIANT: while `<path>.breaking` exists nobody else removes the lock, so what was read as stale is what gets removed.
const breakStale = (path: string, identity: ProcessIdentity): void => {
  const guard = `${path}.breaking`
  if (!place(guard, identity)) {
    const other = readHolder(guard)?.holder
    if (other !== undefined && !isAlive(other)) rmSync(guard, { force: true })
    return
  }
  try {
    const found = readHolder(path)
    if (found !== undefined && (found.holder === undefined || !isAlive(found.holder))) rmSync(path)
  } finally {
    rmSync(guard, { force: true })
  }
}

const releaseOf = (path: string, identity: ProcessIdentity): ServerLock => {
  let held = true
  return {
    release: () => {
      const holder = held ? readHolder(path)?.holder : undefined
      held = false
      if (holder?.pid === identity.pid && holder.started === identity.started) rmSync(path, { force: true })
    },
  }
}

/** The server that holds a database folder now. */
export const serverOf = (folder: string): ProcessIdentity | undefined => {
  const holder = readHolder(join(folder, 'server.lock'))?.holder
  return holder !== undefined && isAlive(holder) ? holder : undefined
}

/** Takes the lock of a database folder for this process, or throws `already_running` naming the pid that holds it. */
export const takeServerLock = (folder: string): ServerLock => {
  const path = join(folder, 'server.lock')
  const identity = ownIdentity()
  for (let attempt = 0; attempt < ATTEMPTS_MAX; attempt++) {
    if (place(path, identity)) return releaseOf(path, identity)
    const holder = readHolder(path)?.holder
    if (holder !== undefined && isAlive(holder)) {
      throw new HostError(
        'already_running',
        `Another Twinlock server (pid ${holder.pid}) uses the data folder that holds ${folder}. ` +
          'Stop that one, or give this one a data folder of its own with TWINLOCK_DATA.',
      )
    }
    breakStale(path, identity)
  }
  throw new HostError(
    'already_running',
    `The lock ${path} could not be taken in ${ATTEMPTS_MAX} attempts. If no Twinlock server runs, delete it and start again.`,
  )
}
