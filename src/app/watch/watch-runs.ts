// Watching runs: one look a second per watched run, however many listen to it, and one at once when something is committed here. Listeners are woken when the
// mark of their run moved, when anything was taken away in their organization, and once a minute, because sessions and grants also end by themselves.
import { fail, isCoded, type OrgId, type RunId } from '../../kernel/index.ts'
import { organizationOf } from '../door/authenticate.ts'
import type { Credential } from '../door/credential.ts'
import type { Act, Door } from '../door/govern.ts'
import { RunListener, type RunStream } from './listener.ts'
import { readPlace } from './place-text.ts'
import { type RunNews, RunTeller } from './run-events.ts'
import { Turns } from './turns.ts'

/** How many may listen. */
export interface ListenerLimits {
  readonly all: number
  readonly perPerson: number
}

/** What watching needs. */
export interface WatchParts {
  readonly door: Door
  readonly clock: { monotonic(): number }
  readonly baseUrl: string
  readonly limits: ListenerLimits
  log(line: string): void
}

/** A request to watch a run. `after` is attacker-controlled, and so is `run`. */
export interface WatchRequest {
  readonly credential: Credential | undefined
  readonly run: string
  readonly after: string | undefined
  readonly requestId: string
}

/** Streams of runs. */
export interface RunWatch {
  /** Opens a stream. Throws the door's refusal, `invalid` for a place that is none, and `too_many_listeners`. */
  open(request: WatchRequest): Promise<RunStream>
  /** How many listen now. */
  readonly listening: number
  /** Something was committed by this process. */
  committed(act: Act): void
  /** Ends every stream. */
  stop(): Promise<void>
}

/** The limits where nothing else is said. */
export const usualListenerLimits: ListenerLimits = { all: 2000, perPerson: 20 }

const pollMs = 1000
const gatherMs = 20
const decideAgainMs = 60_000
const pulseMs = 2000
/** So many reads at once: the rest of the store's connections are for those who do something. */
const readsMax = 4

interface Mark {
  readonly story: string
  readonly pulse: string
  readonly takeaway: number
}

interface Watched {
  readonly org: OrgId
  readonly run: RunId
  readonly listeners: Set<RunListener>
  mark: Mark | undefined
  pulseAt: number
  isLooking: boolean
  again: boolean
}

/** Starts watching. */
export function watchRuns(parts: WatchParts): RunWatch {
  return new PollingWatch(parts)
}

class PollingWatch implements RunWatch {
  readonly #parts: WatchParts
  /** By organization and run: an id of another organization's run leads nowhere near it. */
  readonly #watched = new Map<string, Watched>()
  readonly #persons = new Map<string, number>()
  readonly #reads = new Turns(readsMax)
  readonly #looks = new Turns(readsMax)
  #timer: ReturnType<typeof setInterval> | undefined
  #listeners = 0
  #stopped = false

  constructor(parts: WatchParts) {
    this.#parts = parts
  }

  get listening(): number {
    return this.#listeners
  }

