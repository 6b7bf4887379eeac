// Looks into a running process as the kernel shows it: its readable memory, its environment, its open files. For searching a run for what it must not hold.
import { closeSync, openSync, readdirSync, readFileSync, readlinkSync, readSync } from 'node:fs'

/** The children of this process that run a cell's launcher. */
export function cellsOf(parent: number): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => {
      try {
        const [, rest = ''] = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')
        return Number(rest.split(' ')[1]) === parent && readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes('sdk/run/launch')
      } catch {
        return false // it ended while we looked
      }
    })
}

interface Region {
  readonly from: bigint
  readonly to: bigint
}

function regionsOf(pid: number): Region[] {
  return readFileSync(`/proc/${pid}/maps`, 'utf8')
    .split('\n')
    .flatMap((line) => {
      const [, from, to, flags] = /^([0-9a-f]+)-([0-9a-f]+) (\S+) /.exec(line) ?? []
      // What the kernel maps for itself cannot be read through this file.
      return flags?.startsWith('r') && !/\[v(var|syscall)/.test(line) ? [{ from: BigInt(`0x${from}`), to: BigInt(`0x${to}`) }] : []
    })
}

const pieceBytes = 4 * 1024 * 1024
const overlapBytes = 512

/** What was found of each text, and how many bytes were looked through. */
export interface Search {
  readonly bytes: number
  readonly found: ReadonlySet<string>
}

/** The spellings in which a text may lie in memory: one byte or two bytes a character, and base64. */
function spellingsOf(text: string): Buffer[] {
  return [
    Buffer.from(text, 'latin1'),
    Buffer.from(text, 'utf16le'),
    Buffer.from(Buffer.from(text).toString('base64').replace(/=+$/, '').slice(0, -1)),
  ]
}

/** Searches the whole readable memory of a process. Throws what the kernel says when it may not be read. */
export function searchMemory(pid: number, texts: readonly string[]): Search {
  const wanted = texts.flatMap((text) => spellingsOf(text).map((bytes) => ({ text, bytes })))
  const found = new Set<string>()
  let bytes = 0
  const memory = openSync(`/proc/${pid}/mem`, 'r')
  const piece = Buffer.alloc(pieceBytes)
  try {
    for (const { from, to } of regionsOf(pid)) {
      for (let at = from; at < to; at += BigInt(pieceBytes - overlapBytes)) {
        const length = Number(to - at < BigInt(pieceBytes) ? to - at : BigInt(pieceBytes))
        const read = readIfMapped(memory, piece, length, at)
        bytes += read
        for (const { text, bytes: spelling } of wanted) if (piece.subarray(0, read).includes(spelling)) found.add(text)
      }
    }
  } finally {
    closeSync(memory)
  }
  return { bytes, found }
}

function readIfMapped(memory: number, piece: Buffer, length: number, at: bigint): number {
  try {
    return readSync(memory, piece, 0, length, at)
  } catch (error) {
    // A page that is reserved, or went away since the map was read; a refusal of the whole file throws when it is opened or on its first byte.
    if (error instanceof Error && 'code' in error && (error.code === 'EIO' || error.code === 'EFAULT')) return 0
    throw error
  }
}

/** The environment of a process, and what its open files are. */
export function surroundingsOf(pid: number): { environment: string; files: string[] } {
  const files = readdirSync(`/proc/${pid}/fd`).map((fd) => readlinkSync(`/proc/${pid}/fd/${fd}`))
  return { environment: readFileSync(`/proc/${pid}/environ`, 'utf8'), files }
}
