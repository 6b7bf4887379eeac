// What is new of a run as events, in the order in which they are told: outcomes of open calls, calls, files, then the run itself. Each event carries the place
// after it, so that whoever got it and no more goes on with the very next one.
import type { z } from 'zod'
import type { RunId } from '../../kernel/index.ts'
import type { RunPlace, runNews } from '../../outputs/index.ts'
import { writePlace } from './place-text.ts'

/** What is new, as `run:watch` and `run:follow` answer it. */
export type RunNews = z.output<typeof runNews>

/** What is new when a stream is opened, as `run:watch` answers it: with who watches. */
export type OpeningNews = RunNews & { readonly watcher: string }

/** One event of a stream: `run`, `call`, `outcome`, `output`, `frozen`, `thawed`, `end`, or `cut`. */
export interface RunEvent {
  readonly event: 'run' | 'call' | 'outcome' | 'output' | 'frozen' | 'thawed' | 'end' | 'cut'
  /** Resume after this event with it; a `cut` has none. */
  readonly id: string | undefined
  readonly data: unknown
}

/** How a run was when it was last told: as a text, empty where it never was, and whether it was frozen. */
interface Told {
  readonly text: string
  readonly isFrozen: boolean | undefined
}

/** What some news is to those who were told the same before. */
interface Telling {
  readonly before: Told
  readonly events: readonly RunEvent[]
  readonly place: RunPlace
  readonly after: Told
}

/** What is told of news: worked out once for all who read it together, as long as it is there. The same news is read at one place alone. */
const tellings = new WeakMap<RunNews, Set<Telling>>()

/** Works out the events of news that was read at a place, by whoever was told `before`. */
function work(run: RunId, from: RunPlace, before: Told, news: RunNews): Telling {
  const events: RunEvent[] = []
  let place = from
  const add = (event: RunEvent['event'], data: unknown) => events.push({ event, id: writePlace(run, place), data })
  for (const call of news.outcomes) {
    place = { ...place, open: place.open.filter((number) => number !== call.number) }
    add('outcome', call)
  }
  for (const call of news.calls) {
    const open = call.state === 'decided' ? [...place.open, call.number] : place.open
    place = { ...place, calls: call.number, open }
    add('call', call)
  }
  for (const file of news.outputs) {
    place = { ...place, outputs: file.number }
    add('output', file)
  }
  return { before, events, place, after: tellRun(news, before, add) }
}

function tellRun({ run, more }: RunNews, before: Told, add: (event: RunEvent['event'], data: unknown) => void): Told {
  const isFrozen = run.frozen !== null
  if (before.isFrozen !== undefined && before.isFrozen !== isFrozen) add(isFrozen ? 'frozen' : 'thawed', run.frozen ?? {})
  const text = JSON.stringify(run)
  if (run.state === 'ended' && !more) add('end', run)
  else if (text !== before.text) add('run', run)
  return { text, isFrozen }
}

/** Turns news into events; remembers how far it has told, and how the run was when it was last told. */
export class RunTeller {
  readonly #run: RunId
  #place: RunPlace
  #told: Told = { text: '', isFrozen: undefined }

  constructor(run: RunId, place: RunPlace) {
    this.#run = run
    this.#place = place
  }

  /** Where to read on. */
  get place(): RunPlace {
    return this.#place
  }

  /** The events of some news that was read at this place. After an `end` there is nothing more to tell. Those who are told the same are given the same. */
  tell(news: RunNews): readonly RunEvent[] {
    const telling = this.#known(news) ?? work(this.#run, this.#place, this.#told, news)
    tellings.set(news, (tellings.get(news) ?? new Set()).add(telling))
    this.#place = telling.place
    this.#told = telling.after
    return telling.events
  }

  #known(news: RunNews): Telling | undefined {
    const { text, isFrozen } = this.#told
    return tellings
      .get(news)
      ?.values()
      .find(({ before }) => before.text === text && before.isFrozen === isFrozen)
  }
}
