// A uid for each run, so that the system's own rules keep one run from signalling or tracing another, or us.
// The range lies where no distribution and no container runtime hands out users; a small user namespace has a smaller one.
import { randomInt } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'

interface UidRange {
  readonly first: number
  readonly count: number
}

// Above every range in systemd's "Users, Groups, UIDs and GIDs" list that is assigned, below 2^31.
const wide: UidRange = { first: 1_900_000_000, count: 200_000_000 }
// Where a namespace maps 65,536 ids: above people, below systemd's dynamic users (61184) and homes (60001).
const narrow: UidRange = { first: 30_000, count: 30_000 }

/** The range to take uids from, by the text of /proc/self/uid_map; undefined where the namespace maps too few. */
export function uidRange(uidMap: string | undefined): UidRange | undefined {
  if (uidMap === undefined) return narrow
  const mapped = uidMap
    .trim()
    .split('\n')
    .map((line) => line.trim().split(/\s+/).map(Number))
  const holds = (range: UidRange) =>
    mapped.some(([inside = 0, , count = 0]) => inside <= range.first && inside + count >= range.first + range.count)
  return [wide, narrow].find(holds)
}

/** Whether a text of /proc/self/status says that this process may change uid and groups (capabilities(7): CAP_SETGID is 6, CAP_SETUID 7). */
export function mayChangeUid(status: string | undefined): boolean {
  if (status === undefined) return true // no capabilities on this system: root may
  const effective = /^CapEff:\s+([0-9a-f]+)$/m.exec(status)?.[1]
  return effective !== undefined && (BigInt(`0x${effective}`) & 0xc0n) === 0xc0n
}

/** Where this process can take uids for its cells; undefined for a plain user, and for a root who may not change uid. */
export function ownUidRange(): UidRange | undefined {
  if (process.getuid?.() !== 0 || !mayChangeUid(readIfThere('/proc/self/status'))) return undefined
  return uidRange(readIfThere('/proc/self/uid_map'))
}

function readIfThere(file: string): string | undefined {
  return existsSync(file) ? readFileSync(file, 'utf8') : undefined
}

/** Hands out uids that no other cell of this process has; the start is random so that two supervisors on one machine are apart too. */
export class RunUids {
  readonly #range: UidRange
  readonly #taken = new Set<number>()
  #next: number

  constructor(range: UidRange) {
    this.#range = range
    this.#next = randomInt(range.count)
  }

  /** Takes a uid until it is given back. */
  take(): number {
    let uid: number
    do {
      uid = this.#range.first + this.#next
      this.#next = (this.#next + 1) % this.#range.count
    } while (this.#taken.has(uid))
    this.#taken.add(uid)
    return uid
  }

  /** Gives a uid back, when no process has it any more. */
  release(uid: number): void {
    this.#taken.delete(uid)
  }
}
