// The reference of the command line: the help of every command and verb, as it is printed.
import { commandHelp, commands, createPaint, verbHelp, withVerbs } from '../../src/cli/index.ts'
import type { Capability } from '../../src/kernel/index.ts'

const plain = createPaint(false)
const everyCommand = 'Every command:'

/** The flags of every command are said once, at the top. */
function ownPart(lines: readonly string[]): readonly string[] {
  const at = lines.indexOf(everyCommand)
  return at === -1 ? lines : lines.slice(0, at - 1)
}

function section(title: string, lines: readonly string[]): string {
  return [`## ${title}`, '', '```', ...ownPart(lines), '```', ''].join('\n')
}

/** The reference as Markdown. */
export function cliReference(catalogue: readonly Capability[]): string {
  const first = commands[0]
  const shared = first === undefined ? [] : commandHelp(first, plain)
  const globals = shared.slice(shared.indexOf(everyCommand) + 1)
  const head = [
    '# The command line',
    '',
    'Every verb is the action of the same name. Wherever an id is wanted, a name does as well; it is looked up with your own rights.',
    'A flag takes `@file` for what is in a file. Generated: `npm run generate`.',
    '',
    'Exit codes: 0 ok, 1 failed, 2 usage, 3 denied, 4 sign in first, 5 not found, 6 stale, 7 awaiting approval, 8 network, 9 a proof does not hold, 130 interrupted.',
    '',
    '## Every command',
    '',
    '```',
    ...globals,
    '```',
    '',
  ]
  const local = commands.map((command) => section(command.words.join(' '), commandHelp(command, plain)))
  const verbs = withVerbs(catalogue).map((capability) => section(`${capability.noun} ${capability.verb}`, verbHelp(capability, plain)))
  return [head.join('\n'), ...local, ...verbs].join('\n')
}
