// The fence before runs that this process is ending: whoever comes with a credential of such a run waits until the transaction that ends it is settled, and is
// then told what it says. It decides nothing: the run's row is the authority, here and in every other process. It is there so that acts which would be
// refused anyway do not take the time from the end itself.
import type { Tx } from '../kernel/index.ts'

interface Raised {
  readonly settled: Promise<void>
  lower(): void
}

/** Holds back what runs do while their end is on its way to its commit. */
export class RunFence {
  readonly #runs = new Map<string, Raised>()
  readonly #raisedIn = new WeakMap<Tx, string[]>()
  readonly #letPass = new WeakSet<Tx>()

  /** Raises the fence before a run until the transaction is settled. Only for an end, a freeze or a cancellation that was allowed. */
  raise(tx: Tx, run: string): void {
    if (this.#runs.has(run)) return
    const { promise: settled, resolve: lower } = Promise.withResolvers<void>()
    this.#runs.set(run, { settled, lower })
    const raised = this.#raisedIn.get(tx)
    if (raised === undefined) this.#raisedIn.set(tx, [run])
    else raised.push(run)
  }

  /** Lets a transaction pass that holds others back: the end of the run may wait for it, and the two would wait for each other. The run's row tells it the same. */
  letPass(tx: Tx): void {
    this.#letPass.add(tx)
  }

  /** Resolves when nothing is raised before a run that this transaction has to wait for. */
  async passing(run: string, tx: Tx): Promise<void> {
    if (this.#letPass.has(tx)) return
    for (let raised = this.#runs.get(run); raised !== undefined; raised = this.#runs.get(run)) await raised.settled
  }

  /** Lowers what was raised in a transaction: it is settled, whichever way. */
  lower(tx: Tx): void {
    for (const run of this.#raisedIn.get(tx) ?? []) {
      this.#runs.get(run)?.lower()
      this.#runs.delete(run)
    }
    this.#raisedIn.delete(tx)
  }
}

declare module '../kernel/action.ts' {
  interface Ports {
    readonly runFence: RunFence
  }
}
