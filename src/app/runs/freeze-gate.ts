// Where a run's requests wait while it is frozen, and while the store cannot serve. It enforces nothing: what is let through too early is refused by the store,
// whose row is the authority, and comes back to wait here. It is there so that a run that is thawed, or that a machine is too slow for, finds its requests
// answered instead of failed: what ends it is its deadline, or the loss of its claim.
import { isCoded } from '../../kernel/index.ts'

/** What a heartbeat says of a run's standing. */
export interface Standing {
  readonly isFrozen: boolean
  /** The epoch that its channel speaks under. */
  readonly epoch: number
}

/** Whether the store could not serve, and nothing of what was asked for was done. */
const wasLeftUndone = (error: unknown): boolean => isCoded(error, 'unavailable') && error.notes.facts?.undone === true

/** The gate of one run. */
export class FreezeGate {
  #standing: Standing
  #isOver = false
  #thawed = Promise.withResolvers<void>()
  /** Resolves when the store says the next time how the run stands. */
  #heard = Promise.withResolvers<void>()
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
    this.#heard.resolve()
    if (!this.#isOver) this.#heard = Promise.withResolvers()
  }

  /** The run is over: whoever waits is let through, and refused. */
  open(): void {
    this.#isOver = true
    this.#thawed.resolve()
    this.#heard.resolve()
  }

  /**
   * Does something under the run's present epoch; waits while the run is frozen, and does it again where a freeze came in between, or the store could not serve.
   * Nothing is done twice: a refusal did nothing, and what may have been done is not asked for again.
   */
  async pass<T>(work: (epoch: number) => Promise<T>): Promise<T> {
    for (;;) {
      if (this.#standing.isFrozen && !this.#isOver) await this.#thawed.promise
      const { epoch } = this.#standing
      try {
        return await work(epoch)
      } catch (error) {
        if (this.#isOver || !(await this.#mayPassNow(error, epoch))) throw error
      }
    }
  }

  /** Whether what was refused may be let through by now: waits for what was in its way. */
  async #mayPassNow(error: unknown, epoch: number): Promise<boolean> {
    if (wasLeftUndone(error)) {
      await this.#heard.promise
      return true
    }
    if (!isCoded(error, 'run_frozen') && !isCoded(error, 'unauthenticated')) return false
    try {
      await this.#look()
    } catch (failure) {
      return this.#mayPassNow(failure, epoch)
    }
    return this.#standing.isFrozen || this.#standing.epoch !== epoch
  }
}
