// PostgreSQL parses and plans a named statement once for each connection. Texts are the product's own, but for the length of their lists: past the limit
// they stay without a name.

const namesMax = 500

/** What is known of a statement by its text. */
export interface KnownStatement {
  readonly name: string
  /** Which of its parameters are lists of texts, wherever they stand in it; the first is 0. */
  readonly texts: ReadonlySet<number>
}

/** The parameters of a statement that are lists of texts: each time that one of them stands there, it says so. */
function textsIn(sql: string): ReadonlySet<number> {
  const others = new Set<string>()
  const texts = new Set<string>()
  for (const [, number = '', type] of sql.matchAll(/\$(\d+)(::text\[\])?/g)) (type === undefined ? others : texts).add(number)
  return new Set([...texts.difference(others)].map((number) => Number(number) - 1))
}

/** The names of statements by their text. */
export class StatementNames {
  readonly #known = new Map<string, KnownStatement>()

  /** What is known of a text; nothing past the limit. */
  of(text: string): KnownStatement | undefined {
    const known = this.#known.get(text)
    if (known !== undefined || this.#known.size >= namesMax) return known
    const fresh = { name: `s${this.#known.size}`, texts: textsIn(text) }
    this.#known.set(text, fresh)
    return fresh
  }
}
