// The text of an event stream (WHATWG HTML, section 9.2.6) as events, whatever pieces it arrives in. The server is trusted with order, not with size.

/** One event: its name (`message` without one), its data, and the cursor to resume after it. */
export interface StreamEvent {
  readonly event: string
  readonly data: string
  readonly id: string | undefined
}

const eventCharactersMax = 4_000_000

/** Reads pieces of text; answers the events that are whole. Throws when one event exceeds four million characters. */
export class EventReader {
  #rest = ''
  #data: string[] = []
  #characters = 0
  #event = ''
  #id: string | undefined

  /** How long the server asks to wait before the next attempt, in milliseconds. */
  retryMs: number | undefined

  read(piece: string): StreamEvent[] {
    const lines = `${this.#rest}${piece}`.split(/\r\n|\n|\r(?!$)/)
    this.#rest = lines.pop() ?? ''
    this.#characters += piece.length
    const found = lines.flatMap((line) => this.#line(line) ?? [])
    if (found.length > 0) this.#characters = this.#rest.length
    if (this.#characters > eventCharactersMax) throw new Error(`An event of more than ${eventCharactersMax} characters.`)
    return found
  }

  #line(line: string): StreamEvent | undefined {
    if (line === '') return this.#finish()
    const at = line.indexOf(':')
    if (at === 0) return undefined // a comment, which keeps the connection open
    const field = at === -1 ? line : line.slice(0, at)
    const value = at === -1 ? '' : line.slice(at + 1).replace(/^ /, '')
    if (field === 'data') this.#data.push(value)
    else if (field === 'event') this.#event = value
    else if (field === 'id' && !value.includes('\0')) this.#id = value
    else if (field === 'retry' && /^\d{1,7}$/.test(value)) this.retryMs = Number(value)
    return undefined
  }

  #finish(): StreamEvent | undefined {
    const [data, event] = [this.#data, this.#event]
    this.#data = []
    this.#event = ''
    return data.length === 0 ? undefined : { event: event || 'message', data: data.join('\n'), id: this.#id }
  }
}
