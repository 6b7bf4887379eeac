// What is wrong with a field, as a person says it, where the schema has no words of its own.
import type { z } from 'zod'

const counted = (count: unknown, noun: string): string => `${String(count)} ${noun}${Number(count) === 1 ? '' : 's'}`
const units: Readonly<Record<string, string>> = { string: 'character', array: 'item', set: 'item', map: 'item' }

function sizeText({ code, origin, ...issue }: Extract<z.core.$ZodRawIssue, { code: 'too_small' | 'too_big' }>): string {
  const unit = units[origin]
  const limit = code === 'too_small' ? issue.minimum : issue.maximum
  if (unit === undefined) return `must be at ${code === 'too_small' ? 'least' : 'most'} ${String(limit)}`
  if (code === 'too_small' && Number(limit) === 1) return 'must not be empty'
  return `must have at ${code === 'too_small' ? 'least' : 'most'} ${counted(limit, unit)}`
}

/** The text of an issue; nothing where the schema's own does. */
export function issueText(issue: z.core.$ZodRawIssue): string | undefined {
  // What is not there at all is said to be missing, whatever it should be.
  if (issue.input === undefined && (issue.code === 'invalid_type' || issue.code === 'invalid_value' || issue.code === 'invalid_union'))
    return 'is missing'
  if (issue.code === 'too_small' || issue.code === 'too_big') return sizeText(issue)
  if (issue.code === 'invalid_value') return `must be ${issue.values.length === 1 ? '' : 'one of '}${issue.values.map(String).join(', ')}`
  if (issue.code === 'invalid_format' && issue.format === 'email') return 'must be an e-mail address'
  return undefined
}
