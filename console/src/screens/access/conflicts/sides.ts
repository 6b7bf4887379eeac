// The two sides of a conflict as they stand in the URL while it is declared: so that one prepares it and another does it. Words that anybody may have written; the
// server parses them.
import { routes } from '../../../api/generated/api.ts'
import { shippedRoles, wordsIn } from '../grants/grant-terms.ts'

/** The two sides of a conflict: roles and actions. */
export interface Sides {
  readonly one: readonly string[]
  readonly other: readonly string[]
}

/** How many roles and actions a side has at most. */
const sideMax = 20

const isRole = (word: string): boolean => shippedRoles.some((role) => role === word)

/** The words of a side, each once. */
export const sideIn = (text: string | undefined): readonly string[] => [...new Set(wordsIn(text))]

/** The roles among the words of a side, and the rest: its single actions. */
export function partsOf(side: readonly string[]): { readonly roles: readonly string[]; readonly actions: readonly string[] } {
  return { roles: side.filter(isRole), actions: side.filter((word) => !isRole(word)) }
}

/** The words that are neither a role nor an action. */
export const unknownIn = (side: readonly string[]): readonly string[] =>
  side.filter((word) => !isRole(word) && !Object.hasOwn(routes, word))

/** A side with other roles, or other actions; as it stands in the URL, undefined where nothing is left of it. */
export function sideText(roles: readonly string[], actions: string): string | undefined {
  const text = [...roles, actions].filter((part) => part !== '').join(' ')
  return text.trim() === '' ? undefined : text
}

/** The sides that the URL says, or what is still missing of them. */
export function sidesIn(search: Readonly<Record<string, string | undefined>>): Sides | string {
  const [one, other] = [sideIn(search.one), sideIn(search.other)]
  if (one.length === 0) return 'Choose what the one side is.'
  if (other.length === 0) return 'Choose what the other side is.'
  const unknown = [...unknownIn(one), ...unknownIn(other)][0]
  if (unknown !== undefined) return 'A side names roles that ship, and actions as noun:verb.'
  if (one.some((word) => other.includes(word))) return 'Both sides name the same duty.'
  if (one.length > sideMax || other.length > sideMax) return `A side has at most ${sideMax} roles and actions.`
  return { one, other }
}
