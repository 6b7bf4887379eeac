// What a stream told of a run so far: its calls by number, its files, and how many calls were allowed and denied. Kept outside of React and told in one go for
// whatever arrived together: fifty thousand calls are fifty thousand events. What a run named (paths, files) is text of the run's own.
import type { OutputOf } from '../../api/call.ts'
import type { StreamEvent } from '../../api/event-stream.ts'

/** A call of a run, as its tape and its stream show it. */
export type Call = OutputOf<'run:tape'>['items'][number]

/** A file that a run has written. */
export type RunFile = OutputOf<'run:outputs'>['items'][number]

/** A run with its identities, claim and progress. */
export type ShownRun = OutputOf<'run:show'>

/** Why a stream was cut. */
export interface Cut {
  readonly code: string
  readonly detail: string
}

/** What is known at one moment; a new object for each change, so that views can compare it. */
export interface Told {
  /** By number, counted from 1: the call with number n is at n − 1. */
  readonly calls: readonly Call[]
  readonly allowed: number
  readonly denied: number
  readonly files: readonly RunFile[]
  readonly cut: Cut | undefined
}

const nothing: Told = { calls: [], allowed: 0, denied: 0, files: [], cut: undefined }

/** The story of one run. `later` runs its work once, after what arrived together: a frame in a browser. */
export class Story {
  readonly #later: (work: () => void) => void
  readonly #onRun: (run: ShownRun) => void
  readonly #listeners = new Set<() => void>()
  #calls: Call[] = []
  #files: readonly RunFile[] = []
  readonly #counts = { allowed: 0, denied: 0 }
  #cut: Cut | undefined
  #told = nothing
  #isWaiting = false

  constructor(later: (work: () => void) => void, onRun: (run: ShownRun) => void) {
    this.#later = later
    this.#onRun = onRun
  }

  /** Takes an event of the stream; what is not known is passed over. Throws for data that is no JSON: a fault of the server's. */
  take({ event, data }: StreamEvent): void {
    const value: unknown = JSON.parse(data)
    // The server has checked each event against the schema that these types are generated from.
    if (event === 'call' || event === 'outcome') this.#takeCall(value as Call)
    else if (event === 'output') this.#files = [...this.#files, value as RunFile]
    else if (event === 'cut') this.#cut = value as Cut
    else if (event === 'run' || event === 'end') this.#onRun(value as ShownRun)
    if (event === 'run') this.#cut = undefined
    this.#tell()
  }

  #takeCall(call: Call): void {
    const before = this.#calls[call.number - 1]
    if (before === undefined) this.#counts[call.decision] += 1
    this.#calls[call.number - 1] = call
  }

  #tell(): void {
    if (this.#isWaiting) return
    this.#isWaiting = true
    this.#later(() => {
      this.#isWaiting = false
      // The calls grow in place: who reads them sees a new object and the same array.
      this.#told = { calls: this.#calls, files: this.#files, ...this.#counts, cut: this.#cut }
      for (const listener of this.#listeners) listener()
    })
  }

  readonly get = (): Told => this.#told

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }
}
