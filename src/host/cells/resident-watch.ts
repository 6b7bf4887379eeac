// Looks at how much memory a child really holds, some times a second, where the system tells (Linux). V8's limit covers its heap alone, and a program
// can take any amount beside it. This is a brake between two looks, not a limit: the cell stays `unlimited`.
import { readFileSync } from 'node:fs'

const everyMilliseconds = 100

/** Calls `onOver` once when the process holds more than `bytesMax`. Returns how to stop looking. */
export function watchResident(pid: number, bytesMax: number, onOver: (bytes: number) => void): () => void {
  const timer = setInterval(() => {
    const bytes = residentBytes(pid)
    if (bytes <= bytesMax) return
    clearInterval(timer)
    onOver(bytes)
  }, everyMilliseconds)
  timer.unref()
  return () => clearInterval(timer)
}

/** Whether this system tells. */
export function canWatchResident(): boolean {
  return residentBytes(process.pid) > 0
}

function residentBytes(pid: number): number {
  try {
    // proc(5): VmRSS is the resident set, in kibibytes whatever the page size.
    return Number(/^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) * 1024
  } catch {
    return 0 // gone, or no /proc
  }
}
