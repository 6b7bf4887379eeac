// Whether the console hears from the server, in a word; and the two switches that concern the browser alone: the theme and the keys.
import type { ReactElement } from 'react'
import { type Connection, connection } from '../api/connection.ts'
import { useStore } from '../api/store.ts'
import { Hint } from '../design/hint.tsx'
import { Icon, type IconName } from '../design/icon.tsx'
import { exact } from '../design/time.ts'
import { chooseTheme, theme } from './theme.ts'

interface Look {
  readonly icon: IconName
  readonly tone: string
  readonly word: string
  readonly more: string
  /** Nothing to be told of: on a phone its icon stands alone. */
  readonly isUsual?: boolean
}

function lookOf(now: Connection): Look {
  if (now.state === 'live') return { icon: 'live', tone: 'text-good', word: 'Live', more: 'What is shown changes as it happens.' }
  if (now.state === 'reconnecting')
    return {
      icon: 'broken',
      tone: 'text-warn',
      word: 'Reconnecting',
      more: `No answer since ${exact(now.since)}; it is tried again by itself.`,
    }
  if (now.state === 'stopped') return { icon: 'stop', tone: 'text-bad', word: 'Updates stopped', more: `${exact(now.since)}: ${now.why}` }
  return { icon: 'check', tone: 'text-faint', word: 'Connected', more: 'What is shown is read again every few seconds.', isUsual: true }
}

const nextTheme = { system: 'light', light: 'dark', dark: 'system' } as const
const themeIcon = { system: 'halves', light: 'sun', dark: 'moon' } as const

/** The foot of the frame. */
export function ConnectionState({ onKeys }: { readonly onKeys: () => void }): ReactElement {
  const { icon, tone, word, more, isUsual = false } = lookOf(useStore(connection))
  const chosen = useStore(theme)
  const square = 'grid size-8 place-items-center rounded-field text-soft hover:bg-hover hover:text-ink'
  return (
    <div className="flex items-center gap-1">
      <div role="status" className={`flex-1 text-tiny ${tone}`}>
        <Hint text={more}>
          <span className="inline-flex items-center gap-1.5">
            <Icon name={icon} className="size-3.5" />
            <span className={isUsual ? 'sr-only md:not-sr-only' : ''}>{word}</span>
          </span>
        </Hint>
      </div>
      <button
        type="button"
        onClick={() => chooseTheme(nextTheme[chosen])}
        className={square}
        aria-label={`Theme: ${chosen}. Press for ${nextTheme[chosen]}.`}
      >
        <Icon name={themeIcon[chosen]} />
      </button>
      <button type="button" onClick={onKeys} className={`${square} hidden md:grid`} aria-label="Keys">
        <Icon name="question" />
      </button>
    </div>
  )
}
