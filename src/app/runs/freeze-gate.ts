// Where a run's requests wait while it is frozen. It enforces nothing: what is let through too early is refused by the store, whose row is the authority, and
// comes back to wait here. It is there so that a run that is thawed finds its requests answered instead of failed.
import { isCoded } from '../../kernel/index.ts'

/** What a heartbeat says of a run's standing. */
export interface Standing {
  readonly isFrozen: boolean
  /** The epoch that its channel speaks under. */
  readonly epoch: number
}

/** The gate of one run. */
export class FreezeGate {
  #standing: Standing
  #isOver = false
  #thawed = Promise.withResolvers<void>()
  readonly #look: () => Promise<void>

  /** `look` asks the store how the run stands, and tells the gate. */
  constructor(epoch: number, look: () => Promise<void>) {
    this.#standing = { isFrozen: false, epoch }
    this.#look = look
  }

  /** Hears how the run stands. */
  hear(standing: Standing): void {
    if (standing.isFrozen && !this.#standing.isFrozen) this.#thawed = Promise.withResolvers()
    this.#standing = { isFrozen: standing.isFrozen, epoch: standing.epoch }
    if (!standing.isFrozen) this.#thawed.resolve()
  }

  /** The run is over: whoever waits is let through, and refused. */
  open(): void {
    this.#isOver = true
    this.#thawed.resolve()
  }

  /** Does something under the run's present epoch; waits while the run is frozen, and does it again where a freeze came in between. Nothing is done twice: a refusal did nothing. */
  async pass<T>(work: (epoch: number) => Promise<T>): Promise<T> {
    for (;;) {
      if (this.#standing.isFrozen && !this.#isOver) await this.#thawed.promise
      const { epoch } = this.#standing
      try {
        return await work(epoch)
      } catch (error) {
        const mayBeFrozen = isCoded(error, 'run_frozen') || isCoded(error, 'unauthenticated')
        if (!mayBeFrozen || this.#isOver) throw error
        await this.#look()
        if (!this.#standing.isFrozen && this.#standing.epoch === epoch) throw error
      }
    }
  }
}
