// PostgreSQL parses and plans a named statement once for each connection. Texts are the product's own, but for the length of their lists: past the limit
// they stay without a name.

const namesMax = 500

/** The names of statements by their text. */
export class StatementNames {
  readonly #known = new Map<string, string>()

  /** The name of a text; nothing past the limit. */
  of(text: string): string | undefined {
    const known = this.#known.get(text)
    if (known !== undefined || this.#known.size >= namesMax) return known
    const name = `s${this.#known.size}`
    this.#known.set(text, name)
    return name
  }
}
