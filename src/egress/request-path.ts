// The path of a call, attacker-controlled. One resource must have one spelling here, or a rule that was reviewed for one is used for another:
// so everything that an upstream might read differently (dot segments, double slashes, encoded separators, whole URLs) is refused, not repaired.
import { fail, fromUtf8, isCoded } from '../kernel/index.ts'

const pathCharactersMax = 2000

/** A path as it was asked for, split from its query. Rules look at `path` alone; the digest of the request covers both. */
export interface RequestPath {
  readonly path: string
  readonly query: string
}

const refusals: readonly { readonly when: RegExp; readonly why: string }[] = [
  { when: /^(?!\/)/, why: 'A call names a path on its connection, not a host.' },
  { when: /^\/\//, why: 'A call names a path on its connection, not a host.' },
  { when: /[^\x21-\x7e]|["<>\\^`{|}#]/, why: 'The path holds a character that a URL does not.' },
  { when: /\*/, why: 'The path holds a star, which only rules do; write %2A.' },
  { when: /\/\//, why: 'The path holds an empty segment.' },
  { when: /(^|\/)\.\.?(;|\/|$)/, why: 'The path holds a dot segment.' },
  { when: /%(?![0-9A-F]{2})/, why: 'The path holds a broken escape, or one in small letters.' },
  { when: /%(2D|2E|3[0-9]|4[1-9A-F]|5[0-9A]|5F|6[1-9A-F]|7[0-9A]|7E)/, why: 'The path escapes a character that needs no escape.' },
  { when: /%([01][0-9A-F]|7F|2F|5C|25)/, why: 'The path holds an encoded separator or control character.' },
]

/** Whether the escapes of a path are the bytes of UTF-8 text: anything else is read differently by different upstreams. */
function escapesAreText(path: string): boolean {
  const bytes: number[] = []
  for (let at = 0; at < path.length; at++) {
    const isEscape = path[at] === '%'
    bytes.push(isEscape ? Number.parseInt(path.slice(at + 1, at + 3), 16) : path.charCodeAt(at))
    if (isEscape) at += 2
  }
  try {
    fromUtf8(Uint8Array.from(bytes))
    return true
  } catch (error) {
    if (isCoded(error, 'malformed')) return false
    throw error
  }
}

/** Reads the path of a call. Throws `path_refused` with the rule that it breaks. */
export function readRequestPath(text: string): RequestPath {
  if (text.length > pathCharactersMax) throw fail('path_refused', `The path is longer than ${pathCharactersMax} characters.`)
  const at = text.indexOf('?')
  const path = at === -1 ? text : text.slice(0, at)
  const query = at === -1 ? '' : text.slice(at)
  for (const { when, why } of refusals) if (when.test(path)) throw fail('path_refused', why)
  if (!escapesAreText(path)) throw fail('path_refused', 'The path escapes bytes that are not UTF-8 text.')
  if (!/^[\x21-\x7e]*$/.test(query) || /[#"<>\\^`{|}]/.test(query))
    throw fail('path_refused', 'The query holds a character that a URL does not.')
  return { path, query }
}
