// The cookies that hold a browser's sessions, one for each organization. Whatever a browser sends is attacker-controlled: other services of the same host,
// and over plain HTTP whoever is on the way, can set cookies here. They prove nothing but what the session's secret in them proves.

import { organizationOfSecret } from '../../identity/index.ts'
import { isId, type OrgId } from '../../kernel/index.ts'

const stem = 'twinlock-session-'

/** How many sessions of one browser are looked at. */
const browserSessionsMax = 8

/** The name of the cookie of an organization. Over TLS the prefix keeps other hosts and paths from setting it (RFC 6265bis section 4.1.3.2). */
function cookieName(org: OrgId, https: boolean): string {
  return `${https ? '__Host-' : ''}${stem}${org}`
}

interface Cookie {
  readonly name: string
  readonly value: string
}

function readCookies(header: string | undefined): readonly Cookie[] {
  if (header === undefined) return []
  return header.split(';').map((pair) => {
    const at = pair.indexOf('=')
    return { name: pair.slice(0, Math.max(0, at)).trim(), value: pair.slice(at + 1).trim() }
  })
}

/** The value of a cookie. A name that comes twice counts for nothing: one of the two was set by somebody else. */
export function readCookie(header: string | undefined, name: string): string | undefined {
  const held = readCookies(header).filter((one) => one.name === name)
  return held.length === 1 ? held[0]?.value : undefined
}

/** A session that a browser holds; its secret is not yet checked. */
export interface HeldSession {
  readonly org: OrgId
  /** `tws_…` */
  readonly token: string
}

/**
 * The sessions in a `Cookie` header, by organization. A name that comes twice counts for nothing: one of the two was set by somebody else. So does a value that
 * is not a session's secret, or is one of another organization than its name says.
 */
export function heldSessions(header: string | undefined, https: boolean): readonly HeldSession[] {
  const prefix = `${https ? '__Host-' : ''}${stem}`
  const cookies = readCookies(header).filter(({ name }) => name.startsWith(prefix))
  const held: HeldSession[] = []
  for (const { name, value } of cookies) {
    const org = name.slice(prefix.length)
    if (!isId('org', org) || organizationOfSecret('tws', value) !== org) continue
    if (cookies.filter((other) => other.name === name).length === 1) held.push({ org, token: value })
  }
  return held.slice(0, browserSessionsMax)
}

const attributes = (https: boolean): string => `Path=/; HttpOnly; SameSite=Strict${https ? '; Secure' : ''}`

/** The `Set-Cookie` header that gives a browser a session until it expires. */
export function holdSession({ org, token }: HeldSession, secondsLeft: number, https: boolean): string {
  return `${cookieName(org, https)}=${token}; Max-Age=${Math.max(0, Math.floor(secondsLeft))}; ${attributes(https)}`
}

/** The `Set-Cookie` header that takes it away again. */
export function dropSession(org: OrgId, https: boolean): string {
  return `${cookieName(org, https)}=; Max-Age=0; ${attributes(https)}`
}
