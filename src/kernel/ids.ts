// Identifiers: a prefix that shows in logs, an underscore, 26 characters that sort by the time of their making.
// An id is a name, never a proof: whoever presents one is still authenticated, located and decided.
import { fail } from './errors.ts'
import type { Clock, Random } from './ports.ts'

/** What each id prefix stands for. They are fixed: ids stand in ledgers that cannot be changed, so a prefix never comes to mean something else. */
export const idPrefixes = {
  org: 'organization',
  prj: 'project',
  env: 'environment',
  twn: 'twin',
  scn: 'scenario',
  ast: 'asset',
  con: 'connection',
  run: 'run',
  bat: 'batch',
  cal: 'call',
  art: 'artifact',
  exp: 'export',
  prm: 'promotion',
  svc: 'service',
  pip: 'pipeline',
  agt: 'agent',
  per: 'person',
  grp: 'group',
  gst: 'guest',
  grt: 'grant',
  req: 'request',
  rev: 'review',
  fnd: 'finding',
  ent: 'entry',
  cpt: 'checkpoint',
  ses: 'session',
  sec: 'secret',
  sso: 'sign-in connection',
  psk: 'passkey',
  dom: 'domain',
  lnk: 'admin link',
  dir: 'directory',
  dlv: 'delivery',
  map: 'mapping',
  eng: 'engagement',
  arc: 'archive',
  hrq: 'request over HTTP',
} as const

/** One of the known id prefixes. */
export type IdPrefix = keyof typeof idPrefixes

/** An id of one kind: `run_` and 26 characters of lower-case Crockford base 32. */
export type Id<P extends IdPrefix> = `${P}_${string}` & { readonly __id: P }

/** The id of an organization. */
export type OrgId = Id<'org'>
/** The id of a person. */
export type PersonId = Id<'per'>
/** The id of an environment. */
export type EnvironmentId = Id<'env'>
/** The id of a twin. */
export type TwinId = Id<'twn'>
/** The id of a run. */
export type RunId = Id<'run'>
/** The id of a connection. */
export type ConnectionId = Id<'con'>
/** The id of an artifact. */
export type ArtifactId = Id<'art'>
/** The id of a promotion. */
export type PromotionId = Id<'prm'>
/** The id of a ledger entry. */
export type EntryId = Id<'ent'>

const alphabet = '0123456789abcdefghjkmnpqrstvwxyz'
const timeCharacters = 10
const randomCharacters = 16
const pattern = /^([a-z]{3})_([0-9a-hjkmnp-tv-z]{26})$/

/** The moment that was encoded last: many ids are made in one. */
let last = { milliseconds: -1, text: '' }

function encodeTime(milliseconds: number): string {
  if (milliseconds !== last.milliseconds) last = { milliseconds, text: encoded(milliseconds) }
  return last.text
}

function encoded(milliseconds: number): string {
  let rest = milliseconds
  let text = ''
  for (let at = 0; at < timeCharacters; at++) {
    text = alphabet.charAt(rest % 32) + text
    rest = Math.floor(rest / 32)
  }
  return text
}

/** Makes ids of one kind from the clock (48 bits of milliseconds) and 80 random bits. */
export function newId<P extends IdPrefix>(prefix: P, ports: { clock: Clock; random: Random }): Id<P> {
  let tail = ''
  for (const byte of ports.random.bytes(randomCharacters)) tail += alphabet.charAt(byte & 31)
  return `${prefix}_${encodeTime(ports.clock.now())}${tail}` as Id<P> // the template is the brand's only maker
}

/** The text that the ids of one kind made at or after a moment (milliseconds since the epoch) are not below; for ranges over ids, which sort by time. */
export function idsFrom(prefix: IdPrefix, milliseconds: number): string {
  return `${prefix}_${encodeTime(milliseconds)}`
}

/** Whether a text is a well-formed id of this kind; says nothing about whether the thing exists. */
export function isId<P extends IdPrefix>(prefix: P, text: unknown): text is Id<P> {
  if (typeof text !== 'string') return false
  return pattern.exec(text)?.[1] === prefix
}

/** Parses an id of one kind. Throws `not_found`: a malformed id and an unknown one look the same from outside. */
export function parseId<P extends IdPrefix>(prefix: P, text: string): Id<P> {
  if (isId(prefix, text)) return text
  throw fail('not_found', `There is no ${idPrefixes[prefix]} with this id.`)
}
