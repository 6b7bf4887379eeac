// A tape that is read in pages as they come into sight, one page at a time and the latest wish first: who scrolls past forty thousand calls asks for what he
// stops at. Without filters any page can be read at once, because calls are numbered; with filters each page begins where the one before it ended.
import type { Call } from './story.ts'

/** A page as `run:tape` answers it. */
export interface TapePage {
  readonly items: readonly Call[]
  readonly allowed: number
  readonly denied: number
  readonly matching: number
  readonly next: number | null
}

/** Reads at most `limit` calls after a number. */
export type ReadTape = (after: number, limit: number) => Promise<TapePage>

/** What is known of a tape at one moment. */
export interface TapeState {
  readonly allowed: number
  readonly denied: number
  /** How many calls the filters let through; undefined until the first page is there. */
  readonly matching: number | undefined
  readonly failed: unknown
  /** How many pages arrived: a new number for each change. */
  readonly version: number
}

/** Calls of one page. */
export const pageSize = 200

/** The pages of one tape under one filter. */
export class TapePages {
  readonly #read: ReadTape
  readonly #isFiltered: boolean
  readonly #pages = new Map<number, readonly Call[]>()
  /** After which call each page begins; all of them are known where nothing is filtered. */
  readonly #starts: number[] = [0]
  readonly #listeners = new Set<() => void>()
  #wish: readonly [first: number, last: number] = [0, 0]
  #isReading = false
  #state: TapeState = { allowed: 0, denied: 0, matching: undefined, failed: undefined, version: 0 }

  constructor(read: ReadTape, isFiltered: boolean) {
    this.#read = read
    this.#isFiltered = isFiltered
  }

  readonly get = (): TapeState => this.#state

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  /** The call at a place among those that the filters let through, counted from 0; undefined while it is on its way. */
  rowAt(at: number): Call | undefined {
    return this.#pages.get(Math.floor(at / pageSize))?.[at % pageSize]
  }

  /** Says which rows are in sight. */
  want(first: number, last: number): void {
    this.#wish = [Math.floor(first / pageSize), Math.floor(last / pageSize)]
    if (!this.#isReading && this.#state.failed === undefined) void this.#readOn()
  }

  /** Tries again what failed. */
  again(): void {
    this.#tell({ failed: undefined })
    if (!this.#isReading) void this.#readOn()
  }

  /** The page to read next: the first that is in sight and not there, or one on the way to it. */
  #nextPage(): number | undefined {
    const [first, last] = this.#wish
    const pages = this.#state.matching === undefined ? 1 : Math.ceil(this.#state.matching / pageSize)
    for (let page = first; page <= Math.min(last, pages - 1); page += 1) {
      if (this.#pages.has(page)) continue
      return this.#isFiltered ? Math.min(page, this.#starts.length - 1) : page
    }
    return undefined
  }

  async #readOn(): Promise<void> {
    this.#isReading = true
    try {
      for (let page = this.#nextPage(); page !== undefined; page = this.#nextPage()) {
        const after = this.#isFiltered ? (this.#starts[page] ?? 0) : page * pageSize
        const { items, allowed, denied, matching, next } = await this.#read(after, pageSize)
        this.#pages.set(page, items)
        if (next !== null) this.#starts[page + 1] = next
        this.#tell({ allowed, denied, matching })
      }
    } catch (failed) {
      this.#tell({ failed })
    } finally {
      this.#isReading = false
    }
  }

  #tell(change: Partial<TapeState>): void {
    this.#state = { ...this.#state, ...change, version: this.#state.version + 1 }
    for (const listener of this.#listeners) listener()
  }
}
