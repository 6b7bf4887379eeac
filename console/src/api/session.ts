// Who is signed in here. The session itself is a cookie that no script can read; the page knows only which organizations this browser holds sessions of,
// and which of them this tab acts in. A one-time link's token is sent once, in a header, and kept nowhere.
import { noteAnswer } from './connection.ts'
import { ownProblem, problemOf } from './problem.ts'
import { keep, kept, store } from './store.ts'

/** An organization that this browser holds a session of. Names are chosen by people: text, never markup. */
export interface Membership {
  readonly id: string
  readonly slug: string
  readonly name: string
  readonly person: { readonly id: string; readonly name: string }
}

/** Where the tab stands: not known yet, nobody, or somebody in an organization. */
export type SignedIn =
  | { readonly state: 'unknown' }
  | { readonly state: 'nobody'; readonly why: 'never' | 'ended' }
  | {
      readonly state: 'somebody'
      readonly here: Membership
      readonly all: readonly Membership[]
      /** The organization that the address was of, where this browser is not signed in to it. */
      readonly asked?: string
      /** Whether it is nobody but the holder of an admin link, who sees what that is for. */
      readonly byLink?: true
    }

const choiceKey = 'twinlock.organization'

/** The name in an address of the organization that it is of: `?org=org_…`. */
export const addressKey = 'org'

/** The organization that an address says it is of; anybody may have written it. Undefined where it says none. */
export function organizationIn(search: string): string | undefined {
  const id = new URLSearchParams(search).get(addressKey) ?? ''
  return /^org_[0-9a-z]{26}$/.test(id) ? id : undefined
}

/** The session of this tab. */
export const session = store<SignedIn>({ state: 'unknown' })

// The secret of the admin link that this tab acts with; in memory alone, so that it ends with the page.
let adminLink: string | undefined

/** Acts with an admin link from now on, whoever is signed in beside it. */
export function actByLink(token: string | undefined): void {
  adminLink = token
}

/** The headers that a request of the console carries; a foreign page can send none of them. */
export function consoleHeaders(organization: string | undefined): Record<string, string> {
  return {
    'twinlock-console': '1',
    ...(organization === undefined ? {} : { 'twinlock-organization': organization }),
    ...(adminLink === undefined ? {} : { authorization: `Bearer ${adminLink}` }),
  }
}

/** The organization that this tab acts in. */
export function organizationHere(): string | undefined {
  const now = session.get()
  return now.state === 'somebody' ? now.here.id : undefined
}

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null
const text = (value: unknown): string => (typeof value === 'string' ? value : '')

function membershipOf(value: unknown): readonly Membership[] {
  if (!isRecord(value) || text(value.id) === '') return []
  const { id, slug, name, person } = value
  const who = isRecord(person)
    ? { id: text(person.id), name: text(person.name) || text(person.slug) }
    : { id: text(person), name: text(person) }
  return [{ id: text(id), slug: text(slug), name: text(name) || text(slug), person: who }]
}

function listIn(body: unknown): readonly Membership[] {
  const list = isRecord(body) ? (body.organizations ?? body.items) : body
  return Array.isArray(list) ? list.flatMap(membershipOf) : []
}

async function send(url: string, init: RequestInit): Promise<unknown> {
  let response: Response
  try {
    response = await fetch(url, { ...init, credentials: 'same-origin', redirect: 'error', cache: 'no-store' })
  } catch {
    noteAnswer(false)
    throw ownProblem('network', 'The server did not answer.', 'See whether Twinlock runs, then try again.')
  }
  noteAnswer(true)
  const body: unknown = await response.json().catch(() => undefined)
  if (!response.ok) throw problemOf(response.status, body, response.headers.get('x-request-id'))
  return body
}

/** Looks which sessions this browser holds, and takes the one that the address is of, else the chosen one, else the one chosen last, else the first. */
export async function findSession(why: 'never' | 'ended' = 'never'): Promise<void> {
  const all = listIn(await send('/console/session', { headers: consoleHeaders(undefined) }))
  const asked = organizationIn(window.location.search)
  const wanted = [asked, kept('sessionStorage', choiceKey), kept('localStorage', choiceKey)]
  const here = wanted.map((id) => all.find((one) => one.id === id)).find((one) => one !== undefined) ?? all[0]
  if (here === undefined) return session.set({ state: 'nobody', why })
  if (here.id === asked) keep('sessionStorage', choiceKey, here.id)
  session.set({ state: 'somebody', here, all, ...(asked === undefined || here.id === asked ? {} : { asked }) })
}

/** Acts in another organization from now on. */
export function chooseOrganization(id: string): void {
  const now = session.get()
  if (now.state !== 'somebody') return
  const here = now.all.find((one) => one.id === id)
  if (here === undefined) return
  keep('sessionStorage', choiceKey, id)
  keep('localStorage', choiceKey, id)
  session.set({ state: 'somebody', here, all: now.all })
}

/** Takes note that it was said that the address was of another organization. */
export function noteAsked(): void {
  const now = session.get()
  if (now.state === 'somebody') session.set({ state: 'somebody', here: now.here, all: now.all })
}

/** The organization that addresses name: the one of this tab, where this browser holds several, so that a link to what is shown leads there again. */
export function organizationInAddresses(): string | undefined {
  const now = session.get()
  return now.state === 'somebody' && now.all.length > 1 ? now.here.id : undefined
}

/** Asks something of the server that is no action: the way in. */
export async function ask(url: string, body: object, headers: Readonly<Record<string, string>> = {}): Promise<unknown> {
  return send(url, {
    method: 'POST',
    headers: { ...consoleHeaders(undefined), 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  })
}

/** Signs in at this address of the server; the tab then acts in the organization that it answers. */
export async function signInAt(url: string, what: object, headers: Readonly<Record<string, string>> = {}): Promise<void> {
  const body = await ask(url, what, headers)
  const organization = isRecord(body) ? (isRecord(body.organization) ? text(body.organization.id) : text(body.organization)) : ''
  if (organization !== '') {
    keep('sessionStorage', choiceKey, organization)
    keep('localStorage', choiceKey, organization)
  }
  await findSession()
}

/** Signs in with the token of a one-time link. The link is used up whatever comes of it. */
export function signInByLink(token: string): Promise<void> {
  return signInAt('/console/session', {}, { authorization: `Bearer ${token}` })
}

/** Ends the session of this organization in this browser. */
export async function signOut(): Promise<void> {
  const organization = organizationHere()
  if (organization === undefined) return
  const body = await send('/console/session/end', {
    method: 'POST',
    headers: { ...consoleHeaders(organization), 'content-type': 'application/json' },
    body: JSON.stringify({ organization }),
  })
  keep('sessionStorage', choiceKey, undefined)
  // The provider may hold a session of its own still: without an end to that one, the next sign-in would ask nobody anything.
  const next = isRecord(body) ? text(body.continueAt) : ''
  if (/^https?:\/\//.test(next)) window.location.assign(next)
  else await findSession('ended')
}

/** Notes that the server no longer knows the session that a call was made with. */
export function noteSignedOut(organization: string | undefined): void {
  const now = session.get()
  actByLink(undefined)
  if (now.state === 'somebody' && now.here.id === organization) session.set({ state: 'nobody', why: 'ended' })
}