  async open({ credential, run: asked, after, requestId }: WatchRequest): Promise<RunStream> {
    if (this.#stopped) throw fail('busy', 'The server is stopping.')
    if (this.#listeners >= this.#parts.limits.all) throw tooMany(`Already ${this.#parts.limits.all} streams are open here.`)
    const org = organizationOf(credential, this.#parts.baseUrl)
    const run = asked as RunId // the door refuses what is none, before anything is read
    const place = after === undefined ? { calls: 0, outputs: 0, open: [] } : readPlace(run, after)
    const read = async (action: string, from: typeof place) => {
      const { result } = await this.#parts.door.govern({ action, credential, input: { run, place: from }, requestId })
      return result as RunNews // the action's output schema has just checked it
    }
    // The listener is there before the first reading, so that nothing that happens in between is missed.
    let leave: () => void = () => undefined
    const listener = new RunListener({
      teller: new RunTeller(run, place),
      follow: (from) => this.#reads.take(() => read('run:follow', from)),
      now: () => this.#parts.clock.monotonic(),
      left: () => leave(),
    })
    leave = this.#join(org, run, listener)
    try {
      const news = await read('run:watch', place)
      const forget = this.#count(news.watcher)
      const left = leave
      leave = () => {
        forget()
        left()
      }
      this.#look(keyOf(org, run))
      return listener.begin(news)
    } catch (error) {
      listener.close()
      throw error
    }
  }

  committed(act: Act): void {
    if (this.#watched.size === 0) return
    if (act.takesAway) this.#wakeOrganization(act.principal.org)
    for (const id of [act.resource, act.principal.id, ...act.about]) {
      const key = keyOf(act.principal.org, id)
      if (this.#watched.has(key)) setTimeout(() => this.#look(key), gatherMs).unref()
    }
  }

  async stop(): Promise<void> {
    this.#stopped = true
    clearInterval(this.#timer)
    for (const { listeners } of [...this.#watched.values()]) for (const listener of [...listeners]) listener.close()
  }

  #join(org: OrgId, run: RunId, listener: RunListener): () => void {
    const key = keyOf(org, run)
    const watched = this.#watched.get(key) ?? {
      org,
      run,
      listeners: new Set(),
      mark: undefined,
      pulseAt: 0,
      isLooking: false,
      again: false,
    }
    this.#watched.set(key, watched)
    watched.listeners.add(listener)
    this.#listeners++
    this.#timer ??= setInterval(() => this.#tick(), pollMs).unref()
    return () => {
      if (!watched.listeners.delete(listener)) return
      this.#listeners--
      if (watched.listeners.size === 0) this.#watched.delete(key)
      if (this.#listeners > 0) return
      clearInterval(this.#timer)
      this.#timer = undefined
    }
  }

  /** Counts a stream of a person, or refuses it. */
  #count(person: string): () => void {
    const { perPerson } = this.#parts.limits
    const open = this.#persons.get(person) ?? 0
    if (open >= perPerson) throw tooMany(`You have ${perPerson} streams open already.`)
    this.#persons.set(person, open + 1)
    return () => {
      const left = (this.#persons.get(person) ?? 1) - 1
      if (left === 0) this.#persons.delete(person)
      else this.#persons.set(person, left)
    }
  }

  #wakeOrganization(org: OrgId): void {
    for (const watched of this.#watched.values()) {
      if (watched.org !== org) continue
      for (const listener of watched.listeners) listener.wake()
    }
  }

  #tick(): void {
    const now = this.#parts.clock.monotonic()
    for (const [key, { listeners }] of this.#watched) {
      this.#look(key)
      for (const listener of listeners) if (now - listener.decidedAt > decideAgainMs) listener.wake()
    }
  }

  /** Looks whether anything happened to a run; one look at a time. */
  #look(key: string): void {
    const watched = this.#watched.get(key)
    if (watched === undefined) return
    watched.again = true
    if (watched.isLooking) return
    watched.isLooking = true
    void this.#looks
      .take(() => this.#lookUntilStill(watched))
      .catch((error: unknown) => {
        if (!isCoded(error, 'not_found')) this.#parts.log(`watching ${watched.run}: ${String(error)}`)
      })
      .finally(() => {
        watched.isLooking = false
      })
  }

  async #lookUntilStill(watched: Watched): Promise<void> {
    while (watched.again && watched.listeners.size > 0) {
      watched.again = false
      const credential = { kind: 'system', org: watched.org, part: 'watcher' } as const
      const { result } = await this.#parts.door.govern({
        action: 'run:mark',
        credential,
        input: { run: watched.run },
        requestId: 'watcher',
      })
      this.#compare(watched, result as Mark) // the action's output schema has just checked it
    }
  }

  #compare(watched: Watched, mark: Mark): void {
    const before = watched.mark
    const now = this.#parts.clock.monotonic()
    // Progress is told more seldom the more there are to tell it to.
    const isPulseDue = now - watched.pulseAt >= Math.max(pulseMs, watched.listeners.size * 20)
    const hasMoved = before === undefined || before.story !== mark.story || before.takeaway !== mark.takeaway
    if (!hasMoved && (before.pulse === mark.pulse || !isPulseDue)) return
    watched.mark = mark
    watched.pulseAt = now
    for (const listener of watched.listeners) listener.wake()
  }
}

function keyOf(org: OrgId, run: string): string {
  return `${org}/${run}`
}

function tooMany(detail: string): Error {
  return fail('too_many_listeners', detail, { next: 'Close one of them, or wait and try again.' })
}
