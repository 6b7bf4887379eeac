// A history of several servers over one database, drawn from a seed: people use what they have at all of them, while servers are stopped, cut off from the
// database or given other clocks, and what people have is taken away in the middle of that. The model is one sentence: what was taken away is admitted to
// nobody, by any server, in any request that began after the answer to the taking; and what was committed by then is all that ever is.
import { isCoded } from '../../src/kernel/index.ts'
import type { Seeded } from '../harness/seeded.ts'
import type { Cable } from './cable.ts'
import type { Victim } from './victim.ts'

/** One server of the history, and what is wrong with it at the moment. */
export interface Replica {
  readonly server: Victim
  readonly cable: Cable
  /** How far its wall clock is from the machine's when nothing is wrong with it. */
  readonly offsetMs: number
  trouble: 'stopped' | 'cut' | undefined
}

/** Somebody, with something to lose. */
export interface Subject {
  readonly person: string
  /** Launches a run at a server; refused with a code, or done. */
  use(server: Victim): Promise<unknown>
  /** Takes away what that is done under, through a server; resolves when that was answered. */
  take(server: Victim): Promise<unknown>
  /** What was ever admitted to this person, as the database says. */
  admitted(): Promise<readonly string[]>
}

/** One use that was answered. */
interface Use {
  readonly subject: Subject
  readonly began: number
  readonly isDone: boolean
}

interface Taken {
  readonly subject: Subject
  readonly returned: number
  readonly committed: readonly string[]
}

/** What came of a history: `told` is what happened, `faults` are sentences, none where the model held. */
export interface History {
  readonly told: readonly string[]
  readonly faults: readonly string[]
  readonly done: number
  readonly late: number
}

const minute = 60_000
const clocks = [60 * minute, -60 * minute, 5 * minute, -5 * minute, 1_000]
const troubles = ['decided', 'decided', 'cut', 'cut', 'stopped', 'turned'] as const
const usesAtEach = 2

function mend(replica: Replica): void {
  const { server, cable, offsetMs, trouble } = replica
  if (trouble === 'stopped') server.signal('SIGCONT')
  if (trouble === 'cut') cable.mend()
  server.disarm()
  server.turn(offsetMs)
  replica.trouble = undefined
}

/** Lets some turns of the event loop pass, so that what is under way is somewhere else each time. */
async function some(random: Seeded): Promise<void> {
  for (let turns = random.below(400); turns > 0; turns--) await new Promise((resolve) => setImmediate(resolve))
}

class Play {
  readonly #random: Seeded
  readonly #replicas: readonly Replica[]
  readonly #uses: Use[] = []
  readonly #taken: Taken[] = []
  readonly #underWay: Promise<void>[] = []
  readonly #told: string[] = []

  constructor(random: Seeded, replicas: readonly Replica[]) {
    this.#random = random
    this.#replicas = replicas
  }

  #begin(subject: Subject, { server }: Replica): Promise<void> {
    const began = performance.now()
    const used = subject.use(server).then(
      () => true,
      (error: unknown) => {
        if (!isCoded(error)) throw error
        return false
      },
    )
    const noted = used.then((isDone) => void this.#uses.push({ subject, began, isDone }))
    this.#underWay.push(noted)
    return noted
  }

  /** Uses begin everywhere, trouble comes to one server, and what is used is taken away through another. */
  async round(subject: Subject): Promise<void> {
    const random = this.#random
    const [first, ...others] = this.#replicas
    const well = others.filter(({ trouble }) => trouble === undefined)
    const troubled = random.pick(well.length === 0 ? others : well)
    mend(troubled)
    const what = random.pick(troubles)
    // An act that is decided, and neither admitted nor refused.
    const frozen = what === 'decided' ? troubled.server.freezeAt('run:launch/recorded') : undefined
    const begun = this.#replicas.map((replica) => Promise.all(Array.from({ length: usesAtEach }, () => this.#begin(subject, replica))))
    if (frozen === undefined) await some(random)
    else await Promise.race([frozen, begun[this.#replicas.indexOf(troubled)]])
    this.#trouble(troubled, what)
    const by = random.pick([first, ...others].filter((replica) => replica !== undefined && replica.trouble === undefined))
    await subject.take(by?.server ?? troubled.server)
    this.#taken.push({ subject, returned: performance.now(), committed: await subject.admitted() })
    this.#told.push(
      `${this.#replicas.indexOf(troubled)} is ${what}, and ${subject.person} taken at ${by === undefined ? '?' : this.#replicas.indexOf(by)}`,
    )
    if (random.once(2)) mend(troubled)
  }

  #trouble(replica: Replica, what: (typeof troubles)[number]): void {
    if (what === 'turned') replica.server.turn(this.#random.pick(clocks))
    if (what === 'cut') replica.cable.cut()
    if (what === 'stopped') replica.server.signal('SIGSTOP')
    replica.trouble = what === 'turned' ? undefined : what === 'cut' ? 'cut' : 'stopped'
  }

  /** All is well again, everything late has arrived, and everybody tries once more at every server. */
  async end(subjects: readonly Subject[]): Promise<History> {
    for (const replica of this.#replicas) mend(replica)
    await Promise.all(this.#underWay)
    await Promise.all(subjects.flatMap((subject) => this.#replicas.map((replica) => this.#begin(subject, replica))))
    const done = this.#uses.filter(({ isDone }) => isDone).length
    return { told: this.#told, done, late: this.#late().length, faults: await this.#faults() }
  }

  #late(): readonly Use[] {
    const returned = new Map(this.#taken.map((one) => [one.subject, one.returned]))
    return this.#uses.filter(({ subject, began }) => began >= (returned.get(subject) ?? Number.POSITIVE_INFINITY))
  }

  async #faults(): Promise<string[]> {
    const faults = this.#late()
      .filter(({ isDone }) => isDone)
      .map(({ subject }) => `${subject.person} was let in by a request that began after it was taken`)
    for (const { subject, committed } of this.#taken) {
      const now = await subject.admitted()
      const more = now.filter((entry) => !committed.includes(entry))
      if (more.length > 0) faults.push(`${subject.person} was admitted after it was taken: ${more.join(' ')}`)
      const answered = this.#uses.filter((use) => use.subject === subject && use.isDone).length
      if (answered > now.length) faults.push(`${answered} uses of ${subject.person} were answered, and ${now.length} are on the record`)
    }
    return faults
  }
}

/** Plays a history out: one round for each subject. The first server is never in trouble, so that something goes on. */
export async function playOut(random: Seeded, replicas: readonly Replica[], subjects: readonly Subject[]): Promise<History> {
  const play = new Play(random, replicas)
  for (const subject of subjects) await play.round(subject)
  return play.end(subjects)
}
