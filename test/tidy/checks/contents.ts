// Nothing that ties the product to one machine or registry, nothing huge, and no binary that nobody expects.

import type { Check, Entry, Violation } from '../project.ts'
import { contents, machineStrings } from '../rules.ts'

const machine = ({ path, text }: Entry): readonly Violation[] =>
  machineStrings
    .filter(({ except }) => !except.includes(path))
    .flatMap(({ text: banned, instead }) =>
      text.split('\n').flatMap((line, index) => {
        const found = line.indexOf(banned)
        // A longer path or address that merely has the same folder in its middle is something else.
        const inside = found > 0 && banned.startsWith('/') && /[\w.@-]/.test(line[found - 1] ?? '')
        return found < 0 || inside ? [] : [{ file: path, line: index + 1, message: `"${banned}" belongs to one machine: ${instead}.` }]
      }),
    )

const shape = ({ path, bytes, binary }: Entry): readonly Violation[] => [
  ...(bytes > contents.bytesMax
    ? [{ file: path, line: 1, message: `${bytes} bytes; at most ${contents.bytesMax}. Generate it, fetch it, or make it smaller.` }]
    : []),
  ...(binary && !contents.binaries.some((pattern) => pattern.test(path))
    ? [
        {
          file: path,
          line: 1,
          message: 'A binary file is not expected here: make it in the test that needs it, or allow it in test/tidy/rules.ts.',
        },
      ]
    : []),
]

/** No machine's paths, no huge files, no unexpected binaries. */
export const contentsAreClean: Check = ({ entries }) => [...entries.values()].flatMap((entry) => [...machine(entry), ...shape(entry)])
