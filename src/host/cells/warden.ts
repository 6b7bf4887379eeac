// Ends the cells of a supervisor that was killed. A cell notices by its closed channel, but not while it computes without pause;
// Node offers no parent-death signal, so a shell that waits at the end of a pipe does it: the pipe closes however the supervisor dies.
import { type ChildProcess, spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import type { Writable } from 'node:stream'

// Each line is `+ <pid> <start time>` or `- <pid>`. At the end of input, what is left is killed, unless the pid belongs to a later process by now:
// the start time (proc(5), field 22) tells. Where there is no /proc the start time is `-`, and the pid alone decides.
const script = `
trap '' HUP INT TERM
set -f
cells=' '
while read -r sign pid start; do
  case $sign in
    +) cells="$cells$pid:$start " ;;
    -) left=' '; for cell in $cells; do [ "\${cell%%:*}" = "$pid" ] || left="$left$cell "; done; cells=$left ;;
  esac
done
for cell in $cells; do
  pid=\${cell%%:*}; start=\${cell#*:}; found=-
  if [ -r "/proc/$pid/stat" ]; then read -r line < "/proc/$pid/stat"; set -- \${line##*) }; found=\${20}; fi
  [ "$start" = "$found" ] && kill -9 "$pid"
done
`

/** The process that outlives us for a moment. One per supervisor; started with the first cell, and again where it was lost. */
export class Warden {
  readonly #cells = new Map<number, string>()
  #shell: ChildProcess | undefined

  /** Whether a warden stands. */
  get stands(): boolean {
    return this.#shell?.pid !== undefined && this.#shell.exitCode === null && this.#shell.signalCode === null
  }

  /** Ends this process when we are gone. */
  watch(pid: number): void {
    this.#cells.set(pid, startTime(pid))
    if (this.stands) this.#say(`+ ${pid} ${this.#cells.get(pid)}`)
    else this.#start()
  }

  /** The process has ended by itself; its pid may belong to another one soon. */
  forget(pid: number): void {
    this.#cells.delete(pid)
    this.#say(`- ${pid}`)
  }

  #start(): void {
    const shell = spawn('/bin/sh', ['-c', script], { detached: true, cwd: '/', env: {}, stdio: ['pipe', 'ignore', 'ignore'] })
    // No shell, or a lost one: `stands` says so, the probe shows it, and the next cell tries again.
    shell.on('error', () => undefined)
    shell.stdin.on('error', () => undefined)
    shell.unref()
    unref(shell.stdin)
    this.#shell = shell
    for (const [pid, start] of this.#cells) this.#say(`+ ${pid} ${start}`)
  }

  #say(line: string): void {
    if (this.stands) this.#shell?.stdin?.write(`${line}\n`)
  }
}

function unref(stream: Writable): void {
  if ('unref' in stream && typeof stream.unref === 'function') stream.unref()
}

function startTime(pid: number): string {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    // The name in parentheses may hold spaces and parentheses; fields are counted from behind it.
    return stat.slice(stat.lastIndexOf(') ') + 2).split(' ')[19] ?? '-'
  } catch {
    return '-' // no /proc, or gone already
  }
}
