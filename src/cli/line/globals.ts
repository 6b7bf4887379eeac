// The flags that every command takes, and how they are told apart from a verb's own.
import type { ParseArgsOptionsConfig } from 'node:util'

/** What the flags of every command said. */
export interface Globals {
  readonly json: boolean
  readonly quiet: boolean
  readonly color: boolean
  readonly help: boolean
  /** The slug of the person whose session is used. */
  readonly as: string | undefined
  readonly url: string | undefined
  /** A workload's key file to act with. */
  readonly key: string | undefined
}

/** One global flag. */
export interface GlobalFlag {
  readonly name: string
  readonly short?: string
  readonly value?: string
  readonly about: string
}

/** The flags of every command, in the order of the help. */
export const globalFlags: readonly GlobalFlag[] = [
  { name: 'json', about: 'Print the whole answer as JSON; problems too, on stderr.' },
  { name: 'quiet', short: 'q', about: 'Print ids alone.' },
  { name: 'as', value: '<slug>', about: 'Act as this signed-in person; the last login otherwise.' },
  { name: 'key', value: '<file>', about: 'Act as the workload whose key file this is.' },
  { name: 'url', value: '<url>', about: 'The server; TWINLOCK_URL or the last login otherwise.' },
  { name: 'no-color', about: 'No colours; also with NO_COLOR in the environment.' },
  { name: 'help', short: 'h', about: 'Say what the command takes.' },
]

/** The global flags as node:util takes them. */
export const globalOptions: ParseArgsOptionsConfig = Object.fromEntries(
  globalFlags.map(({ name, short, value }) => [
    name,
    { type: value === undefined ? ('boolean' as const) : ('string' as const), ...(short === undefined ? {} : { short }) },
  ]),
)

/** Values of parsed flags by their names. */
export type FlagValues = Readonly<Record<string, string | boolean | (string | boolean)[] | undefined>>

function textOf(values: FlagValues, name: string): string | undefined {
  const value = values[name]
  return typeof value === 'string' ? value : undefined
}

/** The globals among parsed flags. */
export function readGlobals(values: FlagValues): Globals {
  return {
    json: values.json === true,
    quiet: values.quiet === true,
    color: values['no-color'] !== true,
    help: values.help === true,
    as: textOf(values, 'as'),
    url: textOf(values, 'url'),
    key: textOf(values, 'key'),
  }
}
