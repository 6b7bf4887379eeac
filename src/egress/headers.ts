// Headers on both sides of the broker: short lists of what passes. Everything else is dropped on the way back, and refused on the way out
// where it could carry an identity: only the broker says who calls.
import { fail } from '../kernel/index.ts'
import type { SecretRemover } from './redact.ts'

const passesOut = new Set(['accept', 'accept-language', 'content-type', 'idempotency-key', 'if-match', 'if-none-match', 'prefer'])
const passesBack = new Set(['content-type', 'etag', 'last-modified', 'retry-after', 'content-language', 'date', 'link'])
const onlyTheBroker =
  /^(authorization|proxy-.*|cookie|host|x-api-key|x-forwarded-.*|forwarded|via|connection|transfer-encoding|content-length|upgrade|te|trailer)$/

/** The headers of a call that reach the upstream. Throws `header_refused` for one that could carry an identity or change the framing. */
export function headersOut(headers: Readonly<Record<string, string>>): Record<string, string> {
  const out: Record<string, string> = {}
  for (const [name, value] of Object.entries(headers)) {
    const lower = name.toLowerCase()
    if (onlyTheBroker.test(lower))
      throw fail('header_refused', `The header \`${lower}\` is set by the broker alone.`, {
        next: 'Leave it out: the connection has its own credential.',
      })
    if (passesOut.has(lower)) out[lower] = value
  }
  return out
}

/** The headers of an answer that reach the run, with the injected secret taken out. */
export function headersBack(headers: Readonly<Record<string, string>>, remove: SecretRemover): Record<string, string> {
  const back: Record<string, string> = {}
  for (const [name, value] of Object.entries(headers)) {
    if (passesBack.has(name)) back[name] = remove(value).text
  }
  return back
}
