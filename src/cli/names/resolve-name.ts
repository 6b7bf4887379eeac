// One name that stands for an id. Where nothing is found among what the caller may list, it does not exist for him; where he may not list what it could be, he is
// told that, and that an id does: no answer tells whether there is something that he may not know.
import type { Answer } from '../api.ts'
import type { Context } from '../context.ts'
import { exitCodes } from '../exit-codes.ts'
import { CliFailure, usage } from '../failure.ts'
import { readSessions } from '../sign-in/session-file.ts'
import { type Lookup, lookups } from './lookups.ts'

/** Where a name was typed, and the prefixes of the ids that it may stand for. */
export interface Naming {
  readonly flag: string
  readonly prefixes: readonly string[]
  /** Whether the flag holds more than this name: JSON, a file. */
  readonly isWithin?: boolean
}

const idPattern = /^[a-z]{3}_[0-9a-z]{26}$/

/** Whether a text is an id already. */
export function looksLikeId(text: string): boolean {
  return idPattern.test(text)
}

function signedInHere(context: Context, name: string): string | undefined {
  return readSessions(context.io).sessions.findLast((one) => one.url === context.api.url && one.person.slug === name)?.person.id
}

interface Found {
  readonly ids: readonly string[]
  readonly isAll: boolean
}

async function candidates(context: Context, prefix: string, name: string, input: Answer): Promise<Found> {
  const lookup = lookups.get(prefix)
  if (lookup === undefined) return { ids: [], isAll: true }
  const known = prefix === 'per' ? signedInHere(context, name) : undefined
  if (known !== undefined) return { ids: [known], isAll: true }
  const { items, isAll } = await lookup.find(context.api, name, input)
  return { ids: items.map(({ id }) => String(id)), isAll }
}

/** `a`, `a or b`, `a, b or c`. */
function either(words: readonly string[]): string {
  return words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} or ${words.at(-1) ?? ''}`
}

function cannotLookUp(name: string, { flag, isWithin = false }: Naming, hidden: readonly Lookup[]): CliFailure {
  const [only, ...more] = hidden
  const who =
    only !== undefined && more.length === 0
      ? `whoever may list ${only.many} finds it with \`${only.list}\``
      : 'whoever may list them can tell it'
  return new CliFailure(
    exitCodes.denied,
    `\`${name}\` cannot be looked up: you may not list ${either([...new Set(hidden.map(({ many }) => many))])}, and nothing that you hold or answer for is called that.`,
    { next: `Give its id ${isWithin ? 'in' : 'as'} \`--${flag}\`: ${who}.` },
  )
}

/** The id that a name stands for. Throws `not found`, `denied` where it cannot be looked up, or a usage failure when it stands for several things. */
export async function resolveName(context: Context, naming: Naming, name: string, input: Answer = {}): Promise<string> {
  const { flag, prefixes } = naming
  const kinds = prefixes.flatMap((prefix) => lookups.get(prefix) ?? [])
  if (looksLikeId(name) || kinds.length === 0) return name
  const looked: Found[] = []
  for (const prefix of prefixes) looked.push(await candidates(context, prefix, name, input))
  const [first, ...more] = looked.flatMap(({ ids }) => ids)
  if (first !== undefined && more.length === 0) return first
  if (first !== undefined) {
    const all = [first, ...more]
    throw usage(
      `\`${name}\` is the name of ${all.length} things: ${all.join(', ')}.`,
      `Give an id${naming.isWithin === true ? ' in' : ' as'} \`--${flag}\`.`,
    )
  }
  const hidden = prefixes.flatMap((prefix, at) => (looked[at]?.isAll === false ? (lookups.get(prefix) ?? []) : []))
  if (hidden.length > 0) throw cannotLookUp(name, naming, hidden)
  throw new CliFailure(exitCodes.notFound, `There is no ${either(kinds.map(({ what }) => what))} called \`${name}\`.`, {
    next: `Check \`--${flag}\`, or give the id.`,
  })
}
