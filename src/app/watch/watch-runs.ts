// Watching runs: one look a second per watched run, however many listen to it, except where something is committed here all the time. Listeners are woken when
// something is committed here about their run or its mark moved, when anything was taken away in their organization, and once a minute, because sessions and
// grants also end by themselves. They are woken together, so that the door reads for all of them at once: soon where few listen, a little later where many do,
// one organization after the other. Whoever asks the very same in the same moment with the same credential is asked for once.
import { fail, isCoded, type OrgId, type RunId } from '../../kernel/index.ts'
import { organizationOf } from '../door/authenticate.ts'
import type { Credential } from '../door/credential.ts'
import type { Act, Door } from '../door/govern.ts'
import { InOneTurn } from './in-one-turn.ts'
import { RunListener, type RunStream } from './listener.ts'
import { readPlace } from './place-text.ts'
import { type OpeningNews, type RunNews, RunTeller } from './run-events.ts'

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
/** How long nobody is woken after somebody was: so long for each who was, so that few are told at once and many take turns with everything else. */
const restMs = { ofListener: 1, max: 1000 }
/** So many are woken in one moment; those of one more run go along. */
const wokenMax = 250
const decideAgainMs = 60_000
const pulseMs = 2000

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
  /** When its listeners were last woken because something was committed here. */
  wokenAt: number
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
  /** Those whose listeners are about to be woken, by organization: the one that waits longest first. */
  readonly #due = new Map<OrgId, Set<Watched>>()
  readonly #reads = new InOneTurn<RunNews>()
  #waking: ReturnType<typeof setTimeout> | undefined
  #restsUntil = 0
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
    const read = async <T extends RunNews>(action: string, from: typeof place) => {
      const { result } = await this.#parts.door.govern({ action, credential, input: { run, place: from }, requestId })
      return result as T // the action's output schema has just checked it
    }
    // The credential as it was shown, so that nobody is answered what was decided for anybody else.
    const reader = JSON.stringify([org, run, credential])
    // The listener is there before the first reading, so that nothing that happens in between is missed.
    let leave: () => void = () => undefined
    const listener = new RunListener({
      teller: new RunTeller(run, place),
      follow: (from) => this.#reads.ask(`${reader} ${JSON.stringify(from)}`, () => read('run:follow', from)),
      now: () => this.#parts.clock.monotonic(),
      left: () => leave(),
    })
    leave = this.#join(org, run, listener)
    try {
      const news = await read<OpeningNews>('run:watch', place)
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
    const { org } = act.principal
    if (act.takesAway) for (const watched of this.#watched.values()) if (watched.org === org) this.#wakeSoon(watched)
    for (const id of [act.resource, act.principal.id, ...act.about]) {
      const watched = this.#watched.get(keyOf(org, id))
      if (watched !== undefined) this.#wakeSoon(watched)
    }
  }

  #wakeSoon(watched: Watched): void {
    const due = this.#due.get(watched.org) ?? new Set()
    this.#due.set(watched.org, due.add(watched))
    this.#wakeNext()
  }

  /** Sees to it that those who are due are woken: soon, or when those who were woken last have had their time. */
  #wakeNext(): void {
    const rest = this.#restsUntil - this.#parts.clock.monotonic()
    this.#waking ??= setTimeout(() => this.#wakeDue(), Math.max(gatherMs, rest)).unref()
  }

  /** Wakes those of the organization that waits longest; where they are too many for one moment, the others wait behind everybody else. */
  #wakeDue(): void {
    this.#waking = undefined
    const [org, due] = this.#due.entries().next().value ?? []
    if (org === undefined || due === undefined) return
    const now = this.#parts.clock.monotonic()
    let woken = 0
    for (const watched of due) {
      if (woken >= wokenMax) break
      due.delete(watched)
      watched.wokenAt = now
      woken += watched.listeners.size
      this.#wake(watched)
    }
    this.#due.delete(org)
    if (due.size > 0) this.#due.set(org, due)
    this.#restsUntil = now + Math.min(restMs.max, woken * restMs.ofListener)
    if (this.#due.size > 0) this.#wakeNext()
  }

  #wake({ listeners }: Watched): void {
    for (const listener of listeners) listener.wake()
  }

  async stop(): Promise<void> {
    this.#stopped = true
    clearInterval(this.#timer)
    clearTimeout(this.#waking)
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
      wokenAt: Number.NEGATIVE_INFINITY,
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

  #tick(): void {
    const now = this.#parts.clock.monotonic()
    for (const [key, watched] of this.#watched) {
      // Whoever was woken a moment ago has read what there is, wherever it came from; whoever is about to be will.
      if (now - watched.wokenAt >= pollMs && this.#due.get(watched.org)?.has(watched) !== true) this.#look(key)
      for (const listener of watched.listeners) if (now - listener.decidedAt > decideAgainMs) listener.wake()
    }
  }

  /** Looks whether anything happened to a run; one look at a time. */
  #look(key: string): void {
    const watched = this.#watched.get(key)
    if (watched === undefined) return
    watched.again = true
    if (watched.isLooking) return
    watched.isLooking = true
    void this.#lookUntilStill(watched)
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
    this.#wake(watched)
  }
}

function keyOf(org: OrgId, run: string): string {
  return `${org}/${run}`
}

function tooMany(detail: string): Error {
  return fail('too_many_listeners', detail, { next: 'Close one of them, or wait and try again.' })
}
