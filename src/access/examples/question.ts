// The question of an example: somebody with these roles on the whole organization, doing something to a thing of which so much is known, in an environment of
// this class. Everything that is not said is blank, as public as can be, and made by nobody. It comes from outside and is kept as it was parsed.
import { z } from 'zod'
import {
  type AttributeValue,
  environmentClass,
  fail,
  idOf,
  isId,
  type PrincipalKind,
  roles,
  sensitivity,
  slugText,
} from '../../kernel/index.ts'
import type { ActionWords, Guardrails } from '../guardrails/held.ts'

const listMax = 8
const attributesMax = 20
const scopeTypes = ['Project', 'Twin', 'Scenario', 'Asset', 'Artifact', 'Connection', 'Channel'] as const

const value = z.union([z.string().max(200), z.boolean(), z.int(), z.array(z.string().max(200)).max(50)])
const values = z
  .record(z.string().max(60), value)
  .refine((all) => Object.keys(all).length <= attributesMax, `At most ${attributesMax} attributes are said.`)

/** What an example asks. */
export const questionShape = {
  holds: z
    .array(z.enum(roles))
    .max(listMax)
    .default([])
    .meta({ description: 'The roles that the caller holds on the whole organization.' }),
  customRoles: z.array(slugText).max(listMax).default([]).meta({ description: 'Roles of your own that the caller holds beside those.' }),
  kind: z.enum(['person', 'pipeline', 'agent', 'service']).default('person'),
  principal: z
    .union([idOf('per'), idOf('pip'), idOf('agt'), idOf('svc')])
    .optional()
    .meta({ description: 'The id of the caller, for policies that name one; what he holds is still what is said here.' }),
  clearance: sensitivity.default('restricted').meta({ description: 'The clearance of the caller.' }),
  action: z.string().max(60).meta({ description: 'What the caller does, as `noun:verb`.' }),
  on: z
    .strictObject({ type: z.enum(scopeTypes), id: z.string().max(120) })
    .optional()
    .meta({
      description: 'A real thing that it is done to, or that the thing lies in; somewhere in the organization where it is left out.',
    }),
  sensitivity: sensitivity.optional().meta({ description: 'How sensitive the thing is.' }),
  known: values.default({}).meta({ description: 'Attributes of the thing, as policies name them.' }),
  context: values.default({}).meta({ description: 'What the action says of the request, as policies name it.' }),
  environmentClass: environmentClass.optional().meta({ description: 'The class of the environment that it happens in.' }),
}

/** A question as it is stored. */
export const question = z.strictObject(questionShape)

/** A parsed question. */
export type Question = z.output<typeof question>

const kinds = [
  ['per', 'person'],
  ['pip', 'pipeline'],
  ['agt', 'agent'],
  ['svc', 'service'],
] as const

/** The kind of the caller: by his id where there is one. */
export function callerKind({ principal, kind }: Question): Exclude<PrincipalKind, 'run' | 'system'> {
  return kinds.find(([prefix]) => principal !== undefined && isId(prefix, principal))?.[1] ?? kind
}

function typeOf(said: AttributeValue): string {
  if (typeof said === 'object') return 'Set<String>'
  return { string: 'String', number: 'Long', boolean: 'Boolean' }[typeof said as 'string' | 'number' | 'boolean'] // a value is nothing else
}

function requireWords(said: Question['known'], known: ActionWords['attributes'], pointer: string): void {
  for (const [name, one] of Object.entries(said))
    if (known[name] !== typeOf(one))
      throw fail('invalid', `Nothing is called \`${name}\` here that is a ${typeOf(one)}.`, {
        pointer: `${pointer}/${name}`,
        facts: { known: Object.entries(known).map(([word, type]) => `${word}: ${type}`) },
      })
}

/** Refuses a question about what there is not: it would be answered with no whatever the policies say. Throws `invalid`. */
export function requireAsks(asked: Question, { words }: Guardrails): void {
  const known = words.get(asked.action)
  if (known === undefined) throw fail('invalid', 'There is no action of this name.', { pointer: '/action' })
  requireWords(asked.known, known.attributes, '/known')
  requireWords(asked.context, known.context, '/context')
  if (asked.sensitivity !== undefined && known.attributes.sensitivity !== 'Long')
    throw fail('invalid', 'What this action is done to has no sensitivity.', { pointer: '/sensitivity' })
}
