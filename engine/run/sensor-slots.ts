// The hooks of a run with their clocks: each is called when its time has come.

import type { Moment, SensorHook } from './sensor-hooks.ts'

/** The clock and state of one hook in a snapshot. */
export interface SlotState {
  readonly nextNs: number
  readonly state: unknown
}

/** The sensors that watch one run. */
export class SensorSlots {
  readonly #slots: { readonly hook: SensorHook; nextNs: number }[]

  constructor(hooks: readonly SensorHook[]) {
    this.#slots = hooks.map((hook) => ({ hook, nextNs: 0 }))
  }

  /** How many hooks there are. */
  get size(): number {
    return this.#slots.length
  }

  /** Calls every hook that is due; the moment is made only when one is. */
  look(timeNs: number, moment: () => Moment): void {
    for (const slot of this.#slots) {
      if (timeNs < slot.nextNs) continue
      slot.nextNs += slot.hook.periodNs
      slot.hook.sample(moment())
    }
  }

  /** Clock and state of each. */
  state(): readonly SlotState[] {
    return this.#slots.map(({ hook, nextNs }) => ({ nextNs, state: hook.state?.() }))
  }

  /** Continues from an earlier state of the same hooks. */
  restore(states: readonly SlotState[]): void {
    for (const [index, slot] of this.#slots.entries()) {
      slot.nextNs = states[index]?.nextNs ?? 0
      slot.hook.restore?.(states[index]?.state)
    }
  }
}
