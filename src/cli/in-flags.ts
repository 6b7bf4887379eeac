// A refusal in the words of the line: what a server says by the pointer of a field is said by the flag that the field was typed by.
import type { Capability } from '../kernel/index.ts'
import { explanationOf } from '../server/index.ts'
import { CliFailure } from './failure.ts'
import { fieldsOf, positionalOf } from './fields.ts'

/** How a verb with flags of its own spells a pointer; nothing for one that it does not know. */
export type Spelling = (pointer: string) => string | undefined

const unescaped = (part: string): string => part.replaceAll('~1', '/').replaceAll('~0', '~')

/** `/mediaType` as `--media-type`, in backticks; what lies in a JSON value with its place in it. */
function flagOf(capability: Capability, pointer: string): string | undefined {
  const [, name = '', ...rest] = pointer.split('/').map(unescaped)
  const field = fieldsOf(capability).find((one) => one.name === name)
  if (field === undefined) return undefined
  const flag = `\`${field === positionalOf(capability) ? `<${field.name}>` : `--${field.flag}`}\``
  if (rest.length === 0) return flag
  if (field.many) return rest[0] === '0' ? flag : `${flag}, number ${Number(rest[0]) + 1}`
  return `${flag} at /${rest.join('/')}`
}

/** A failure of an action with its fields as flags; anything else as it is. */
export function inFlags(error: unknown, capability: Capability, spelt: Spelling = () => undefined): unknown {
  if (!(error instanceof CliFailure) || error.action !== capability.name) return error
  const { exit, problem, action } = error
  const errors = (problem?.errors ?? []).filter(({ pointer }) => pointer !== '')
  if (problem === undefined || errors.length === 0) return error
  const told = errors.map(({ pointer, detail }) => ({
    pointer,
    detail,
    flag: spelt(pointer) ?? flagOf(capability, pointer) ?? `\`${pointer}\``,
  }))
  const [only, ...more] = told
  // What the server says of every such input speaks of its own answer.
  const next = error.next === explanationOf.invalid.next ? `See \`twinlock ${capability.noun} ${capability.verb} --help\`.` : error.next
  const notes = { next, problem, action, cause: error }
  if (only === undefined || more.length > 0)
    return new CliFailure(exit, `${told.length} things that were given cannot be taken:`, {
      ...notes,
      faults: told.map(({ flag, detail }) => `${flag} ${detail}`),
    })
  const message = error.message.replaceAll(`\`${only.pointer}\``, only.flag)
  return new CliFailure(exit, message, { ...notes, faults: message === error.message ? [`It is about ${only.flag}.`] : [] })
}
