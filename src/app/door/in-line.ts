// Where more is taken away than an act can be decided beside, it goes on in line: one by one in an organization, in the order in which they came. Whoever stands
// in line holds no connection of the store, and no transaction that could run out of its time.

/** Lets one go on at once in each organization. */
export class InLine {
  readonly #last = new Map<string, Promise<void>>()

  /** Does the work when everybody who came before is through. */
  async go<T>(org: string, work: () => Promise<T>): Promise<T> {
    const before = this.#last.get(org)
    const { promise: through, resolve: next } = Promise.withResolvers<void>()
    this.#last.set(org, through)
    await before
    try {
      return await work()
    } finally {
      if (this.#last.get(org) === through) this.#last.delete(org)
      next()
    }
  }
}
