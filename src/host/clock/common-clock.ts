// The time that all servers over one database share: the database's, carried forward by this machine's monotonic clock, never backwards. What ends in
// time (claims, deadlines, tokens, sessions) is decided by it, so a wall clock that jumps here ends nothing early and revives nothing.
// Trust: whoever sets the clock of the database's machine can end things early; set back, it is carried on and holds nothing alive.
import { uptime } from 'node:os'
import { type Clock, fail } from '../../kernel/index.ts'

/** This machine's clocks, in milliseconds. `sinceBoot` counts while the machine sleeps, which `monotonic` may not. */
export interface MachineClocks {
  wall(): number
  monotonic(): number
  sinceBoot(): number
}

/** What the store says: the shared time, and what its machine's own clock shows. In milliseconds since 1970. */
export interface TimeReading {
  readonly at: number
  readonly wall: number
}

/** Asks the store for the time; `carried` is the time by this clock, or nothing where it has none that it trusts. */
export type AskTime = (carried: number | undefined) => Promise<TimeReading>

/** The clocks of this machine, as the operating system has them. */
export const machineClocks: MachineClocks = {
  wall: () => Date.now(),
  monotonic: () => performance.now(),
  sinceBoot: () => uptime() * 1000,
}

/** How long a reading may be carried. A monotonic clock that is wrong by one part in a thousand, far more than any should be, is then off by 60 ms. */
const carriedMsMax = 60_000
/** How far the store may be ahead of what was carried, beside the time that asking took. */
const aheadMsMax = 1_500
/** For how long the store has to be ahead before it is believed. */
const confirmMs = 30_000
const askingMsMax = 5_000
/** Beyond this difference between wall and monotonic clock, the machine may have slept. */
const sleptMsMin = 2_000
const everyMs = 5_000

interface Anchor {
  readonly at: number
  readonly wall: number
  readonly monotonic: number
  readonly sinceBoot: number
}

/** The shared clock of one server. `now` throws `unavailable` where no reading can be trusted. */
export class CommonClock implements Clock {
  readonly #ask: AskTime
  readonly #machine: MachineClocks
  readonly #log: (line: string) => void
  #anchor: Anchor | undefined
  #last = 0
  /** Since when, by the monotonic clock, the store is ahead of what was carried. */
  #aheadSince: number | undefined
  #timer: ReturnType<typeof setInterval> | undefined

  constructor(parts: { readonly ask: AskTime; readonly machine: MachineClocks; readonly log: (line: string) => void }) {
    this.#ask = parts.ask
    this.#machine = parts.machine
    this.#log = parts.log
  }

  /** Takes the first reading, and one every five seconds from then on. Throws what asking threw. */
  async start(): Promise<this> {
    await this.measure()
    this.#timer = setInterval(() => {
      this.measure().catch((error: unknown) => this.#log(`clock: not read: ${error instanceof Error ? error.message : String(error)}`))
    }, everyMs)
    this.#timer.unref()
    return this
  }

  stop(): void {
    clearInterval(this.#timer)
  }

  monotonic(): number {
    return this.#machine.monotonic()
  }

  now(): number {
    if (this.#aheadSince !== undefined) throw untrusted('the database’s clock leapt ahead')
    const { at, elapsed } = this.#carried(false)
    if (elapsed > carriedMsMax) throw untrusted('the database’s clock could not be read for a minute')
    this.#last = Math.max(this.#last, Math.floor(at))
    return this.#last
  }

  /** Takes a reading. One that took too long says nothing; one that leapt ahead is believed only when it stays. */
  async measure(): Promise<void> {
    const began = this.#machine.monotonic()
    const known = this.#anchor !== undefined
    const hasStayed = this.#aheadSince !== undefined && began - this.#aheadSince >= confirmMs
    const { at, wall } = await this.#ask(known && !hasStayed ? Math.floor(this.#carried(true).at) : undefined)
    const asking = this.#machine.monotonic() - began
    if (asking > askingMsMax && known) return this.#log(`clock: reading it took ${Math.round(asking)} ms`)
    const isAhead = known && !hasStayed && wall - this.#carried(true).at > aheadMsMax + asking
    if (isAhead) return this.#notice(wall, began)
    if (this.#aheadSince !== undefined)
      this.#log(hasStayed ? 'clock: the leap ahead stayed, and is followed' : 'clock: the leap ahead is over')
    this.#aheadSince = undefined
    this.#anchor = { at: at + asking / 2, ...this.#hands() }
  }

  #notice(wall: number, began: number): void {
    if (this.#aheadSince === undefined)
      this.#log(
        `clock: the database’s clock leapt ahead by ${Math.round(wall - this.#carried(true).at)} ms; nothing is admitted until that is sure`,
      )
    this.#aheadSince ??= began
  }

  #hands(): Omit<Anchor, 'at'> {
    return { wall: this.#machine.wall(), monotonic: this.#machine.monotonic(), sinceBoot: this.#machine.sinceBoot() }
  }

  #carried(isCareful: boolean): { readonly at: number; readonly elapsed: number } {
    const anchor = this.#anchor
    if (anchor === undefined) throw untrusted('the database’s clock was not read yet')
    const byMonotonic = this.#machine.monotonic() - anchor.monotonic
    const mayHaveSlept = isCareful || Math.abs(this.#machine.wall() - anchor.wall - byMonotonic) > sleptMsMin
    // The time since the boot may be told in whole seconds, so it counts only where it says much more.
    const sinceBoot = mayHaveSlept ? this.#machine.sinceBoot() - anchor.sinceBoot : 0
    const elapsed = sinceBoot - byMonotonic > sleptMsMin ? sinceBoot : byMonotonic
    return { at: anchor.at + elapsed, elapsed }
  }
}

function untrusted(why: string) {
  return fail('unavailable', `The clock cannot be trusted now: ${why}; nothing was done.`, { facts: { undone: true } })
}
