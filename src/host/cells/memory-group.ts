// A memory limit that holds: a cgroup v2 of the cell's own, where this process may make one. Elsewhere only V8's heap limit and the resident watch
// stand, and the cell is reported as unlimited.
import { existsSync, mkdirSync, readFileSync, rmdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** A group with limits, made for one cell. */
export interface MemoryGroup {
  /** Moves a process in. */
  add(pid: number): void
  /** Whether the system ended a process in it because the limit was reached. */
  wasReached(): boolean
  /** Removes the group, once nothing is in it. */
  remove(): void
}

/** Makes groups below one folder of the cgroup file system, or nowhere. */
export interface MemoryGroups {
  readonly available: boolean
  make(name: string, bytesMax: number): MemoryGroup
}

/** Finds a folder where groups with memory limits can be made, by making one. `root` is the mount of cgroup v2. */
export function findMemoryGroups(root = '/sys/fs/cgroup', ownPath = readOwnPath()): MemoryGroups {
  const candidates = ownPath === undefined ? [] : [join(root, ownPath), join(root, ownPath, '..'), root]
  const parent = existsSync(join(root, 'cgroup.controllers')) ? candidates.find(canLimit) : undefined
  return {
    available: parent !== undefined,
    make: (name, bytesMax) => {
      if (parent === undefined) throw new Error('No memory group can be made here.')
      return makeGroup(join(parent, `twinlock-${name}`), bytesMax)
    },
  }
}

function readOwnPath(): string | undefined {
  if (!existsSync('/proc/self/cgroup')) return undefined
  return /^0::(\/.*)$/m.exec(readFileSync('/proc/self/cgroup', 'utf8'))?.[1]
}

function canLimit(parent: string): boolean {
  const trial = join(parent, `twinlock-trial-${process.pid}`)
  try {
    mkdirSync(trial)
  } catch {
    return false // not ours to write
  }
  try {
    return existsSync(join(trial, 'memory.max')) && existsSync(join(trial, 'cgroup.procs'))
  } finally {
    rmdirSync(trial)
  }
}

function makeGroup(folder: string, bytesMax: number): MemoryGroup {
  mkdirSync(folder)
  writeFileSync(join(folder, 'memory.max'), String(bytesMax))
  if (existsSync(join(folder, 'memory.swap.max'))) writeFileSync(join(folder, 'memory.swap.max'), '0')
  if (existsSync(join(folder, 'pids.max'))) writeFileSync(join(folder, 'pids.max'), '64')
  const events = join(folder, 'memory.events')
  return {
    add: (pid) => writeFileSync(join(folder, 'cgroup.procs'), String(pid)),
    // memory.events of cgroup v2; a controller that is not there counts nothing.
    wasReached: () => existsSync(events) && /^oom_kill [1-9]/m.test(readFileSync(events, 'utf8')),
    remove: () => rmdirSync(folder),
  }
}
