// The actions of a role, by their noun: a line for each, so that two roles can be compared at a glance.
import type { ReactElement } from 'react'

interface ActionsOfProps {
  readonly actions: readonly string[]
  /** Those that were not there before, and those that are there no more. */
  readonly added?: readonly string[]
  readonly removed?: readonly string[]
}

/** Actions by their noun. */
export function ActionsOf({ actions, added = [], removed = [] }: ActionsOfProps): ReactElement {
  const nouns = new Map<string, string[]>()
  for (const one of [...new Set([...actions, ...removed])].sort()) {
    const [noun = ''] = one.split(':')
    nouns.set(noun, [...(nouns.get(noun) ?? []), one])
  }
  const look = (one: string): string =>
    added.includes(one) ? 'font-semibold text-good' : removed.includes(one) ? 'text-bad line-through' : ''
  return (
    <ul>
      {[...nouns].map(([noun, all]) => (
        <li key={noun} className="grid grid-cols-[8rem_minmax(0,1fr)] gap-x-4 border-b border-line/70 py-1 last:border-b-0">
          <span className="text-small text-soft">{noun}</span>
          <span>
            {all.map((one) => (
              <code key={one} className={`mr-3 inline-block font-mono text-tiny ${look(one)}`}>
                {added.includes(one) ? '+ ' : removed.includes(one) ? '− ' : ''}
                {one.slice(noun.length + 1)}
              </code>
            ))}
          </span>
        </li>
      ))}
    </ul>
  )
}
