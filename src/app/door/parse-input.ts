// Step two of the door: the input, against the action's own schema. What is not in the schema is refused, never dropped.
import { type Capability, fail } from '../../kernel/index.ts'
import { issueText } from './issue-text.ts'

const depthMax = 32

/** Where an input holds what no store, log or canonical form can: a zero character, half a surrogate pair, or nesting over the limit. */
function unholdable(value: unknown, pointer = '', depth = 0): { readonly pointer: string; readonly why: string } | undefined {
  if (depth > depthMax) return { pointer, why: `is nested deeper than ${depthMax} levels` }
  if (typeof value === 'string') {
    if (value.includes('\u0000')) return { pointer, why: 'holds a zero character' }
    return value.isWellFormed() ? undefined : { pointer, why: 'holds half of a surrogate pair' }
  }
  if (typeof value !== 'object' || value === null) return undefined
  for (const [name, member] of Object.entries(value)) {
    const found =
      unholdable(name, pointer, depth) ?? unholdable(member, `${pointer}/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`, depth + 1)
    if (found !== undefined) return found
  }
  return undefined
}

/** Parses an input. Throws `invalid` with a JSON pointer to the first field at fault, and all of them as facts. */
export function parseInput(capability: Capability, input: unknown): unknown {
  const bad = unholdable(input)
  if (bad !== undefined) throw fail('invalid', `The input ${bad.why}.`, { pointer: bad.pointer })
  const parsed = capability.input.safeParse(input ?? {}, { error: issueText })
  if (parsed.success) return parsed.data
  const issues = parsed.error.issues.slice(0, 20).map((issue) => ({ pointer: pointerTo(issue), detail: issue.message }))
  const first = issues[0] ?? { pointer: '', detail: 'is not acceptable' }
  throw fail(
    'invalid',
    first.pointer === '' ? `The input ${lowerFirst(first.detail)}.` : `\`${first.pointer}\` ${lowerFirst(first.detail)}.`,
    {
      pointer: first.pointer,
      facts: { errors: issues.map((issue) => `${issue.pointer}: ${issue.detail}`) },
      next: `See what ${capability.name} takes: \`twinlock ${capability.noun} ${capability.verb} --help\`.`,
    },
  )
}

function pointerTo(issue: { readonly path: readonly PropertyKey[]; readonly code: string; readonly keys?: readonly string[] }): string {
  const path = issue.code === 'unrecognized_keys' ? [...issue.path, issue.keys?.[0] ?? ''] : issue.path
  return path.map((part) => `/${String(part).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('')
}

function lowerFirst(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1)
}
