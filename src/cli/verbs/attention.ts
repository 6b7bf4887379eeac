// What waits for somebody, the most urgent first: what it is, why, until when, and the command that answers it.
import { z } from 'zod'
import type { VerbExtra } from '../command.ts'
import type { Context } from '../context.ts'
import { type Field, fieldsOf, positionalOf } from '../fields.ts'
import { safe } from '../print/paint.ts'
import { whyNoVerb } from '../verb-rule.ts'
import { untilText } from './people-lines.ts'

const item = z.object({
  subject: z.object({ type: z.string(), id: z.string() }),
  title: z.string(),
  why: z.string(),
  until: z.string().nullable(),
  action: z.string(),
})
type Item = z.output<typeof item>

/** The command that answers it; what it takes besides the thing itself is left to fill in. */
function commandText({ action, subject }: Item, { catalogue }: Context): string | undefined {
  const capability = catalogue.find(({ name }) => name === action)
  if (capability === undefined || whyNoVerb(capability) !== undefined) return undefined
  const own = positionalOf(capability)
  const takesIt = own?.prefixes.includes(subject.id.slice(0, 3)) === true
  const more = fieldsOf(capability).filter((field) => field.required && field !== own)
  const words = [`twinlock ${capability.noun} ${capability.verb}`, ...(takesIt ? [safe(subject.id)] : [])]
  const value = ({ name, choices }: Field): string =>
    name === 'things' ? safe(subject.id) : choices.length > 0 ? `<${choices.join('|')}>` : '…'
  return [...words, ...more.map((field) => `--${field.flag} ${value(field)}`)].join(' ')
}

/** What waits for whoever asks. */
export const attentionList: VerbExtra = {
  lines(answer, context) {
    const { items, truncated } = z.object({ items: z.array(item), truncated: z.boolean() }).parse(answer)
    const { paint, io } = context
    if (items.length === 0) return ['Nothing waits for you.']
    const lines = items.flatMap((one) => {
      const command = commandText(one, context)
      const until = one.until === null ? '' : paint.yellow(`  until ${untilText(one.until, io.now())}`)
      return [
        `${paint.bold(safe(one.title))}${until}`,
        `  ${safe(one.why)}`,
        ...(command === undefined ? [`  ${safe(one.subject.type)} ${safe(one.subject.id)}`] : [`  ${paint.cyan(command)}`]),
        '',
      ]
    })
    return [...lines.slice(0, -1), ...(truncated ? ['', paint.yellow('There may be more than is shown.')] : [])]
  },
}
