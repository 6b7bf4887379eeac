// States, verdicts and decisions: an icon and a word, and a colour that only repeats them. A word that is not known here is shown as it is, unmarked.
import type { ReactElement } from 'react'
import { Icon, type IconName } from './icon.tsx'

type Look = readonly [icon: IconName, tone: string, word?: string]

// What goes on now is ink, as what is said most: the accent marks what can be pressed, and nothing else.
const [good, bad, warn, calm, busy] = ['text-good', 'text-bad', 'text-warn', 'text-soft', 'font-medium text-ink']

// An icon in the middle of its word's first line, however many lines the word has.
const firstLine = 'mt-[calc((1lh-1rem)/2)] self-start'

const states: Readonly<Record<string, Look>> = {
  queued: ['clock', calm],
  claimed: ['clock', busy],
  running: ['play', busy],
  ending: ['stop', warn],
  ended: ['dash', calm],
  frozen: ['snow', warn],
  succeeded: ['check', good],
  failed: ['cross', bad],
  cancelled: ['stop', calm],
  deadline: ['clock', bad, 'reached its deadline'],
  lost: ['broken', bad, 'lost its claim'],
  pipeline_failed: ['cross', bad, 'pipeline failed'],
  revoked: ['denied', bad],
  requested: ['clock', calm],
  checked: ['check', calm],
  in_review: ['person', busy, 'in review'],
  approved: ['check', good],
  rejected: ['cross', bad],
  crossing: ['right', busy],
  crossed: ['gate', good],
  superseded: ['dash', calm],
  rolled_back: ['dash', warn, 'rolled back'],
  quarantined: ['lock', warn, 'in quarantine'],
  promoted: ['gate', good],
  destroyed: ['cross', calm],
  draft: ['dash', calm],
  proposed: ['clock', warn],
  proved: ['check', good],
  left: ['out', calm],
  waits_for_you: ['bell', warn, 'waits to be accepted'],
  open: ['check', good],
  accepted: ['check', calm],
  expired: ['clock', calm],
  lapsed: ['broken', bad],
  claimed_only: ['clock', calm, 'not proved yet'],
  active: ['check', good],
  suspended: ['stop', warn],
  retired: ['dash', calm],
  reached: ['check', good],
  invited: ['clock', busy],
  paused: ['stop', warn],
  pending: ['clock', calm],
  unconfirmed: ['question', warn],
}

interface StateProps {
  readonly is: string
}

/** A state in its word. */
export function State({ is }: StateProps): ReactElement {
  const [icon, tone, word] = states[is] ?? (['dash', calm] as const)
  return (
    <span className={`inline-flex items-baseline gap-1 sm:whitespace-nowrap ${tone}`}>
      <Icon name={icon} className={firstLine} />
      {word ?? is.replaceAll('_', ' ')}
    </span>
  )
}

const verdicts: Readonly<Record<string, Look>> = {
  passed: ['check', good],
  failed: ['cross', bad],
  not_assessed: ['question', warn, 'not assessed'],
}

/** A check's verdict. Not assessed is not passed, and looks like neither. */
export function Verdict({ is }: StateProps): ReactElement {
  const [icon, tone, word] = verdicts[is] ?? (['question', warn, 'not assessed'] as const)
  const edge = word === 'not assessed' ? 'border-dashed' : ''
  return (
    <span
      className={`inline-flex items-baseline gap-1 rounded-mark border border-current/40 px-1.5 text-tiny leading-[18px] font-medium whitespace-nowrap ${edge} ${tone}`}
    >
      <Icon name={icon} className="size-3 self-center" />
      {word ?? is}
    </span>
  )
}

interface DecisionProps {
  readonly allowed: boolean
  /** Another word for it: `not available`. */
  readonly word?: string
}

/** What was decided. */
export function Decision({ allowed, word }: DecisionProps): ReactElement {
  return (
    <span className={`inline-flex items-baseline gap-1 font-medium whitespace-nowrap ${allowed ? good : bad}`}>
      <Icon name={allowed ? 'allowed' : 'denied'} className={firstLine} />
      {word ?? (allowed ? 'allowed' : 'denied')}
    </span>
  )
}

const levels = ['public', 'internal', 'confidential', 'restricted']

/** A sensitivity: its word, and how many of the four steps it has. */
export function Sensitivity({ is }: StateProps): ReactElement {
  const step = levels.indexOf(is)
  return (
    <span className="inline-flex items-baseline gap-1.5 whitespace-nowrap">
      <svg viewBox="0 0 18 10" width="18" height="10" aria-hidden="true" className={step >= 2 ? warn : calm}>
        {levels.map((level, at) => (
          <rect
            key={level}
            x={at * 4.7 + 0.5}
            y={7 - at * 2.1}
            width="3"
            height={2.5 + at * 2.1}
            fill={at <= step ? 'currentColor' : 'none'}
            stroke="currentColor"
            strokeWidth="0.8"
          />
        ))}
      </svg>
      {is}
    </span>
  )
}
