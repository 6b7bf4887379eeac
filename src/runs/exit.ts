// How the cell of one run came to its end, for those who may read what is in a run: an exit code, a limit, and the run's own last words. The words are what a
// hostile program wrote to its error output: bounded, without controls, without what looks like a secret, and never in an entry, a list or a sentence of ours.
import { z } from 'zod'
import { maskSecrets } from '../twins/index.ts'
import type { CellExit } from './cell.ts'

/** Characters of last words that are kept. */
export const lastWordsMax = 4096

/** Line feeds and tabs are the only controls in a text that was cleaned; what has no shape or turns the direction is not in it either. */
const strange = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu

/** How a cell ended, as it is kept and shown. */
export const exitRecord = z.strictObject({
  code: z.number().int().nullable().meta({ description: 'The exit code of its process, where it ended by itself.' }),
  signal: z
    .string()
    .regex(/^SIG[A-Z0-9]{1,12}$/)
    .nullable()
    .meta({ description: 'The signal that ended its process, where one did.' }),
  detail: z.string().max(300).nullable().meta({ description: 'What was noticed from outside: a limit, a rule. The platform’s own words.' }),
  words: z
    .string()
    .max(lastWordsMax)
    .refine((text) => clean(text) === text, 'must be cleaned of controls')
    .nullable()
    .meta({ description: 'The last lines of its error output: the run’s own words, which nobody vouches for. Null where no program ran.' }),
  cut: z.boolean().meta({ description: 'Whether earlier words were left out.' }),
  redacted: z
    .number()
    .int()
    .min(0)
    .meta({ description: 'In how many places of its words something that looks like a secret was taken out.' }),
})

/** How a cell ended. */
export type ExitRecord = z.output<typeof exitRecord>

function clean(text: string): string {
  return text
    .toWellFormed()
    .replaceAll('\r\n', '\n')
    .replace(strange, (one) => (one === '\n' || one === '\t' ? one : '\ufffd'))
}

const inShort = (detail: string): string => clean(detail).slice(0, 300).toWellFormed()

/** What is kept of how a cell ended. Of one that was ended by us, or at a limit, the signal says nothing. */
export function recordOfExit({ reason, code, signal, detail, stderrTail, stderrCut }: CellExit): ExitRecord {
  const byItself = reason === 'crashed' || reason === 'ended'
  return {
    ...wordsOf(stderrTail, stderrCut),
    code: byItself ? code : null,
    signal: byItself ? signal : null,
    detail: detail === undefined ? null : inShort(detail),
  }
}

/** What is kept where there never was a cell: why, in our own words. */
export function recordOfRefusal(detail: string): ExitRecord {
  return { code: null, signal: null, detail: inShort(detail), words: null, cut: false, redacted: 0 }
}

/** The end of an error output, made fit to be kept. A line of which the beginning is missing may be the rest of a secret, and is left out. */
function wordsOf(tail: string, isCut: boolean): Pick<ExitRecord, 'words' | 'cut' | 'redacted'> {
  const whole = isCut ? tail.slice(tail.includes('\n') ? tail.indexOf('\n') + 1 : tail.length) : tail
  const { text, places } = maskSecrets(clean(whole).trimEnd())
  const kept = text.slice(-lastWordsMax).toWellFormed()
  return { words: kept, cut: isCut || kept.length < text.length, redacted: places }
}
