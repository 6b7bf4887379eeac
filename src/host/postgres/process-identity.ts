// Names a process so that a later look can tell it from another one that got the same pid: the pid with the moment it started. A zombie counts
// as ended. Reads /proc where there is one, else asks `ps`. Pids come from files that a past server wrote: they are claims, checked here.
import { spawnSync } from 'node:child_process'
import { readFileSync, statSync } from 'node:fs'
import { setTimeout as delay } from 'node:timers/promises'
import { systemErrorCode } from './errors.ts'

const POLL_MILLISECONDS = 10
const ON_LINUX = process.platform === 'linux'

/** A process that is alive now: its pid, and an opaque text that changes when the pid is used again, also after a reboot. */
export interface ProcessIdentity {
  readonly pid: number
  readonly started: string
}

const readText = (path: string): string | undefined => {
  try {
    return readFileSync(path, 'utf8')
  } catch (error) {
    // ESRCH: the process ended between open and read.
    if (systemErrorCode(error) === 'ENOENT' || systemErrorCode(error) === 'ESRCH') return undefined
    throw error
  }
}

const startedOnLinux = (pid: number): string | undefined => {
  const stat = readText(`/proc/${pid}/stat`)
  if (stat === undefined) return undefined
  // The command name is in parentheses and may hold spaces: fields are counted from after the last one (proc_pid_stat(5): 3 state, 22 starttime).
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  const ended = fields[0] === 'Z' || fields[0] === 'X'
  return ended ? undefined : `${readText('/proc/sys/kernel/random/boot_id')?.trim() ?? ''}:${fields[19]}`
}

const startedByPs = (pid: number): string | undefined => {
  const answer = spawnSync('ps', ['-o', 'stat=,lstart=', '-p', String(pid)], {
    encoding: 'utf8',
    env: { ...process.env, LC_ALL: 'C', TZ: 'UTC' },
  })
  const line = answer.stdout?.trim() ?? ''
  return line === '' || line.startsWith('Z') ? undefined : line.replace(/^\S+\s+/, '')
}

/** The identity of the process that has this pid now, or `undefined` when there is none (a zombie is none). */
export const identifyProcess = (pid: number): ProcessIdentity | undefined => {
  if (!Number.isSafeInteger(pid) || pid <= 0) return undefined
  const started = ON_LINUX ? startedOnLinux(pid) : startedByPs(pid)
  return started === undefined ? undefined : { pid, started }
}

/** Whether exactly this process, not a later one with its pid, is alive. */
export const isAlive = (process: ProcessIdentity): boolean => identifyProcess(process.pid)?.started === process.started

/** The user that a process runs as, or `undefined` when it has ended. */
export const ownerOf = (pid: number): number | undefined => {
  if (!ON_LINUX) {
    const answer = spawnSync('ps', ['-o', 'uid=', '-p', String(pid)], { encoding: 'utf8' }).stdout?.trim() ?? ''
    return answer === '' ? undefined : Number(answer) >>> 0
  }
  // The owner of the folder is the effective uid; proc_pid(5).
  return statSync(`/proc/${pid}`, { throwIfNoEntry: false })?.uid
}

/** The program and arguments of a process as one text, separated by zero bytes (Linux) or spaces; empty when it has ended. */
export const commandLineOf = (pid: number): string =>
  ON_LINUX
    ? (readText(`/proc/${pid}/cmdline`) ?? '')
    : (spawnSync('ps', ['-ww', '-o', 'command=', '-p', String(pid)], { encoding: 'utf8' }).stdout ?? '')

/** The direct children of a process. */
export const childrenOf = (pid: number): readonly ProcessIdentity[] => {
  const listed = ON_LINUX
    ? readText(`/proc/${pid}/task/${pid}/children`)
    : spawnSync('pgrep', ['-P', String(pid)], { encoding: 'utf8' }).stdout
  const pids = (listed ?? '').split(/\s+/).filter((text) => text !== '')
  return pids.flatMap((text) => identifyProcess(Number(text)) ?? [])
}

/** Sends a signal to exactly this process; answers false when it has already ended. */
export const signalProcess = (target: ProcessIdentity, signal: NodeJS.Signals): boolean => {
  if (!isAlive(target)) return false
  try {
    return process.kill(target.pid, signal)
  } catch (error) {
    if (systemErrorCode(error) === 'ESRCH') return false
    throw error
  }
}

/** Waits until the process has ended, at most so many milliseconds; answers whether it has. */
export const waitUntilEnded = async (target: ProcessIdentity, milliseconds: number): Promise<boolean> => {
  const deadline = performance.now() + milliseconds
  while (isAlive(target)) {
    if (performance.now() > deadline) return false
    await delay(POLL_MILLISECONDS)
  }
  return true
}
