// What is in a run, for people: what it was given, what it says of itself, how its cell ended, and its last words. All but the last but one is text of others.
import type { z } from 'zod'
import type { VerbExtra } from '../command.ts'
import type { Context } from '../context.ts'
import { counted } from '../print/moments.ts'
import { safe } from '../print/paint.ts'
import { pairs } from '../print/table.ts'
import { runContentAnswer } from './answers.ts'

type Exit = NonNullable<z.output<typeof runContentAnswer>['exit']>

function jsonLines(value: unknown): string[] {
  return (JSON.stringify(value, null, 2) ?? 'null').split('\n').map((line) => `  ${safe(line)}`)
}

/** How its cell ended, as it was seen from outside. */
function seenLines({ code, signal, detail }: Exit, { paint }: Context): string[] {
  const seen: (readonly [string, string])[] = [
    ...(detail === null ? [] : [['noticed', safe(detail)] as const]),
    ...(code === null ? [] : [['exit code', String(code)] as const]),
    ...(signal === null ? [] : [['signal', safe(signal)] as const]),
  ]
  return pairs(seen, paint)
}

function wordLines({ words, cut, redacted }: Exit, { paint }: Context): string[] {
  if (words === null) return []
  if (words === '') return ['', paint.dim('It said nothing on its error output.')]
  return [
    '',
    `${paint.bold('Its last words')} ${paint.dim('(the run’s own; nobody vouches for them)')}`,
    ...(cut ? [paint.dim('  | … earlier words were left out')] : []),
    ...words.split('\n').map((line) => `  | ${safe(line.replaceAll('\t', '  '))}`),
    ...(redacted === 0
      ? []
      : [paint.dim(`${counted(redacted, 'place')} that looked like a secret ${redacted === 1 ? 'was' : 'were'} taken out.`)]),
  ]
}

/** What is in a run. */
export const runRead: VerbExtra = {
  lines(answer, context) {
    const { id, outcome, reason, parameters, summary, exit } = runContentAnswer.parse(answer)
    const { paint } = context
    return [
      `${paint.bold('Run')} ${safe(id)}${outcome === null ? '' : `  ${safe(outcome)}`}${reason === null ? '' : `: ${safe(reason)}`}`,
      ...(exit === null ? [] : seenLines(exit, context)),
      ...(exit === null ? [] : wordLines(exit, context)),
      '',
      paint.bold('What it was given'),
      ...jsonLines(parameters),
      '',
      `${paint.bold('What it says of itself')} ${paint.dim('(nobody vouches for it)')}`,
      ...jsonLines(summary),
    ]
  },
}
