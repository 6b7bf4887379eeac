// The lines of the checklist: what is still there first, then what became of the rest, and in one sentence what there was nothing of.
import type { ReactElement } from 'react'
import type { OutputOf } from '../../../api/call.ts'
import { Icon } from '../../../design/icon.tsx'
import { Link } from '../../../design/link.tsx'
import { goesWith, outcomeLook, viewOfLine } from './words.ts'

type Line = OutputOf<'person:leaving'>['lines'][number]

/** What became of something, in its word. */
export function Outcome({ is }: { readonly is: string }): ReactElement {
  const [icon, tone, word] = outcomeLook[is] ?? (['question', 'text-warn', is.replaceAll('_', ' ')] as const)
  return (
    <span className={`inline-flex items-center gap-1 whitespace-nowrap ${tone}`}>
      <Icon name={icon} />
      {word}
    </span>
  )
}

function Row({ line: { what, title, outcome, count, remaining }, person }: { readonly line: Line; readonly person: string }): ReactElement {
  const to = viewOfLine(what, person)
  return (
    <li className="grid grid-cols-[minmax(0,1fr)_auto] gap-x-4 border-b border-line/70 py-1.5 last:border-b-0 sm:grid-cols-[minmax(0,22rem)_minmax(0,12rem)_auto]">
      <span className="min-w-0">
        <span className="font-medium">{to === undefined ? title : <Link to={to}>{title}</Link>}</span>
        {goesWith[what] === undefined ? null : <span className="block text-small text-soft">{goesWith[what]}</span>}
      </span>
      <span className="order-3 sm:order-none">
        <Outcome is={outcome} />
      </span>
      <span className="text-right tabular-nums sm:text-left">
        {count}
        {outcome === 'still_there' ? <span className="text-bad"> of which {remaining} left</span> : null}
      </span>
    </li>
  )
}

interface LinesProps {
  readonly person: string
  readonly lines: readonly Line[]
  readonly hasLeft: boolean
}

/** The lines. */
export function Lines({ person, lines, hasLeft }: LinesProps): ReactElement {
  const there = lines.filter(({ outcome }) => outcome !== 'nothing_found')
  const none = lines.filter(({ outcome }) => outcome === 'nothing_found').map(({ title }) => title.toLowerCase())
  const first = [...there.filter(({ outcome }) => outcome === 'still_there'), ...there.filter(({ outcome }) => outcome !== 'still_there')]
  return (
    <>
      {first.length === 0 ? (
        <p className="text-soft">{hasLeft ? 'There was nothing to end.' : 'There is nothing that would end.'}</p>
      ) : null}
      <ul aria-label="What it holds">
        {first.map((line) => (
          <Row key={line.what} line={line} person={person} />
        ))}
      </ul>
      {none.length === 0 ? null : <p className="mt-2 text-small text-faint">Nothing found of: {none.join(', ')}.</p>}
    </>
  )
}
