// A bounded memory of things that are dear to make again, such as imported keys: the one that was not asked for the longest goes first.
// Keys may be attacker-controlled, so the bound is what keeps a stranger from filling the server's memory.

/** A map of at most `max` entries that forgets what was used least recently. */
export class RecentlyUsed<V> {
  readonly #entries = new Map<string, V>()
  readonly #max: number

  constructor(max: number) {
    this.#max = max
  }

  /** How many entries are held now. */
  get size(): number {
    return this.#entries.size
  }

  /** The value under a key, made and remembered when it is not there; what `make` throws is passed on and nothing is remembered. */
  obtain(key: string, make: () => V): V {
    const found = this.#entries.get(key)
    if (found !== undefined) this.#entries.delete(key)
    const value = found ?? make()
    this.#entries.set(key, value)
    if (this.#entries.size > this.#max) this.#forgetOldest()
    return value
  }

  #forgetOldest(): void {
    for (const oldest of this.#entries.keys()) {
      this.#entries.delete(oldest)
      return
    }
  }
}
