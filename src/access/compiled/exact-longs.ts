// Longs beyond 2^53 survive cedar-wasm's JSON: before a policy is parsed, each such literal is replaced by an entity literal that carries its digits
// under a type that the text does not mention; the compiler turns it back. An entity literal may stand wherever a number may.
// The original text is parsed too, so what Cedar refuses stays refused.

/** A text whose unsafe longs are marked. */
export interface MarkedText {
  readonly text: string
  /** The entity type that marks a long; undefined when nothing had to be marked. */
  readonly marker: string | undefined
}

const unsafeDigits = /[0-9]{16,}/
/** Comments, strings, names and numbers: what digits may be part of. */
const token = /\/\/[^\n]*|"(?:[^"\\]|\\[\s\S])*"|[A-Za-z_][A-Za-z0-9_]*|[0-9]+/g
const number = /^[0-9]+$/

function freeName(text: string): string {
  let name = 'ExactLong'
  while (text.includes(name)) name += '_'
  return name
}

/** Marks the unsafe longs of a policy's text. */
export function markLongs(text: string): MarkedText {
  if (!unsafeDigits.test(text)) return { text, marker: undefined }
  const name = freeName(text)
  let isMarked = false
  const marked = text.replace(token, (found) => {
    if (!number.test(found) || Number.isSafeInteger(Number(found))) return found
    isMarked = true
    return `${name}::"${found}"`
  })
  return { text: marked, marker: isMarked ? name : undefined }
}
