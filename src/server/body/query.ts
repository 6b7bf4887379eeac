// Queries and forms: each parameter once, lists by repeating their parameter. Names and values are attacker-controlled texts.
import { z } from 'zod'
import { fail } from '../../kernel/index.ts'

const parametersMax = 100

/** What a field's schema is once optional, default and nullable are taken off it. */
export function coreOf(schema: z.core.$ZodType): z.core.$ZodType {
  let core = schema
  while (core instanceof z.ZodOptional || core instanceof z.ZodDefault || core instanceof z.ZodNullable || core instanceof z.ZodPrefault)
    core = core.unwrap()
  return core
}

function toValue(schema: z.core.$ZodType | undefined, values: readonly string[], name: string): unknown {
  const core = schema === undefined ? undefined : coreOf(schema)
  if (core instanceof z.ZodArray) return values
  const [first] = values
  if (values.length > 1)
    throw fail('invalid', `The parameter \`${name}\` came ${values.length} times.`, { pointer: `/${name}`, next: 'Send it once.' })
  if (core instanceof z.ZodBoolean && (first === 'true' || first === 'false')) return first === 'true'
  return first
}

/** The parameters of a query or form, with how often each came. Throws `malformed` for too many or ill-formed ones. */
export function readParameters(text: string): Map<string, string[]> {
  const found = new Map<string, string[]>()
  if (text === '') return found
  const parts = text.split('&')
  if (parts.length > parametersMax) throw fail('too_large', `There are more than ${parametersMax} parameters.`)
  for (const part of parts) {
    const at = part.indexOf('=')
    const name = decode(at === -1 ? part : part.slice(0, at))
    const values = found.get(name) ?? []
    values.push(decode(at === -1 ? '' : part.slice(at + 1)))
    found.set(name, values)
  }
  return found
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '))
  } catch {
    throw fail('malformed', 'A parameter is not percent-encoded UTF-8.')
  }
}

/** The input that a query stands for. Fields that the schema does not know are kept, so that the door refuses them by name. */
export function readQuery(text: string, input: z.ZodObject): Record<string, unknown> {
  const entries = [...readParameters(text)].map(([name, values]) => {
    if (name === '__proto__') throw fail('malformed', 'A parameter may not be called `__proto__`.')
    return [name, toValue(Object.hasOwn(input.shape, name) ? input.shape[name] : undefined, values, name)] as const
  })
  return Object.fromEntries(entries)
}
