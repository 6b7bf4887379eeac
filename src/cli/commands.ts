// The commands that are not actions, in the order of the help.
import type { Command } from './command.ts'
import { signInCommands } from './sign-in/commands.ts'
import { ledgerVerify } from './verbs/ledger-verify.ts'
import { twinImport } from './verbs/twin-import.ts'

export type { Command } from './command.ts'

/** Words that stand for other words. */
export const aliases: Readonly<Record<string, readonly string[]>> = { trace: ['ledger', 'trace'] }

/** Every command that is not an action. Those without `run` are handled by the command line itself. */
export const commands: readonly Command[] = [
  { words: ['start'], synopsis: 'start', summary: 'Start Twinlock here; Ctrl-C stops it in order.' },
  { words: ['stop'], synopsis: 'stop', summary: 'Stop the server of this data folder, in order.' },
  { words: ['backup'], synopsis: 'backup <folder>', summary: 'Write everything but the keys into a new folder, as of one moment.' },
  { words: ['restore'], synopsis: 'restore <folder>', summary: 'Bring a backup back into an empty data folder, under new log origins.' },
  ...signInCommands,
  { words: ['trace'], synopsis: 'trace <id>', summary: 'Short for `ledger trace`: how something came to be and what it led to.' },
  ledgerVerify,
  twinImport,
  { words: ['completion'], synopsis: 'completion <bash|zsh|fish>', summary: 'Print a completion script for a shell.' },
  { words: ['help'], synopsis: 'help [noun [verb]]', summary: 'Say what there is.' },
]
