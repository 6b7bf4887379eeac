// What a mapping, a position, a change of one, or its end would come to: who gains and who loses what, which live runs would end, what stands against it. The server makes the
// change and undoes it; nothing is changed by asking.
import type { ReactElement } from 'react'
import type { InputOf, OutputOf } from '../../../api/call.ts'
import { type Reading, useRead } from '../../../api/queries.ts'
import { Partial, Shown } from '../../../design/conditions.tsx'
import { Icon } from '../../../design/icon.tsx'
import { Section } from '../../../design/page.tsx'
import { counted } from '../../../design/time.ts'
import { visible } from '../../../design/visible.ts'
import { Conflicts } from '../../access/grants/conflicts.tsx'
import type { Directory } from '../../access/names.ts'
import { Thing } from '../../audit/thing.tsx'
import { TermLine } from './terms.tsx'

type Told = OutputOf<'mapping:preview'>
type Settled = Told['gains'][number]

/** Asks what it would come to; nothing until the input is whole. */
export function usePreview(input: InputOf<'mapping:preview'> | undefined): Reading<Told> {
  return useRead('mapping:preview', input ?? {}, { when: input !== undefined, every: false, keepFormer: true })
}

/** Why it cannot be done as it stands: for the button. */
export function stopsIn(reading: Reading<Told>, despite: readonly string[]): string | undefined {
  if (reading.state !== 'ready') return undefined
  const { missing, conflicts } = reading.data
  if (missing.length > 0) return `This is not yours to give: ${missing.join(', ')}.`
  const stops = new Set(conflicts.filter((one) => one.stops && !despite.includes(one.name)).map(({ name }) => name))
  return stops.size === 0 ? undefined : `It would bring together duties that are declared apart: ${[...stops].join(', ')}.`
}

/** What came of it, once it is done. */
export function settledSaid({ made, ended, runs }: Pick<OutputOf<'mapping:change'>, 'made' | 'ended' | 'runs'>): string {
  return `${counted(made, 'grant')} made, ${counted(ended, 'grant')} ended, ${counted(runs, 'live run')} ended with them.`
}

interface SideProps {
  readonly sign: 'gains' | 'loses'
  readonly all: readonly Settled[]
  readonly count: number
  readonly of: Directory
}

function Side({ sign, all, count, of }: SideProps): ReactElement {
  const title = sign === 'gains' ? 'Who gains' : 'Who loses'
  const by = new Map<string, Settled[]>()
  for (const one of all) by.set(one.principal, [...(by.get(one.principal) ?? []), one])
  if (count === 0) return <p className="text-soft">Nobody {sign} anything.</p>
  return (
    <section aria-label={title} className="min-w-0">
      <h3 className="mb-2 flex items-baseline gap-x-2 text-small font-semibold">
        {title}
        <span className="font-normal text-faint">{counted(count, 'grant')}</span>
      </h3>
      <ul>
        {[...by].map(([principal, settled]) => (
          <li key={principal} className={`mb-2 border-l-2 py-0.5 pl-3 ${sign === 'gains' ? 'border-good' : 'border-bad'}`}>
            <span className="flex flex-wrap items-baseline gap-x-2">
              <span className="font-semibold">
                <Thing id={principal} name={settled[0]?.name == null ? null : visible(settled[0].name)} brief />
              </span>
              <span className={`inline-flex items-baseline gap-1 text-small ${sign === 'gains' ? 'text-good' : 'text-bad'}`}>
                <Icon name={sign === 'gains' ? 'plus' : 'dash'} className="size-3 self-center" />
                {sign}
              </span>
            </span>
            <ul className="pl-[18px]">
              {settled.map(({ term }) => (
                <li key={JSON.stringify(term)}>
                  <TermLine term={term} of={of} />
                </li>
              ))}
            </ul>
          </li>
        ))}
      </ul>
      {count > all.length ? <p className="text-small text-soft">and {counted(count - all.length, 'more grant')}</p> : null}
    </section>
  )
}

/** What is known by name, with those whom the answer itself names. */
function naming(directory: Directory, { gains, loses, conflicts }: Told): Directory {
  const names = new Map([...gains, ...loses].map(({ principal, name }) => [principal, name]))
  for (const { holder, holderName } of conflicts) names.set(holder, holderName)
  return { ...directory, nameOf: (id) => directory.nameOf(id) ?? names.get(id) ?? undefined }
}

interface PreviewProps {
  readonly of: Reading<Told>
  readonly directory: Directory
  readonly despite: readonly string[]
  readonly onDespite: (names: readonly string[]) => void
  readonly title?: string
}

/** The section. */
export function Preview({ of, directory, despite, onDespite, title = 'What it would come to' }: PreviewProps): ReactElement {
  return (
    <Section title={title} note="nothing is changed by asking">
      <Shown of={of} what="what it would come to" rows={3}>
        {(told) => (
          <>
            {told.truncated ? <Partial title="There is more than is shown.">The counts are of all of it.</Partial> : null}
            {told.runs === 0 ? (
              <p className="flex items-center gap-1.5 py-1 text-soft">
                <Icon name="check" />
                No live run ends with it.
              </p>
            ) : (
              <p className="flex items-center gap-1.5 py-1 text-bad">
                <Icon name="stop" />
                {counted(told.runs, 'live run')} would end: nothing else that their launchers hold keeps them going.
              </p>
            )}
            <Conflicts of={told} despite={despite} onDespite={onDespite} directory={naming(directory, told)} />
            <div className={`mt-4 grid gap-x-10 gap-y-6 ${told.counts.gain > 0 && told.counts.lose > 0 ? 'md:grid-cols-2' : ''}`}>
              <Side sign="loses" all={told.loses} count={told.counts.lose} of={directory} />
              <Side sign="gains" all={told.gains} count={told.counts.gain} of={directory} />
            </div>
          </>
        )}
      </Shown>
    </Section>
  )
}
