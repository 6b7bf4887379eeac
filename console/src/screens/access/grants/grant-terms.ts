// What a grant is to be, as it stands in the URL while it is made: so that it can be prepared by one person and given by another. Texts that anybody may have
// written; the server parses them.
import type { InputOf } from '../../../api/call.ts'
import { endOfDay } from '../../people/day.ts'

type Input = InputOf<'grant:create'>
type Search = Readonly<Record<string, string | undefined>>

/** The roles that ship. */
export const shippedRoles = ['author', 'operator', 'observer', 'exporter', 'reviewer', 'deployer', 'admin', 'auditor'] as const

/** What a grant can be given on. */
export const scopeTypes = ['Organization', 'Project', 'Twin', 'Scenario', 'Asset', 'Artifact', 'Connection', 'Channel'] as const

const isOneOf = <T extends string>(all: readonly T[], word: string | undefined): word is T => all.some((one) => one === word)

/** The words of a list in the URL. */
export const wordsIn = (text: string | undefined): readonly string[] => (text ?? '').split(/[\s,]+/).filter(Boolean)

/** How long a grant lasts, by its word in the URL: in hours; undefined until it is taken away. */
export const lengths: readonly { readonly id: string; readonly name: string; readonly hours?: number }[] = [
  { id: 'always', name: 'Until it is taken away' },
  { id: '1h', name: 'One hour', hours: 1 },
  { id: '8h', name: 'Eight hours', hours: 8 },
  { id: '7d', name: 'A week', hours: 168 },
  { id: '30d', name: '30 days', hours: 720 },
  { id: '90d', name: '90 days', hours: 2160 },
]

/** A length by its word; until it is taken away for any other. */
export const lengthIn = (word: string | undefined): string => lengths.find(({ id }) => id === word)?.id ?? 'always'

/** The ends that are chosen by what ends, beside lengths: the second word of the URL says which. */
export const otherEnds = [
  { id: 'day', name: 'Until the end of a day', lacks: 'Say the day that it ends.' },
  { id: 'run', name: 'Until a run ends', lacks: 'Choose the run whose end it ends with.' },
  { id: 'batch', name: 'Until a batch of runs is over', lacks: 'Choose the batch that it ends with.' },
  { id: 'engagement', name: 'Until an engagement ends', lacks: 'Choose the engagement that it ends with.' },
] as const

/** The end of what lasts as long as a word says, from a moment on; undefined for no end. */
export function endOf(word: string | undefined, now: number): string | undefined {
  const hours = lengths.find(({ id }) => id === word)?.hours
  return hours === undefined ? undefined : new Date(now + hours * 3_600_000).toISOString().replace(/\.\d+Z$/, 'Z')
}

/** What is given: a shipped role, one of the organization's own (`own:<slug>`), or single actions. */
function given(search: Search): Partial<Pick<Input, 'role' | 'customRole' | 'actions'>> | string {
  const { gives } = search
  if (isOneOf(shippedRoles, gives)) return { role: gives }
  if (gives?.startsWith('own:')) return { customRole: gives.slice(4) }
  if (gives !== 'actions') return 'Choose what is given.'
  const actions = wordsIn(search.actions)
  return actions.length === 0 ? 'Name at least one action.' : { actions }
}

/** When it ends: at a moment, with something else, or not by itself. */
function ending(
  { until, end }: Search,
  now: number,
): Partial<Pick<Input, 'expiresAt' | 'untilRun' | 'untilBatch' | 'untilEngagement'>> | string {
  const other = otherEnds.find(({ id }) => id === until)
  if (other === undefined) {
    const expiresAt = endOf(until, now)
    return expiresAt === undefined ? {} : { expiresAt }
  }
  if (end === undefined) return other.lacks
  switch (other.id) {
    case 'day':
      return lastSecond(end, now)
    case 'run':
      return { untilRun: end }
    case 'batch':
      return { untilBatch: end }
    case 'engagement':
      return { untilEngagement: end }
  }
}

function lastSecond(day: string, now: number): { readonly expiresAt: string } | string {
  const expiresAt = endOfDay(day)
  if (expiresAt === undefined) return 'Say the day that it ends.'
  return Date.parse(expiresAt) <= now ? 'The day that it would end has passed.' : { expiresAt }
}

/** The terms that the URL says, or what is still missing of them. `now` is when it is given. */
export function termsIn(search: Search, now: number): Omit<Input, 'reason'> | string {
  const { principal } = search
  if (principal === undefined) return 'Choose to whom it is given.'
  const what = given(search)
  if (typeof what === 'string') return what
  const scopeType = isOneOf(scopeTypes, search.scopeType) ? search.scopeType : 'Organization'
  if (scopeType !== 'Organization' && search.scope === undefined) return `Choose the ${scopeType.toLowerCase()} that it is given on.`
  const ends = ending(search, now)
  if (typeof ends === 'string') return ends
  const environments = wordsIn(search.environments)
  return {
    principal,
    ...what,
    scopeType,
    ...(scopeType === 'Organization' || search.scope === undefined ? {} : { scope: search.scope }),
    ...(environments.length === 0 ? {} : { environments }),
    ...ends,
  }
}
