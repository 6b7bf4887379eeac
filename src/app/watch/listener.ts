// One reader of a run's stream. It is told that there may be something new, and reads it from the store when its reader is ready to take it, deciding anew each
// time whether he may: so nothing waits in memory for a slow one, and nothing is handed out that was decided before it happened.
import { CodedError } from '../../kernel/index.ts'
import type { RunPlace } from '../../outputs/index.ts'
import { translateStoreFailure } from '../door/store-failure.ts'
import type { RunEvent, RunNews, RunTeller } from './run-events.ts'

/** A stream of a run, as a server reads it. */
export interface RunStream {
  /** Resolves with what is new when there is something; with nothing when the stream is over. Call it again only after it resolved. */
  next(): Promise<readonly RunEvent[] | undefined>
  /** The reader is gone. */
  close(): void
}

/** What a listener needs. */
export interface ListenerParts {
  readonly teller: RunTeller
  /** Reads on from a place, decided anew. Throws the refusal. */
  follow(place: RunPlace): Promise<RunNews>
  now(): number
  /** Called once when it is over. */
  left(listener: RunListener): void
}

/** The event that tells a reader why his stream ends here. */
function cutEvent(code: string, detail: string): RunEvent {
  return { event: 'cut', id: undefined, data: { code, detail } }
}

/** A reader of one run. */
export class RunListener implements RunStream {
  readonly #parts: ListenerParts
  #first: RunNews | undefined
  #hasNews = false
  #isOver = false
  #knock = Promise.withResolvers<void>()
  /** When it was last decided that its reader may see the run. */
  decidedAt: number

  constructor(parts: ListenerParts) {
    this.#parts = parts
    this.decidedAt = parts.now()
  }

  /** Begins with what opening the stream answered. */
  begin(news: RunNews): this {
    this.#first = news
    return this
  }

  /** Something may have happened, or been taken away. */
  wake(): void {
    this.#hasNews = true
    this.#knock.resolve()
  }

  close(): void {
    if (this.#isOver) return
    this.#isOver = true
    this.#knock.resolve()
    this.#parts.left(this)
  }

  async next(): Promise<readonly RunEvent[] | undefined> {
    while (!this.#isOver) {
      const news = await this.#news()
      if (news === undefined) continue
      if ('event' in news) return [news]
      const events = this.#parts.teller.tell(news)
      if (news.more) this.wake()
      if (events.some(({ event }) => event === 'end')) this.close()
      if (events.length > 0) return events
    }
    return undefined
  }

  async #news(): Promise<RunNews | RunEvent | undefined> {
    const first = this.#first
    this.#first = undefined
    if (first !== undefined) return first
    await this.#knock.promise
    if (this.#isOver) return undefined
    this.#knock = Promise.withResolvers()
    if (!this.#hasNews) return undefined
    this.#hasNews = false
    try {
      const news = await this.#parts.follow(this.#parts.teller.place)
      this.decidedAt = this.#parts.now()
      return this.#isOver ? undefined : news
    } catch (thrown) {
      return this.#refused(thrown)
    }
  }

  /** What cannot be decided is not shown: the stream ends, and its reader may open it again. */
  #refused(thrown: unknown): RunEvent | undefined {
    const error = translateStoreFailure(thrown)
    if (this.#isOver) return undefined
    this.close()
    const { code, message } = error instanceof CodedError ? error : { code: 'internal', message: 'Something went wrong on our side.' }
    return cutEvent(code, message)
  }
}
