// Texts that people and programs wrote, in which nothing hides: what has no shape, or turns the direction of what stands beside it, is named.

// Controls but tab and line feed; soft hyphen, zero widths, joiners, bidirectional marks, embeddings, overrides and isolates, invisible operators, the
// byte order mark, interlinear marks, and tags.
const hidden =
  /\u034f|\u17b4|\u17b5|[\p{Cc}\u00ad\u061c\u115f\u1160\u180e\u200b-\u200f\u2028-\u202f\u205f-\u206f\u3164\ufeff\uffa0\ufff9-\uffff\u{e0000}-\u{e0fff}]/gu

const named = (character: string): string => `⟨U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}⟩`

/** A text in which nothing hides: characters that turn the direction or have no shape stand as `⟨U+202E⟩`. */
export function visible(text: string): string {
  return text.replace(hidden, named)
}

/** The same for a text of several lines, whose tabs and line feeds stay. */
export function visibleLines(text: string): string {
  return text.replaceAll('\r\n', '\n').replace(hidden, (one) => (one === '\n' || one === '\t' ? one : named(one)))
}
