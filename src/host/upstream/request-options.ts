// From a decided exchange to what is sent: the URL, method and headers are checked once more, because this is the last code before the wire.
// What frames a message or chooses its route is set here alone.
import type { RequestOptions } from 'node:https'
import { isIP } from 'node:net'
import type { Exchange } from '../../egress/index.ts'
import { fail } from '../../kernel/index.ts'
import { mayConnect } from './addresses.ts'
import { addressRefused } from './checked-lookup.ts'

const methods = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'])
const framing =
  /^(host|connection|content-length|transfer-encoding|te|trailer|upgrade|expect|accept-encoding|keep-alive|http2-settings|proxy-.*|x-forwarded-.*|forwarded|via)$/i

/** The most bytes of an answer's status line and headers. */
const headerBytesMax = 16 * 1024

function refused(detail: string): Error {
  return fail('upstream_refused', detail, { next: 'Have the base URL of this connection corrected.' })
}

/** The URL of an exchange. Throws `upstream_refused` where its text and its meaning differ, or where its host is an address that is not reached. */
export function readUrl({ url: text, loopback }: Exchange): URL {
  if (!URL.canParse(text) || /[^\x21-\x7e]|[\\#]/.test(text)) throw refused('The URL of this call cannot be read.')
  const url = new URL(text)
  if (url.protocol !== 'https:' && url.protocol !== 'http:') throw refused('A call speaks http or https.')
  if (url.username !== '' || url.password !== '') throw refused('The URL of this call holds a credential.')
  requireSamePath(text, url)
  const host = hostOf(url)
  // A socket does not look an address up, so it is judged here; odd spellings of it were made plain by the parser.
  if (isIP(host) !== 0 && !mayConnect(host, loopback)) throw addressRefused(host, [host])
  return url
}

// What was decided on is the path as it was written: a parser that rewrites it would send another one.
function requireSamePath(text: string, url: URL): void {
  const written = /^[a-z]+:\/\/[^/?]*([^?]*)/i.exec(text)?.[1] ?? ''
  if ((written === '' ? '/' : written) !== url.pathname) throw refused('The path of this call has more than one spelling.')
}

/** The host of a URL as sockets take it: a name, or an address without brackets. */
function hostOf(url: URL): string {
  return url.hostname.replace(/^\[(.*)\]$/, '$1')
}

function headersOf({ headers, body }: Exchange): Record<string, string> {
  // Says that a gateway passed it on (RFC 9110 section 7.6.3): whatever trusts this machine, such as our own metrics, then knows that somebody else is asking.
  const sent: Record<string, string> = { 'accept-encoding': 'identity', via: '1.1 twinlock' }
  for (const [name, value] of Object.entries(headers)) {
    if (framing.test(name)) throw fail('header_refused', `The header \`${name.toLowerCase()}\` is set by the broker alone.`)
    sent[name.toLowerCase()] = value
  }
  if (body !== undefined) sent['content-length'] = String(body.length)
  return sent
}

/** What is handed to Node's client. Throws `upstream_refused` and `header_refused`. */
export function requestOptions(exchange: Exchange): { url: URL; options: RequestOptions } {
  const url = readUrl(exchange)
  if (!methods.has(exchange.method)) throw refused('A call has one of the plain methods of HTTP.')
  const options: RequestOptions = {
    method: exchange.method,
    headers: headersOf(exchange),
    maxHeaderSize: headerBytesMax,
    insecureHTTPParser: false,
  }
  return { url, options }
}
