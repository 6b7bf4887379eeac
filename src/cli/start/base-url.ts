// The base URL: how browsers, clients and identity providers reach this Twinlock. Tokens, cookies, links and passkeys are bound to it, so it is read strictly. It
// comes from the person at the keyboard, or from the environment of the process.

/** A base URL, or what is wrong with it. */
export type ReadBaseUrl = { readonly baseUrl: string; readonly isByName: boolean } | { readonly wrong: string }

const address = '127.0.0.1'

/**
 * Reads a base URL: an origin behind TLS, which somebody else terminates, or one of this machine on the port that is listened on. Without one it is the address of
 * this machine. `isByName` says that it is reached as `localhost`, which browsers look for at both loopback addresses.
 */
export function readBaseUrl(text: string | undefined, port: number): ReadBaseUrl {
  if (text === undefined || text === '') return { baseUrl: `http://${address}:${port}`, isByName: false }
  const url = URL.parse(text)
  if (url === null || url.origin !== text.replace(/\/$/, ''))
    return { wrong: `A base URL is an origin, such as https://twinlock.example or http://localhost:${port}.` }
  if (url.protocol === 'https:') return { baseUrl: url.origin, isByName: false }
  const isOurs = url.protocol === 'http:' && (url.hostname === 'localhost' || url.hostname === address) && url.port === String(port)
  if (!isOurs) return { wrong: `Without TLS, a base URL is http://localhost:${port} or http://${address}:${port}.` }
  return { baseUrl: url.origin, isByName: url.hostname === 'localhost' }
}
