// The path of a call, attacker-controlled. One resource must have one spelling here, or a rule that was reviewed for one is used for another:
// so everything that an upstream might read differently (dot segments, double slashes, encoded separators, whole URLs) is refused, not repaired.
import { fail } from '../kernel/index.ts'

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
  { when: /\/\//, why: 'The path holds an empty segment.' },
  { when: /(^|\/)(\.|%2e)(\.|%2e)?(\/|$)/i, why: 'The path holds a dot segment.' },
  { when: /%(?![0-9a-f]{2})/i, why: 'The path holds a broken escape.' },
  { when: /%(2f|5c|00|25)/i, why: 'The path holds an encoded separator.' },
]

/** Reads the path of a call. Throws `path_refused` with the rule that it breaks. */
export function readRequestPath(text: string): RequestPath {
  if (text.length > pathCharactersMax) throw fail('path_refused', `The path is longer than ${pathCharactersMax} characters.`)
  const at = text.indexOf('?')
  const path = at === -1 ? text : text.slice(0, at)
  const query = at === -1 ? '' : text.slice(at)
  for (const { when, why } of refusals) if (when.test(path)) throw fail('path_refused', why)
  if (!/^[\x21-\x7e]*$/.test(query) || /[#"<>\\^`{|}]/.test(query))
    throw fail('path_refused', 'The query holds a character that a URL does not.')
  return { path, query }
}
