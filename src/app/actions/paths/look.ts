// What guardrails can look at of a request and no store knows beforehand: the moment, the address that it comes from, when and how its sender signed in. Whoever
// foresees supposes one of each; where a guardrail looks at it, the answer says so.
import type { Policy } from '../../../access/index.ts'

/** What can be looked at. */
export const looks = ['time', 'address', 'sign-in'] as const
/** One of `time`, `address`, `sign-in`. */
export type Look = (typeof looks)[number]

/** The words of the context by which a policy looks at each. */
const words: Readonly<Record<Look, RegExp>> = {
  time: /\b(now|weekday|minute)\b/,
  address: /\baddress\b/,
  'sign-in': /\b(signedInSecondsAgo|stepUpSeconds|acr)\b/,
}

/** What policies look at; everything, where that cannot be read off their texts. */
export function looksOf(policies: readonly Policy[]): readonly Look[] {
  return looks.filter((one) => policies.some(({ text }) => text.includes('\\') || words[one].test(text)))
}
