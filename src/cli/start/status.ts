// `twinlock status`: what runs on a data folder, on one screen, for whoever was just called. It looks and changes nothing; what it says of the server's readiness is
// the answer of whatever listens on that port.
import { statfsSync } from 'node:fs'
import type { DataFolder } from '../../host/data-folder.ts'
import { logPath } from '../../host/postgres/log-file.ts'
import { runningPostmaster } from '../../host/postgres/running.ts'
import { serverOf } from '../../host/postgres/server-lock.ts'

const answerMs = 5_000
const littleGb = 1

/** Where the server listens, and where the lines go. */
export interface StatusOptions {
  readonly port: number
  readonly isExternal: boolean
  out(line: string): void
}

interface Readiness {
  readonly isReady: boolean
  readonly said: string
}

async function readinessAt(port: number): Promise<Readiness> {
  const url = `http://127.0.0.1:${port}/readyz`
  try {
    const { status } = await fetch(url, { signal: AbortSignal.timeout(answerMs), redirect: 'error' })
    if (status === 200) return { isReady: true, said: `yes, says ${url}` }
    return { isReady: false, said: `no, says ${url} (${status}): the store cannot be read` }
  } catch (error) {
    const isLate = error instanceof Error && error.name === 'TimeoutError'
    const why = isLate ? `gives no answer within ${answerMs / 1000} s` : 'does not answer'
    return { isReady: false, said: `no, ${url} ${why}; name its port with --port if it was started with one` }
  }
}

function freeOf(folder: string): string {
  const { bavail, bsize } = statfsSync(folder)
  const free = (bavail * bsize) / 1e9
  return `${free.toFixed(1)} GB free${free < littleGb ? ', which is little: on a full disk nothing is recorded, so nothing is done' : ''}`
}

function databaseOf(folder: DataFolder, hasServer: boolean): string {
  const pid = runningPostmaster(folder.postgres)
  if (pid === undefined) return `PostgreSQL does not run; its log is ${logPath(folder.postgres)}`
  return hasServer ? `PostgreSQL, pid ${pid}` : `PostgreSQL, pid ${pid}, left running by a killed server: start takes it over, stop ends it`
}

/** Says what runs. Returns 0 where the server is ready, else 1. */
export async function status(folder: DataFolder, { port, isExternal, out }: StatusOptions): Promise<number> {
  const server = serverOf(folder.postgres)
  const mayRun = isExternal || server !== undefined
  const { isReady, said } = mayRun ? await readinessAt(port) : { isReady: false, said: 'no' }
  out(`data      ${folder.root}, ${freeOf(folder.root)}`)
  out(`keys      ${folder.keys}`)
  out(`database  ${isExternal ? 'external, by TWINLOCK_DATABASE_URL' : databaseOf(folder, server !== undefined)}`)
  out(`server    ${server === undefined ? (isExternal ? 'not told by the data folder' : 'none') : `pid ${server.pid}`}`)
  out(`ready     ${said}`)
  return isReady ? 0 : 1
}
