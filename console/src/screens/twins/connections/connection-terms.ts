// What the fields of a connection come to: the input without its credential, and what is missing of it.
import type { InputOf } from '../../../api/call.ts'
import type { Credential } from './credential-terms.ts'

type Input = InputOf<'connection:create'>

/** How sensitive what comes over it can be. */
export const sensitivities = ['public', 'internal', 'confidential', 'restricted'] as const

/** What may be done over a connection. */
export const accesses = [
  { id: 'read', name: 'read', hint: 'Looking alone.' },
  { id: 'write', name: 'write', hint: 'Looking and changing.' },
  { id: 'control', name: 'control', hint: 'Moving something: whoever uses it is privileged, and held to more.' },
] as const

interface Typed {
  readonly slug: string
  readonly baseUrl: string
}

/** What is wrong with an address before it is sent; a credential in it is refused here, so that it is written nowhere. */
export function faultOfUrl(text: string): string | undefined {
  const url = URL.parse(text)
  if (url === null || (url.protocol !== 'https:' && url.protocol !== 'http:'))
    return 'Write where it leads: an address that begins with https://.'
  if (url.username !== '' || url.password !== '') return 'The address holds a credential: take it out, and give it below.'
  return url.search === '' && url.hash === '' ? undefined : 'An address here ends before the question mark.'
}

/** What the URL of the view and the fields say so far. */
export function connectionOf(
  search: Readonly<Record<string, string | undefined>>,
  { slug, baseUrl }: Typed,
  credential: Credential,
  me: string | undefined,
): { readonly input: Input; readonly lacks: string | undefined } {
  const { environment, owner = me, counterpart } = search
  const address = baseUrl.trim()
  const wrong = faultOfUrl(address)
  const lacks: readonly (readonly [isMissing: boolean, said: string])[] = [
    [environment === undefined, 'Choose its environment.'],
    [slug === '', 'Say what it is called.'],
    [!/^[a-z0-9](?:[a-z0-9-]{0,38}[a-z0-9])?$/.test(slug), 'A short name has lower-case letters, digits and hyphens.'],
    [wrong !== undefined, wrong ?? ''],
    [owner === undefined, 'Choose who answers for it.'],
    [credential.isGiven && !/^[a-z0-9-]{1,60}$/.test(credential.header), 'Name the header that carries its credential, in lower case.'],
    [credential.isGiven && credential.value.trim().length < 8, 'A credential has at least eight characters.'],
  ]
  const input: Input = {
    environment: environment ?? '',
    slug,
    access: accesses.find(({ id }) => id === search.access)?.id ?? 'read',
    baseUrl: address,
    sensitivity: sensitivities.find((one) => one === search.sensitivity) ?? 'internal',
    owner: owner ?? '',
    ...(counterpart === undefined ? {} : { counterpart }),
  }
  return { input, lacks: lacks.find(([isMissing]) => isMissing)?.[1] }
}
