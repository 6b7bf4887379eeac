// Which of the child's requests are open. The child numbers them itself, so a number used twice or too many at once are its doing.
import { fail } from '../../kernel/index.ts'
import { outstandingRequestsMax } from './limits.ts'

/** Keeps count of open requests: opened when the child asks, closed when the supervisor replies. */
export class RequestWindow {
  readonly #open = new Set<number>()

  /** How many requests wait for a reply. */
  get size(): number {
    return this.#open.size
  }

  /** Notes a request. Throws `malformed` for a number that is open already and `too_large` past `outstandingRequestsMax`. */
  open(id: number): void {
    if (this.#open.has(id)) throw fail('malformed', `Request ${id} is open already.`)
    if (this.#open.size >= outstandingRequestsMax) {
      throw fail('too_large', `More than ${outstandingRequestsMax} requests of the run are open at once.`)
    }
    this.#open.add(id)
  }

  /** Notes a reply. Throws `conflict` for a request that is not open: it was answered before, or never asked. */
  close(id: number): void {
    if (!this.#open.delete(id)) throw fail('conflict', `Request ${id} is not open.`)
  }
}
