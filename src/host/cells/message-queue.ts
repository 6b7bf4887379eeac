// What a cell has said and nobody has read yet. Its bound is what slows a child that talks faster than it is heard.

/** A queue for one reader, which tells its writer when it has had enough and when it has room again. */
export class MessageQueue<T> implements AsyncIterableIterator<T> {
  readonly #items: { readonly item: T; readonly weight: number }[] = []
  readonly #limits: { readonly itemsMax: number; readonly weightMax: number }
  readonly #onRoom: () => void
  #weight = 0
  #ended = false
  #reader: PromiseWithResolvers<IteratorResult<T>> | undefined

  constructor(limits: { itemsMax: number; weightMax: number }, onRoom: () => void) {
    this.#limits = limits
    this.#onRoom = onRoom
  }

  /** Whether the writer should wait for `onRoom`. */
  get isFull(): boolean {
    return this.#items.length >= this.#limits.itemsMax || this.#weight >= this.#limits.weightMax
  }

  /** Adds an item; dropped when the queue has ended. */
  push(item: T, weight: number): void {
    if (this.#ended) return
    if (this.#reader !== undefined) {
      this.#reader.resolve({ done: false, value: item })
      this.#reader = undefined
      return
    }
    this.#items.push({ item, weight })
    this.#weight += weight
  }

  /** Ends the sequence after what is in it. */
  end(): void {
    this.#ended = true
    this.#reader?.resolve({ done: true, value: undefined })
    this.#reader = undefined
  }

  /** The next item, in order. One reader at a time. */
  next(): Promise<IteratorResult<T>> {
    const wasFull = this.isFull
    const first = this.#items.shift()
    if (first === undefined) return this.#wait()
    this.#weight -= first.weight
    if (wasFull && !this.isFull) this.#onRoom()
    return Promise.resolve({ done: false, value: first.item })
  }

  /** Called when the reader leaves its loop: nothing more is kept. */
  return(): Promise<IteratorResult<T>> {
    this.#items.length = 0
    this.#weight = 0
    this.end()
    this.#onRoom()
    return Promise.resolve({ done: true, value: undefined })
  }

  [Symbol.asyncIterator](): AsyncIterableIterator<T> {
    return this
  }

  #wait(): Promise<IteratorResult<T>> {
    if (this.#ended) return Promise.resolve({ done: true, value: undefined })
    if (this.#reader !== undefined) return Promise.reject(new Error('A cell is read by one reader at a time.'))
    this.#reader = Promise.withResolvers<IteratorResult<T>>()
    return this.#reader.promise
  }
}
