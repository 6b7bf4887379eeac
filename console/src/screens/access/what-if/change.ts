// The change that the URL says, or what is still missing of it. Texts that anybody may have written; the server parses them. Pure.
import type { InputOf } from '../../../api/call.ts'
import { lengthIn, termsIn, wordsIn } from '../grants/grant-terms.ts'
import { classIn, levelIn, type Terms } from '../guardrails/said.ts'

/** A change that can be asked about. */
export type Change = InputOf<'access:whatif'>['change']
/** One kind of change. */
export type ChangeOf<K extends Change['kind']> = Extract<Change, { kind: K }>

type Search = Readonly<Record<string, string | undefined>>

/** What can be asked about, in the words of the URL. */
export const changeKinds = [
  { id: 'give', name: 'Give access' },
  { id: 'take', name: 'Take a grant away' },
  { id: 'join', name: 'Put into a group' },
  { id: 'leave', name: 'Take out of a group' },
  { id: 'dissolve', name: 'Dissolve a group' },
  { id: 'role', name: 'Change a role' },
  { id: 'policy', name: 'Set a guardrail' },
  { id: 'mapping', name: 'End a mapping' },
  { id: 'owner', name: 'Change an owner' },
] as const

/** The word of a kind; the first where the URL says another. */
export const kindIn = (search: Search): (typeof changeKinds)[number]['id'] =>
  changeKinds.find(({ id }) => id === search.change)?.id ?? 'give'

/** What giving something changes: which conflicts it is given in spite of is no part of that. */
export function giving(terms: Exclude<ReturnType<typeof termsIn>, string>): ChangeOf<'give'> {
  const { despite: _despite, ...asked } = terms
  return { kind: 'give', ...asked }
}

function giveIn(search: Search, now: number): ChangeOf<'give'> | string {
  const terms = termsIn({ ...search, until: lengthIn(search.until) }, now)
  return typeof terms === 'string' ? terms : giving(terms)
}

function membershipIn(kind: 'join' | 'leave', { group, member }: Search): ChangeOf<'join'> | ChangeOf<'leave'> | string {
  if (group === undefined) return 'Choose the group.'
  return member === undefined ? 'Choose whom.' : { kind, group, member }
}

function roleIn({ role, add, remove, retire }: Search): ChangeOf<'role'> | string {
  if (role === undefined) return 'Choose the role.'
  if (retire !== undefined) return { kind: 'role', role, retire: true }
  const [more, less] = [wordsIn(add), wordsIn(remove)]
  if (more.length + less.length === 0) return 'Name the actions that it gains or loses.'
  return { kind: 'role', role, ...(more.length === 0 ? {} : { add: [...more] }), ...(less.length === 0 ? {} : { remove: [...less] }) }
}

/** Where a guardrail would hold, as far as the URL says it; a word that is neither class nor sensitivity means everywhere, or whatever it is. */
export function heldIn({ classes, sensitivity }: Search): Partial<Terms> {
  return {
    ...(classes === undefined ? {} : { environmentClasses: wordsIn(classes).flatMap((word) => classIn(word) ?? []) }),
    ...(sensitivity === undefined ? {} : { sensitivity: levelIn(sensitivity) ?? null }),
  }
}

function policyIn(search: Search): ChangeOf<'policy'> | string {
  const { guardrail, policy, retire } = search
  if (retire !== undefined) return guardrail === undefined ? 'Choose the guardrail.' : { kind: 'policy', guardrail, retire: true }
  if (guardrail === undefined && policy === undefined) return 'Choose a guardrail, or write a policy.'
  const said = { ...(guardrail === undefined ? {} : { guardrail }), ...(policy === undefined ? {} : { policy }) }
  return { kind: 'policy', ...said, ...heldIn(search) }
}

/** The change, or what is still missing of it in one sentence. */
export function changeIn(search: Search, now: number): Change | string {
  const kind = kindIn(search)
  switch (kind) {
    case 'give':
      return giveIn(search, now)
    case 'take':
      return search.grant === undefined ? 'Name the grant.' : { kind, grant: search.grant }
    case 'join':
    case 'leave':
      return membershipIn(kind, search)
    case 'dissolve':
      return search.group === undefined ? 'Choose the group.' : { kind, group: search.group }
    case 'role':
      return roleIn(search)
    case 'policy':
      return policyIn(search)
    case 'mapping':
      return search.mapping === undefined ? 'Choose the mapping.' : { kind, mapping: search.mapping }
    case 'owner':
      if (search.thing === undefined) return 'Name the thing.'
      return search.to === undefined ? 'Choose who would answer for it.' : { kind, of: search.thing, to: search.to }
  }
}
