// "Did you mean": the known word that is nearest to what was typed, when it is near enough.

/** Changes, insertions, removals and swaps of neighbours that lead from one word to the other. */
function distance(a: string, b: string): number {
  const rows = [Array.from({ length: b.length + 1 }, (_, at) => at)]
  for (let row = 1; row <= a.length; row++) {
    const now = [row]
    for (let column = 1; column <= b.length; column++) {
      const cell = (up: number, left: number): number => (up === 0 ? now[column - left] : rows[row - up]?.[column - left]) ?? 0
      const changed = cell(1, 1) + (a[row - 1] === b[column - 1] ? 0 : 1)
      const swapped = row > 1 && column > 1 && a[row - 1] === b[column - 2] && a[row - 2] === b[column - 1] ? cell(2, 2) + 1 : changed
      now.push(Math.min(changed, swapped, cell(1, 0) + 1, cell(0, 1) + 1))
    }
    rows.push(now)
  }
  return rows[a.length]?.[b.length] ?? 0
}

/** The nearest of the known words, or undefined when none is near. */
function nearest(word: string, known: readonly string[]): string | undefined {
  const typed = word.slice(0, 60)
  const ranked = known
    .map((one) => ({ one, far: one.startsWith(typed) && typed.length > 1 ? 0 : distance(typed, one) }))
    .sort((a, b) => a.far - b.far)
  const best = ranked[0]
  return best !== undefined && best.far <= Math.max(1, Math.floor(typed.length / 3)) ? best.one : undefined
}

/** ` Did you mean \`x\`?`, or nothing. */
export function didYouMean(word: string, known: readonly string[]): string {
  const best = nearest(word, known)
  return best === undefined ? '' : ` Did you mean \`${best}\`?`
}
