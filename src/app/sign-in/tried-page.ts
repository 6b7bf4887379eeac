// What came of a trial sign-in, as a page of plain text: what the provider said is in its own words, which may be anything, and plain text runs nowhere.
import { attributesSaid, type ProviderAnswer, type WouldBe } from '../../identity/index.ts'

const charactersMax = 320

/** A text of somebody else's, on one line. */
const plain = (text: string): string => text.replace(/\p{C}/gu, ' ').slice(0, charactersMax)

function verdict(answer: ProviderAnswer | undefined, would: WouldBe): string {
  if (answer === undefined) return 'It does not work: the provider’s answer does not hold.'
  return would.kind === 'nobody' ? 'The provider’s answer holds, and would let nobody in.' : 'It works.'
}

function told({ subject, email, emailVerified, name, acr, authenticatedAt, claims }: ProviderAnswer): string[] {
  const said: readonly (readonly [string, string | undefined])[] = [
    ['subject', subject],
    ['address', email === undefined ? undefined : `${email}${emailVerified ? '' : ' (not verified)'}`],
    ['name', name],
    ['signed in at', authenticatedAt === undefined ? undefined : new Date(authenticatedAt).toISOString()],
    ['by means of', acr],
    ...Object.entries(attributesSaid(claims ?? {})),
  ]
  return said.map(([what, text]) => `  ${what.padEnd(14)}${text === undefined ? '(not said)' : plain(text)}`)
}

function whom(would: WouldBe): string[] {
  switch (would.kind) {
    case 'here':
      return [`  ${plain(would.name)} (${would.slug}) would be signed in${would.isLinked ? '' : ', found by the address'}.`]
    case 'new':
      return ['  Somebody new, who would be added and hold nothing until something is granted.']
    case 'proposed':
      return ['  The connection may speak for this address. Who that is here is not looked for before it is accepted.']
    case 'nobody':
      return [`  ${plain(would.why)}`, ...(would.next === undefined ? [] : [`  ${plain(would.next)}`])]
  }
}

/** The page. `answer` is what the provider said, where it holds; it is hostile all the same. */
export function triedPage(connection: string, answer: ProviderAnswer | undefined, would: WouldBe): string {
  return [
    `A trial sign-in through ${plain(connection)}`,
    '',
    verdict(answer, would),
    '',
    ...(answer === undefined ? [] : ['What the provider said', '', ...told(answer), '']),
    answer === undefined ? 'Why' : 'Who that is here',
    '',
    ...whom(would),
    '',
    'Nobody was signed in, linked or added, and nothing of it is kept. You can close this page.',
    '',
  ].join('\n')
}
