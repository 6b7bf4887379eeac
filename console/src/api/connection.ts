// Whether the console hears from the server, for the shell to show: the state of the streams that are open, and of the last answer.
import { store } from './store.ts'

/** `idle`: no stream is open and the last answer came. `stopped`: a stream ended and will not be tried again. */
export type Connection =
  | { readonly state: 'idle' }
  | { readonly state: 'live' }
  | { readonly state: 'reconnecting'; readonly since: number }
  | { readonly state: 'stopped'; readonly since: number; readonly why: string }

/** The connection as the shell shows it. */
export const connection = store<Connection>({ state: 'idle' })

const streams = new Map<symbol, Connection>()
let unanswered: number | undefined
const worst = ['stopped', 'reconnecting', 'live', 'idle'] as const

function refresh(): void {
  const all = [...streams.values()]
  if (unanswered !== undefined) all.push({ state: 'reconnecting', since: unanswered })
  const shown = worst.map((state) => all.find((one) => one.state === state)).find((one) => one !== undefined)
  connection.set(shown ?? { state: 'idle' })
}

/** Notes the state of one stream; undefined when it is closed. */
export function noteStream(stream: symbol, state: Connection | undefined): void {
  if (state === undefined) streams.delete(stream)
  else streams.set(stream, state)
  refresh()
}

/** Notes whether a call was answered. */
export function noteAnswer(answered: boolean): void {
  if (answered === (unanswered === undefined)) return
  unanswered = answered ? undefined : Date.now()
  refresh()
}
