// Where in a text something is: Cedar counts bytes of UTF-8 from the beginning, people count lines and columns from one.

/** A place in a text, counted from one. */
export interface Place {
  readonly line: number
  readonly column: number
}

/** The place of a character. `at` counts UTF-16 units, which are bytes too in a text that is plain ASCII. */
export function placeOf(text: string, at: number): Place {
  const before = text.slice(0, at).split('\n')
  return { line: before.length, column: (before.at(-1)?.length ?? 0) + 1 }
}
