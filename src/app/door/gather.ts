// Gathering for group commit: while as many batches as may be are under way, what comes in waits and goes together next. Nothing waits for a clock: a request
// that comes alone goes at once, alone. Organizations never share a batch, so none waits for another's.

/** How many requests go together at most. */
const batchMax = 64
/** How many batches of one key may be under way at once: while the store works on one, the next is decided. */
export const batchesMax = 2

interface Queue<T> {
  readonly waiting: T[]
  underWay: number
}

/** Hands over what waits under one key in batches. `work` settles every item itself and never throws. */
export class Gather<T> {
  readonly #queues = new Map<string, Queue<T>>()
  readonly #work: (items: readonly T[]) => Promise<void>

  constructor(work: (items: readonly T[]) => Promise<void>) {
    this.#work = work
  }

  /** Takes an item in; `most` batches of its key may be under way at once. */
  add(key: string, item: T, most = batchesMax): void {
    const queue = this.#queues.get(key) ?? { waiting: [], underWay: 0 }
    this.#queues.set(key, queue)
    queue.waiting.push(item)
    if (queue.underWay < most) void this.#drain(key, queue)
  }

  async #drain(key: string, queue: Queue<T>): Promise<void> {
    queue.underWay++
    // What the same moment brings goes along.
    await Promise.resolve()
    while (queue.waiting.length > 0) await this.#work(queue.waiting.splice(0, batchMax))
    queue.underWay--
    if (queue.underWay === 0) this.#queues.delete(key)
  }
}
