// Cells without processes: a script says what the run says and sees what it is told, so that a test can crash, lie, dawdle and disobey to the letter.
// The supervisor that is tested is the product's own; only the place where a program would execute is made up.
import type { Cell, CellDriver, CellExit, CellSpec, ChildMessage, SupervisorMessage } from '../../src/runs/index.ts'

/** What a script may do inside of its cell. */
export interface InsideCell {
  readonly spec: CellSpec
  /** Says something to the supervisor. */
  say(message: ChildMessage): void
  /** Asks for something and answers the reply. */
  ask(message: Record<string, unknown> & { readonly type: 'call' | 'asset' | 'output' | 'credential' }): Promise<unknown>
  /** Resolves when the supervisor asks the run to end. */
  readonly stopped: Promise<string>
  /** Resolves when the cell was killed. */
  readonly killed: Promise<void>
}

/** Thrown by a script, it is how its cell ended. */
export class CellEnds extends Error {
  readonly exit: Partial<CellExit>
  constructor(exit: Partial<CellExit>) {
    super('The cell ends.')
    this.exit = exit
  }
}

/** What a run does. The cell ends by itself when it returns, and crashes when it throws. */
export type CellScript = (cell: InsideCell) => Promise<void>

/** A driver of scripted cells, with what it saw. */
export interface ScriptedCells extends CellDriver {
  /** The script of the next cell; each is used once, then the usual one again. One that is silent never says that it is up. */
  next(script: CellScript, how?: { readonly isSilent?: boolean }): void
  /** The cells that exist now, by run. */
  readonly alive: ReadonlySet<string>
  /** How many were made. */
  readonly launched: number
}

const strength = {
  kind: 'node-permission',
  uid: 'own',
  network: 'denied',
  fileSystem: 'denied',
  execution: 'denied',
  memory: 'limited',
  probed: [],
} as const

/** Writes one file of a run and waits until it is kept. */
export async function write(cell: InsideCell, name: string, content: string): Promise<unknown> {
  return cell.ask({ type: 'output', name, mediaType: 'text/plain', offset: 0, body: Buffer.from(content).toString('base64'), last: true })
}

/** What a run does where a test says nothing: writes one file and passes. */
export const usual: CellScript = async (cell) => {
  await write(cell, 'result.txt', 'what came out')
  cell.say({ type: 'finish', verdict: 'passed', summary: { wrote: 1 } })
}

class ScriptedCell implements Cell {
  readonly strength = strength
  readonly #queue: ChildMessage[] = []
  #waiting: (() => void) | undefined
  #over = false
  #id = 0
  readonly #replies = new Map<number, (value: unknown) => void>()
  readonly #exit = Promise.withResolvers<CellExit>()
  readonly #killed = Promise.withResolvers<void>()
  readonly #stop = Promise.withResolvers<string>()
  readonly #started = Promise.withResolvers<void>()
  readonly exited = this.#exit.promise

  constructor(spec: CellSpec, script: CellScript, isSilent: boolean) {
    const inside: InsideCell = {
      spec,
      say: (message) => this.#push(message),
      ask: (message) => {
        const id = ++this.#id
        const { promise, resolve } = Promise.withResolvers<unknown>()
        this.#replies.set(id, resolve)
        this.#push({ ...message, id } as ChildMessage) // the script is trusted to say what the channel's codec would let through
        return promise
      },
      stopped: this.#stop.promise,
      killed: this.#killed.promise,
    }
    this.#started.promise
      .then(() => {
        if (!isSilent) this.#push({ type: 'hello', protocol: 1 })
        return script(inside)
      })
      .then(
        () => this.#end({ reason: 'ended', code: 0, signal: null, stderrTail: '', stderrCut: false }),
        (error: unknown) =>
          this.#end({
            reason: 'crashed',
            code: 1,
            signal: null,
            stderrTail: String(error),
            stderrCut: false,
            ...(error instanceof CellEnds ? error.exit : {}),
          }),
      )
  }

  #push(message: ChildMessage): void {
    this.#queue.push(message)
    this.#waiting?.()
  }

  #end(exit: CellExit): void {
    this.#over = true
    this.#waiting?.()
    this.#exit.resolve(exit)
  }

  get messages(): AsyncIterable<ChildMessage> {
    return this.#read()
  }

  async *#read(): AsyncGenerator<ChildMessage> {
    for (;;) {
      const message = this.#queue.shift()
      if (message !== undefined) yield message
      else if (this.#over) return
      else {
        const { promise, resolve } = Promise.withResolvers<void>()
        this.#waiting = resolve
        await promise
      }
    }
  }

  async send(message: SupervisorMessage): Promise<void> {
    if (message.type === 'start') this.#started.resolve()
    if (message.type === 'stop') this.#stop.resolve(message.reason)
    if (message.type === 'reply') this.#answer(message.id, message)
  }

  /** Answers once, and forgets: a run under load asks thousands of times. */
  #answer(id: number, reply: SupervisorMessage): void {
    this.#replies.get(id)?.(reply)
    this.#replies.delete(id)
  }

  async kill(): Promise<void> {
    this.#killed.resolve()
    this.#end({ reason: 'killed', code: null, signal: 'SIGKILL', stderrTail: '', stderrCut: false })
  }
}

/** Makes a driver of scripted cells. */
export function scriptedCells(): ScriptedCells {
  const scripts: { readonly script: CellScript; readonly isSilent?: boolean }[] = []
  const alive = new Set<string>()
  let launched = 0
  return {
    next: (script, how) => void scripts.push({ script, ...how }),
    alive,
    get launched() {
      return launched
    },
    probe: async () => strength,
    async launch(spec) {
      launched++
      const { script, isSilent } = scripts.shift() ?? { script: usual }
      const cell = new ScriptedCell(spec, script, isSilent === true)
      alive.add(spec.runId)
      void cell.exited.then(() => alive.delete(spec.runId))
      return cell
    },
  }
}
