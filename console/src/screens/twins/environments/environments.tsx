// Environments: where runs execute and where what was promoted acts, each with a trust domain and keys of its own. Simulation and production never look alike.
import type { ReactElement } from 'react'
import type { OutputOf } from '../../../api/call.ts'
import { Empty, Shown } from '../../../design/conditions.tsx'
import { EnvironmentMark } from '../../../design/environment-mark.tsx'
import { State } from '../../../design/state.tsx'
import { type Column, Table } from '../../../design/table.tsx'
import { visible } from '../../../design/visible.ts'
import { usePlacedList } from '../../../shell/placed-list.ts'
import { Within } from '../../../shell/within.tsx'
import { More } from '../../people/more.tsx'
import { Somebody } from '../../people/somebody.tsx'
import { NewLink, useMe } from '../may-make.tsx'
import { TwinsPage } from '../twins-page.tsx'

/** An environment as lists show it. */
export type ListedEnvironment = OutputOf<'environment:list'>['items'][number]

const columns: readonly Column<ListedEnvironment>[] = [
  {
    id: 'environment',
    title: 'Environment',
    by: ({ slug }) => slug,
    cell: ({ id, slug, class: of, trustDomain }) => (
      <span className="block min-w-0">
        <EnvironmentMark of={of} name={visible(slug)} />
        <code className="mt-1 block max-w-[12rem] truncate font-mono text-tiny text-faint sm:max-w-none">{id}</code>
        <code className="block font-mono text-tiny text-soft [overflow-wrap:anywhere] md:hidden">{trustDomain}</code>
      </span>
    ),
  },
  { id: 'class', title: 'Class', from: 'sm', by: ({ class: of }) => of, cell: ({ class: of }) => of },
  { id: 'state', title: 'State', by: ({ state }) => state, cell: ({ state }) => <State is={state} /> },
  {
    id: 'domain',
    title: 'Trust domain',
    from: 'md',
    by: ({ trustDomain }) => trustDomain,
    cell: ({ trustDomain }) => <code className="font-mono text-tiny [overflow-wrap:anywhere]">{trustDomain}</code>,
  },
  { id: 'owner', title: 'Owner', from: 'md', cell: ({ owner }) => <Somebody id={owner} /> },
]

/** What is asked to learn whether somebody may make one. */
export const someEnvironment = (me: string | undefined) =>
  me === undefined ? undefined : ({ slug: 'environment', class: 'sandbox', owner: me } as const)

/** The screen. */
export function Environments(): ReactElement {
  const me = useMe()
  const { reading, within } = usePlacedList('environment:list', { limit: 200 })
  return (
    <TwinsPage
      title="Environments"
      line="Each has a trust domain and keys of its own: no credential is good in two of them."
      actions={
        <NewLink action="environment:create" asked={someEnvironment(me?.id)} to="/environments/new">
          New environment
        </NewLink>
      }
    >
      <Within of={within} />
      <Shown of={reading} what="environments">
        {(listed) => (
          <>
            <Table
              label="Environments"
              rows={listed.items}
              idOf={({ id }) => id}
              columns={columns}
              empty={
                <Empty title="There are no environments yet." command="npx twinlock environment create --help">
                  Runs execute in an environment. Make one first, here or on the command line:
                </Empty>
              }
            />
            {listed.items.length === 0 ? null : <More of={listed} one="environment" />}
          </>
        )}
      </Shown>
    </TwinsPage>
  )
}
