// A text without what looks like a secret in it, for texts that are shown. The text is attacker-controlled: whoever wants to hide a secret from the rules can;
// this is against what a program says by mistake.
import type { Json } from '../../kernel/index.ts'
import { findCandidates } from './scan-text.ts'

const findingsMax = 50

/** A text in which nothing looks like a secret, and in how many places something did. */
export interface Masked {
  readonly text: string
  readonly places: number
}

/** Takes what looks like a secret out of a text. Where there is more of it than is looked for, the text ends there: the rest was not assessed. */
export function maskSecrets(text: string): Masked {
  const { candidates, hasMore } = findCandidates(text, findingsMax)
  let masked = ''
  let at = 0
  for (const { start, end } of candidates) {
    masked += `${text.slice(at, start)}[redacted]`
    at = end
  }
  return { text: hasMore ? masked : masked + text.slice(at), places: candidates.length }
}

/** A JSON value, nested no deeper than its reader allowed, without what looks like a secret in any of its texts. */
export function maskSecretsInJson(value: Json): Json {
  if (typeof value === 'string') return maskSecrets(value).text
  if (typeof value !== 'object' || value === null) return value
  if (isList(value)) return value.map(maskSecretsInJson)
  const members = Object.entries(value).map(([name, member]) => [maskSecrets(name).text, maskSecretsInJson(member ?? null)])
  return Object.fromEntries(members)
}

// The built-in test does not narrow a list that cannot be written.
function isList(value: Json): value is readonly Json[] {
  return Array.isArray(value)
}
