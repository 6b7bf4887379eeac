// Progress on stderr: a bar that redraws itself on a terminal, a line for each change elsewhere, so that a log reads well too.
import type { Context } from '../context.ts'

const barWidth = 24

function barOf(done: number, total: number): string {
  const filled = total > 0 ? Math.min(barWidth, Math.round((done / total) * barWidth)) : 0
  return `${'█'.repeat(filled)}${'░'.repeat(barWidth - filled)}`
}

/** Shows how far something is. */
export class Progress {
  readonly #context: Pick<Context, 'io' | 'globals'>
  #last = ''

  constructor(context: Pick<Context, 'io' | 'globals'>) {
    this.#context = context
  }

  /** Shows a state; `total` is 0 until it is known. */
  show(state: string, done: number, total: number, note: string): void {
    const { io, globals } = this.#context
    if (globals.quiet) return
    if (!io.errIsTerminal) {
      const line = note === '' ? state : `${state}: ${note}`
      if (line !== this.#last) io.err(`${line}${total > 0 ? ` (${done} of ${total})` : ''}\n`)
      this.#last = line
      return
    }
    const line = `${barOf(done, total)} ${state}${total > 0 ? ` ${done}/${total}` : ''} ${note}`.slice(0, io.width - 1)
    io.err(`\r\u001b[2K${line}`)
    this.#last = line
  }

  /** Takes the bar away. */
  clear(): void {
    if (this.#last !== '' && this.#context.io.errIsTerminal && !this.#context.globals.quiet) this.#context.io.err('\r\u001b[2K')
  }
}
