// PostgreSQL's own log: a file that the server opens and the postmaster writes, also after the server has died. It is opened for appending, so it
// can be cut while it is being written. Its size has a limit; one earlier file of the same size is kept.
import { closeSync, copyFileSync, openSync, readFileSync, rmSync, statSync, truncateSync } from 'node:fs'
import { join } from 'node:path'
import { systemErrorCode } from './errors.ts'

/** The most bytes that the current log holds before it is moved aside. */
const LOG_BYTES_MAX = 8 * 1024 * 1024

const TAIL_LINES = 6

/** Where the log of a database folder is. */
export const logPath = (folder: string): string => join(folder, 'postgres.log')

const sizeOf = (path: string): number => {
  try {
    return statSync(path).size
  } catch (error) {
    if (systemErrorCode(error) === 'ENOENT') return 0
    throw error
  }
}

/** Moves the log aside when it is larger than the limit: its text goes to `postgres.log.1`, and the writer goes on in the emptied file. */
export const trimLog = (folder: string, bytesMax: number = LOG_BYTES_MAX): boolean => {
  const path = logPath(folder)
  if (sizeOf(path) <= bytesMax) return false
  rmSync(`${path}.1`, { force: true })
  copyFileSync(path, `${path}.1`)
  truncateSync(path)
  return true
}

/** Opens the log for appending and hands its descriptor to `use`. */
export const withLogFile = <T>(folder: string, use: (descriptor: number) => T): T => {
  const descriptor = openSync(logPath(folder), 'a', 0o600)
  try {
    return use(descriptor)
  } finally {
    closeSync(descriptor)
  }
}

/** The last lines of the log, for a message that says why PostgreSQL did not start. */
export const logTail = (folder: string): string => {
  if (sizeOf(logPath(folder)) > LOG_BYTES_MAX * 2) return '(the log is too large to quote)'
  const lines = readFileSync(logPath(folder), 'utf8').trim().split('\n')
  return lines.slice(-TAIL_LINES).join('\n')
}
