// Who may be worked for at once, and who waits: so many in all, not all of them of one holder, and those who wait in turn by holder, so that whoever asks
// for much waits behind his own requests and not before those of others. What waits is bounded; what is over it is refused at once.

/** The bounds of a queue. */
export interface QueueLimits {
  /** So many at once in all. */
  readonly atOnce: number
  /** So few at once, while the server's thread has no time left; as many as ever where it is left out. */
  readonly atOnceLeast?: number
  /** So many at once of one holder. */
  readonly atOnceOfOne: number
  readonly waiting: number
  readonly waitingOfOne: number
  readonly waitMs: number
}

/** Why somebody was not let in. */
export type NotLetIn = 'full' | 'full_of_own' | 'waited' | 'gone'

interface Holder {
  inside: number
  readonly waiting: ((answer: (() => void) | NotLetIn) => void)[]
}

/** A bounded queue that is fair between holders. Their names are its caller's to choose. */
export class FairQueue {
  readonly #limits: QueueLimits
  readonly #room: { readonly now: number }
  /** In the order of their turns: whoever was let in goes to the end. */
  readonly #holders = new Map<string, Holder>()
  #inside = 0
  #waiting = 0

  /** `room` says for how many there is room now; there is always room for as many as there may be where it is left out. */
  constructor(limits: QueueLimits, room: { readonly now: number } = { now: limits.atOnce }) {
    this.#limits = limits
    this.#room = room
  }

  /** How many are worked for now. */
  get inside(): number {
    return this.#inside
  }

  /** How many wait. */
  get waiting(): number {
    return this.#waiting
  }

  /** Resolves with what leaves again when it is this holder's turn, or with why it will not be. `gone` ends the waiting. */
  enter(name: string, gone: AbortSignal): Promise<(() => void) | NotLetIn> {
    const holder = this.#holders.get(name) ?? { inside: 0, waiting: [] }
    this.#holders.set(name, holder)
    if (this.#mayEnter(holder) && holder.waiting.length === 0) return Promise.resolve(this.#letIn(name, holder))
    if (holder.waiting.length >= this.#limits.waitingOfOne) return Promise.resolve('full_of_own')
    if (this.#waiting >= this.#limits.waiting) return Promise.resolve(this.#refuse(name, holder))
    return this.#wait(name, holder, gone)
  }

  #mayEnter({ inside }: Holder): boolean {
    const { atOnce, atOnceOfOne } = this.#limits
    const { now } = this.#room
    // Where there is less room, nobody has more of it than his part.
    return this.#inside < now && inside < Math.ceil((atOnceOfOne * now) / atOnce)
  }

  #refuse(name: string, holder: Holder): 'full' {
    this.#forget(name, holder)
    return 'full'
  }

  #wait(name: string, holder: Holder, gone: AbortSignal): Promise<(() => void) | NotLetIn> {
    const { promise, resolve } = Promise.withResolvers<(() => void) | NotLetIn>()
    const giveUp = (why: NotLetIn) => () => {
      const at = holder.waiting.indexOf(answer)
      if (at === -1) return
      holder.waiting.splice(at, 1)
      this.#waiting--
      this.#forget(name, holder)
      answer(why)
    }
    const leaves = giveUp('gone')
    const timer = setTimeout(giveUp('waited'), this.#limits.waitMs)
    const answer = (told: (() => void) | NotLetIn): void => {
      clearTimeout(timer)
      gone.removeEventListener('abort', leaves)
      resolve(told)
    }
    holder.waiting.push(answer)
    this.#waiting++
    gone.addEventListener('abort', leaves)
    if (gone.aborted) leaves()
    return promise
  }

  #letIn(name: string, holder: Holder): () => void {
    this.#inside++
    holder.inside++
    this.#holders.delete(name)
    this.#holders.set(name, holder)
    let isIn = true
    return () => {
      if (!isIn) return
      isIn = false
      this.#inside--
      holder.inside--
      this.#forget(name, holder)
      this.#callNext()
    }
  }

  #forget(name: string, holder: Holder): void {
    if (holder.inside === 0 && holder.waiting.length === 0 && this.#holders.get(name) === holder) this.#holders.delete(name)
  }

  /** Lets in whoever there is room for: more than one where there has come to be more room. */
  #callNext(): void {
    for (let next = this.#next(); next !== undefined; next = this.#next()) {
      const [name, holder] = next
      this.#waiting--
      holder.waiting.shift()?.(this.#letIn(name, holder))
    }
  }

  #next(): [string, Holder] | undefined {
    return this.#holders.entries().find(([, holder]) => holder.waiting.length > 0 && this.#mayEnter(holder))
  }
}
