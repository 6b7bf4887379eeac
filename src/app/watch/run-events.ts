// What is new of a run as events, in the order in which they are told: outcomes of open calls, calls, files, then the run itself. Each event carries the place
// after it, so that whoever got it and no more goes on with the very next one.
import type { z } from 'zod'
import type { RunId } from '../../kernel/index.ts'
import type { RunPlace, runNews } from '../../outputs/index.ts'
import { writePlace } from './place-text.ts'

/** What is new, as `run:watch` and `run:follow` answer it. */
export type RunNews = z.output<typeof runNews>

/** One event of a stream: `run`, `call`, `outcome`, `output`, `frozen`, `thawed`, `end`, or `cut`. */
export interface RunEvent {
  readonly event: 'run' | 'call' | 'outcome' | 'output' | 'frozen' | 'thawed' | 'end' | 'cut'
  /** Resume after this event with it; a `cut` has none. */
  readonly id: string | undefined
  readonly data: unknown
}

/** Turns news into events; remembers how far it has told, and how the run was when it was last told. */
export class RunTeller {
  readonly #run: RunId
  #place: RunPlace
  #told = ''
  #isFrozen: boolean | undefined

  constructor(run: RunId, place: RunPlace) {
    this.#run = run
    this.#place = place
  }

  /** Where to read on. */
  get place(): RunPlace {
    return this.#place
  }

  /** The events of some news. After an `end` there is nothing more to tell. */
  tell(news: RunNews): RunEvent[] {
    const events: RunEvent[] = []
    const add = (event: RunEvent['event'], data: unknown) => events.push({ event, id: writePlace(this.#run, this.#place), data })
    for (const call of news.outcomes) {
      this.#place = { ...this.#place, open: this.#place.open.filter((number) => number !== call.number) }
      add('outcome', call)
    }
    for (const call of news.calls) {
      const open = call.state === 'decided' ? [...this.#place.open, call.number] : this.#place.open
      this.#place = { ...this.#place, calls: call.number, open }
      add('call', call)
    }
    for (const file of news.outputs) {
      this.#place = { ...this.#place, outputs: file.number }
      add('output', file)
    }
    this.#tellRun(news, add)
    return events
  }

  #tellRun({ run, more }: RunNews, add: (event: RunEvent['event'], data: unknown) => void): void {
    const wasFrozen = this.#isFrozen
    this.#isFrozen = run.frozen !== null
    if (wasFrozen !== undefined && wasFrozen !== this.#isFrozen) add(this.#isFrozen ? 'frozen' : 'thawed', run.frozen ?? {})
    const text = JSON.stringify(run)
    if (run.state === 'ended' && !more) add('end', run)
    else if (text !== this.#told) add('run', run)
    this.#told = text
  }
}
