// How many may be worked for at once: as many as there may be, and fewer while the server's one thread has no time left. What runs do and what they are told
// comes by other ways than these requests; whoever asks again and again as soon as he is answered would take the thread from them. Halved at once, given back
// one by one, as senders share a network (RFC 5681, section 3.1).
import { performance } from 'node:perf_hooks'

/** From which part of the time on a thread has none left, and below which it has some again. */
const full = 0.95
const spare = 0.85
const lookMs = 100

/** The bounds of what is given. */
export interface RoomLimits {
  readonly most: number
  readonly least: number
}

/** Room for so many. */
export class Room {
  readonly #limits: RoomLimits
  #now: number

  constructor(limits: RoomLimits) {
    this.#limits = limits
    this.#now = limits.most
  }

  /** For how many there is room now. */
  get now(): number {
    return this.#now
  }

  /** Hears for which part of the time the thread was busy lately, from 0 to 1. */
  hear(busy: number): void {
    const { most, least } = this.#limits
    if (busy > full) this.#now = Math.max(least, Math.floor(this.#now / 2))
    else if (busy < spare) this.#now = Math.min(most, this.#now + 1)
  }
}

/** Tells a room how busy this thread is, until it is called off. Its looking keeps no process alive. */
export function watchThread(room: Room): () => void {
  let before = performance.eventLoopUtilization()
  const timer = setInterval(() => {
    const now = performance.eventLoopUtilization()
    room.hear(performance.eventLoopUtilization(now, before).utilization)
    before = now
  }, lookMs).unref()
  return () => clearInterval(timer)
}
