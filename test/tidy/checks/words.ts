// One word for one thing, and no words that hurt, name people or postpone.
// Names in code are split into words before they are compared, so `readerLease` reads "reader lease".

import type { Check, Entry, Violation } from '../project.ts'
import { mail, marks, type Word, wordExceptions, words } from '../rules.ts'

const asWords = (line: string): string =>
  line
    .replace(/([a-z0-9])([A-Z])/g, '$1 $2')
    .replace(/[_-]/g, ' ')
    .toLowerCase()

const find = (line: string, list: readonly Word[]): readonly string[] =>
  list.flatMap(({ pattern, instead }) => {
    const found = pattern.exec(line)?.[0]
    return found === undefined ? [] : [`"${found}": ${instead}.`]
  })

const strangers = (line: string): readonly string[] =>
  [...line.matchAll(mail.pattern)]
    .filter(([address]) => !mail.allowed.test(address))
    .map(([address]) => `"${address}": use a reserved domain (example.com, *.example, *.test), an address must be nobody's.`)

const judge = ({ path, text }: Entry): readonly Violation[] =>
  text.split('\n').flatMap((line, index) =>
    [...find(asWords(line), words), ...find(line, marks), ...strangers(line)].map((message) => ({
      file: path,
      line: index + 1,
      message,
    })),
  )

/** No banned word, mark or address in any text. */
export const wordsAreOurs: Check = ({ entries }) =>
  [...entries.values()]
    .filter(({ binary, path }) => !binary && !wordExceptions.some((exception) => exception.path.test(path)))
    .flatMap(judge)
