// What changed between two versions of a scenario: added, removed and changed each have a mark and a word, and say whether a run may do more or less.
import type { ReactElement } from 'react'
import { Icon, type IconName } from '../../design/icon.tsx'
import { counted } from '../../design/time.ts'
import { visible } from '../../design/visible.ts'
import { type Became, type Change, type Compared, compare, inOrder, type ShownScenario } from './compare.ts'

const marks: Readonly<Record<Became, IconName>> = { added: 'plus', removed: 'cross', changed: 'right' }

const named = ({ slug, version }: ShownScenario): string => `${slug} v${version}`

function Value({ text, label, gone = false }: { readonly text: string; readonly label: string; readonly gone?: boolean }): ReactElement {
  return (
    <span className="block min-w-0">
      <span className="text-tiny text-faint">{label} </span>
      <code className={`font-mono text-tiny [overflow-wrap:anywhere] ${gone ? 'text-soft line-through' : ''}`}>{visible(text)}</code>
    </span>
  )
}

function Row({ change: { became, name, before, after, means } }: { readonly change: Change }): ReactElement {
  return (
    <li className="grid gap-x-4 gap-y-0.5 border-b border-line/70 py-1.5 last:border-b-0 sm:grid-cols-[6.5rem_minmax(0,1fr)_minmax(0,1.4fr)]">
      <span className="inline-flex items-center gap-1 self-start font-medium">
        <Icon name={marks[became]} className="text-soft" />
        {became}
      </span>
      <span className="min-w-0">
        <bdi className="font-mono text-tiny [overflow-wrap:anywhere]">{visible(name)}</bdi>
        {means === undefined ? null : (
          <span className={`block text-tiny ${means === 'more' ? 'font-medium text-warn' : 'text-soft'}`}>{means} than before</span>
        )}
      </span>
      <span className="min-w-0">
        {before ? <Value label="before" text={before} gone /> : null}
        {after ? <Value label={before === undefined ? 'is' : 'after'} text={after} /> : null}
      </span>
    </li>
  )
}

function Group({ of: { title, changes, same } }: { readonly of: Compared }): ReactElement | null {
  if (changes.length === 0 && same === 0) return null
  return (
    <div className="mt-4 first:mt-0">
      <h3 className="text-small text-soft">
        {title}{' '}
        <span className="text-faint">
          · {changes.length === 0 ? `all ${same} the same` : `${changes.length} different${same === 0 ? '' : `, ${same} the same`}`}
        </span>
      </h3>
      {changes.length === 0 ? null : (
        <ul>
          {changes.map((change) => (
            <Row key={change.name} change={change} />
          ))}
        </ul>
      )}
    </div>
  )
}

/** Says in a line what the change comes to for whoever runs it. */
function sumOf(groups: readonly Compared[]): string {
  const all = groups.flatMap(({ changes }) => changes)
  if (all.length === 0) return 'Nothing differs.'
  const [more, less] = ['more', 'less'].map((which) => all.filter(({ means }) => means === which).length)
  const went = [...(more ? [`more in ${more}`] : []), ...(less ? [`less in ${less}`] : [])]
  return `${counted(all.length, 'difference')}${went.length === 0 ? '' : `: a run asks for ${went.join(', ')}`}.`
}

/** The comparison, from the earlier version to the later one. */
export function VersionDiff({ one, other }: { readonly one: ShownScenario; readonly other: ShownScenario }): ReactElement {
  const [before, after] = inOrder(one, other)
  const groups = compare(before, after)
  return (
    <>
      <p className="mb-3">
        From <bdi className="font-medium">{named(before)}</bdi> to <bdi className="font-medium">{named(after)}</bdi>: {sumOf(groups)}
      </p>
      {groups.map((group) => (
        <Group key={group.title} of={group} />
      ))}
    </>
  )
}
