// The commands that are not actions, in the order of the help.
import type { Command } from './command.ts'
import { signInCommands } from './sign-in/commands.ts'
import { ledgerVerify } from './verbs/ledger-verify.ts'
import { twinImport } from './verbs/twin-import.ts'

export type { Command } from './command.ts'

const aliases: Readonly<Record<string, readonly string[]>> = { trace: ['ledger', 'trace'], 'access request': ['request', 'create'] }

/** What the first words of a line stand for, and how many of them do; nothing where they stand for themselves. */
export function aliasFor(words: readonly string[]): { readonly of: readonly string[]; readonly taken: number } | undefined {
  for (const taken of [2, 1]) {
    const of = words.length < taken ? undefined : aliases[words.slice(0, taken).join(' ')]
    if (of !== undefined) return { of, taken }
  }
  return undefined
}

/** Every command that is not an action. Those without `run` are handled by the command line itself. */
export const commands: readonly Command[] = [
  { words: ['start'], synopsis: 'start', summary: 'Start Twinlock here; Ctrl-C stops it in order.' },
  { words: ['status'], synopsis: 'status [--port N]', summary: 'Say what runs on this data folder, and whether it is ready.' },
  { words: ['stop'], synopsis: 'stop', summary: 'Stop the server of this data folder, in order.' },
  { words: ['backup'], synopsis: 'backup <folder>', summary: 'Write everything but the keys into a new folder, as of one moment.' },
  { words: ['restore'], synopsis: 'restore <folder>', summary: 'Bring a backup back into an empty data folder, under new log origins.' },
  ...signInCommands,
  {
    words: ['access', 'request'],
    synopsis: 'access request --role <role> --reason <text>',
    summary: 'Short for `request create`: ask for access for yourself.',
  },
  { words: ['trace'], synopsis: 'trace <id>', summary: 'Short for `ledger trace`: how something came to be and what it led to.' },
  ledgerVerify,
  twinImport,
  { words: ['completion'], synopsis: 'completion <bash|zsh|fish>', summary: 'Print a completion script for a shell.' },
  { words: ['help'], synopsis: 'help [noun [verb]]', summary: 'Say what there is.' },
]
