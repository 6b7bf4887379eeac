// Actions that wait for somebody outside within their transaction: for a provider, or for DNS. While they wait they hold a connection of the store, and whoever
// has an answer come slowly could hold them all, and keep every organization from its work. So few go on at once; one more is refused before it takes a
// connection, and not kept waiting.
import { fail } from '../../kernel/index.ts'

/** How many wait for somebody outside at once, in all organizations. */
const fewAtOnceMax = 3

/** Lets few go on at once. */
export class FewAtOnce {
  #going = 0

  /** Does the work. Throws `busy` where as many as may be are going on. */
  async go<T>(work: () => Promise<T>): Promise<T> {
    if (this.#going >= fewAtOnceMax) {
      throw fail('busy', `The server waits for ${fewAtOnceMax} providers or name servers already, which is the limit.`, {
        next: 'Try again in a few seconds.',
      })
    }
    this.#going++
    try {
      return await work()
    } finally {
      this.#going--
    }
  }
}
