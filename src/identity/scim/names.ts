// What a person or group is called here, made of what a directory said. All of it comes from outside; what does not fit is cut, never refused.
import { base64url, type Random } from '../../kernel/index.ts'
import { type Doc, isDoc, textIn, valuesOf } from './document.ts'

const slugCharactersMax = 32
const nameCharactersMax = 120
const addressCharactersMax = 200
const addressPattern = /^[^\s@]+@[^\s@]+$/

function cut(text: string, most: number): string {
  return [...text.replace(/\p{Cc}/gu, ' ').trim()].slice(0, most).join('').trim()
}

/** A slug made of a name: lower-case letters, digits and hyphens; `fallback` where nothing is left. */
export function slugFrom(name: string, fallback: string): string {
  const [local = ''] = name.split('@')
  const plain = local.normalize('NFKD').toLowerCase().replaceAll(/\p{M}/gu, '')
  const slug = plain
    .replaceAll(/[^a-z0-9]+/g, '-')
    .slice(0, slugCharactersMax)
    .replaceAll(/^-+|-+$/g, '')
  return slug === '' ? fallback : slug
}

/** The same slug with random letters behind it, for when it is taken. */
export function slugBeside(slug: string, random: Random): string {
  const tail = base64url(random.bytes(6))
    .toLowerCase()
    .replaceAll(/[^a-z0-9]/g, '0')
    .slice(0, 7)
  return `${slug}-${tail}`
}

/** What a user is called: his display name, the parts of his name, or his user name. */
export function nameOf(doc: Doc): string {
  const parts = isDoc(doc.name) ? doc.name : undefined
  const joined = [textIn(parts, 'givenName'), textIn(parts, 'familyName')].filter(Boolean).join(' ')
  const name = [textIn(doc, 'displayName'), textIn(parts, 'formatted'), joined, textIn(doc, 'userName')].find(
    (one) => one !== undefined && cut(one, 1) !== '',
  )
  return cut(name ?? '', nameCharactersMax)
}

/** Every address of a user, as it was written: his e-mails, the preferred one first, and his user name where it is one. */
function writtenAddresses(doc: Doc): string[] {
  const emails = valuesOf(doc.emails).filter(isDoc)
  const rank = (value: Doc) => (value.primary === true ? 0 : textIn(value, 'type')?.toLowerCase() === 'work' ? 1 : 2)
  const values = emails.toSorted((left, right) => rank(left) - rank(right)).map((value) => textIn(value, 'value'))
  return [...values, textIn(doc, 'userName')]
    .filter((one) => one !== undefined)
    .filter((one) => one.length <= addressCharactersMax && addressPattern.test(one))
}

/** Every address of a user in lower case, as addresses are compared (RFC 5321 section 2.4 allows more; nobody uses it). */
export function addressesOf(doc: Doc): string[] {
  return [...new Set(writtenAddresses(doc).map((one) => one.toLowerCase()))]
}

/** The address that a person is known by here, as it was written; one that leads nowhere (RFC 2606) where the directory named none. */
export function addressOf(doc: Doc, id: string): string {
  return writtenAddresses(doc)[0] ?? `${id}@directory.invalid`
}
